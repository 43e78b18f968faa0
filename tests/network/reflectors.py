"""Reflectors on loopback, in a thread of this process: a faithful one, and some that are not."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from readiness.collector.reflector import Reflector
from readiness.collector.reflector_sessions import Bounds, Sessions
from readiness.network.datagrams import UdpSocket
from readiness.network.session import Session

Twist = Callable[[bytes, Any, UdpSocket], bool]
"""What a reflector does with an answer before it sends it; False keeps it from being sent."""


class _Twisted:
    """A socket whose answers pass through a twist."""

    def __init__(self, udp: UdpSocket, twist: Twist) -> None:
        self._udp = udp
        self._twist = twist

    def send(self, data: bytes, address: Any) -> OSError | None:
        return self._udp.send(data, address) if self._twist(data, address, self._udp) else None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._udp, name)


def faithful(_data: bytes, _address: Any, _udp: UdpSocket) -> bool:
    return True


@contextlib.contextmanager
def reflecting(twist: Twist = faithful, *, granted: Bounds | None = None) -> Iterator[Session]:
    """A session with a reflector; `granted` is what the client is told, whatever the reflector thinks."""
    udp = UdpSocket(socket.AF_INET, ("127.0.0.1", 0))
    sessions = Sessions()
    opened = sessions.open(time.time_ns())
    assert opened is not None
    reflector = Reflector(_Twisted(udp, twist), sessions)  # type: ignore[arg-type]
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            reflector.turn()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    told = granted or opened.bounds
    try:
        yield Session(
            id=opened.id,
            key=opened.key,
            host="127.0.0.1",
            port=udp.address[1],
            seconds=told.seconds,
            kbps=told.kbps,
            bytes=told.bytes,
        )
    finally:
        over.set()
        thread.join(5)
        udp.close()
