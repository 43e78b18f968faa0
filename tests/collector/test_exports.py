"""Every list as CSV and as JSON."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.collector import choices, spreadsheet
from readiness.collector.access import Access, Role
from readiness.collector.database import Database
from readiness.core.model import Verdict
from tests.collector.conftest import Browser
from tests.collector.test_fleet import Reports
from tests.collector.test_fleet_pages import signed_in_as

LISTS = ("overview", "needs", "findings", "computers", "reports", "expected")
EVIL = '=HYPERLINK("http://evil.example";"x")'


@pytest.fixture
def support(browser: Browser, access: Access) -> Browser:
    return signed_in_as(browser, access, Role.SUPPORT)


@pytest.fixture
def fleet(database: Database) -> Database:
    reports = Reports(database)
    for number in range(7):
        reports.come(
            f"PC-{number}",
            Verdict.NOT_READY if number < 3 else Verdict.READY,
            findings={"camera.absent": "camera"} if number < 3 else {},
            computer={"unit": EVIL if number == 1 else "Skolan", "model": '+Model; "x"\n@two'},
        )
    with database.writing() as connection:
        choices.expect(connection, "pc-1;Skolan\n=cmd()|x;Vården")
        choices.choose(connection, {"price_camera": "690"})
    return database


def of_csv(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


@pytest.mark.parametrize("name", LISTS)
def test_both_forms_say_the_same_and_no_cell_is_a_formula(
    support: Browser, fleet: Database, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("readiness.collector.lists.AT_ONCE", 2)
    monkeypatch.setattr("readiness.collector.exports._AT_ONCE", 3)
    answer = support.get(f"/api/v1/exports/{name}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == f"attachment; filename={name}.csv"
    rows: list[dict[str, Any]] = support.get(f"/api/v1/exports/{name}.json").json()
    lines = of_csv(answer.text)
    assert [list(line) for line in lines] == [list(row) for row in rows]
    for line, row in zip(lines, rows, strict=True):
        for column, value in row.items():
            assert line[column].removeprefix("'") == ("" if value is None else str(value))
            assert not line[column].startswith(("=", "+", "-", "@"))
    counts = {"overview": 4, "needs": 2, "findings": 1, "computers": 7, "reports": 7, "expected": 2}
    assert len(rows) == counts[name]


def test_the_lists_say_what_the_pages_show(support: Browser, fleet: Database) -> None:
    whole = support.get("/api/v1/exports/overview.json").json()[0]
    assert (whole["all"], whole["computers"], whole["not_ready"], whole["never"]) == (True, 8, 3, 1)
    needs = support.get("/api/v1/exports/needs.json").json()
    assert {row["unit"]: row["cost_sek"] for row in needs} == {"Skolan": 1380.0, EVIL: 690.0}
    (finding,) = support.get("/api/v1/exports/findings.json?lang=en").json()
    assert finding["title"] == "The computer finds no camera"
    chosen = support.get("/api/v1/exports/computers.json?state=not_ready&unit=Skolan&q=pc").json()
    assert [row["host_name"] for row in chosen] == ["PC-0", "PC-2"]
    assert [row["host_name"] for row in support.get("/api/v1/exports/reports.json?q=PC-3").json()] == ["PC-3"]
    expected = support.get("/api/v1/exports/expected.json").json()
    assert [bool(row["device_id"]) for row in expected] == [False, True]
    for page in ("/overview", "/needs", "/findings", "/computers?state=ready", "/reports?q=pc"):
        name, _, query = page.lstrip("/").partition("?")
        assert f"/api/v1/exports/{name}.csv{'?' + query if query else ''}" in support.get(page).text


@pytest.mark.parametrize("name", LISTS)
def test_empty_lists_are_lists(support: Browser, name: str) -> None:
    assert support.get(f"/api/v1/exports/{name}.json").json() == [] or name == "overview"
    assert support.get(f"/api/v1/exports/{name}.csv").text.startswith("\ufeff")


def test_only_who_may_export_does(browser: Browser, access: Access, database: Database) -> None:
    assert browser.get("/api/v1/exports/computers.csv").status_code == 401
    reader = signed_in_as(browser, access, Role.READER)
    assert reader.get("/api/v1/exports/computers.csv").status_code == 403
    assert "/api/v1/exports" not in reader.get("/overview").text


def test_the_description_of_the_interface_has_them(support: Browser) -> None:
    paths = support.get("/api/v1/openapi.json").json()["paths"]
    assert {f"/api/v1/exports/{name}.{{form}}" for name in LISTS} <= paths.keys()
    assert support.get("/api/v1/exports/computers.xml").status_code == 422


@given(cell=st.text(max_size=20))
def test_no_text_begins_like_a_formula(cell: str) -> None:
    (row,) = csv.reader(io.StringIO(spreadsheet.written([[cell, 1]])), delimiter=";")
    assert not row[0].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert row[0].removeprefix("'") == cell or row[0] == cell
