from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from readiness.collector.access import Access, Role
from readiness.collector.database import Database
from readiness.collector.tokens import Tokens
from readiness.collector.web import Limits
from readiness.core.model import Verdict
from readiness.core.report import LARGEST_REPORT_BYTES
from tests.collector import samples
from tests.collector.conftest import Browser, SendingAs

PASSWORD = "korrekt häst batteri"
ID = "0e4f2f8e-6f0c-4f5a-9d8a-1d3b6f0a2c11"


def code(response: Any) -> str:
    error = response.json()["error"]
    assert set(error["message"]) == {"sv", "en"}
    return str(error["code"])


def test_health_needs_no_login_and_tells_the_time(browser: Browser) -> None:
    response = browser.get("/api/v1/health")
    assert response.status_code == 200
    health = response.json()
    assert (health["service"], health["status"]) == ("motesklar-collector", "ok")
    assert health["parts"] == {"store": "ok", "reflector": "off", "webhook": "off"}
    assert health["time_utc"].endswith("Z")
    assert len(health["time_utc"]) == len("2026-11-24T00:00:00.000Z")


def test_a_report_is_accepted_once(browser: Browser, sending: dict[str, str]) -> None:
    body = samples.body(report_id=ID)
    first = browser.post("/api/v1/reports", content=body, headers=sending)
    again = browser.post("/api/v1/reports", content=body, headers=sending)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["id"] == ID
    assert first.json()["receipt"][3] == "-"
    other = browser.post(
        "/api/v1/reports", content=samples.body(report_id=ID, verdict=Verdict.READY), headers=sending
    )
    assert (other.status_code, code(other)) == (409, "other_content")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer mt_wrong",
        "Basic YTpi",
        "Bearer \xff\xfe",
        "Bearer " + "x" * 9000,
    ],
)
def test_a_report_needs_a_token(browser: Browser, header: str | None) -> None:
    headers = {"Content-Type": "application/json"}
    if header is not None:
        headers["Authorization"] = header
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    response = browser.post("/api/v1/reports", content=samples.body(), headers=encoded)
    assert (response.status_code, code(response)) == (401, "unknown_token")


@pytest.mark.parametrize(
    ("changes", "body", "status", "expected"),
    [
        ({"Content-Type": "text/plain"}, samples.body(), 415, "not_json"),
        ({"Content-Type": ""}, samples.body(), 415, "not_json"),
        ({"Content-Encoding": "gzip"}, samples.body(), 415, "not_json"),
        ({}, b" " * (LARGEST_REPORT_BYTES + 1), 413, "too_large"),
        ({}, b"<html>", 422, "invalid_report"),
        ({}, b'{"schema": 1}', 422, "invalid_report"),
        ({}, b'{"\\ud800": 1, "schema": "\\u0000"}', 422, "invalid_report"),
        ({}, b"[" * 1_000_000, 422, "invalid_report"),
        ({}, b"\xff", 422, "invalid_report"),
    ],
)
def test_what_cannot_be_accepted_is_refused_with_a_reason(
    browser: Browser,
    sending: dict[str, str],
    changes: dict[str, str],
    body: bytes,
    status: int,
    expected: str,
) -> None:
    response = browser.post("/api/v1/reports", content=body, headers=sending | changes)
    assert (response.status_code, code(response)) == (status, expected)


def test_a_body_without_a_length_is_bounded_too(browser: Browser, sending: dict[str, str]) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 65536

    response = browser.post("/api/v1/reports", content=endless(), headers=sending)
    assert (response.status_code, code(response)) == (413, "too_large")


def test_a_body_that_does_not_arrive_is_not_waited_for(database: Database, sending: dict[str, str]) -> None:
    never = asyncio.Event

    async def stalled() -> AsyncIterator[bytes]:
        yield b"{"
        await never().wait()

    browser = Browser(database, Limits(idle_seconds=0.05, body_seconds=30))
    response = browser.post("/api/v1/reports", content=stalled(), headers=sending)
    assert (response.status_code, code(response)) == (408, "too_slow")


def test_a_body_that_trickles_is_not_waited_for(database: Database, sending: dict[str, str]) -> None:
    async def trickle() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.01)

    browser = Browser(database, Limits(idle_seconds=5, body_seconds=0.3))
    response = browser.post("/api/v1/reports", content=trickle(), headers=sending)
    assert (response.status_code, code(response)) == (408, "too_slow")


def test_hostile_texts_are_accepted_and_given_back_as_text(
    signed_in: Browser, sending: dict[str, str]
) -> None:
    document = samples.document(report_id=ID, asset_tag="\0'\"<script>{{7*7}}\ud800")
    document["results"][0]["findings"][0]["arguments"] = {"x": 10**400, "\ud800": "\0", "detail": [[[]]]}
    document["results"][0]["reason"] = "\ud800\0"
    body = json.dumps(document).encode()
    assert signed_in.post("/api/v1/reports", content=body, headers=sending).status_code == 201
    assert signed_in.get(f"/api/v1/reports/{ID}").content == body
    assert signed_in.get("/api/v1/reports").status_code == 200
    assert signed_in.get("/reports").status_code == 200
    assert signed_in.get(f"/reports/{ID}").status_code == 200


def test_reading_needs_a_login(browser: Browser, sending: dict[str, str]) -> None:
    browser.post("/api/v1/reports", content=samples.body(report_id=ID), headers=sending)
    for path in ("/api/v1/reports", f"/api/v1/reports/{ID}", "/api/v1/reports/nothing"):
        for headers in ({}, sending, {"Authorization": "Basic !"}, {"Authorization": "Basic YQ=="}):
            response = browser.get(path, headers=headers)
            assert (response.status_code, code(response)) == (401, "login_required")


def test_reading_by_password(browser: Browser, access: Access, sending: dict[str, str]) -> None:
    access.add_account("åsa", Role.READER, PASSWORD)
    browser.post("/api/v1/reports", content=samples.body(report_id=ID), headers=sending)

    def basic(password: str) -> dict[str, str]:
        return {"Authorization": "Basic " + base64.b64encode(f"åsa:{password}".encode()).decode()}

    right = browser.get("/api/v1/reports", headers=basic(PASSWORD))
    assert [row["id"] for row in right.json()["reports"]] == [ID]
    wrong = browser.get("/api/v1/reports", headers=basic("guess"))
    assert (wrong.status_code, code(wrong)) == (401, "wrong_login")
    for _ in range(9):
        browser.get("/api/v1/reports", headers=basic("guess"))
    limited = browser.get("/api/v1/reports", headers=basic(PASSWORD))
    assert (limited.status_code, code(limited)) == (429, "too_many_attempts")
    assert int(limited.headers["retry-after"]) > 0


def test_the_list_is_paged(signed_in: Browser, sending_as: SendingAs) -> None:
    for host in (f"RH-{number}" for number in range(5)):
        signed_in.post("/api/v1/reports", content=samples.body(host_name=host), headers=sending_as(host))
    names, before = [], ""
    for _ in range(3):
        page = signed_in.get(f"/api/v1/reports?limit=2{before}").json()
        names += [row["host_name"] for row in page["reports"]]
        before = f"&before={page['next']}"
    assert names == ["RH-4", "RH-3", "RH-2", "RH-1", "RH-0"]
    assert page["next"] is None
    assert page["reports"][0]["unit"] == "Skolan"  # the key's


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "before=-1", f"before={10**30}", "search=" + "x" * 300]
)
def test_parameters_that_do_not_fit_are_refused(signed_in: Browser, query: str) -> None:
    response = signed_in.get(f"/api/v1/reports?{query}")
    assert (response.status_code, code(response)) == (422, "invalid_request")


def test_unknown_addresses_and_methods_are_refused(signed_in: Browser) -> None:
    assert code(signed_in.get("/api/v1/nothing")) == "not_found"
    assert code(signed_in.request("DELETE", "/api/v1/reports")) == "wrong_method"
    for name in ("nothing", "%00", "%ff", "..%2f..", "K7M-4PQ2", "{" + ID):
        response = signed_in.get(f"/api/v1/reports/{name}")
        assert response.status_code == 404


def test_openapi_describes_it(browser: Browser) -> None:
    described = browser.get("/api/v1/openapi.json").json()
    assert {
        "/api/v1/health",
        "/api/v1/enrolments",
        "/api/v1/token",
        "/api/v1/reports",
        "/api/v1/reports/{name}",
        "/api/v1/sessions",
        "/api/v1/capacity",
        "/api/v1/capacity/up",
        "/api/v1/capacity/down",
    } <= set(described["paths"])
    schemas = described["components"]["schemas"]
    assert set(described["components"]["securitySchemes"]) == {
        "enrolment_key",
        "device_token",
        "session",
        "password",
    }
    assert {"201", "200", "401", "403", "409", "413", "415", "422", "429"} <= set(
        described["paths"]["/api/v1/reports"]["post"]["responses"]
    )
    references = [part.split('"')[0] for part in json.dumps(described).split('"#/components/schemas/')[1:]]
    assert references
    assert set(references) <= set(schemas)
    assert browser.get("/docs").status_code == 404


def enrolled(database: Database) -> dict[str, str]:
    access = Access(database)
    key = access.key(access.new_key())
    assert key is not None
    token = Tokens(database).enrol(key.number, samples.device_id(samples.HOST))
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


def test_the_database_may_go_and_come_back(postgres_server: Any, tmp_path: Any) -> None:
    from readiness.collector.database import open_database

    database = open_database(postgres_server.new_database())
    try:
        browser = Browser(database)
        sending = enrolled(database)
        body = samples.body(report_id=ID)
        first = browser.post("/api/v1/reports", content=body, headers=sending)
        postgres_server.stop()
        try:
            refused = browser.post("/api/v1/reports", content=samples.body(), headers=sending)
            health = browser.get("/api/v1/health")
            page = browser.get("/reports", headers={"Cookie": "motesklar_session=x"})
        finally:
            postgres_server.start()
        assert (refused.status_code, code(refused)) == (503, "database_unavailable")
        assert (health.status_code, health.json()["status"]) == (503, "database_unavailable")
        assert health.json()["reason"]
        assert page.status_code == 503
        assert "Databasen svarar inte" in page.text
        assert browser.get("/api/v1/health").json()["status"] == "ok"
        assert browser.post("/api/v1/reports", content=body, headers=sending).json() == first.json()
    finally:
        database.close()


def test_a_removed_database_file_is_noticed(tmp_path: Any) -> None:
    from readiness.collector.database import open_database

    file = tmp_path / "c.sqlite3"
    database = open_database(str(file))
    try:
        browser = Browser(database)
        sending = enrolled(database)
        file.unlink()
        refused = browser.post("/api/v1/reports", content=samples.body(), headers=sending)
        assert (refused.status_code, code(refused)) == (503, "database_unavailable")
        assert browser.get("/api/v1/health").status_code == 503
    finally:
        database.close()
