"""One ICMP echo on Windows, by IcmpSendEcho. Written after the SDK; not run in tests."""

from __future__ import annotations

import ctypes
import socket
import struct
import time
from typing import Any

_ANSWER_BYTES = 256


def echo(address: str, seconds: float) -> float | None:
    """Milliseconds until the answer, None for silence. Raises OSError where it cannot be asked."""
    windows: Any = ctypes
    helper = windows.WinDLL("iphlpapi", use_last_error=True)
    helper.IcmpCreateFile.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(helper.IcmpCreateFile())
    if handle.value in (None, ctypes.c_void_p(-1).value):
        raise OSError("IcmpCreateFile")
    try:
        (target,) = struct.unpack("=I", socket.inet_aton(address))
        data = b"\0" * 32
        answer = ctypes.create_string_buffer(_ANSWER_BYTES)
        begun = time.perf_counter()
        count = helper.IcmpSendEcho(
            handle, ctypes.c_uint32(target), data, len(data), None, answer, _ANSWER_BYTES, int(1000 * seconds)
        )
        took_ms = 1000 * (time.perf_counter() - begun)
        # ICMP_ECHO_REPLY: address, status, round trip in whole milliseconds
        status = struct.unpack_from("<I", answer.raw, 4)[0]
        return took_ms if count and status == 0 else None
    finally:
        helper.IcmpCloseHandle(handle)
