"""The way to the collector: one report over HTTP, and every failure as a sentence."""

from __future__ import annotations

import asyncio
import datetime
import email.utils
import ipaddress
import json
import logging
import re
import ssl
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from readiness import __version__
from readiness.core.report import LARGEST_REPORT_BYTES
from readiness.core.text import Text
from readiness.submission import failures
from readiness.submission.failures import NO_KEY, DeliveryError

if TYPE_CHECKING:
    import httpx

__all__ = ["NO_KEY", "CollectorClient", "DeliveryError"]

LARGEST_ANSWER_BYTES = 64 * 1024
"""More than this is read from no server."""

_RECEIPT = re.compile(r"[2-9A-HJKMNP-TV-Z]{6,8}")
_KEY = re.compile(r"[!-~]{1,512}")
_CLOCK_TOLERANCE_SECONDS = 300
_LONGEST_ASKED_WAIT_SECONDS = 10.0
_QUIET = logging.NullHandler()


class CollectorClient:
    """Delivers reports to one collector with one enrolment key.

    `timeout_seconds` is for connecting and for each pause in the answer, and twice that for one
    try as a whole. `tls` stands in for what the system trusts.
    """

    def __init__(
        self,
        url: str,
        key: str | None,
        *,
        timeout_seconds: float = 15.0,
        attempts: int = 3,
        first_wait_seconds: float = 0.5,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._key = (key or "").strip()
        self._timeout_seconds = timeout_seconds
        self._attempts = attempts
        self._first_wait_seconds = first_wait_seconds
        self._tls = tls
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
        if not _KEY.fullmatch(self._key):
            raise failures.no_key()
        body = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
        if len(body) > LARGEST_REPORT_BYTES:
            raise failures.too_large(LARGEST_REPORT_BYTES)
        address = self._address()
        import stamina

        # A retry is nothing to print; the outcome is told in words.
        logging.getLogger("stamina").addHandler(_QUIET)

        receipt = ""
        async for attempt in stamina.retry_context(
            on=_pause, attempts=self._attempts, timeout=60, wait_initial=self._first_wait_seconds, wait_max=5
        ):
            with attempt:
                receipt = await self._try_once(address, body, str(document.get("id")))
        return receipt

    def _address(self) -> httpx.URL:
        import httpx

        try:
            parts = urlsplit(self._url)
            # A name and password in the address would go out in the place of the key.
            usable = parts.scheme in ("http", "https") and parts.username is None and parts.port != 0
            address = httpx.URL(f"{self._url}/api/v1/reports")
        except (httpx.InvalidURL, ValueError) as error:
            raise failures.bad_address(self._url) from error
        if not usable or not address.host:
            raise failures.bad_address(parts.hostname or self._url)
        return address

    async def _try_once(self, address: httpx.URL, body: bytes, report_id: str) -> str:
        import httpx

        host = address.host
        try:
            async with asyncio.timeout(2 * self._timeout_seconds):
                status, headers, answer = await self._exchange(address, body)
        except TimeoutError as error:
            raise failures.no_answer(host) from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ExceptionGroup) as error:
            raise failures.from_exception(error, host) from error
        self._compare_clocks(headers)
        if 300 <= status < 400:
            raise failures.redirected(host, headers.get("location", ""))
        if answer is None:
            raise failures.not_the_collector(host)
        if status not in (200, 201):
            raise failures.from_answer(status, headers, answer, host)
        receipt = _receipt(answer, report_id)
        if receipt is None:
            raise failures.not_the_collector(host)
        return receipt

    async def _exchange(self, address: httpx.URL, body: bytes) -> tuple[int, Mapping[str, str], bytes | None]:
        """Status, headers and body of the answer; None for a body that is too large or packed."""
        import httpx

        headers = {
            "Authorization": f"Bearer {self._key}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # so that nothing small unpacks to something large
            "User-Agent": f"motesklar/{__version__}",
        }
        async with (
            httpx.AsyncClient(
                verify=self._trusted(),
                timeout=self._timeout_seconds,
                trust_env=not _is_loopback(address.host),  # proxies, but never to ourselves
                follow_redirects=False,
            ) as client,
            client.stream("POST", address, content=body, headers=headers) as response,
        ):
            answer = bytearray()
            async for part in response.aiter_raw():
                answer += part
                if len(answer) > LARGEST_ANSWER_BYTES:
                    return response.status_code, response.headers, None
            packed = response.headers.get("content-encoding", "identity") != "identity"
            return response.status_code, response.headers, None if packed else bytes(answer)

    def _trusted(self) -> ssl.SSLContext:
        """What the system trusts: a municipality has roots of its own."""
        if self._tls is not None:
            return self._tls
        import truststore

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

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


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
