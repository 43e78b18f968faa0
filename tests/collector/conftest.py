"""The collector on both databases, in this process and as a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from readiness.collector.access import Access
from readiness.collector.app import create_app
from readiness.collector.database import Database, open_database
from readiness.collector.limiting import Rates
from readiness.collector.reflector_process import ReflectorProcess
from readiness.collector.remembering import Remembered
from readiness.collector.sign_in import SignIn
from readiness.collector.store import Store
from readiness.collector.tokens import Tokens
from readiness.collector.web import Limits
from tests.collector import samples
from tests.collector.postgres import Postgres, postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database; each test runs with both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'collector.sqlite3'}"
    server: Postgres = request.getfixturevalue("postgres_server")
    return server.new_database()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


@pytest.fixture
def access(database: Database) -> Access:
    return Access(database)


class Browser:
    """A client of the collector within this process: cookies are kept, redirects are not followed."""

    def __init__(
        self,
        database: Database,
        limits: Limits | None = None,
        reflector: ReflectorProcess | None = None,
        rates: Rates | None = None,
        sign_in: SignIn | None = None,
    ) -> None:
        # Counted anew each time: how fast this computer is today must not decide what a test sees.
        remembered = Remembered(database, worth_seconds=3600)
        self._app = create_app(database, limits, reflector, remembered, rates, sign_in)
        self.cookies = httpx.Cookies()

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        return asyncio.run(self._request(method, url, **options))

    def get(self, url: str, **options: Any) -> httpx.Response:
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> httpx.Response:
        return self.request("POST", url, **options)

    async def _request(self, method: str, url: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8470", cookies=self.cookies
        ) as client:
            response = await client.request(method, url, **options)
            self.cookies = httpx.Cookies(client.cookies)
        return response


@pytest.fixture
def browser(database: Database) -> Browser:
    return Browser(database)


@pytest.fixture
def key(access: Access) -> str:
    return access.new_key("Skolan")


@pytest.fixture
def tokens(database: Database) -> Tokens:
    return Tokens(database)


SendingAs = Callable[[str], dict[str, str]]


@pytest.fixture
def sending_as(access: Access, key: str, tokens: Tokens) -> SendingAs:
    """The headers that the computer with a host name sends its reports with."""

    def headers(host_name: str) -> dict[str, str]:
        known = access.key(key)
        assert known is not None
        token = tokens.enrol(known.number, samples.device_id(host_name))
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    return headers


@pytest.fixture
def sending(sending_as: SendingAs) -> dict[str, str]:
    """The headers that the samples' computer sends its reports with."""
    return sending_as(samples.HOST)


@pytest.fixture
def signed_in(browser: Browser, access: Access) -> Browser:
    browser.get(f"/link/{access.new_link('/reports')}")
    return browser
