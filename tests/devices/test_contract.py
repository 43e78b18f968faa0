"""The scripted devices of the tests and the real ones keep the same promises."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from readiness.devices.machine import LocalMachine
from readiness.devices.ports import Machine
from tests.devices import contract
from tests.gui.scripted import Script
from tests.lab.sound_server import SoundServer


def on_this_computer(promises: Callable[[Machine], Awaitable[None]]) -> None:
    async def run() -> None:
        local = LocalMachine()
        await local.start()
        try:
            await promises(local.machine)
        finally:
            await local.close()

    asyncio.run(run())


def test_scripted_camera() -> None:
    asyncio.run(contract.keeps_cameras_promises(Script().machine.camera))


def test_scripted_microphone() -> None:
    asyncio.run(contract.keeps_microphones_promises(Script().machine.microphone))


def test_scripted_speaker() -> None:
    asyncio.run(contract.keeps_speakers_promises(Script().machine.speaker))


def test_scripted_system() -> None:
    asyncio.run(contract.keeps_systems_promises(Script().machine.system))


@pytest.mark.device
def test_real_microphone(sound_server: SoundServer) -> None:
    on_this_computer(lambda machine: contract.keeps_microphones_promises(machine.microphone))


def test_scripted_devices() -> None:
    asyncio.run(contract.keeps_devices_promises(Script().machine))


@pytest.mark.device
def test_real_devices(sound_server: SoundServer) -> None:
    on_this_computer(contract.keeps_devices_promises)


@pytest.mark.device
def test_real_speaker(sound_server: SoundServer) -> None:
    on_this_computer(lambda machine: contract.keeps_speakers_promises(machine.speaker))


def test_real_system() -> None:
    on_this_computer(lambda machine: contract.keeps_systems_promises(machine.system))
