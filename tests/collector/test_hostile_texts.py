"""Hostile texts in every field that comes from outside: shown as text wherever they are shown."""

from __future__ import annotations

import copy
import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from sqlalchemy import func, select

from readiness.collector import tables
from readiness.collector.access import Access
from readiness.collector.database import Database
from tests.collector import samples
from tests.collector.conftest import Browser, SendingAs
from tests.collector.forms import form_token_on, sign_in
from tests.collector.test_exports import LISTS
from tests.collector.test_pages import Structure

EVIL = "=1+1<script>alert(1)</script>'; DROP TABLE report;--{{7*7}}${7*7}\"><img src=x>"
PAGES = (
    "/overview", "/needs", "/findings", "/computers", f"/computers?q={quote(EVIL)}", "/reports", "/requirements",
    f"/reports?q={quote(EVIL)}", f"/findings/{quote(EVIL, safe='')}", "/choices", "/access", f"/access?q={quote(EVIL)}",
)  # fmt: skip


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each text in a document, and to each name that a newer or other client chooses freely."""
    if isinstance(value, str):
        yield way
    for key, below in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from places(below, (*way, key))
        if way and way[-1] in ("evidence", "drivers", "arguments"):
            yield (*way, key, None)


def with_evil(document: dict[str, Any], way: tuple[Any, ...]) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    renames = way[-1] is None
    *before, last = way[:-1] if renames else way
    inner: Any = changed
    for key in before:
        inner = inner[key]
    if renames:
        inner[EVIL] = inner.pop(last)
    else:
        inner[last] = EVIL
    return changed


def harmless(page: str) -> None:
    assert "<script>" not in page
    assert "<img" not in page
    assert "--49" not in page
    Structure(page)


def test_a_hostile_text_in_any_field_is_text_on_every_page_and_in_every_list(
    browser: Browser, access: Access, database: Database, sending_as: SendingAs
) -> None:
    sign_in(browser, access, "admin")
    administrator = browser
    document = samples.document(
        unit="Skolan", case="SUP-1", trials=[{"devices": {"camera": "USB"}, "results": []}]
    )
    document["computer"] |= {"user_name": "eva", "wifi_name": "kommun", "serial_number": "S1"}
    kept = set()
    ways = list(places(document))
    assert len(ways) > 40
    for number, way in enumerate(ways):
        host = f"H-{number}"
        one = document | {"id": samples.device_id(f"report {number}")}
        one["computer"] = document["computer"] | {"device_id": samples.device_id(host), "host_name": host}
        answer = administrator.post(
            "/api/v1/reports", content=json.dumps(with_evil(one, way)).encode(), headers=sending_as(host)
        )
        assert answer.status_code in (201, 403, 422), (way, answer.text)
        if answer.status_code == 201:
            kept.add(way)
            found = with_evil(one, way)
            harmless(administrator.get(f"/reports/{quote(found['id'], safe='')}").text)
            harmless(administrator.get(f"/reports/{quote(found['id'], safe='')}?under=shipped:teams").text)
            harmless(administrator.get(f"/computers/{samples.device_id(host)}").text)
    assert ("computer", "host_name") in kept
    assert len(kept) > 25

    form = {"form_token": form_token_on(administrator.get("/access").text)}
    quoted = '"' + EVIL.replace('"', '""') + '"'
    administrator.post("/access/keys", data=form | {"unit": EVIL})
    administrator.post("/choices/accounts", data=form | {"name": EVIL, "role": "reader"})
    administrator.post("/choices", data=form | {"list": f"{quoted};{quoted}\nK-9;{quoted}"})
    administrator.post(f"/computers/{samples.device_id('H-0')}/notes", data=form | {"text": EVIL})
    for page in PAGES:
        answer = administrator.get(page)
        assert answer.status_code in (200, 404), page
        harmless(answer.text)
    for page in ("/overview", "/computers", "/reports", "/choices", "/access"):
        assert "{{7*7}}" in administrator.get(page).text, page
    for name in LISTS:
        answer = administrator.get(f"/api/v1/exports/{name}.csv")
        for row in csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"):
            assert not [cell for cell in row if cell.startswith("=")], name
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.report)) == len(kept)
