"""What each operating system tells of its devices, behind Protocols, and the one that this runs on.

The folders `linux`, `macos` and `windows` hold what answers; they are imported only where they are used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol

from readiness.devices.endpoint import Endpoint
from readiness.devices.named_camera import NamedCamera
from readiness.devices.ports import DeviceError, DeviceKind


class CameraSystem(Protocol):
    """The cameras of one operating system."""

    def cameras(self) -> list[NamedCamera]:
        """Those that the system has now, the default first."""
        ...

    def modes(self, camera: NamedCamera, /) -> list[dict[str, float | None]] | None:
        """Width, height and highest rate (Hz) of each size that `camera` offers, largest first, if the system tells."""
        ...

    def refusal(self, camera: NamedCamera) -> DeviceError:
        """Why `camera` could not be opened, as far as the system tells."""
        ...

    def shutter_closed(self, camera: NamedCamera, /) -> bool | None:
        """Whether the camera's own privacy switch is on; None where the system does not tell."""
        ...

    def mirrors(self, camera: NamedCamera, /) -> bool | None:
        """Whether the driver is set to mirror the picture; None where the system does not tell."""
        ...


class SoundSystem(Protocol):
    """The microphones and speakers of one operating system. Methods raise DeviceError."""

    def endpoints(self, kind: DeviceKind) -> list[Endpoint]:
        """Those that the system has now, the default first."""
        ...

    def stream_device(self, endpoint: Endpoint, kind: DeviceKind) -> int:
        """The index that PortAudio opens `endpoint` by."""
        ...

    def attached_to(self, kind: DeviceKind, process_id: int, /) -> list[str]:
        """The `server_name` of what each stream of a process is connected to, where the system tells."""
        ...

    def holder(self, endpoint: Endpoint, kind: DeviceKind, /) -> str | None:
        """The program that keeps others from `endpoint`, if the system tells."""
        ...


class AccessControl(Protocol):
    """Whether the system lets programs use cameras and microphones, and which program does so now."""

    def denied_by(self, kind: DeviceKind) -> str | None:
        """What keeps this program from devices of `kind`; None where nothing is known to."""
        ...

    def used_by(self, kind: DeviceKind, /) -> list[str]:
        """The other programs that use a device of `kind` now, as far as the system tells."""
        ...


class Changes(Protocol):
    """The signs that a device came or went, or that the default is another."""

    def start(self, on_change: Callable[[], None]) -> None:
        """From now on call `on_change` at every sign, on any thread. Returns at once."""
        ...


def camera_system() -> CameraSystem:
    """That of this computer."""
    if sys.platform == "win32":
        from readiness.devices.windows.cameras import WindowsCameras as Cameras
    elif sys.platform == "darwin":
        from readiness.devices.macos.cameras import MacCameras as Cameras
    else:
        from readiness.devices.linux.cameras import LinuxCameras as Cameras
    return Cameras()


def sound_system() -> SoundSystem:
    """That of this computer."""
    if sys.platform == "win32":
        from readiness.devices.windows.sound import WindowsSound as Sound
    elif sys.platform == "darwin":
        from readiness.devices.macos.sound import MacSound as Sound
    else:
        from readiness.devices.linux.sound import LinuxSound as Sound
    return Sound()


def access_control() -> AccessControl:
    """That of this computer."""
    if sys.platform == "win32":
        from readiness.devices.windows.access import WindowsAccess as Access
    elif sys.platform == "darwin":
        from readiness.devices.macos.access import MacAccess as Access
    else:
        from readiness.devices.linux.access import LinuxAccess as Access
    return Access()


def changes() -> Changes:
    """Those of this computer."""
    if sys.platform == "win32":
        from readiness.devices.windows.changes import WindowsChanges as Signs
    elif sys.platform == "darwin":
        from readiness.devices.macos.changes import MacChanges as Signs
    else:
        from readiness.devices.linux.changes import LinuxChanges as Signs
    return Signs()
