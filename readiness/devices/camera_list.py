"""The cameras that the system names, and why one cannot be opened."""

from __future__ import annotations

from readiness.devices.choosing import told_apart
from readiness.devices.named_camera import NamedCamera
from readiness.devices.platforms import camera_system
from readiness.devices.ports import DeviceError


def cameras() -> list[NamedCamera]:
    """The cameras that the system has now, the default first."""
    return told_apart(camera_system().cameras())


def modes(camera: NamedCamera) -> list[dict[str, float | None]] | None:
    """The sizes and rates that `camera` offers, largest first; None where the system does not tell."""
    return camera_system().modes(camera)


def refusal(camera: NamedCamera) -> DeviceError:
    """Why `camera` could not be opened, as far as the system tells."""
    return camera_system().refusal(camera)


def shutter_closed(camera: NamedCamera) -> bool | None:
    """Whether the camera's own privacy switch is on; None where the system does not tell."""
    return camera_system().shutter_closed(camera)


def mirrors(camera: NamedCamera) -> bool | None:
    """Whether the driver is set to mirror the picture; None where the system does not tell."""
    return camera_system().mirrors(camera)


def is_there(camera: NamedCamera) -> bool:
    """Whether the system still has the camera."""
    return any(other.id == camera.id for other in cameras())
