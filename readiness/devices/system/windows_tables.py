"""Windows' binary answers as values: the process list and the firmware's tables. Pure."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from readiness.devices.system.teller import Usage

_TICKS_A_SECOND = 10_000_000
_MOST_PROCESSES = 20_000
# SYSTEM_PROCESS_INFORMATION of 64-bit Windows: offset to the next, then from 40 on user time, kernel
# time, the name's length in bytes, its address; base priority, number, parent's number.
_ROW = struct.Struct("<I36xqqHHIQi4xQQ")


def processes_in(answer: bytes, address: int) -> Mapping[int, Usage]:
    """All processes in the answer of NtQuerySystemInformation, which lay at `address`."""
    found: dict[int, Usage] = {}
    start = 0
    for _ in range(_MOST_PROCESSES):
        if start + _ROW.size > len(answer):
            break
        following, user, kernel, length, _, _, pointer, _, number, parent = _ROW.unpack_from(answer, start)
        name_at = pointer - address
        name = answer[name_at : name_at + length].decode("utf-16-le", "replace") if name_at >= 0 else ""
        if number:  # 0 is the time in which nothing was done
            found[number] = Usage(
                name=name.removesuffix(".exe").removesuffix(".EXE") or "System",
                parent=parent,
                seconds=(user + kernel) / _TICKS_A_SECOND,
            )
        if not following:
            break
        start += following
    return found


def serial_number(table: bytes) -> str | None:
    """The computer's serial number in RawSMBIOSData (DMTF DSP0134, section 7.2: type 1, offset 7)."""
    for kind, formatted, strings in _structures(table[8:]):
        if kind == 1 and len(formatted) > 7:
            number = formatted[7]
            return strings[number - 1].strip() or None if 0 < number <= len(strings) else None
    return None


def _structures(table: bytes) -> Iterator[tuple[int, bytes, list[str]]]:
    """Type, formatted area and strings of each structure (DSP0134, section 6.1)."""
    start = 0
    while start + 4 <= len(table):
        kind, length = table[start], table[start + 1]
        end = table.find(b"\0\0", start + length)
        if length < 4 or end < 0:
            return
        strings = table[start + length : end].decode("latin-1").split("\0")
        yield kind, table[start : start + length], strings
        start = end + 2
