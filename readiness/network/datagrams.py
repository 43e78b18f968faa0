"""A UDP socket whose arrivals are stamped by the system, where it can: a busy computer shows as little
as possible in what is measured."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import sys
import time
from dataclasses import dataclass
from typing import Any

_BUFFER_BYTES = 4 * 1024 * 1024
_LONGEST_BYTES = 2048
_TIMESPEC = struct.Struct("@ll")
_SO_TIMESTAMPNS = 35  # Linux; not among Python's constants. The kernel's receive time, CLOCK_REALTIME
_IP_RECVTTL = 12  # Linux; nor is this one
_ANCILLARY_BYTES = 128


@dataclass(frozen=True, slots=True)
class Datagram:
    """What arrived, from where, and when: nanoseconds since 1970; `ttl` where the system tells."""

    data: bytes
    address: tuple[Any, ...]
    received_ns: int
    ttl: int = 0


class UdpSocket:
    """A socket that never blocks."""

    def __init__(self, family: int, address: tuple[Any, ...]) -> None:
        """Bind to `address`. Raises OSError."""
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            with contextlib.suppress(OSError):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
            self.stamped_by_system = False
            if sys.platform == "linux":
                with contextlib.suppress(OSError):
                    self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
                    self.stamped_by_system = True
                if family == socket.AF_INET:
                    self._socket.setsockopt(socket.IPPROTO_IP, _IP_RECVTTL, 1)
            self._socket.bind(address)
        except OSError:
            self._socket.close()
            raise

    @property
    def address(self) -> tuple[Any, ...]:
        """Where it is bound."""
        address: tuple[Any, ...] = self._socket.getsockname()
        return address

    def send(self, data: bytes, address: tuple[Any, ...]) -> OSError | None:
        """Send, and return what hindered it: a full buffer or a network that is away is no exception here."""
        try:
            self._socket.sendto(data, address)
        except OSError as error:
            return error
        return None

    def wait(self, seconds: float) -> bool:
        """Wait until something arrived, at most so long."""
        return bool(select.select([self._socket], [], [], max(0.0, seconds))[0])

    def receive(self) -> Datagram | None:
        """What arrived first, or None."""
        while True:
            try:
                if sys.platform != "win32" and self.stamped_by_system:
                    data, ancillary, _, address = self._socket.recvmsg(_LONGEST_BYTES, _ANCILLARY_BYTES)
                    return _stamped(data, ancillary, address)
                data, address = self._socket.recvfrom(_LONGEST_BYTES)
                return Datagram(data, address, time.time_ns())
            except BlockingIOError:
                return None
            except OSError:  # an ICMP "unreachable" of an earlier packet, or one too long (Windows)
                continue

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()


def _stamped(data: bytes, ancillary: list[Any], address: tuple[Any, ...]) -> Datagram:
    received_ns, ttl = time.time_ns(), 0
    for level, kind, value in ancillary:
        if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS and len(value) >= _TIMESPEC.size:
            seconds, nanoseconds = _TIMESPEC.unpack_from(value)
            received_ns = seconds * 1_000_000_000 + nanoseconds
        elif level == socket.IPPROTO_IP and kind == socket.IP_TTL and value:
            ttl = value[0] if sys.byteorder == "little" else value[-1]
    return Datagram(data, address, received_ns, ttl)
