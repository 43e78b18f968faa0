"""What a camera's own switches say, from Video4Linux: VIDIOC_G_CTRL and VIDIOC_QUERYCTRL (linux/videodev2.h)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from readiness.devices.linux.video_driver import Ask

_GET_CONTROL = 0xC008561B  # VIDIOC_G_CTRL
_QUERY_CONTROL = 0xC0445624  # VIDIOC_QUERYCTRL
_NEXT = 0x80000000  # V4L2_CTRL_FLAG_NEXT_CTRL
_PRIVACY = 0x009A0910  # V4L2_CID_PRIVACY
_FLIPS = (b"Horizontal Flip", b"Vertical Flip")
"""As the kernel names V4L2_CID_HFLIP and _VFLIP; drivers with controls of their own say the same."""
_MOST = 256
"""Controls; a driver that names more is out of order."""


def shutter_closed(ask: Ask) -> bool:
    """Whether the privacy control is on (UVC has it). Raises OSError where the camera has none."""
    return bool(_value(ask, _PRIVACY))


def mirrors(ask: Ask) -> bool | None:
    """Whether the driver is set to mirror; None where it cannot. Raises OSError where it refuses.

    Turned over both ways a picture is upside down, and no mirror's.
    """
    flips = [bool(_value(ask, number)) for number, name in _controls(ask) if name in _FLIPS]
    return sum(flips) == 1 if flips else None


def _controls(ask: Ask) -> Iterator[tuple[int, bytes]]:
    """Number and name of each control."""
    number = 0
    for _ in range(_MOST):
        # struct v4l2_queryctrl: id, type, name[32], minimum, maximum, step, default, flags, reserved[2]
        try:
            answer = ask(_QUERY_CONTROL, struct.pack("<I64x", number | _NEXT))
        except OSError:
            return
        number, name = struct.unpack_from("<I4x32s", answer)
        yield number, name.split(b"\0")[0]


def _value(ask: Ask, number: int) -> int:
    value: int = struct.unpack("<Ii", ask(_GET_CONTROL, struct.pack("<Ii", number, 0)))[1]
    return value
