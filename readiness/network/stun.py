"""One question over UDP: a STUN binding request (RFC 8489), and how soon its answer came."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass

from readiness.network.dns import look_up, since
from readiness.network.waiting import words

_SENT_AFTER_SECONDS = (0.0, 0.25, 0.5, 0.75)
"""Four questions: one that is lost must not look like a wall."""


@dataclass(frozen=True, kw_only=True)
class UdpAnswer:
    """What came of asking one host. `answers` is None where it could not be asked."""

    host: str
    port: int
    answers: bool | None = None
    address: str | None = None
    dns_ms: float | None = None
    rtt_ms: float | None = None
    error: str | None = None


async def binding(host: str, port: int, timeout_seconds: float) -> UdpAnswer:
    """Ask `host`, four times if need be. Silence says nothing of why. Never raises for the network."""
    begun = time.perf_counter()
    try:
        lookup = await look_up(host, port)
    except (OSError, TimeoutError) as error:
        return UdpAnswer(host=host, port=port, error=words(error))
    addresses = (*lookup.ipv4, *lookup.ipv6)
    if not addresses:
        return UdpAnswer(host=host, port=port, error="the name has no address")
    left = max(0.5, timeout_seconds - since(begun) / 1000)
    try:
        rtt_ms = await _asked(addresses[0], port, left)
    except OSError as error:
        return UdpAnswer(host=host, port=port, address=addresses[0], dns_ms=lookup.ms, error=words(error))
    return UdpAnswer(
        host=host,
        port=port,
        answers=rtt_ms is not None,
        address=addresses[0],
        dns_ms=lookup.ms,
        rtt_ms=rtt_ms,
    )


async def _asked(address: str, port: int, timeout_seconds: float) -> float | None:
    from aioice import stun

    questions = {
        bytes(message.transaction_id): message
        for message in (stun.Message(stun.Method.BINDING, stun.Class.REQUEST) for _ in _SENT_AFTER_SECONDS)
    }
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[float] = loop.create_future()
    sent: dict[bytes, float] = {}

    class Protocol(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, _address: object) -> None:
            now = time.perf_counter()
            with contextlib.suppress(ValueError, LookupError):
                message = stun.parse_message(data)
                if message.transaction_id in sent and not answered.done():
                    answered.set_result(round(1000 * (now - sent[message.transaction_id]), 1))

        def error_received(self, error: Exception) -> None:
            """A port unreachable may come from anywhere on the way: the same as silence."""

    transport, _ = await loop.create_datagram_endpoint(Protocol, remote_addr=(address, port))
    try:
        async with asyncio.timeout(timeout_seconds):
            waited = 0.0
            for (number, message), after in zip(questions.items(), _SENT_AFTER_SECONDS, strict=True):
                await asyncio.wait((answered,), timeout=after - waited)
                if answered.done():
                    break
                waited = after
                sent[number] = time.perf_counter()
                transport.sendto(bytes(message))
            return await answered
    except TimeoutError:
        return None
    finally:
        transport.close()
