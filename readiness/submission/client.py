"""Handing one report to the collector, and saying in words why that failed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from readiness.core.text import Text

if TYPE_CHECKING:
    import httpx

_LARGEST_ANSWER_BYTES = 64 * 1024
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class DeliveryError(Exception):
    """A report was not delivered. `text` is for people; `retry`: a later try may succeed."""

    def __init__(self, text: Text, *, retry: bool) -> None:
        super().__init__(text.en)
        self.text = text
        self.retry = retry


class CollectorClient:
    """The collector at `url`, entered with an enrolment key."""

    def __init__(
        self, url: str, key: str | None, *, timeout_seconds: float = 10.0, attempts: int = 3
    ) -> None:
        self._url = url.rstrip("/")
        self._key = key
        self._timeout_seconds = timeout_seconds
        self._attempts = attempts

    def __repr__(self) -> str:
        return f"CollectorClient({self._url!r})"

    async def submit(self, document: Mapping[str, Any]) -> str:
        """Hand over a report, and return its receipt. Raises DeliveryError.

        What may pass (no answer, a busy server) is tried again with growing pauses.
        """
        import stamina

        if not self._key:
            raise DeliveryError(NO_KEY, retry=True)
        async for attempt in stamina.retry_context(
            on=_may_pass, attempts=self._attempts, wait_initial=0.3, wait_max=3.0, timeout=30.0
        ):
            with attempt:
                return await self._submit_once(document)
        raise AssertionError("unreachable")

    async def _submit_once(self, document: Mapping[str, Any]) -> str:
        import httpx

        try:
            status, body = await self._exchange(document)
        except httpx.TimeoutException as error:
            raise DeliveryError(NO_ANSWER, retry=True) from error
        except httpx.HTTPError as error:
            raise DeliveryError(_network_words(error), retry=True) from error
        if status in (200, 201):
            return _receipt(body)
        raise _refusal(status, body)

    async def _exchange(self, document: Mapping[str, Any]) -> tuple[int, bytes]:
        import ssl

        import httpx
        import truststore

        # A proxy is for the world outside; this machine is reached directly.
        direct = urlsplit(self._url).hostname in _LOOPBACK
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        async with (
            httpx.AsyncClient(
                verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
                timeout=self._timeout_seconds,
                trust_env=not direct,
            ) as client,
            client.stream(
                "POST",
                f"{self._url}/api/v1/reports",
                content=json.dumps(document, allow_nan=False).encode(),
                headers=headers,
            ) as answer,
        ):
            body = b""
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > _LARGEST_ANSWER_BYTES:
                    raise DeliveryError(NOT_OURS, retry=True)
            return answer.status_code, body


def _may_pass(error: Exception) -> bool:
    return isinstance(error, DeliveryError) and error.retry and error.text in (NO_ANSWER, UNREACHABLE, BUSY)


def _receipt(body: bytes) -> str:
    try:
        receipt = json.loads(body)["receipt"]
    except (ValueError, KeyError, TypeError) as error:
        raise DeliveryError(NOT_OURS, retry=True) from error
    if not isinstance(receipt, str) or not 4 <= len(receipt) <= 20:
        raise DeliveryError(NOT_OURS, retry=True)
    return receipt


def _refusal(status: int, body: bytes) -> DeliveryError:
    """What an answer that is no receipt means. Only a refusal in our collector's words is final."""
    if status == 407:
        return DeliveryError(PROXY, retry=True)
    try:
        error = json.loads(body)["error"]
        code, message = str(error["code"]), error["message"]
        words = Text(sv=str(message["sv"])[:500], en=str(message["en"])[:500])
    except (ValueError, KeyError, TypeError):
        return DeliveryError(BUSY if status >= 500 else NOT_OURS, retry=True)
    if status == 401:
        return DeliveryError(WRONG_KEY, retry=True)
    if status >= 500 or status == 429:
        return DeliveryError(BUSY, retry=True)
    return DeliveryError(
        Text(
            sv=f"IT:s server tog inte emot rapporten: {words.sv} Kontakta IT. ({code})",
            en=f"IT's server did not accept the report: {words.en} Contact IT. ({code})",
        ),
        retry=False,
    )


def _network_words(error: httpx.HTTPError) -> Text:
    words = str(error).casefold()
    if "certificate" in words and ("not yet valid" in words or "expired" in words):
        return CERTIFICATE_TIME
    if "certificate" in words or "ssl" in words:
        return UNTRUSTED
    if "name or service" in words or "getaddrinfo" in words or "name resolution" in words:
        return NO_NAME
    if "proxy" in words:
        return PROXY
    return UNREACHABLE


NO_KEY = Text(
    sv="Nyckeln till IT:s server saknas. Be IT om en nyckel. Rapporten ligger kvar på datorn.",
    en="The key to IT's server is missing. Ask IT for a key. The report stays on the computer.",
)
WRONG_KEY = Text(
    sv="IT:s server känner inte igen nyckeln. Be IT om en ny nyckel. Rapporten ligger kvar på datorn.",
    en="IT's server does not know the key. Ask IT for a new key. The report stays on the computer.",
)
NO_ANSWER = Text(
    sv="IT:s server svarade inte i tid. Rapporten ligger kvar på datorn och skickas senare.",
    en="IT's server did not answer in time. The report stays on the computer and is sent later.",
)
UNREACHABLE = Text(
    sv="Det går inte att nå IT:s server just nu. Rapporten ligger kvar på datorn och skickas senare.",
    en="IT's server cannot be reached right now. The report stays on the computer and is sent later.",
)
NO_NAME = Text(
    sv="Namnet på IT:s server går inte att slå upp. Kontrollera nätet och adressen. Rapporten skickas senare.",
    en="The name of IT's server cannot be looked up. Check the network and the address. The report is sent later.",
)
UNTRUSTED = Text(
    sv="Datorn litar inte på IT:s server. Säg till IT att certifikatet inte godtas. Rapporten ligger kvar.",
    en="The computer does not trust IT's server. Tell IT that the certificate is not accepted. The report stays.",
)
CERTIFICATE_TIME = Text(
    sv="Datorns klocka och serverns certifikat stämmer inte. Ställ klockan rätt. Rapporten skickas senare.",
    en="The computer's clock and the server's certificate disagree. Set the clock. The report is sent later.",
)
PROXY = Text(
    sv="Nätets mellanserver (proxy) släpper inte fram rapporten. Säg till IT. Rapporten skickas senare.",
    en="The network's proxy does not let the report through. Tell IT. The report is sent later.",
)
NOT_OURS = Text(
    sv="Adressen svarar, men inte som Mötesklars server. Be IT om rätt adress. Rapporten ligger kvar.",
    en="The address answers, but not as Mötesklar's server. Ask IT for the right address. The report stays.",
)
BUSY = Text(
    sv="IT:s server har ett fel just nu. Rapporten ligger kvar på datorn och skickas senare.",
    en="IT's server has a fault right now. The report stays on the computer and is sent later.",
)
