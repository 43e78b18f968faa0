"""Reaching one host: name, connection, encryption; how long each took, or where it ended."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """How far it came before it failed."""

    DNS = "dns"
    TCP = "tcp"
    TLS = "tls"


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What came of one try. `failed_at` is None where the host was reached."""

    host: str
    port: int
    failed_at: Step | None = None
    error: str | None = None
    address: str | None = None
    dns_ms: float | None = None
    tcp_ms: float | None = None
    tls_ms: float | None = None
    issuer: str | None = None


async def reach(host: str, port: int, *, tls: bool, timeout_seconds: float) -> Reach:
    """Try to reach `host`. Never raises for what the network does."""
    loop = asyncio.get_running_loop()
    begun = time.perf_counter()
    try:
        async with asyncio.timeout(timeout_seconds):
            answers = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError) as error:
        return Reach(host=host, port=port, failed_at=Step.DNS, error=_words(error))
    dns_ms = _since(begun)
    begun = time.perf_counter()
    address = str(answers[0][4][0])
    try:
        async with asyncio.timeout(timeout_seconds):
            _, writer = await asyncio.open_connection(host, port, happy_eyeballs_delay=0.25)
    except (OSError, TimeoutError) as error:
        return Reach(
            host=host, port=port, failed_at=Step.TCP, error=_words(error), address=address, dns_ms=dns_ms
        )
    tcp_ms = _since(begun)
    found = Reach(host=host, port=port, address=address, dns_ms=dns_ms, tcp_ms=tcp_ms)
    try:
        return await _encrypted(found, writer, timeout_seconds) if tls else found
    finally:
        writer.close()
        with contextlib.suppress(OSError, asyncio.TimeoutError):
            await asyncio.wait_for(writer.wait_closed(), 0.5)


async def _encrypted(found: Reach, writer: asyncio.StreamWriter, timeout_seconds: float) -> Reach:
    import dataclasses

    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    begun = time.perf_counter()
    try:
        async with asyncio.timeout(timeout_seconds):
            await writer.start_tls(context, server_hostname=found.host)
    except (OSError, TimeoutError) as error:
        return dataclasses.replace(found, failed_at=Step.TLS, error=_words(error))
    certificate = writer.get_extra_info("peercert") or {}
    issuer = {name: value for part in certificate.get("issuer", ()) for name, value in part}
    return dataclasses.replace(
        found, tls_ms=_since(begun), issuer=issuer.get("organizationName") or issuer.get("commonName")
    )


def _since(begun: float) -> float:
    return round(1000 * (time.perf_counter() - begun), 1)


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:200]
