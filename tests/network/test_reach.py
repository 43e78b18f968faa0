from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

from readiness.network.collector_health import Health, health
from readiness.network.reach import Reach, Step, reach


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


async def _reached(answer: bytes, *, tls: bool) -> Reach:
    async with answering(answer) as port:
        return await reach("127.0.0.1", port, tls=tls, timeout_seconds=2)


async def _health(answer: bytes) -> Health:
    async with answering(answer) as port:
        return await health(f"http://127.0.0.1:{port}", 2)


def page(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def test_an_open_port_is_reached() -> None:
    found = asyncio.run(_reached(b"", tls=False))
    assert found.failed_at is None
    assert found.tcp_ms is not None


def test_what_is_no_tls_fails_there() -> None:
    assert asyncio.run(_reached(b"hello\r\n", tls=True)).failed_at is Step.TLS


def test_a_closed_port_fails_at_tcp() -> None:
    found = asyncio.run(reach("127.0.0.1", free_port(), tls=False, timeout_seconds=2))
    assert found.failed_at is Step.TCP
    assert found.error


def test_a_name_that_does_not_exist_fails_at_dns() -> None:
    found = asyncio.run(reach("no-such-host.invalid", 443, tls=True, timeout_seconds=5))
    assert found.failed_at is Step.DNS


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


def test_no_server_is_no_collector() -> None:
    assert not asyncio.run(health(f"http://127.0.0.1:{free_port()}", 2)).answers
