from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from readiness.network import dns
from readiness.network.collector_health import Health, health
from readiness.network.reach import Reach, Step, reach
from tests.submission.servers import Request, raw, read_request, serving

TLS = Path(__file__).parents[1] / "submission" / "tls"


@contextlib.asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await reader.read(1024)
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def _reached(answer: bytes, transport: str) -> Reach:
    async with answering(answer) as port:
        return await reach("127.0.0.1", port, transport=transport, timeout_seconds=2)


async def _health(answer: bytes) -> Health:
    async with answering(answer) as port:
        return await health(f"http://127.0.0.1:{port}", 2)


def page(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def certified(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / f"{name}.pem", TLS / "server.key")
    return context


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def test_an_open_port_is_reached() -> None:
    found = asyncio.run(_reached(b"", "tcp"))
    assert found.failed_at is None
    assert found.tcp_ms is not None
    assert found.ipv4_works is True
    assert found.ipv6_works is None


def test_what_is_no_tls_fails_there() -> None:
    assert asyncio.run(_reached(b"hello\r\n", "tls")).failed_at is Step.TLS


def test_a_closed_port_fails_at_tcp() -> None:
    found = asyncio.run(reach("127.0.0.1", free_port(), transport="tcp", timeout_seconds=2))
    assert found.failed_at is Step.TCP
    assert found.error


def test_a_name_that_does_not_exist_fails_at_dns() -> None:
    found = asyncio.run(reach("no-such-host.invalid", 443, timeout_seconds=5))
    assert found.failed_at is Step.DNS


def test_a_lookup_that_hangs_ends_in_time_and_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def hangs(*_: object, **__: object) -> list[object]:
        released.wait(30)
        return []

    async def many() -> list[Reach]:
        return await asyncio.gather(*(reach("a.example", 443, timeout_seconds=0.3) for _ in range(40)))

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    begun = time.monotonic()
    found = asyncio.run(many())  # ends the loop's own threads too
    released.set()
    assert {one.failed_at for one in found} == {Step.DNS}
    assert time.monotonic() - begun < 10


def test_a_question_that_is_lost_is_asked_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    asked: list[str] = []

    def loses_the_first(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        if len(asked) == 1:
            never.wait(30)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", port))]

    monkeypatch.setattr(dns, "_AGAIN_SECONDS", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", loses_the_first)
    try:
        found = asyncio.run(dns.look_up("meet.example", 443))
    finally:
        never.set()
    assert found.ipv4 == ("192.0.2.7",)
    assert asked == ["meet.example"] * 2


def test_tls_that_never_finishes_is_an_end_there() -> None:
    async def silent() -> Reach:
        async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(ConnectionError):
                await reader.read()
            writer.close()

        server = await asyncio.start_server(listen, "127.0.0.1", 0)
        async with server:
            return await reach("127.0.0.1", server.sockets[0].getsockname()[1], timeout_seconds=0.5)

    found = asyncio.run(silent())
    assert found.failed_at is Step.TLS
    assert found.tcp_ms is not None


def test_a_root_of_the_systems_own_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "authority.pem"))
    with serving(raw(b""), tls=certified("good")) as server:
        found = asyncio.run(reach("localhost", port_of(server.url), timeout_seconds=5))
    assert found.failed_at is None
    assert found.private_root is True
    assert found.issuer
    assert found.tls_ms is not None


@pytest.mark.parametrize("certificate", ["good", "expired", "other_name"])
def test_a_certificate_that_nobody_trusts_fails_at_tls(
    certificate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if certificate != "good":
        monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "authority.pem"))
    with serving(raw(b""), tls=certified(certificate)) as server:
        found = asyncio.run(reach("localhost", port_of(server.url), timeout_seconds=5))
    assert found.failed_at is Step.TLS
    assert "certificate" in (found.error or "")


def test_a_websocket_is_opened_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "authority.pem"))

    def upgraded(request: Request, connection: socket.socket) -> None:
        assert request.line == "GET /xmpp HTTP/1.1"
        key = request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest())
        connection.sendall(
            b"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )

    for answer, expected in ((upgraded, None), (raw(page(b"<html>")), Step.WEBSOCKET)):
        with serving(answer, tls=certified("good")) as server:
            found = asyncio.run(
                reach("localhost", port_of(server.url), transport="wss", path="/xmpp", timeout_seconds=5)
            )
        assert found.failed_at is expected


@contextlib.contextmanager
def proxy(answer: bytes) -> Iterator[tuple[str, list[Request]]]:
    """An HTTP proxy that gives `answer`, and passes on what follows a good one."""
    seen: list[Request] = []

    def answered(request: Request, connection: socket.socket) -> None:
        seen.append(request)
        connection.sendall(answer)
        if b" 200 " not in answer:
            return
        host, _, port = request.line.split()[1].rpartition(":")
        with socket.create_connection((host, int(port)), 5) as onward:
            back = threading.Thread(target=_pass_on, args=(onward, connection))
            back.start()
            _pass_on(connection, onward)
            back.join()

    with serving(answered) as server:
        yield server.url, seen


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def test_a_host_is_reached_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "authority.pem"))
    with (
        serving(raw(b""), tls=certified("good")) as server,
        proxy(b"HTTP/1.1 200 Connection established\r\n\r\n") as (url, seen),
    ):
        port = port_of(server.url)
        with_login = url.replace("http://", "http://anna:hemligt%21@")
        found = asyncio.run(reach("localhost", port, proxy=with_login, timeout_seconds=5))
    assert found.failed_at is None
    assert found.private_root is True
    assert found.dns_ms is None
    assert seen[0].line == f"CONNECT localhost:{port} HTTP/1.1"
    assert base64.b64decode(seen[0].headers["proxy-authorization"].split()[1]) == b"anna:hemligt!"


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 407 Sign in\r\n\r\n", b"HTTP/1.1 403 No\r\n\r\n", b"garbage", b"", b"x" * 200_000]
)
def test_a_proxy_that_does_not_let_through_is_where_it_ends(answer: bytes) -> None:
    with proxy(answer) as (url, _):
        found = asyncio.run(reach("teams.example", 443, proxy=url, timeout_seconds=5))
    assert found.failed_at is Step.PROXY
    assert found.error


def test_a_collector_tells_its_time() -> None:
    body = b'{"service": "motesklar-collector", "time_utc": "2020-01-01T00:00:00.000Z"}'
    found = asyncio.run(_health(page(body)))
    assert found.answers
    assert found.clock_ahead_seconds is not None
    assert found.clock_ahead_seconds > 1e8


def test_another_service_html_garbage_floods_and_silence_are_no_collector() -> None:
    for answer in (page(b'{"service": "x"}'), page(b"<html>"), b"garbage", page(b"x" * 99999), b""):
        found = asyncio.run(_health(answer))
        assert not found.answers
        assert found.error


def test_a_collector_that_trickles_is_given_up_in_time() -> None:
    def trickles(_request: Request, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        with contextlib.suppress(OSError):
            for _ in range(200):
                connection.sendall(b"{")
                time.sleep(0.05)

    with serving(trickles) as server:
        found = asyncio.run(health(server.url, 0.5))
    assert not found.answers


def test_no_server_is_no_collector() -> None:
    assert not asyncio.run(health(f"http://127.0.0.1:{free_port()}", 2)).answers


def test_reading_a_request_of_nothing_is_no_request() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.shutdown(socket.SHUT_WR)
        assert read_request(theirs) is None
