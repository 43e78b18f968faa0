"""The reflector: a process of its own that answers UDP test packets of granted sessions.

`python -m readiness.collector.reflector` takes its socket's address as JSON in its first argument and
commands as JSON lines on standard input; it ends when that closes. Nothing here is imported by the
collector's pages, so that serving them never shows up as jitter.
"""

from __future__ import annotations

import base64
import heapq
import json
import os
import socket
import sys
import threading
import time
from typing import Any

from readiness.collector.reflector_sessions import LIGHT, Bounds, Session, Sessions
from readiness.network.datagrams import UdpSocket

_LONGEST_WAIT_SECONDS = 0.5
_ONE_TURN = 32
"""Packets taken in, or sent of the streams, before the other side has its turn."""


class Reflector:
    """Answers on one socket until told to stop."""

    def __init__(self, udp: UdpSocket, sessions: Sessions) -> None:
        self._udp = udp
        self._sessions = sessions
        self._due: list[tuple[int, int, int, Session]] = []
        self._order = 0
        self._forget_ns = 0

    def turn(self) -> None:
        """Wait for what comes first, packets or the time to send one; then do some of each."""
        wait_ns = self._due[0][0] - time.time_ns() if self._due else int(_LONGEST_WAIT_SECONDS * 1e9)
        if self._udp.wait(min(wait_ns / 1e9, _LONGEST_WAIT_SECONDS)):
            self._take()
        self._send()
        now_ns = time.time_ns()
        if now_ns > self._forget_ns:
            self._forget_ns = now_ns + 1_000_000_000
            self._sessions.forget(now_ns)

    def _take(self) -> None:
        for _ in range(_ONE_TURN):
            arrived = self._udp.receive()
            if arrived is None:
                return
            answers, begins = self._sessions.handle(
                arrived.data, arrived.address, arrived.received_ns, time.time_ns(), arrived.ttl
            )
            for data, address in answers:
                self._udp.send(data, address)
            if begins is not None:
                self._plan(begins, begins.stream_begun_ns)

    def _send(self) -> None:
        for _ in range(_ONE_TURN):
            now_ns = time.time_ns()
            if not self._due or self._due[0][0] > now_ns:
                return
            _, _, stream, session = heapq.heappop(self._due)
            if session.stream_number != stream or session.stream is None or not self._sessions.alive(session):
                continue
            data, address, following_ns = self._sessions.next_packet(session, now_ns)
            self._udp.send(data, address)
            if following_ns is not None:
                self._plan(session, following_ns)

    def _plan(self, session: Session, due_ns: int) -> None:
        self._order += 1
        heapq.heappush(self._due, (due_ns, self._order, session.stream_number, session))


def granted(session: Session) -> dict[str, Any]:
    """A session as the client is told of it."""
    bounds = session.bounds
    return {
        "id": session.id,
        "key": base64.b64encode(session.key).decode("ascii"),
        "limits": {"seconds": bounds.seconds, "kbps": bounds.kbps, "bytes": bounds.bytes},
    }


def _obey(sessions: Sessions) -> None:
    """Do what comes on standard input; end the process when it closes."""
    for line in sys.stdin:
        wish = json.loads(line)
        session = sessions.open(time.time_ns(), LIGHT if wish.get("light") else Bounds())
        _tell({"id": wish["id"], "session": None if session is None else granted(session)})
    os._exit(0)


def _tell(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> None:
    """Bind, say where, and answer for as long as standard input is open."""
    host, port, most = json.loads(arguments[0])
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE
        )[0]
        udp = UdpSocket(family, address)
    except OSError as error:
        _tell({"errno": error.errno, "problem": error.strerror or str(error)})
        return
    sessions = Sessions(most)
    _tell({"port": udp.address[1]})
    threading.Thread(target=_obey, args=(sessions,), name="commands", daemon=True).start()
    reflector = Reflector(udp, sessions)
    while True:
        reflector.turn()


if __name__ == "__main__":
    main(sys.argv[1:])
