"""Names: what the system answers and how fast, which resolvers it asks, and which of them are silent."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from readiness.network.waiting import in_thread

_STUB = "127.0.0.53"
_BEHIND_THE_STUB = Path("/run/systemd/resolve/resolv.conf")
_MOST_RESOLVERS = 4


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """The addresses of one name, as the system gives them to every program."""

    ipv4: tuple[str, ...] = ()
    ipv6: tuple[str, ...] = ()
    ms: float


@dataclass(frozen=True, kw_only=True)
class Resolver:
    """One name server that the system uses, asked directly. `ms` is None where it was silent."""

    address: str
    ms: float | None = None


LONGEST_SECONDS = 2.5
"""A name that is not answered by then is no use to a meeting: systems ask again after 1 to 5 seconds."""

_AGAIN_SECONDS = 1.0


async def look_up(host: str, port: int, timeout_seconds: float = LONGEST_SECONDS) -> Lookup:
    """The addresses of `host`. Raises OSError (no such name) or TimeoutError.

    After a second without an answer it is asked for once more: a question that was lost is repeated later
    than that by most systems.
    """
    begun = time.perf_counter()

    async def asked(after_seconds: float) -> list[Any]:
        await asyncio.sleep(after_seconds)
        return await in_thread(
            lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), timeout_seconds
        )

    tries = [asyncio.create_task(asked(after)) for after in (0.0, _AGAIN_SECONDS)]
    try:
        async with asyncio.timeout(timeout_seconds):
            await asyncio.wait(tries, return_when=asyncio.FIRST_COMPLETED)
        answers = next(task for task in tries if task.done()).result()
    except UnicodeError as error:  # a name that cannot be written in DNS
        raise socket.gaierror(socket.EAI_NONAME, str(error)) from error
    finally:
        for task in tries:
            task.cancel()
        await asyncio.gather(*tries, return_exceptions=True)
    return Lookup(
        ipv4=tuple(dict.fromkeys(str(a[4][0]) for a in answers if a[0] == socket.AF_INET)),
        ipv6=tuple(dict.fromkeys(str(a[4][0]) for a in answers if a[0] == socket.AF_INET6)),
        ms=since(begun),
    )


async def resolvers(name: str, timeout_seconds: float) -> tuple[Resolver, ...]:
    """The system's resolvers, each asked for `name` by itself. Any answer counts, also a no."""
    try:
        addresses = await in_thread(_configured, timeout_seconds)
    except (OSError, TimeoutError, ValueError):
        return ()
    return tuple(
        await asyncio.gather(*(_asked(a, name, timeout_seconds) for a in addresses[:_MOST_RESOLVERS]))
    )


def _configured() -> Sequence[str]:
    import dns.exception
    import dns.resolver

    try:
        found = [str(address) for address in dns.resolver.Resolver().nameservers]
        if found == [_STUB] and _BEHIND_THE_STUB.exists():
            found = [str(a) for a in dns.resolver.Resolver(str(_BEHIND_THE_STUB)).nameservers] or found
    except dns.exception.DNSException as error:
        raise OSError(str(error)) from error
    return [address for address in found if is_address(address)]


def is_address(text: str) -> bool:
    """Whether it is an address, not a name."""
    try:
        ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True


async def _asked(address: str, name: str, timeout_seconds: float) -> Resolver:
    import dns.asyncquery
    import dns.exception
    import dns.message

    begun = time.perf_counter()
    try:
        question = dns.message.make_query(name, "A")
        async with asyncio.timeout(timeout_seconds):
            await dns.asyncquery.udp(question, address, timeout=timeout_seconds)
    except (OSError, TimeoutError, ValueError, dns.exception.DNSException):
        return Resolver(address=address)
    return Resolver(address=address, ms=since(begun))


def since(begun: float) -> float:
    """Milliseconds since `begun` (`time.perf_counter`), to a tenth."""
    return round(1000 * (time.perf_counter() - begun), 1)
