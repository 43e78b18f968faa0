"""What every camera, microphone, speaker and system promises, real or scripted."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from readiness.checks.camera import CameraEvidence
from readiness.checks.computer import ComputerEvidence
from readiness.checks.microphone import MicrophoneEvidence
from readiness.checks.speaker import SpeakerEvidence
from readiness.core.evidence import encode, parse
from readiness.core.model import Figures, Frame
from readiness.devices.ports import (
    Camera,
    Device,
    DeviceError,
    DeviceKind,
    Machine,
    Microphone,
    Problem,
    Source,
    Speaker,
    System,
)  # fmt: skip

NOWHERE = "no device has this name"


async def keeps_cameras_promises(camera: Camera) -> None:
    _are_listed_well(await camera.devices(), DeviceKind.CAMERA)
    frames: list[Frame] = []
    fractions: list[float] = []

    def on_frame(frame: Frame, fraction: float) -> None:
        frames.append(frame)
        fractions.append(fraction)

    def filming(device: str | None = None) -> Any:
        return camera.measure(Source(device=device), width=640, height=480, seconds=1.0, on_frame=on_frame)

    _are_figures_of(await filming(), CameraEvidence)
    assert frames
    assert all(len(frame.rgb) == 3 * frame.width * frame.height for frame in frames)
    _rise(fractions)
    await _is_absent(filming(NOWHERE))
    await _can_be_cancelled(filming())
    _are_figures_of(await filming(), CameraEvidence)


async def keeps_microphones_promises(microphone: Microphone) -> None:
    _are_listed_well(await microphone.devices(), DeviceKind.MICROPHONE)
    levels: list[float] = []
    fractions: list[float] = []

    def on_level(level_dbfs: float, fraction: float) -> None:
        levels.append(level_dbfs)
        fractions.append(fraction)

    def listening(device: str | None = None) -> Any:
        return microphone.measure(
            Source(device=device), quiet_seconds=0.3, speech_seconds=0.5, on_level=on_level
        )

    _are_figures_of(await listening(), MicrophoneEvidence)
    assert levels
    assert max(levels) <= 0
    _rise(fractions)
    await _is_absent(listening(NOWHERE))
    await _can_be_cancelled(listening())
    _are_figures_of(await listening(), MicrophoneEvidence)
    told: list[set[str]] = []
    fractions.clear()

    def on_levels(levels: Mapping[str, float], fraction: float) -> None:
        told.append(set(levels))
        fractions.append(fraction)

    compared = await microphone.compare(seconds=0.5, on_levels=on_levels)
    ids = {device.id for device in await microphone.devices()}
    assert {row["device_id"] for row in compared} == ids
    assert told
    assert set().union(*told) <= ids
    _rise(fractions)
    for row in compared:
        _are_figures_of(row, MicrophoneEvidence)


async def keeps_devices_promises(machine: Machine) -> None:
    """The watch tells what the parts themselves list, and goes on till it is cancelled."""
    told: asyncio.Queue[Mapping[DeviceKind, Sequence[Device]]] = asyncio.Queue()
    watch = asyncio.ensure_future(machine.devices.watch(told.put_nowait))
    found = await told.get()
    assert not watch.done()
    watch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watch
    listed = (machine.camera.devices, machine.microphone.devices, machine.speaker.devices)
    for kind, devices in zip(DeviceKind, listed, strict=True):
        assert tuple(found[kind]) == tuple(await devices())


async def keeps_speakers_promises(speaker: Speaker) -> None:
    _are_listed_well(await speaker.devices(), DeviceKind.SPEAKER)
    fractions: list[float] = []

    def playing(device: str | None = None) -> Any:
        return speaker.play(device, on_fraction=fractions.append)

    figures = await playing()
    _are_figures_of(figures, SpeakerEvidence)
    assert figures["played"] is True
    _rise(fractions)
    await _is_absent(playing(NOWHERE))
    looped = dict(await speaker.loop(None, Source()))
    _are_figures_of(looped.pop("heard"), MicrophoneEvidence)
    _are_figures_of(looped, SpeakerEvidence)
    await _is_absent(speaker.loop(NOWHERE, Source()))
    await _is_absent(speaker.loop(None, Source(device=NOWHERE)))


async def keeps_systems_promises(system: System) -> None:
    _are_figures_of(await system.measure(), ComputerEvidence)


def _are_listed_well(devices: Sequence[Device], kind: DeviceKind) -> None:
    assert devices
    assert {device.kind for device in devices} == {kind}
    assert all(device.id and device.name for device in devices)
    assert len({device.id for device in devices}) == len(devices)
    assert [device.is_default for device in devices[1:]] == [False] * (len(devices) - 1)


def _are_figures_of(figures: Figures, evidence: type[Any]) -> None:
    """Every figure has its field in the evidence, and a value that fits there."""
    assert set(figures) <= {field.name for field in dataclasses.fields(evidence)}
    parsed = encode(parse(evidence, figures))
    lost = {name for name, value in figures.items() if value is not None and parsed[name] is None}
    assert not lost


def _rise(fractions: list[float]) -> None:
    """They tell how far one measurement came; the next one begins anew."""
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] <= fractions[-1] <= 1
    assert fractions[-1] > 0.8
    fractions.clear()


async def _is_absent(measuring: Any) -> None:
    with pytest.raises(DeviceError) as error:
        await measuring
    assert (error.value.problem, error.value.detail) == (Problem.ABSENT, NOWHERE)


async def _can_be_cancelled(measuring: Any) -> None:
    task = asyncio.ensure_future(measuring)
    await asyncio.sleep(0)  # it begins
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
