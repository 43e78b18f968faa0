"""macOS: the screens, from Core Graphics by ctypes. Not run on macOS."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from typing import Any

from readiness.core.model import Figures

_LIBRARY = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics"
_MOST = 16


class Size(ctypes.Structure):
    """CGSize: millimetres, in CGDisplayScreenSize."""

    _fields_ = [("width", ctypes.c_double), ("height", ctypes.c_double)]


def local_screens() -> Sequence[Figures]:
    """The screens of this computer. Raises OSError where there is no Core Graphics."""
    return screens_of(declared(ctypes.CDLL(_LIBRARY)))


def declared(graphics: Any) -> Any:
    """The library with the types of its functions, whose pointers would otherwise be cut to 32 bits."""
    number, pointer = ctypes.c_uint32, ctypes.c_void_p
    for name, result, arguments in (
        ("CGGetActiveDisplayList", ctypes.c_int32, [number, pointer, pointer]),
        ("CGDisplayCopyDisplayMode", pointer, [number]),
        ("CGDisplayModeGetPixelWidth", ctypes.c_size_t, [pointer]),
        ("CGDisplayModeGetPixelHeight", ctypes.c_size_t, [pointer]),
        ("CGDisplayModeRelease", None, [pointer]),
        ("CGDisplayScreenSize", Size, [number]),
        ("CGDisplayIsBuiltin", ctypes.c_uint32, [number]),
    ):
        function = getattr(graphics, name)
        function.restype, function.argtypes = result, arguments
    return graphics


def screens_of(graphics: Any) -> Sequence[Figures]:
    """What Core Graphics says of each active display; the size in true pixels, not in points."""
    numbers, count = (ctypes.c_uint32 * _MOST)(), ctypes.c_uint32()
    if graphics.CGGetActiveDisplayList(_MOST, ctypes.addressof(numbers), ctypes.addressof(count)):
        return ()
    found = []
    for number in numbers[: count.value]:
        mode = graphics.CGDisplayCopyDisplayMode(number)
        if not mode:
            continue
        size = graphics.CGDisplayScreenSize(number)
        found.append(
            {
                "width_px": int(graphics.CGDisplayModeGetPixelWidth(mode)),
                "height_px": int(graphics.CGDisplayModeGetPixelHeight(mode)),
                "diagonal_inches": round(math.hypot(size.width, size.height) / 25.4, 1) or None,
                "built_in": bool(graphics.CGDisplayIsBuiltin(number)),
            }
        )
        graphics.CGDisplayModeRelease(mode)
    return found
