"""Cameras of macOS: names from AVFoundation, the rest from CoreMediaIO. Not run on macOS yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from readiness.devices.macos.authorization import Authorization, authorization
from readiness.devices.macos.objects import SYSTEM_OBJECT, Objects, core_media, transport
from readiness.devices.named_camera import NamedCamera, attachment_of
from readiness.devices.ports import Attachment, DeviceError, DeviceKind, Problem


class MacCameras:
    """See `platforms.CameraSystem`."""

    def __init__(
        self,
        listed: Callable[[], Sequence[Any]] | None = None,
        objects: Objects | None = None,
        may_use: Callable[[DeviceKind], Authorization] = authorization,
    ) -> None:
        self._listed = listed or _av_foundation
        self._objects = objects or core_media()
        self._may_use = may_use

    def cameras(self) -> list[NamedCamera]:
        """In AVFoundation's order, which is OpenCV's."""
        transports = {
            self._objects.string(device, "uid "): transport(self._objects, device)
            for device in self._objects.numbers(SYSTEM_OBJECT, "dev#")
        }
        found: list[NamedCamera] = []
        for camera in self._listed():
            attachment = attachment_of(camera.name, "")
            if attachment is Attachment.UNKNOWN:
                attachment = transports.get(str(camera.path), attachment)
            found.append(
                NamedCamera(
                    id=str(camera.path or f"{camera.vid}:{camera.pid}:{camera.index}"),
                    name=camera.name,
                    target=camera.index,
                    attachment=attachment,
                )
            )
        return found

    def modes(self, _camera: NamedCamera, /) -> list[dict[str, float | None]] | None:
        """macOS does not tell without filming: only the size that was filmed is known."""
        return None

    def refusal(self, camera: NamedCamera) -> DeviceError:
        """The privacy settings first. macOS tells that a camera is in use, but not by whom."""
        if self._may_use(DeviceKind.CAMERA) in (Authorization.DENIED, Authorization.RESTRICTED):
            return DeviceError(Problem.DENIED, self._may_use(DeviceKind.CAMERA).value)
        for device in self._objects.numbers(SYSTEM_OBJECT, "dev#"):
            if self._objects.string(device, "uid ") == camera.id:
                if self._objects.number(device, "gone"):  # ...DeviceIsRunningSomewhere
                    return DeviceError(Problem.IN_USE, camera.name)
                return DeviceError(Problem.FAILED, camera.name)
        return DeviceError(Problem.REMOVED, camera.name)

    def shutter_closed(self, _camera: NamedCamera, /) -> bool | None:
        """macOS does not tell."""
        return None

    def mirrors(self, _camera: NamedCamera, /) -> bool | None:
        """macOS does not tell."""
        return None


def _av_foundation() -> Sequence[Any]:
    import cv2
    from cv2_enumerate_cameras import enumerate_cameras

    listed: Sequence[Any] = enumerate_cameras(cv2.CAP_AVFOUNDATION)
    return listed
