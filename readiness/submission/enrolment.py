"""Enrolment: this computer's own token for IT's collector, got for the enrolment key and kept.

The key lies in the settings or the environment; the first delivery or measurement exchanges it. A
token that the collector no longer knows is exchanged for a new one, as long as the key holds.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import ssl
import time
from collections.abc import Callable

from readiness.core.text import Text
from readiness.submission import failures, refusals
from readiness.submission.failures import DeliveryError
from readiness.submission.token_place import TokenPlace
from readiness.submission.wire import Wire

_KEY = re.compile(r"[!-~]{1,512}")
_CHECK_SECONDS = 4.0
_LEFT_ALONE_SECONDS = 15.0


class Enrolment:
    """The token of the computer `device_id` for the collector at `url`."""

    def __init__(
        self,
        url: str,
        key: str | None,
        device_id: Callable[[], str],
        place: TokenPlace,
        *,
        timeout_seconds: float = 15.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._key = (key or "").strip()
        self._device_id = device_id
        self._place = place
        self._wire = Wire(url, timeout_seconds=timeout_seconds, tls=tls)
        self._quick = Wire(url, timeout_seconds=_CHECK_SECONDS / 2, tls=tls)
        self._turn = asyncio.Lock()
        self._token: str | None = None
        self._known = False
        self._failed_at: float | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"

    @property
    def notice(self) -> Text | None:
        """What to say about where the token was put."""
        return self._place.notice

    @property
    def answers(self) -> bool:
        """Whether the collector knew the token when `checked` asked."""
        return self._known

    async def possible(self) -> bool:
        """Whether there is a token, or a key to get one for."""
        async with self._turn:
            return bool(_KEY.fullmatch(self._key)) or await self._kept() is not None

    async def token(self) -> str:
        """The token that is kept, else a new one. Raises DeliveryError."""
        async with self._turn:
            return await self._kept() or await self._exchanged(self._wire)

    async def renewed(self, refused: str) -> str:
        """Another token than the one that the collector did not know. Raises DeliveryError."""
        async with self._turn:
            kept = await self._kept()
            if kept is not None and kept != refused:
                return kept  # somebody else was faster
            return await self._exchanged(self._wire)

    async def checked(self) -> str | None:
        """A token that the collector knows, to measure with; None where none is to be had now.

        It is asked for at most once, and where the collector does not answer, not again at once.
        """
        async with self._turn:
            kept = await self._kept()
            if self._known or self._left_alone():
                return kept
            try:
                answer = None
                if kept is not None:
                    answer = await self._quick.ask("GET", "/api/v1/token", kept)
                if answer is None or answer.status == 401:
                    kept = await self._exchanged(self._quick)
                self._known = answer is None or answer.status in (200, 401)
            except DeliveryError:
                self._failed_at = time.monotonic()
            return kept

    def _left_alone(self) -> bool:
        return self._failed_at is not None and time.monotonic() - self._failed_at < _LEFT_ALONE_SECONDS

    async def _kept(self) -> str | None:
        if self._token is None:
            self._token = await asyncio.to_thread(lambda: self._place.read(self._name()))
        return self._token

    async def _exchanged(self, wire: Wire) -> str:
        if not _KEY.fullmatch(self._key):
            raise failures.no_key()
        device_id = await asyncio.to_thread(self._device_id)
        body = json.dumps({"device_id": device_id}).encode()
        answer = await wire.ask("POST", "/api/v1/enrolments", self._key, body)
        if answer.status != 201:
            raise refusals.from_enrolment(answer.status, answer.headers, answer.body, answer.host)
        token = _token_for(device_id, answer.body)
        if token is None:
            raise failures.not_the_collector(answer.host)
        self._token = token
        # A disk that takes nothing: the token serves this process, and the next gets another.
        with contextlib.suppress(OSError):
            await asyncio.to_thread(lambda: self._place.write(self._name(), token))
        return token

    def _name(self) -> str:
        # The id is part of it: a computer whose id is made anew is another one to the collector.
        return f"{self._device_id()} {self.url}"


def _token_for(device_id: str, answer: bytes) -> str | None:
    try:
        document = json.loads(answer)
        token, about = document["token"], document["device_id"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    if about != device_id or not isinstance(token, str):
        return None
    return token if _KEY.fullmatch(token) else None
