"""Linux: the name of the Wi-Fi that an interface is on, by the kernel's wireless extensions."""

from __future__ import annotations

import ctypes
import socket
import struct
import sys
from collections.abc import Callable

_SIOCGIWESSID = 0x8B1B
_LONGEST = 32  # IEEE 802.11, section 9.4.2.2
_REQUEST = struct.Struct("16sPHH")  # struct iwreq with an iw_point: interface, where, length, flags

Ioctl = Callable[[int, int, bytearray], object]


def _ioctl(descriptor: int, number: int, request: bytearray) -> None:
    if sys.platform != "win32":
        import fcntl

        fcntl.ioctl(descriptor, number, request)


def wifi_name(interface: str, ioctl: Ioctl = _ioctl) -> str | None:
    """The network's name; None where there is none or the kernel does not tell."""
    name = ctypes.create_string_buffer(_LONGEST + 1)
    request = bytearray(
        _REQUEST.pack(interface.encode()[:15], ctypes.addressof(name), _LONGEST, 0).ljust(32, b"\0")
    )
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            ioctl(asking.fileno(), _SIOCGIWESSID, request)
    except OSError:
        return None
    length = _REQUEST.unpack_from(request)[2]
    return name.raw[: min(length, _LONGEST)].decode("utf-8", "replace").strip("\0 ") or None
