"""The cameras that the system names, and why one cannot be opened."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Protocol

from readiness.devices.choosing import told_apart
from readiness.devices.ports import Attachment, DeviceError

_VIRTUAL_NAMES = (
    "virtual", "obs", "v4l2loopback", "dummy video", "manycam", "snap camera", "xsplit", "droidcam",
    "iriun", "ivcam", "ndi", "epoccam", "camo", "mmhmm", "splitcam", "e2esoft", "vcam", "youcam",
    "nvidia broadcast", "prism live",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class NamedCamera:
    """A camera as the system names it; `target` is what OpenCV opens."""

    id: str
    name: str
    target: str | int
    attachment: Attachment


class CameraSystem(Protocol):
    """The cameras of one operating system."""

    def cameras(self) -> list[NamedCamera]:
        """Those that the system has now, the default first."""
        ...

    def refusal(self, camera: NamedCamera) -> DeviceError:
        """Why `camera` could not be opened, as far as the system tells."""
        ...

    def shutter_closed(self, camera: NamedCamera, /) -> bool | None:
        """Whether the camera's own privacy switch is on; None where the system does not tell."""
        ...


def camera_system() -> CameraSystem:
    """That of this computer."""
    if sys.platform == "win32":
        from readiness.devices.windows.cameras import WindowsCameras

        return WindowsCameras()
    if sys.platform == "darwin":
        from readiness.devices.macos.cameras import MacCameras

        return MacCameras()
    from readiness.devices.linux.cameras import LinuxCameras

    return LinuxCameras()


def cameras() -> list[NamedCamera]:
    """The cameras that the system has now, the default first."""
    return told_apart(camera_system().cameras())


def refusal(camera: NamedCamera) -> DeviceError:
    """Why `camera` could not be opened, as far as the system tells."""
    return camera_system().refusal(camera)


def shutter_closed(camera: NamedCamera) -> bool | None:
    """Whether the camera's own privacy switch is on; None where the system does not tell."""
    return camera_system().shutter_closed(camera)


def is_there(camera: NamedCamera) -> bool:
    """Whether the system still has the camera."""
    return any(other.id == camera.id for other in cameras())


def attachment_of(name: str, path: str) -> Attachment:
    """How a camera hangs on, from the name and path that the system gives."""
    folded = name.casefold()
    if any(word in folded for word in _VIRTUAL_NAMES) or "/virtual/" in path:
        return Attachment.VIRTUAL
    if "usb" in path.casefold():
        return Attachment.USB
    return Attachment.UNKNOWN
