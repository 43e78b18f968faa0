"""Ways to a host's port: directly, over both kinds of address at once, or through an HTTP proxy (RFC 9110, 9.3.6)."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_LONGEST_ANSWER_BYTES = 16 * 1024
_HEAD_START_SECONDS = 0.25
"""How long IPv6 is waited for before IPv4 is taken (RFC 8305, section 8)."""

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class ProxyError(OSError):
    """The proxy does not let through; the message is its own first line."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A connection, the address it goes to, and whether each kind of address works (None: has none)."""

    stream: Stream
    address: str
    ms: float
    ipv4_works: bool | None = None
    ipv6_works: bool | None = None


async def direct(ipv4: Sequence[str], ipv6: Sequence[str], port: int) -> Opened:
    """The first connection that comes about, IPv6 before IPv4. Raises OSError where none does.

    The first address of each kind is tried at the same time; where both answer within a quarter of
    a second, both are known to work.
    """
    tries = {
        family: asyncio.create_task(_timed(addresses[0], port))
        for family, addresses in (("ipv6", ipv6), ("ipv4", ipv4))
        if addresses
    }
    if not tries:
        raise OSError("the name has no address")
    chosen: str | None = None
    try:
        waiting = set(tries.values())
        while waiting and not any(_came_about(task) for task in tries.values()):
            _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if waiting:
            await asyncio.wait(waiting, timeout=_HEAD_START_SECONDS)
        works = {family: _came_about(task) if task.done() else None for family, task in tries.items()}
        chosen = next((family for family in works if works[family]), None)
        if chosen is None:
            raise next(error for task in tries.values() if (error := task.exception()) is not None)
        stream, ms = tries[chosen].result()
        return Opened(
            stream=stream,
            address=(ipv6 if chosen == "ipv6" else ipv4)[0],
            ms=ms,
            ipv4_works=works.get("ipv4"),
            ipv6_works=works.get("ipv6"),
        )
    finally:
        for family, task in tries.items():
            if family == chosen:
                continue
            task.cancel()
            if _came_about(task):
                await closed(task.result()[0][1])


async def _timed(address: str, port: int) -> tuple[Stream, float]:
    begun = time.perf_counter()
    stream = await asyncio.open_connection(address, port)
    return stream, round(1000 * (time.perf_counter() - begun), 1)


def _came_about(task: asyncio.Task[tuple[Stream, float]]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None


async def through(proxy: str, host: str, port: int) -> Stream:
    """A connection to `host` through the HTTP proxy at `proxy` (`http://name:port`). Raises OSError."""
    parts = urlsplit(proxy)
    if parts.scheme != "http" or not parts.hostname:
        raise ProxyError(f"a proxy of the kind {parts.scheme or '?'} is not tried")
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
    try:
        target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        request = f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"
        if parts.username:
            login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            request += f"Proxy-Authorization: Basic {base64.b64encode(login.encode()).decode()}\r\n"
        writer.write(f"{request}\r\n".encode("latin-1", "replace"))
        await writer.drain()
        status, _ = await read_head(reader)
        if not 200 <= status < 300:
            raise ProxyError(f"the proxy answers {status}")
    except BaseException:
        await closed(writer)
        raise
    return reader, writer


async def read_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    """Status and headers of an HTTP answer; names in small letters. Raises OSError where it is none."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise OSError("no HTTP answer") from error
    first, *lines = head[:_LONGEST_ANSWER_BYTES].decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    if not version.startswith("HTTP/") or not rest[:3].isdecimal():
        raise OSError("no HTTP answer")
    pairs = (line.partition(":") for line in lines if ":" in line)
    return int(rest[:3]), {name.strip().lower(): value.strip() for name, _, value in pairs}


async def closed(writer: asyncio.StreamWriter) -> None:
    """Close a connection without waiting long for the other side."""
    writer.close()
    with contextlib.suppress(OSError, TimeoutError):
        await asyncio.wait_for(writer.wait_closed(), 0.2)
