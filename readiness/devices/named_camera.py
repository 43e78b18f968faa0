"""NamedCamera: a camera as the operating system names it."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.devices.ports import Attachment

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


def attachment_of(name: str, path: str) -> Attachment:
    """How a camera hangs on, from the name and path that the system gives."""
    folded = name.casefold()
    if any(word in folded for word in _VIRTUAL_NAMES) or "/virtual/" in path:
        return Attachment.VIRTUAL
    if "usb" in path.casefold():
        return Attachment.USB
    return Attachment.UNKNOWN
