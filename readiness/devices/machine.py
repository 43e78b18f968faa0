"""This computer: the ports of `ports`, through the device hosts and the operating system."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from readiness.core.model import Figures, Frame
from readiness.devices import frames
from readiness.devices.host import Host
from readiness.devices.ports import Attachment, Device, DeviceKind, Machine, Source
from readiness.devices.system import LocalSystem


class LocalMachine:
    """The parts of this computer; `start` warms the device hosts, `close` ends them."""

    def __init__(self) -> None:
        self._memory = frames.create()
        self._hosts = (Host("camera", self._memory), Host("sound"))
        camera_host, sound_host = self._hosts
        self.machine = Machine(
            camera=HostedCamera(camera_host, self._memory),
            microphone=HostedMicrophone(sound_host),
            speaker=HostedSpeaker(sound_host),
            system=LocalSystem(),
        )

    async def start(self) -> None:
        """Start both hosts, so that their drivers are loaded when they are needed."""
        await asyncio.gather(*(host.start() for host in self._hosts))

    async def close(self) -> None:
        """End both hosts."""
        await asyncio.gather(*(host.close() for host in self._hosts))
        self._memory.close()


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

    async def loop(self, device: str | None, microphone: Source) -> Figures:
        """Play the sweep and listen; see `ports.Speaker`."""
        return await self._host.ask("loop", {"device": device, "microphone": microphone.device})


async def _devices(host: Host, kind: DeviceKind) -> Sequence[Device]:
    figures = await host.ask("devices", {"kind": kind})
    return tuple(
        Device(
            id=row["id"],
            name=row["name"],
            kind=kind,
            attachment=Attachment(row["attachment"]),
            is_default=row["is_default"],
        )
        for row in figures["devices"]
    )


def _source(source: Source) -> dict[str, Any]:
    return {"device": source.device, "file": str(source.file) if source.file else None}
