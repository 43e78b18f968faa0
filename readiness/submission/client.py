"""The way to the collector: one report over HTTP, and every failure as a sentence."""

from __future__ import annotations

import datetime
import email.utils
import json
import logging
import re
import ssl
from collections.abc import Mapping
from typing import Any, Protocol

from readiness.core.report import LARGEST_REPORT_BYTES
from readiness.core.text import Text
from readiness.submission import failures, refusals
from readiness.submission.failures import NO_KEY, DeliveryError
from readiness.submission.wire import Wire

__all__ = ["NO_KEY", "CollectorClient", "Credentials", "DeliveryError"]

_RECEIPT = re.compile(r"[2-9A-HJKMNP-TV-Z]{6,8}")
_REPORTS = "/api/v1/reports"
_CLOCK_TOLERANCE_SECONDS = 300
_LONGEST_ASKED_WAIT_SECONDS = 10.0
_QUIET = logging.NullHandler()


class Credentials(Protocol):
    """What this computer sends with; both raise DeliveryError."""

    async def token(self) -> str:
        """The token that is kept, else a new one."""

    async def renewed(self, refused: str) -> str:
        """Another token than the one that the collector did not know."""


class CollectorClient:
    """Delivers reports to one collector with this computer's token there.

    `timeout_seconds` is for connecting and for each pause in the answer, and twice that for one
    try as a whole. `tls` stands in for what the system trusts.
    """

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        *,
        timeout_seconds: float = 15.0,
        attempts: int = 3,
        first_wait_seconds: float = 0.5,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._credentials = credentials
        self._wire = Wire(url, timeout_seconds=timeout_seconds, tls=tls)
        self._attempts = attempts
        self._first_wait_seconds = first_wait_seconds
        self._clock_ahead_seconds: float | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._url!r})"

    @property
    def clock_warning(self) -> Text | None:
        """What to say about this computer's clock, after an answer that told the time."""
        ahead = self._clock_ahead_seconds
        if ahead is None or abs(ahead) < _CLOCK_TOLERANCE_SECONDS:
            return None
        return failures.clock_warning(ahead)

    async def submit(self, document: Mapping[str, Any]) -> str:
        """Deliver one report and return its receipt. Raises DeliveryError.

        What may pass in a moment is tried again a few times, with growing pauses.
        """
        body = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
        if len(body) > LARGEST_REPORT_BYTES:
            raise failures.too_large(LARGEST_REPORT_BYTES)
        import stamina

        # A retry is nothing to print; the outcome is told in words.
        logging.getLogger("stamina").addHandler(_QUIET)

        receipt = ""
        async for attempt in stamina.retry_context(
            on=_pause, attempts=self._attempts, timeout=60, wait_initial=self._first_wait_seconds, wait_max=5
        ):
            with attempt:
                receipt = await self._try_once(body, str(document.get("id")))
        return receipt

    async def _try_once(self, body: bytes, report_id: str) -> str:
        token = await self._credentials.token()
        try:
            return await self._sent(body, report_id, token)
        except DeliveryError as error:
            if error.code != refusals.UNKNOWN_TOKEN:
                raise
        # The collector lost it, or took it back: once more with another, if the key still gives one.
        return await self._sent(body, report_id, await self._credentials.renewed(token))

    async def _sent(self, body: bytes, report_id: str, token: str) -> str:
        answer = await self._wire.ask("POST", _REPORTS, token, body)
        self._compare_clocks(answer.headers)
        if answer.status not in (200, 201):
            raise refusals.from_answer(answer.status, answer.headers, answer.body, answer.host)
        receipt = _receipt(answer.body, report_id)
        if receipt is None:
            raise failures.not_the_collector(answer.host)
        return receipt

    def _compare_clocks(self, headers: Mapping[str, str]) -> None:
        try:
            theirs = email.utils.parsedate_to_datetime(headers.get("date", ""))
        except (ValueError, TypeError):
            return
        if theirs.tzinfo is not None:
            ahead = datetime.datetime.now(datetime.UTC) - theirs
            self._clock_ahead_seconds = ahead.total_seconds()


def _pause(error: Exception) -> bool | float:
    """Whether to try again, and where the collector said so, after how many seconds."""
    if not isinstance(error, DeliveryError) or not error.soon:
        return False
    if error.wait_seconds is None:
        return True
    return error.wait_seconds if error.wait_seconds <= _LONGEST_ASKED_WAIT_SECONDS else False


def _receipt(answer: bytes, report_id: str) -> str | None:
    """The receipt in a good answer about this very report; None where it is no such answer."""
    try:
        document = json.loads(answer)
        receipt, about = document["receipt"], document["id"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    if about != report_id or not isinstance(receipt, str):
        return None
    return receipt if _RECEIPT.fullmatch(receipt.replace("-", "")) else None
