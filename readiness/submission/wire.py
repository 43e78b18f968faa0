"""One question to IT's collector over HTTP, and every failure on the way as a sentence."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from readiness import __version__
from readiness.core.loopback import is_own
from readiness.submission import failures

if TYPE_CHECKING:
    import httpx

LARGEST_ANSWER_BYTES = 64 * 1024
"""More than this is read from no server, where nothing larger is asked for."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the collector at `host` answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    host: str


class Wire:
    """The way to the collector at `url`.

    `timeout_seconds` is for connecting and for each pause in the answer, and twice that for a
    question as a whole. `tls` stands in for what the system trusts.
    """

    def __init__(self, url: str, *, timeout_seconds: float = 15.0, tls: ssl.SSLContext | None = None) -> None:
        self.url = url.rstrip("/")
        self._timeout_seconds = timeout_seconds
        self._tls = tls

    async def ask(
        self,
        method: str,
        path: str,
        secret: str,
        body: bytes | None = None,
        *,
        known: str | None = None,
        largest_bytes: int = LARGEST_ANSWER_BYTES,
    ) -> Answer:
        """The answer to one question, whatever its status. `secret` goes as a bearer token.

        `known` is the ETag of what is here already; then the status can be 304. Raises DeliveryError where
        there is no answer, or none of a collector's.
        """
        import httpx

        address = self._address(path)
        host = address.host
        try:
            async with asyncio.timeout(2 * self._timeout_seconds):
                status, headers, answer = await self._exchange(
                    method, address, secret, body, known, largest_bytes
                )
        except TimeoutError as error:
            raise failures.no_answer(host) from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ExceptionGroup) as error:
            raise failures.from_exception(error, host) from error
        if 300 <= status < 400 and not (status == 304 and known is not None):
            raise failures.redirected(host, headers.get("location", ""))
        if answer is None:
            raise failures.not_the_collector(host)
        return Answer(status=status, headers=headers, body=answer, host=host)

    def _address(self, path: str) -> httpx.URL:
        import httpx

        try:
            parts = urlsplit(self.url)
            # A name and password in the address would go out in the place of the token.
            usable = parts.scheme in ("http", "https") and parts.username is None and parts.port != 0
            address = httpx.URL(f"{self.url}{path}")
        except (httpx.InvalidURL, ValueError) as error:
            raise failures.bad_address(self.url) from error
        if not usable or not address.host:
            raise failures.bad_address(parts.hostname or self.url)
        return address

    async def _exchange(
        self,
        method: str,
        address: httpx.URL,
        secret: str,
        body: bytes | None,
        known: str | None,
        largest_bytes: int,
    ) -> tuple[int, Mapping[str, str], bytes | None]:
        """Status, headers and body of the answer; None for a body that is too large or packed."""
        import httpx

        headers = {
            "Authorization": f"Bearer {secret}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # so that nothing small unpacks to something large
            "User-Agent": f"motesklar/{__version__}",
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        if known is not None:
            headers["If-None-Match"] = known
        async with (
            httpx.AsyncClient(
                verify=self._trusted(),
                timeout=self._timeout_seconds,
                trust_env=not is_own(address.host),  # proxies, but never to ourselves
                follow_redirects=False,
            ) as client,
            client.stream(method, address, content=body, headers=headers) as response,
        ):
            answer = bytearray()
            async for part in response.aiter_raw():
                answer += part
                if len(answer) > largest_bytes:
                    return response.status_code, response.headers, None
            packed = response.headers.get("content-encoding", "identity") != "identity"
            return response.status_code, response.headers, None if packed else bytes(answer)

    def _trusted(self) -> ssl.SSLContext:
        """What the system trusts: a municipality has roots of its own."""
        if self._tls is not None:
            return self._tls
        import truststore

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
