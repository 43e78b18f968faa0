"""The sizes and rates that a camera offers, from Video4Linux.

The answers are those of VIDIOC_ENUM_FMT, _ENUM_FRAMESIZES
and _ENUM_FRAMEINTERVALS (linux/videodev2.h).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from itertools import count

from readiness.devices.linux.video_driver import Ask

_ENUM_FMT = 0xC0405602
_ENUM_FRAMESIZES = 0xC02C564A
_ENUM_FRAMEINTERVALS = 0xC034564B
_CAPTURE = 1  # V4L2_BUF_TYPE_VIDEO_CAPTURE
_DISCRETE = 1  # V4L2_FRMSIZE_TYPE_DISCRETE, V4L2_FRMIVAL_TYPE_DISCRETE
_MOST = 64
"""Formats, sizes or rates; a driver that names more is out of order."""
_USUAL = ((160, 120), (320, 240), (640, 360), (640, 480), (960, 540), (1280, 720), (1920, 1080), (3840, 2160))
"""Sizes to name where the driver gives a range."""


def offered(ask: Ask) -> list[dict[str, float | None]] | None:
    """Width, height and highest rate (Hz) of each size that a driver offers, largest first; None where it tells none."""
    best: dict[tuple[int, int], float] = {}
    for pixels in _formats(ask):
        for size in _sizes(ask, pixels):
            best[size] = max(best.get(size, 0.0), _rate(ask, pixels, *size))
    ordered = sorted(best.items(), key=lambda item: -item[0][0] * item[0][1])
    rows: list[dict[str, float | None]] = [
        {"width": width, "height": height, "rate_hz": round(rate, 2) or None}
        for (width, height), rate in ordered[:_MOST]
    ]
    return rows or None


def _formats(ask: Ask) -> Iterator[int]:
    # struct v4l2_fmtdesc: index, type, flags, description[32], pixelformat, mbus_code, reserved[3]
    for answer in _answers(ask, _ENUM_FMT, lambda index: struct.pack("<II56x", index, _CAPTURE)):
        yield struct.unpack_from("<I", answer, 44)[0]


def _sizes(ask: Ask, pixels: int) -> Iterator[tuple[int, int]]:
    # struct v4l2_frmsizeenum: index, pixel_format, type, then width, height or min, max and step of both
    for answer in _answers(ask, _ENUM_FRAMESIZES, lambda index: struct.pack("<II36x", index, pixels)):
        kind, width, height = struct.unpack_from("<III", answer, 8)
        if kind == _DISCRETE:
            yield width, height
            continue
        least_width, most_width, _, least_height, most_height, _ = struct.unpack_from("<6I", answer, 12)
        for width, height in _USUAL:
            if least_width <= width <= most_width and least_height <= height <= most_height:
                yield width, height
        return  # a range stands alone


def _rate(ask: Ask, pixels: int, width: int, height: int) -> float:
    """The highest rate in Hz, 0 where the driver names none."""
    best = 0.0

    # struct v4l2_frmivalenum: index, pixel_format, width, height, type, then seconds as fractions
    def structure(index: int) -> bytes:
        return struct.pack("<IIII36x", index, pixels, width, height)

    for answer in _answers(ask, _ENUM_FRAMEINTERVALS, structure):
        kind, over, under = struct.unpack_from("<III", answer, 16)
        if over:
            best = max(best, under / over)  # of a range the shortest interval comes first
        if kind != _DISCRETE:
            break
    return best


def _answers(ask: Ask, request: int, structure: Callable[[int], bytes]) -> Iterator[bytes]:
    for index in count():
        if index >= _MOST:
            return
        try:
            yield ask(request, structure(index))
        except OSError:
            return
