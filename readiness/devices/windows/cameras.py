"""Cameras of Windows: names from Media Foundation, the rest from the registry. Not run on Windows yet."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

from readiness.devices.named_camera import NamedCamera, attachment_of
from readiness.devices.ports import Attachment, DeviceError, DeviceKind, Problem
from readiness.devices.windows.consent import denied_by, used_by
from readiness.devices.windows.registry import Registry, WindowsRegistry

_PLACE = re.compile(r"\\\\\?\\([^#]+)#([^#]+)#([^#]+)#", re.IGNORECASE)
"""A device's path: \\\\?\\usb#vid_046d&pid_085e&mi_00#7&2a3b&0&0000#{...}\\global"""
_OWN_CONTAINER = "{00000000-0000-0000-ffff-ffffffffffff}"
"""The container of what is built into the computer (DEVPKEY_Device_ContainerId)."""


class WindowsCameras:
    """See `platforms.CameraSystem`."""

    def __init__(
        self, listed: Callable[[], Sequence[Any]] | None = None, registry: Registry | None = None
    ) -> None:
        self._listed = listed or _media_foundation
        self._registry = registry or WindowsRegistry()

    def cameras(self) -> list[NamedCamera]:
        """In Media Foundation's order, which is OpenCV's."""
        return [
            NamedCamera(
                id=str(camera.path or f"{camera.vid}:{camera.pid}:{camera.index}"),
                name=camera.name,
                target=camera.index,
                attachment=self._attachment(camera.name, str(camera.path or "")),
            )
            for camera in self._listed()
        ]

    def modes(self, _camera: NamedCamera, /) -> list[dict[str, float | None]] | None:
        """Windows does not tell without filming: only the size that was filmed is known."""
        return None

    def refusal(self, camera: NamedCamera) -> DeviceError:
        """The privacy settings first, then who uses the camera."""
        if denied := denied_by(self._registry, DeviceKind.CAMERA):
            return DeviceError(Problem.DENIED, denied)
        if users := used_by(self._registry, DeviceKind.CAMERA, own=sys.executable):
            return DeviceError(Problem.IN_USE, ", ".join(users))
        if all(other.id != camera.id for other in self.cameras()):
            return DeviceError(Problem.REMOVED, camera.name)
        return DeviceError(Problem.FAILED, camera.name)

    def shutter_closed(self, _camera: NamedCamera, /) -> bool | None:
        """Windows does not tell without opening the camera through a store app's interface."""
        return None

    def mirrors(self, _camera: NamedCamera, /) -> bool | None:
        """Windows tells it of DirectShow drivers alone, which pictures do not come through."""
        return None

    def _attachment(self, name: str, path: str) -> Attachment:
        found = attachment_of(name, path)
        place = _PLACE.match(path)
        if found is not Attachment.USB or place is None:
            return found
        key = rf"SYSTEM\CurrentControlSet\Enum\{place[1]}\{place[2]}\{place[3]}"
        container = str(self._registry.value("HKLM", key, "ContainerID")).casefold()
        return Attachment.BUILT_IN if container == _OWN_CONTAINER else found


def _media_foundation() -> Sequence[Any]:
    import cv2
    from cv2_enumerate_cameras import enumerate_cameras

    listed: Sequence[Any] = enumerate_cameras(cv2.CAP_MSMF)
    return listed
