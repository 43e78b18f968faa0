"""Each route of the collector, whatever it is for: strict headers, no way in without a login, no forged forms."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from readiness.collector import tables
from readiness.collector.access import Access, Role, form_token
from readiness.collector.app import create_app
from readiness.collector.database import Database, open_database
from readiness.collector.sign_in import SignIn
from readiness.collector.store import Store
from readiness.collector.web import FORM_COOKIE, SESSION_COOKIE
from tests.collector import samples
from tests.collector.test_sign_in import settings

ID = "0e4f2f8e-6f0c-4f5a-9d8a-1d3b6f0a2c11"
FILLED = {"device_id": samples.device_id(samples.HOST), "name": ID, "number": "1", "form": "csv"}
OPEN_TO_ALL = {
    *("/", "/login", "/login/organisation", "/login/organisation/back", "/link/{token}", "/favicon.ico"),
    *("/api/v1/health", "/api/v1/capacity", "/api/v1/openapi.json"),
}
"""What needs no login; the sign-in's own pages end at the login page again. Static files are open too."""
HEADERS = {
    "content-security-policy": r"default-src 'none';.*form-action 'self';.*base-uri 'none';.*frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": r"camera=\(\), microphone=\(\)",
    "strict-transport-security": r"max-age=\d{8}",
    "cache-control": r"no-store|max-age|private",
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_database(str(tmp_path_factory.mktemp("routes") / "c.sqlite3"))
    Store(opened).add(samples.body(report_id=ID))
    Access(opened).new_key("Skolan")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def app(database: Database) -> Any:
    # A provider that is away: its routes are there, and answer.
    return create_app(database, sign_in=SignIn(settings("http://127.0.0.1:9"), database))


def every_route(app: Any) -> list[tuple[str, str]]:
    """Method and path of each route, those of included routers too."""
    bare = app._app
    assert isinstance(bare, FastAPI)
    found: list[tuple[str, str]] = []
    waiting = list(bare.routes)
    while waiting:
        route = waiting.pop(0)
        if (router := getattr(route, "original_router", None)) is not None:
            waiting += router.routes
        else:
            found += [(method, route.path) for method in sorted(route.methods - {"HEAD"})]
    return found


def address(path: str) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda part: FILLED.get(part[1], "x"), path)


def asked(
    app: Any, method: str, path: str, cookies: dict[str, str] | None = None, **options: Any
) -> httpx.Response:
    """One request over TLS."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="https://moten.example.se", cookies=cookies
        ) as client:
            return await client.request(method, path, **options)

    return asyncio.run(ask())


def test_the_walk_sees_the_routes(app: Any) -> None:
    routes = every_route(app)
    assert len(routes) > 30
    for known in (
        ("POST", "/login"),
        ("GET", "/overview"),
        ("POST", "/api/v1/reports"),
        ("POST", "/access/keys"),
    ):
        assert known in routes


def test_every_answer_has_strict_headers_and_without_a_login_nothing_is_read(app: Any) -> None:
    for method, path in every_route(app):
        answer = asked(app, method, address(path))
        said = f"{method} {path}: {answer.status_code}"
        assert answer.status_code != 500, said
        for name, right in HEADERS.items():
            assert re.search(right, answer.headers.get(name, "")), f"{said}: {name}"
        if path in OPEN_TO_ALL or path.startswith("/static/"):
            continue
        if method == "GET" and not path.startswith("/api/"):
            to_login = answer.status_code == 303 and answer.headers["location"].startswith("/login")
            assert to_login or answer.status_code == 401, said
        else:
            assert answer.status_code in (303, 401, 403), said
        assert samples.HOST not in answer.text, said


def test_no_form_is_taken_that_is_not_from_our_own_page(app: Any, database: Database) -> None:
    session = Access(database).new_session(_administrator(database))
    right = form_token(session)
    before = _rows(database)
    forms = [path for method, path in every_route(app) if method == "POST" and not path.startswith("/api/")]
    assert len(forms) >= 8
    for path in forms:
        cookies = {SESSION_COOKIE: session, FORM_COOKIE: "form"}
        for fields, headers in (
            ({}, {}),
            ({"form_token": ""}, {}),
            ({"form_token": form_token("another")}, {}),
            ({"form_token": right[:-1]}, {}),
            (
                {"form_token": right if path != "/login" else form_token("form")},
                {"Sec-Fetch-Site": "cross-site"},
            ),
        ):
            answer = asked(app, "POST", address(path), cookies, data=fields, headers=headers)
            assert answer.status_code == 403, f"{path} {fields}: {answer.status_code}"
    assert _rows(database) == before, "nothing was changed"


def test_every_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Any, database: Database) -> None:
    seen: set[str] = set()
    link = Access(database).new_link("/overview", Role.ADMIN)
    login = asked(app, "GET", "/login?lang=en")
    answers = [login, asked(app, "GET", f"/link/{link}")]
    for method, path in every_route(app):
        answers.append(asked(app, method, address(path) + "?lang=sv"))
    for answer in answers:
        for line in answer.headers.get_list("set-cookie"):
            name, _, rest = line.partition("=")
            seen.add(name)
            if rest.startswith('""'):
                continue  # taken away
            flags = {part.strip().lower() for part in rest.split(";")[1:]}
            assert {"httponly", "secure", "samesite=lax", "path=/"} <= flags, line
            assert not any(flag.startswith("domain") for flag in flags), line
    assert {SESSION_COOKIE, FORM_COOKIE} <= seen


def test_roles_are_held_to_on_every_page_that_changes_something(app: Any, database: Database) -> None:
    reader = Access(database).new_session(_reader(database))
    before = _rows(database)
    for method, path in every_route(app):
        if method != "POST" or path.startswith(("/api/", "/login", "/logout")):
            continue
        answer = asked(
            app, "POST", address(path), {SESSION_COOKIE: reader}, data={"form_token": form_token(reader)}
        )
        assert answer.status_code == 403, f"{path}: {answer.status_code}"
    assert _rows(database) == before


def _administrator(database: Database) -> Any:
    return _account(database, "admin", Role.ADMIN)


def _reader(database: Database) -> Any:
    return _account(database, "reader", Role.READER)


def _account(database: Database, name: str, role: Role) -> Any:
    access = Access(database)
    if name not in {account.name for account in access.accounts()}:
        access.add_account(name, role, "long-enough-words")
    return next(account for account in access.accounts() if account.name == name)


def _rows(database: Database) -> dict[str, int]:
    with database.reading() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in tables.metadata.sorted_tables
            if table.name not in ("login_session", "login_failure")
        }
