"""V4L2 cameras: names and places from /sys, what a node can do and why it refuses from the driver."""

from __future__ import annotations

import errno
import fcntl
import os
import struct
import sys
from pathlib import Path

from readiness.devices.linux.camera_controls import mirrors, shutter_closed
from readiness.devices.linux.camera_modes import offered
from readiness.devices.linux.holders import holder_of
from readiness.devices.linux.video_driver import Ask, asked
from readiness.devices.named_camera import NamedCamera, attachment_of
from readiness.devices.ports import Attachment, DeviceError, Problem

assert sys.platform == "linux"

# linux/videodev2.h
_QUERYCAP = 0x80685600  # VIDIOC_QUERYCAP
_REQBUFS = 0xC0145608  # VIDIOC_REQBUFS
_CAPTURE = 0x00000001  # V4L2_CAP_VIDEO_CAPTURE
_HAS_DEVICE_CAPS = 0x80000000  # V4L2_CAP_DEVICE_CAPS


class LinuxCameras:
    """See `platforms.CameraSystem`. Unless it `opens` the nodes, the list is told from /sys alone."""

    def __init__(
        self,
        classes: Path = Path("/sys/class/video4linux"),
        devices: Path = Path("/dev"),
        *,
        opens: bool = True,
    ) -> None:
        self._classes = classes
        self._devices = devices
        self._opens = opens

    def cameras(self) -> list[NamedCamera]:
        """The nodes that give pictures, in the order of their numbers."""
        found: list[NamedCamera] = []
        for entry in sorted(self._classes.glob("video*"), key=lambda path: int(path.name[5:] or 0)):
            node = self._devices / entry.name
            try:
                name = (entry / "name").read_text("utf-8", "replace").strip()
                position = (entry / "index").read_text().strip()
            except OSError:
                continue  # unplugged at this moment
            path = str(entry.resolve())
            told = asked(str(node), _capabilities) if self._opens else None
            bus, captures = told or (None, None)
            if not (captures if captures is not None else position == "0"):
                continue  # metadata, output or radio
            attachment = attachment_of(name, path)
            if attachment is Attachment.USB and _is_fixed(entry.resolve()):
                attachment = Attachment.BUILT_IN
            found.append(
                NamedCamera(id=bus or entry.name, name=name, target=str(node), attachment=attachment)
            )
        return _with_ids_of_their_own(found)

    def modes(self, camera: NamedCamera, /) -> list[dict[str, float | None]] | None:
        """Asked of the driver, without filming."""
        return asked(str(camera.target), offered)

    def refusal(self, camera: NamedCamera) -> DeviceError:
        """Open the node as a driver would, and see what is in the way."""
        node = Path(str(camera.target))
        try:
            descriptor = os.open(node, os.O_RDWR | os.O_NONBLOCK)
        except FileNotFoundError:
            return DeviceError(Problem.ABSENT, camera.name)
        except PermissionError:
            return DeviceError(Problem.DENIED, camera.name)
        except OSError as error:
            return _error(error, node)
        try:
            if holder := holder_of(node):
                return DeviceError(Problem.IN_USE, holder)
            return _streaming_refused(descriptor, node)
        finally:
            os.close(descriptor)

    def shutter_closed(self, camera: NamedCamera, /) -> bool | None:
        """The driver's privacy control: a shutter or a switch on the camera."""
        return asked(str(camera.target), shutter_closed)

    def mirrors(self, camera: NamedCamera, /) -> bool | None:
        """The driver's controls that turn the picture over."""
        return asked(str(camera.target), mirrors)


def _with_ids_of_their_own(found: list[NamedCamera]) -> list[NamedCamera]:
    """Two cameras in one device (colour and infrared) sit in the same place: told apart by their order."""
    seen: dict[str, int] = {}
    told_apart: list[NamedCamera] = []
    for camera in found:
        number = seen[camera.id] = seen.get(camera.id, 0) + 1
        own = camera.id if number == 1 else f"{camera.id}#{number}"
        told_apart.append(
            NamedCamera(id=own, name=camera.name, target=camera.target, attachment=camera.attachment)
        )
    return told_apart


def _capabilities(ask: Ask) -> tuple[str | None, bool]:
    """The driver's name for where the camera sits, and whether this node gives pictures."""
    answer = ask(_QUERYCAP, bytes(104))
    bus = answer[48:80].split(b"\0")[0].decode("utf-8", "replace")
    all_of_it, of_this_node = struct.unpack_from("<II", answer, 84)
    flags = of_this_node if all_of_it & _HAS_DEVICE_CAPS else all_of_it
    return bus or None, bool(flags & _CAPTURE)


def _is_fixed(path: Path) -> bool:
    """Whether the USB device that `path` lies in is built into the computer."""
    for folder in path.parents:
        try:
            return (folder / "removable").read_text().strip() == "fixed"
        except OSError:
            continue
    return False


def _streaming_refused(descriptor: int, node: Path) -> DeviceError:
    """What the driver says when asked for a buffer: the owner of a stream has them all."""
    # struct v4l2_requestbuffers: count, type (capture), memory (mmap), capabilities, flags
    request = struct.pack("<IIIII", 1, 1, 1, 0, 0)
    try:
        fcntl.ioctl(descriptor, _REQBUFS, request)
        fcntl.ioctl(descriptor, _REQBUFS, struct.pack("<IIIII", 0, 1, 1, 0, 0))
    except OSError as error:
        return _error(error, node)
    return DeviceError(Problem.NO_FRAMES, "opened, but no stream")


def _error(error: OSError, node: Path) -> DeviceError:
    words = os.strerror(error.errno or 0)
    if error.errno == errno.EBUSY:
        return DeviceError(Problem.IN_USE, holder_of(node) or words)
    if error.errno in (errno.ENODEV, errno.ENXIO):
        return DeviceError(Problem.REMOVED, words)
    return DeviceError(Problem.FAILED, words)
