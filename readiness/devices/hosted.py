"""The ports of `ports` on the parent's side: what is asked of the device hosts, and what comes back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from readiness.core.model import Figures, Frame
from readiness.devices import frames, listing
from readiness.devices.host import Host, HostCrashed
from readiness.devices.ports import Device, DeviceError, DeviceKind, Source

_PAUSES_SECONDS = (1.0, 2.0, 5.0, 10.0)
"""Before the watch is begun anew where it ended by itself."""


class HostedCamera:
    """The camera, in its host."""

    def __init__(self, host: Host, memory: frames.FrameMemory) -> None:
        self._host = host
        self._memory = memory

    async def devices(self) -> Sequence[Device]:
        """The cameras that the system has now."""
        return await _devices(self._host, DeviceKind.CAMERA)

    async def measure(
        self,
        source: Source,
        *,
        width: int,
        height: int,
        seconds: float,
        on_frame: Callable[[Frame, float], None],
    ) -> Figures:
        """Film; see `ports.Camera`."""

        def on_progress(figures: Figures) -> None:
            frame = self._memory.read()
            if frame is not None:
                on_frame(frame, figures["fraction"])

        return await self._host.ask(
            "measure",
            {**_source(source), "width": width, "height": height, "seconds": seconds},
            on_progress,
        )


class HostedMicrophone:
    """The microphone, in the sound host."""

    def __init__(self, host: Host) -> None:
        self._host = host

    async def devices(self) -> Sequence[Device]:
        """The microphones that the system has now."""
        return await _devices(self._host, DeviceKind.MICROPHONE)

    async def measure(
        self,
        source: Source,
        *,
        quiet_seconds: float,
        speech_seconds: float,
        on_level: Callable[[float, float], None],
    ) -> Figures:
        """Listen; see `ports.Microphone`."""
        return await self._host.ask(
            "listen",
            {**_source(source), "quiet_seconds": quiet_seconds, "speech_seconds": speech_seconds},
            lambda figures: on_level(figures["level_dbfs"], figures["fraction"]),
        )

    async def compare(
        self, *, seconds: float, on_levels: Callable[[Mapping[str, float], float], None]
    ) -> Sequence[Figures]:
        """Listen with all of them; see `ports.Microphone`."""
        figures = await self._host.ask(
            "compare",
            {"seconds": seconds},
            lambda figures: on_levels(figures["levels_dbfs"], figures["fraction"]),
        )
        heard: list[Figures] = figures["microphones"]
        return heard

    async def play_back(self, device: str | None, *, on_fraction: Callable[[float], None]) -> Figures:
        """Play the voice; see `ports.Microphone`."""
        return await self._host.ask(
            "play_back", {"device": device}, lambda figures: on_fraction(figures["fraction"])
        )

    async def forget(self) -> None:
        """Keep the voice no longer; a host that does not run keeps none."""
        if self._host.pid is not None:
            await self._host.ask("forget", {})


class HostedSpeaker:
    """The speaker, in the sound host."""

    def __init__(self, host: Host) -> None:
        self._host = host

    async def devices(self) -> Sequence[Device]:
        """The speakers that the system has now."""
        return await _devices(self._host, DeviceKind.SPEAKER)

    async def play(self, device: str | None, *, on_fraction: Callable[[float], None]) -> Figures:
        """Play the sound; see `ports.Speaker`."""
        return await self._host.ask(
            "play", {"device": device}, lambda figures: on_fraction(figures["fraction"])
        )

    async def loop(
        self,
        device: str | None,
        microphone: Source,
        *,
        chime: bool = False,
        on_fraction: Callable[[float], None] = lambda _done: None,
    ) -> Figures:
        """Play the probe and listen; see `ports.Speaker`."""
        return await self._host.ask(
            "loop",
            {"device": device, "microphone": microphone.device, "chime": chime},
            lambda figures: on_fraction(figures["fraction"]),
        )


class HostedDevices:
    """The watch over what is plugged in, in a host of its own."""

    def __init__(self, host: Host) -> None:
        self._host = host

    async def watch(self, on_change: Callable[[Mapping[DeviceKind, Sequence[Device]]], None]) -> None:
        """See `ports.Devices`."""
        failures = 0

        def on_progress(figures: Figures) -> None:
            nonlocal failures
            failures = 0
            on_change({kind: listing.devices(kind, figures["devices"][kind]) for kind in DeviceKind})

        while True:
            # A sound server that hangs, a driver that crashed: look again in a while.
            with contextlib.suppress(DeviceError, HostCrashed, RuntimeError, OSError):
                await self._host.ask("watch", {}, on_progress)
            await asyncio.sleep(_PAUSES_SECONDS[min(failures, len(_PAUSES_SECONDS) - 1)])
            failures += 1


async def _devices(host: Host, kind: DeviceKind) -> Sequence[Device]:
    figures = await host.ask("devices", {"kind": kind})
    return listing.devices(kind, figures["devices"])


def _source(source: Source) -> dict[str, Any]:
    return {"device": source.device, "file": str(source.file) if source.file else None}
