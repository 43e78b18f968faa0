"""Asking a TURN server for a relay (RFC 8656) over UDP, TCP or TLS, with the credentials that IT set."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass
from typing import Literal

from readiness.network.certificates import system_roots
from readiness.network.dns import look_up, since
from readiness.network.waiting import words

_GIVING_BACK_SECONDS = 0.5

TurnTransport = Literal["turn_udp", "turn_tcp", "turn_tls"]


@dataclass(frozen=True, kw_only=True)
class Relay:
    """What came of asking for a relay. `answers` is False for silence, None where it could not be asked.

    `granted` is False where the server answered no (the credentials, most often).
    """

    host: str
    port: int
    transport: TurnTransport
    answers: bool | None = None
    granted: bool | None = None
    ms: float | None = None
    error: str | None = None


async def relay(
    host: str, port: int, transport: TurnTransport, *, user: str, password: str, timeout_seconds: float
) -> Relay:
    """Ask for a relay, and give it back. Never raises for what the network does."""
    asked = Relay(host=host, port=port, transport=transport)
    try:
        async with asyncio.timeout(timeout_seconds):
            return await _asked(asked, user, password)
    except TimeoutError:
        return Relay(host=host, port=port, transport=transport, answers=False)
    except (OSError, ValueError) as error:
        return Relay(host=host, port=port, transport=transport, error=words(error))


async def _asked(asked: Relay, user: str, password: str) -> Relay:
    import dataclasses

    from aioice import stun, turn

    lookup = await look_up(asked.host, asked.port)
    address = (*lookup.ipv4, *lookup.ipv6)[0]
    over_tls = asked.transport == "turn_tls"
    gone = asyncio.Event()
    begun = time.perf_counter()
    try:
        transport, _ = await turn.create_turn_endpoint(
            lambda: _Given(gone),
            server_addr=(asked.host if over_tls else address, asked.port),
            username=user,
            password=password,
            transport="udp" if asked.transport == "turn_udp" else "tcp",
            ssl=system_roots() if over_tls else None,
        )
    except stun.TransactionTimeout:
        return dataclasses.replace(asked, answers=False)
    except stun.TransactionFailed as refused:
        return dataclasses.replace(asked, answers=True, granted=False, ms=since(begun), error=words(refused))
    ms = since(begun)
    transport.close()
    with contextlib.suppress(TimeoutError):  # a relay that is not given back ends by itself
        await asyncio.wait_for(gone.wait(), _GIVING_BACK_SECONDS)
    return dataclasses.replace(asked, answers=True, granted=True, ms=ms)


class _Given(asyncio.DatagramProtocol):
    """Waits for the relay to be given back."""

    def __init__(self, gone: asyncio.Event) -> None:
        self._gone = gone

    def connection_lost(self, _error: Exception | None) -> None:
        self._gone.set()
