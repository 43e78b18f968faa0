"""The size of a screen from its EDID (VESA E-EDID 1.4). Pure."""

from __future__ import annotations

_HEADER = b"\x00\xff\xff\xff\xff\xff\xff\x00"
_FIRST_TIMING = 54


def millimetres(edid: bytes) -> tuple[int, int] | None:
    """Width and height of the picture; None where the screen does not say (a projector) or is no EDID.

    From the first detailed timing (section 3.10.2), else the whole centimetres of section 3.6.2.
    """
    if len(edid) < 128 or not edid.startswith(_HEADER) or sum(edid[:128]) % 256:
        return None
    timing = edid[_FIRST_TIMING : _FIRST_TIMING + 18]
    if timing[0] or timing[1]:  # a timing, and no other descriptor
        width, height = timing[12] | (timing[14] & 0xF0) << 4, timing[13] | (timing[14] & 0x0F) << 8
        if width and height:
            return width, height
    width, height = edid[21] * 10, edid[22] * 10
    return (width, height) if width and height else None
