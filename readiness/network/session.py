"""A session with the reflector, granted by the collector over HTTPS."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from readiness.core.loopback import is_own
from readiness.network.stamp import KEY_BYTES, ROLES

_LONGEST_ANSWER_BYTES = 16 * 1024
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")


class SessionFault(StrEnum):
    """Why there is no session."""

    UNREACHABLE = "unreachable"
    """The collector does not answer."""
    NO_KEY = "no_key"
    """This computer has no token, and its enrolment key gives none; or IT has shut it out."""
    BUSY = "busy"
    """Too many computers measure at the same time."""
    NO_REFLECTOR = "no_reflector"
    """The collector answers, but has no reflector (an older one, or one whose reflector is down)."""
    NONSENSE = "nonsense"
    """Something else answers, or the grant contradicts itself."""


class SessionError(Exception):
    """There is no session; the message is for support."""

    def __init__(self, fault: SessionFault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


@dataclass(frozen=True, kw_only=True)
class Session:
    """A granted session. Rates and bytes count UDP payloads, each direction for itself."""

    id: int
    key: bytes = field(repr=False)
    host: str
    port: int
    seconds: int
    kbps: int
    bytes: int

    def to_json(self) -> dict[str, Any]:
        """For the probe's standard input: never on a command line."""
        return {**vars(self), "key": base64.b64encode(self.key).decode("ascii")}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Session:
        """What `to_json` made."""
        return cls(**{**document, "key": base64.b64decode(document["key"])})


async def open_session(
    url: str, token: str | None, timeout_seconds: float, *, light: bool = False
) -> Session:
    """Ask the collector at `url` for a session with this computer's token; `light` for a long one at a low rate.

    Without a token it is asked all the same: then the fault tells whether it was there at all.
    Raises SessionError for whatever hinders it.
    """
    import ssl

    import httpx
    import truststore

    host = urlsplit(url).hostname or ""
    try:
        async with (
            httpx.AsyncClient(
                verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
                timeout=timeout_seconds,
                trust_env=not is_own(host),
            ) as client,
            client.stream(
                "POST",
                f"{url.rstrip('/')}/api/v1/sessions",
                json={"light": light},
                headers={"Accept-Encoding": "identity"}
                | ({"Authorization": f"Bearer {token}"} if token else {}),
            ) as answer,
        ):
            body = b""
            async for part in answer.aiter_raw():
                body += part
                if len(body) > _LONGEST_ANSWER_BYTES:
                    raise SessionError(SessionFault.NONSENSE, "an answer of more than 16 KiB")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise SessionError(SessionFault.UNREACHABLE, f"{type(error).__name__}: {error}"[:200]) from error
    return understood(answer.status_code, body, host)


def understood(status: int, body: bytes, host: str) -> Session:
    """The grant in an answer; `host` is the collector's. Raises SessionError."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise SessionError(SessionFault.NONSENSE, f"status {status}, and no JSON object")
    if status != 201:
        raise _refused(status, document)
    try:
        session = Session(
            id=_number(document["id"], ROLES, 0xFFFF),
            key=base64.b64decode(document["key"], validate=True),
            host=document.get("host") or host,
            port=_number(document["port"], 1, 0xFFFF),
            seconds=_number(document["limits"]["seconds"], 1, 86_400),
            kbps=_number(document["limits"]["kbps"], 1, 10_000_000),
            bytes=_number(document["limits"]["bytes"], 1, 1 << 32),
        )
    except (LookupError, TypeError, ValueError, binascii.Error) as error:
        raise SessionError(SessionFault.NONSENSE, f"a grant that cannot be read: {error}"[:200]) from error
    if len(session.key) != KEY_BYTES or session.id % ROLES or not _HOST.fullmatch(session.host):
        raise SessionError(SessionFault.NONSENSE, "a grant that contradicts itself")
    return session


def _number(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{value!r} is not from {least} to {most}")
    return value


def _refused(status: int, document: dict[str, Any]) -> SessionError:
    error = document.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    fault = {
        401: SessionFault.NO_KEY,
        403: SessionFault.NO_KEY,
        429: SessionFault.BUSY,
        404: SessionFault.NO_REFLECTOR,
        405: SessionFault.NO_REFLECTOR,
        503: SessionFault.BUSY if code == "reflector_busy" else SessionFault.NO_REFLECTOR,
    }.get(status, SessionFault.NONSENSE)
    return SessionError(fault, f"status {status} {code or ''}".strip()[:200])
