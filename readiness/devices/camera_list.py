"""The cameras that the system names, and why one cannot be opened."""

from __future__ import annotations

import os
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

from readiness.devices.ports import Attachment, DeviceError, Problem

_QUERYCAP = 0x80685600  # VIDIOC_QUERYCAP, linux/videodev2.h
_REQBUFS = 0xC0145608  # VIDIOC_REQBUFS
_CAPTURE = 0x00000001  # V4L2_CAP_VIDEO_CAPTURE
_HAS_DEVICE_CAPS = 0x80000000  # V4L2_CAP_DEVICE_CAPS
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


def cameras() -> list[NamedCamera]:
    """The cameras that the system has now, the default first."""
    return _linux_cameras() if sys.platform == "linux" else _enumerated_cameras()


def attachment_of(name: str, path: str) -> Attachment:
    """How a camera hangs on, from the name and path that the system gives."""
    if any(word in name.lower() for word in _VIRTUAL_NAMES) or "/virtual/" in path:
        return Attachment.VIRTUAL
    if "usb" in path.lower():
        return Attachment.USB
    return Attachment.UNKNOWN


def refusal(camera: NamedCamera) -> DeviceError:
    """Why `camera` could not be opened, as far as the system tells."""
    if sys.platform != "linux":
        return DeviceError(Problem.FAILED, camera.name)
    node = Path(str(camera.target))
    try:
        descriptor = os.open(node, os.O_RDWR | os.O_NONBLOCK)
    except FileNotFoundError:
        return DeviceError(Problem.ABSENT, camera.name)
    except PermissionError:
        return DeviceError(Problem.DENIED, camera.name)
    except OSError as error:
        busy = error.errno in (16,)  # EBUSY
        return DeviceError(Problem.IN_USE if busy else Problem.FAILED, os.strerror(error.errno or 0))
    try:
        if holder := _holder(node):
            return DeviceError(Problem.IN_USE, holder)
        return _streaming_refused(descriptor)
    finally:
        os.close(descriptor)


def is_there(camera: NamedCamera) -> bool:
    """Whether the system still has the camera."""
    return any(other.id == camera.id for other in cameras())


def _linux_cameras() -> list[NamedCamera]:
    folder = Path("/sys/class/video4linux")
    found: list[NamedCamera] = []
    for entry in sorted(folder.glob("video*"), key=lambda path: int(path.name[5:] or 0)):
        node = Path("/dev") / entry.name
        try:
            name = (entry / "name").read_text("utf-8", "replace").strip()
            position = (entry / "index").read_text().strip()
        except OSError:
            continue  # unplugged at this moment
        path = str(entry.resolve())
        bus, captures = _capabilities(node)
        if not (captures if captures is not None else position == "0"):
            continue  # metadata, output or radio
        attachment = attachment_of(name, path)
        if attachment is Attachment.USB and _is_fixed(entry.resolve()):
            attachment = Attachment.BUILT_IN
        found.append(NamedCamera(id=bus or entry.name, name=name, target=str(node), attachment=attachment))
    return found


def _capabilities(node: Path) -> tuple[str | None, bool | None]:
    """The driver's name for where the camera sits, and whether this node gives pictures."""
    import fcntl

    try:
        descriptor = os.open(node, os.O_RDWR | os.O_NONBLOCK)
    except OSError:
        return None, None
    try:
        answer = fcntl.ioctl(descriptor, _QUERYCAP, bytes(104))
    except OSError:
        return None, None
    finally:
        os.close(descriptor)
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


def _holder(node: Path) -> str | None:
    """The name of another program that has `node` open, if we may see it."""
    for process in psutil.process_iter(("pid", "name")):
        if process.pid == os.getpid():
            continue
        try:
            links = list(Path(f"/proc/{process.pid}/fd").iterdir())
        except OSError:
            continue  # another user's, or gone
        for link in links:
            try:
                if link.readlink() == node:
                    return str(process.info["name"])
            except OSError:
                continue
    return None


def _streaming_refused(descriptor: int) -> DeviceError:
    """What the driver says when asked for a buffer: the owner of a stream has them all."""
    import fcntl

    # struct v4l2_requestbuffers: count, type (capture), memory (mmap), capabilities, flags
    request = struct.pack("<IIIII", 1, 1, 1, 0, 0)
    try:
        fcntl.ioctl(descriptor, _REQBUFS, request)
        fcntl.ioctl(descriptor, _REQBUFS, struct.pack("<IIIII", 0, 1, 1, 0, 0))
    except OSError as error:
        busy = error.errno == 16  # EBUSY
        return DeviceError(Problem.IN_USE if busy else Problem.FAILED, os.strerror(error.errno or 0))
    return DeviceError(Problem.NO_FRAMES, "opened, but no stream")


def _enumerated_cameras() -> list[NamedCamera]:
    """Windows and macOS. Not run on either yet."""
    import cv2
    from cv2_enumerate_cameras import enumerate_cameras

    backend = cv2.CAP_MSMF if sys.platform == "win32" else cv2.CAP_AVFOUNDATION
    return [
        NamedCamera(
            id=str(camera.path or f"{camera.vid}:{camera.pid}:{camera.index}"),
            name=camera.name,
            target=camera.index,
            attachment=attachment_of(camera.name, str(camera.path or "")),
        )
        for camera in enumerate_cameras(backend)
    ]
