"""Real servers on loopback, that answer what a test tells them to."""

from __future__ import annotations

import contextlib
import email.utils
import json
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

RECEIPT = "K7M-4PQ2"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request as it came in."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed


Answer = Callable[[Request, socket.socket], None]
"""Writes to the connection what it likes; the connection is closed afterwards."""


@dataclass
class Server:
    """Gives its answers in turn, the last one for ever."""

    answers: list[Answer]
    url: str = ""
    requests: list[Request] = field(default_factory=list)

    def _next(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextlib.contextmanager
def serving(*answers: Answer, tls: ssl.SSLContext | None = None, listens: bool = True) -> Iterator[Server]:
    """A server on a free loopback port, gone with all its threads when the block ends.

    One that does not listen answers whatever it is told, at the first bytes.
    """
    server = Server(answers=list(answers))

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            connection = self.request
            # A client that goes away in the middle is what some tests are about.
            with contextlib.suppress(OSError):
                if tls is not None:
                    connection = tls.wrap_socket(connection, server_side=True)
                with connection:
                    request = read_request(connection) if listens else _unread(connection)
                    if request is not None:
                        server.requests.append(request)
                        server._next()(request, connection)

    class Threaded(socketserver.ThreadingTCPServer):
        allow_reuse_address = True

    with Threaded(("127.0.0.1", 0), Handler) as listener:
        scheme = "https" if tls else "http"
        name = "localhost" if tls else "127.0.0.1"
        server.url = f"{scheme}://{name}:{listener.server_address[1]}"
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown()
            thread.join()


def read_request(connection: socket.socket) -> Request | None:
    """The request, whole; None where the client said nothing."""
    connection.settimeout(10)
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65536)
        if not part:
            return None
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    line, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (row.partition(":") for row in rest)}
    while len(body) < int(headers.get("content-length", "0")):
        part = connection.recv(65536)
        if not part:
            break
        body += part
    return Request(line=line, headers=headers, body=body)


def _unread(connection: socket.socket) -> Request:
    connection.settimeout(10)
    return Request(line="", headers={}, body=connection.recv(65536))


def reply(status: int, body: bytes | dict[str, Any], **headers: str) -> Answer:
    """An ordinary answer; header names are written with `_` for `-`."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    rows = {"content_length": str(len(content)), "connection": "close", **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in rows.items())
    raw = f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + content

    def answer(_request: Request, connection: socket.socket) -> None:
        connection.sendall(raw)

    return answer


def raw(content: bytes) -> Answer:
    """Whatever, and the end."""

    def answer(_request: Request, connection: socket.socket) -> None:
        connection.sendall(content)

    return answer


def accepted(status: int = 201, receipt: str = RECEIPT, *, now: float | None = None) -> Answer:
    """The collector's answer to a report it has stored, at the time `now`."""

    def answer(request: Request, connection: socket.socket) -> None:
        document = {
            "id": request.document["id"],
            "receipt": receipt,
            "received_utc": "2026-11-24T08:00:00.000Z",
        }
        date = email.utils.formatdate(now, usegmt=True)
        reply(status, document, date=date)(request, connection)

    return answer


def refused(status: int, code: str, words: str = "words") -> Answer:
    """The collector's answer to what it does not take."""
    return reply(status, {"error": {"code": code, "message": {"sv": f"sv {words}", "en": f"en {words}"}}})
