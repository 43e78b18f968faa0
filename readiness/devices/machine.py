"""This computer: the ports of `ports`, through the device hosts and the operating system."""

from __future__ import annotations

import asyncio

from readiness.devices import frames
from readiness.devices.host import Host
from readiness.devices.hosted import HostedCamera, HostedDevices, HostedMicrophone, HostedSpeaker
from readiness.devices.ports import Machine
from readiness.devices.system import LocalSystem


class LocalMachine:
    """The parts of this computer; `start` warms the device hosts, `close` ends them."""

    def __init__(self) -> None:
        self._memory = frames.create()
        self._hosts = (Host("camera", self._memory), Host("sound"))
        self._watch = Host("watch", stays_warm=False)
        camera_host, sound_host = self._hosts
        self.machine = Machine(
            camera=HostedCamera(camera_host, self._memory),
            microphone=HostedMicrophone(sound_host),
            speaker=HostedSpeaker(sound_host),
            system=LocalSystem(),
            devices=HostedDevices(self._watch),
        )

    async def start(self) -> None:
        """Start the hosts of the drivers, so that they are loaded when they are needed."""
        await asyncio.gather(*(host.start() for host in self._hosts))

    async def close(self) -> None:
        """End all hosts."""
        await asyncio.gather(*(host.close() for host in (*self._hosts, self._watch)))
        self._memory.close()
