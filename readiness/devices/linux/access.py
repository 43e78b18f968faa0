"""Who may use cameras and microphones on Linux: the rights of their device files."""

from __future__ import annotations

import os
from pathlib import Path

from readiness.devices.linux.alsa import nodes
from readiness.devices.linux.sound import sound_server
from readiness.devices.ports import DeviceKind


class LinuxAccess:
    """See `access.AccessControl`. `devices` is the folder of the device files."""

    def __init__(self, devices: Path = Path("/dev")) -> None:
        self._devices = devices

    def denied_by(self, kind: DeviceKind) -> str | None:
        """The first device file, where there are some and none of them may be opened.

        A sound server owns the cards itself: then the rights of their files are its own matter.
        """
        if kind is DeviceKind.CAMERA:
            files = sorted(self._devices.glob("video*"))
        else:
            files = nodes(kind, self._devices / "snd")
        wanted = os.W_OK if kind is DeviceKind.SPEAKER else os.R_OK
        if not files or any(os.access(file, wanted) for file in files):
            return None
        if kind is not DeviceKind.CAMERA:
            with sound_server() as server:
                if server is not None:
                    return None
        return str(files[0])

    def used_by(self, kind: DeviceKind) -> list[str]:
        """The programs that record from the sound server, by the names they gave it."""
        if kind is not DeviceKind.MICROPHONE:
            return []
        with sound_server() as server:
            if server is None:
                return []
            streams = server.source_output_list()
            own = str(os.getpid())
            names = [
                stream.proplist.get("application.name")
                for stream in streams
                if stream.proplist.get("application.process.id") not in (own, None)
            ]
        return list(dict.fromkeys(name for name in names if name))
