"""Reaching one host: name, connection, encryption, WebSocket; how long each took, or where it ended."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import hashlib
import secrets
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from readiness.network import tunnel
from readiness.network.certificates import issuer_of, public_roots, system_roots
from readiness.network.dns import look_up, since
from readiness.network.waiting import words

_WEBSOCKET_NUMBER = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3

Open = Callable[[], Awaitable[tunnel.Stream]]


class Step(StrEnum):
    """How far it came before it failed."""

    DNS = "dns"
    TCP = "tcp"
    PROXY = "proxy"
    TLS = "tls"
    WEBSOCKET = "websocket"


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What came of one try. `failed_at` is None where the host was reached.

    `private_root`: the system trusts the certificate, but only through a root that is not public.
    `ipv4_works` and `ipv6_works` are None where the name has no such address, or it was not waited for.
    """

    host: str
    port: int
    transport: str = "tls"
    proxy: str | None = None
    failed_at: Step | None = None
    error: str | None = None
    address: str | None = None
    dns_ms: float | None = None
    tcp_ms: float | None = None
    tls_ms: float | None = None
    websocket_ms: float | None = None
    issuer: str | None = None
    private_root: bool | None = None
    ipv4_works: bool | None = None
    ipv6_works: bool | None = None


async def reach(
    host: str,
    port: int,
    *,
    transport: str = "tls",
    path: str = "/",
    proxy: str | None = None,
    timeout_seconds: float,
    on_step: Callable[[], None] = lambda: None,
) -> Reach:
    """Try to reach `host` by `transport` (tcp, tls, wss) within the time, all steps together.

    With `proxy` (`http://name:port`) the connection goes through it, and the name is looked up
    there. `on_step` is called for every answer on the way. Never raises for what the network does.
    """
    trip = _Trip(Reach(host=host, port=port, transport=transport, proxy=proxy), on_step)
    try:
        async with asyncio.timeout(timeout_seconds):
            await trip.make(path)
    except (OSError, TimeoutError) as error:
        trip.note(failed_at=trip.step, error=words(error))
    finally:
        await trip.close()
    return trip.found


class _Trip:
    """One try, step by step; `found` has what is known so far."""

    def __init__(self, found: Reach, on_step: Callable[[], None]) -> None:
        self.found = found
        self._on_step = on_step
        self.step = Step.DNS
        self._stream: tunnel.Stream | None = None

    def note(self, **known: Any) -> None:
        self.found = dataclasses.replace(self.found, **known)
        self._on_step()

    async def make(self, path: str) -> None:
        open_again = await self._open()
        if self.found.transport == "tcp":
            return
        self.step, begun = Step.TLS, time.perf_counter()
        await self._encrypt(open_again)
        self.note(tls_ms=since(begun))
        if self.found.transport == "wss":
            self.step, begun = Step.WEBSOCKET, time.perf_counter()
            await self._upgrade(path)
            self.note(websocket_ms=since(begun))

    async def close(self) -> None:
        if self._stream is not None:
            await tunnel.closed(self._stream[1])

    async def _open(self) -> Open:
        """Connect; returns how to connect once more."""
        found = self.found
        if found.proxy is not None:
            proxy, self.step, begun = found.proxy, Step.PROXY, time.perf_counter()
            self._stream = await tunnel.through(proxy, found.host, found.port)
            self.note(tcp_ms=since(begun))
            return lambda: tunnel.through(proxy, found.host, found.port)
        lookup = await look_up(found.host, found.port)
        self.note(dns_ms=lookup.ms, address=(*lookup.ipv6, *lookup.ipv4, "")[0] or None)
        self.step = Step.TCP
        opened = await tunnel.direct(lookup.ipv4, lookup.ipv6, found.port)
        self._stream = opened.stream
        self.note(
            tcp_ms=opened.ms,
            address=opened.address,
            ipv4_works=opened.ipv4_works,
            ipv6_works=opened.ipv6_works,
        )
        return lambda: asyncio.open_connection(opened.address, found.port)

    async def _encrypt(self, open_again: Open) -> None:
        try:
            issuer = await self._handshake(public_roots())
        except ssl.SSLCertVerificationError:
            self._on_step()
            await self.close()
            self._stream = await open_again()
            issuer = await self._handshake(system_roots())
            self.note(issuer=issuer, private_root=True)
        else:
            self.note(issuer=issuer, private_root=False)

    async def _handshake(self, roots: ssl.SSLContext) -> str | None:
        assert self._stream is not None
        writer = self._stream[1]
        await writer.start_tls(roots, server_hostname=self.found.host)
        encrypted = writer.get_extra_info("ssl_object")
        certificate = encrypted.getpeercert(True) if encrypted is not None else None
        return issuer_of(certificate) if certificate else None

    async def _upgrade(self, path: str) -> None:
        """The opening handshake of RFC 6455, section 4."""
        assert self._stream is not None
        reader, writer = self._stream
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: {self.found.host}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        await writer.drain()
        status, headers = await tunnel.read_head(reader)
        wanted = base64.b64encode(hashlib.sha1(f"{key}{_WEBSOCKET_NUMBER}".encode()).digest()).decode()
        if status != 101 or headers.get("sec-websocket-accept") != wanted:
            raise OSError(f"no WebSocket: HTTP {status}")
