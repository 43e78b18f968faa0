"""Pages whose answer is known beforehand: another answer means that somebody stands in between.

The same answers tell the time, so that a wrong clock is found without a collector.
"""

from __future__ import annotations

import asyncio
import datetime
import email.utils
from dataclasses import dataclass
from urllib.parse import urlsplit

from readiness.network.dns import look_up
from readiness.network.waiting import words

_LONGEST_ANSWER_BYTES = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Page:
    """What came from one address. `as_known` is None where nothing came.

    `sent_to`: the host that the answer sends one to. `clock_ahead_seconds`: this computer's clock
    less the server's, from a true answer alone.
    """

    url: str
    as_known: bool | None = None
    status: int | None = None
    sent_to: str | None = None
    clock_ahead_seconds: float | None = None
    error: str | None = None


async def page(url: str, *, status: int, contains: str, timeout_seconds: float) -> Page:
    """Fetch `url` without any proxy. Never raises for what the network does."""
    import httpx

    try:
        await look_up(urlsplit(url).hostname or "", 80)  # a silent resolver is not waited for any longer
        async with (
            asyncio.timeout(timeout_seconds),
            httpx.AsyncClient(trust_env=False, timeout=timeout_seconds, follow_redirects=False) as client,
            client.stream("GET", url, headers={"Cache-Control": "no-cache"}) as answer,
        ):
            now = datetime.datetime.now(datetime.UTC)
            body = b""
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > _LONGEST_ANSWER_BYTES:
                    break
    except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
        return Page(url=url, error=words(error))
    as_known = answer.status_code == status and contains in body.decode("utf-8", "replace")
    return Page(
        url=url,
        as_known=as_known,
        status=answer.status_code,
        sent_to=(urlsplit(answer.headers.get("location", "")).hostname or "")[:100] or None,
        clock_ahead_seconds=_ahead(answer.headers.get("date", ""), now) if as_known else None,
    )


def _ahead(date: str, now: datetime.datetime) -> float | None:
    try:
        there = email.utils.parsedate_to_datetime(date)
    except (ValueError, TypeError):
        return None
    if there.tzinfo is None:
        return None
    return round((now - there).total_seconds(), 1)
