"""What every answer has in common: bounded bodies, the reader, the language, headers."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from readiness.collector import access_problems, auditing, problems
from readiness.collector.access import Access, Reader, WrongLoginError
from readiness.collector.counting import Counting
from readiness.collector.database import Database
from readiness.collector.guessing import TooManyFailuresError
from readiness.collector.limiting import Rates
from readiness.collector.reflector_process import ReflectorProcess
from readiness.collector.remembering import Remembered
from readiness.collector.store import Store
from readiness.collector.tokens import Tokens
from readiness.core.report import LARGEST_REPORT_BYTES
from readiness.core.text import LANGUAGES, Language

if TYPE_CHECKING:
    from readiness.collector.sign_in import SignIn

SESSION_COOKIE = "motesklar_session"
FORM_COOKIE = "motesklar_form"
LANGUAGE_COOKIE = "motesklar_language"
LARGEST_FORM_BYTES = 16 * 1024

_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), display-capture=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much and how slowly a client may send."""

    report_bytes: int = LARGEST_REPORT_BYTES
    body_seconds: float = 60.0
    idle_seconds: float = 15.0


@dataclass(frozen=True, kw_only=True)
class Site:
    """What the routes share."""

    database: Database
    store: Store
    access: Access
    tokens: Tokens
    resources: Path
    remembered: Remembered
    limits: Limits = Limits()
    rates: Rates = field(default_factory=Rates)
    sign_in: SignIn | None = None
    reflector: ReflectorProcess | None = None
    transfers: set[object] = field(default_factory=set)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    # Checking a password takes 64 MiB and a processor; two at a time, the others wait outside
    # the threads that answer everybody else.
    logins: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(2))
    # Reports wait for the disk together; not in the threads that pages are made in.
    arrivals: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(64))

    @property
    def counting(self) -> Counting:
        """The figures over the fleet."""
        return Counting(self.remembered, self.clock)


def site_of(request: Request) -> Site:
    """The site that answers this request."""
    site: Site = request.app.state.site
    return site


async def read_body(request: Request, *, largest: int) -> bytes:
    """The body, if it is small and fast enough. Raises Problem."""
    limits = site_of(request).limits
    announced = request.headers.get("content-length", "")
    # `isdecimal` knows other scripts' digits too; int() reads those as well.
    if announced.isdecimal() and int(announced[:20]) > largest:
        await drain(request)
        raise problems.too_large(largest)
    body = bytearray()
    stream = request.stream()
    try:
        async with asyncio.timeout(limits.body_seconds):
            while True:
                async with asyncio.timeout(limits.idle_seconds):
                    part = await anext(stream, None)
                if part is None:
                    return bytes(body)
                body += part
                if len(body) > largest:
                    await drain(request)
                    raise problems.too_large(largest)
    except TimeoutError as error:
        raise problems.too_slow() from error
    except ClientDisconnect as error:
        raise problems.for_status(400) from error


async def drain(request: Request) -> None:
    """Read and forget a body of reasonable size: who is still sending does not hear a refusal."""
    left = 2 * LARGEST_REPORT_BYTES
    try:
        async with asyncio.timeout(min(2.0, site_of(request).limits.body_seconds)):
            async for part in request.stream():
                left -= len(part)
                if left < 0:
                    return
    except (TimeoutError, ClientDisconnect):
        return


def has_local_accounts(request: Request) -> bool:
    """Whether accounts of our own may sign in; IT can leave it all to the organisation's sign-in."""
    sign_in = site_of(request).sign_in
    return sign_in is None or sign_in.settings.local_accounts


async def checked_login(request: Request, name: str, password: str) -> Reader:
    """The account of this name and password. Raises Problem."""
    if not has_local_accounts(request):
        raise access_problems.no_local_accounts()
    site = site_of(request)
    login = partial(site.access.login, name, password, address(request))
    try:
        return await anyio.to_thread.run_sync(login, limiter=site.logins)
    except WrongLoginError as error:
        raise problems.wrong_login() from error
    except TooManyFailuresError as error:
        raise problems.too_many_logins(error.seconds) from error


async def reader_of(request: Request) -> Reader | None:
    """Who is signed in by the session cookie."""
    token = request.cookies.get(SESSION_COOKIE)
    if not token:
        return None
    return await anyio.to_thread.run_sync(site_of(request).access.session, token)


async def noted(request: Request, reader: Reader, what: str, target: str) -> None:
    """Write in the log that `reader` did `what`."""
    site = site_of(request)

    def write() -> None:
        with site.database.writing() as connection:
            auditing.record(connection, site.clock(), reader.name, what, target)

    await anyio.to_thread.run_sync(write)


async def require_reader(request: Request) -> Reader:
    """Who reads through the API: by session cookie or HTTP Basic. Raises Problem."""
    if reader := await reader_of(request):
        return reader
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise problems.login_required()
    try:
        name, colon, password = base64.b64decode(value.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise problems.login_required() from error
    if not colon:
        raise problems.login_required()
    return await checked_login(request, name, password)


def address(request: Request) -> str:
    """The client's address."""
    return request.client.host if request.client else "-"


def is_secure(request: Request) -> bool:
    """Whether the browser reached us over TLS (ours, or the proxy's on this machine)."""
    # From the scope: `request.url` is made with the client's Host, which may be anything.
    return bool(request.scope["scheme"] == "https")


def language_of(request: Request) -> Language:
    """The language to answer in: asked for, chosen before, the browser's, else Swedish."""
    for wish in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        for language in LANGUAGES:
            if wish == language:
                return language
    return _accepted(request.headers.get("accept-language", ""))


def _accepted(header: str) -> Language:
    best: tuple[float, Language] = (0.0, "sv")
    for part in header.split(",")[:20]:
        tag, _, quality = part.partition(";")
        try:
            weight = float(quality.partition("=")[2]) if quality.strip() else 1.0
        except ValueError:
            continue
        for language in LANGUAGES:
            if tag.strip().lower().split("-")[0] == language and weight > best[0]:
                best = (weight, language)
    return best[1]


class SecurityHeaders:
    """Puts the headers on every answer that keep browsers strict."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
                if scope["scheme"] == "https":
                    headers["strict-transport-security"] = "max-age=31536000"
            await send(message)

        await self._app(scope, receive, send_with_headers)
