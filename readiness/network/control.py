"""The control of UDP: is our own reflector, alive over HTTPS, heard over UDP as well?"""

from __future__ import annotations

from readiness.network.exchange import Exchange
from readiness.network.session import Session, SessionError, open_session
from readiness.network.waiting import in_thread


async def answers_udp(url: str, token: str | None, timeout_seconds: float) -> bool | None:
    """Whether the collector's reflector answers over UDP; None where that could not be asked."""
    try:
        session = await open_session(url, token, timeout_seconds / 2)
        return await in_thread(lambda: _greeted(session, timeout_seconds / 2), timeout_seconds)
    except (SessionError, OSError, TimeoutError):
        return None


def _greeted(session: Session, seconds: float) -> bool:
    with Exchange(session) as exchange:
        return exchange.greet(seconds)
