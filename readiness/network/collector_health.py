"""The control of every network test: does our own server answer, and what time is it there?"""

from __future__ import annotations

import asyncio
import datetime
from dataclasses import dataclass

_LONGEST_ANSWER_BYTES = 16 * 1024


@dataclass(frozen=True, kw_only=True)
class Health:
    """What the collector said. `clock_ahead_seconds`: this computer's clock less the collector's."""

    answers: bool
    error: str | None = None
    clock_ahead_seconds: float | None = None


async def health(url: str, timeout_seconds: float, *, proxy: str | None = None) -> Health:
    """Ask the collector at `url`, through `proxy` if given. Never raises for what the network does."""
    import ssl

    import httpx
    import truststore

    try:
        async with (
            asyncio.timeout(timeout_seconds),  # the pauses between the parts are no limit on the whole
            httpx.AsyncClient(
                verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
                timeout=timeout_seconds,
                proxy=proxy,
                trust_env=False,
            ) as client,
            client.stream("GET", f"{url.rstrip('/')}/api/v1/health") as answer,
        ):
            before = datetime.datetime.now(datetime.UTC)
            body = b""
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > _LONGEST_ANSWER_BYTES:
                    return Health(answers=False, error="an answer of more than 16 KiB")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
        return Health(answers=False, error=f"{type(error).__name__}: {error}"[:200])
    return _understood(body, before)


def _understood(body: bytes, now: datetime.datetime) -> Health:
    import json

    try:
        document = json.loads(body)
        if document["service"] != "motesklar-collector":
            return Health(answers=False, error="another service answers")
        there = datetime.datetime.fromisoformat(document["time_utc"])
        return Health(answers=True, clock_ahead_seconds=round((now - there).total_seconds(), 2))
    except (ValueError, KeyError, TypeError) as error:
        return Health(answers=False, error=f"not our collector: {type(error).__name__}")
