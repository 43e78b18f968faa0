from __future__ import annotations

import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from readiness.collector import tables
from readiness.collector.database import Database
from readiness.collector.store import OtherContentError, Store
from readiness.core.model import Activity, Verdict
from readiness.core.report import ReportError
from tests.collector import samples

ID = "0e4f2f8e-6f0c-4f5a-9d8a-1d3b6f0a2c11"


def test_a_report_is_kept_as_received_and_found_by_id_and_receipt(store: Store) -> None:
    body = samples.body(report_id=ID, of_tomorrow={"kept": True})
    receipt = store.add(body, unit="Skolan")
    assert receipt.new
    for name in (ID, ID.upper(), receipt.receipt, f"{receipt.receipt[:3]} {receipt.receipt[3:]}".lower()):
        stored = store.find(name)
        assert stored is not None
        assert stored.document == body
    assert stored.row.unit == "Skolan"
    assert stored.row.activities[Activity.BE_SEEN] is Verdict.NOT_READY
    assert stored.row.received_utc == receipt.received_utc
    assert stored.row.created_utc == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert store.find("AAA-AAAA") is None
    assert store.find("") is None
    assert store.find(str(uuid.uuid4())) is None


def test_a_report_takes_little_room_and_one_kept_as_it_came_is_read_too(
    store: Store, database: Database
) -> None:
    body = samples.body(report_id=ID)
    store.add(body)
    with database.writing() as connection:
        assert len(connection.scalar(select(tables.report.c.document)) or b"") < len(body) / 2
        connection.execute(update(tables.report).values(document=body))
    stored = store.find(ID)
    assert stored is not None
    assert stored.document == body


def test_the_same_report_again_gives_the_same_receipt(store: Store) -> None:
    first = store.add(samples.body(report_id=ID))
    written_otherwise = json.dumps(samples.document(report_id=ID), indent=2, sort_keys=True).encode()
    again = store.add(written_otherwise)
    assert (again.receipt, again.received_utc) == (first.receipt, first.received_utc)
    assert not again.new
    assert len(store.page().rows) == 1


def test_the_same_id_with_other_content_is_refused(store: Store) -> None:
    store.add(samples.body(report_id=ID))
    with pytest.raises(OtherContentError):
        store.add(samples.body(report_id=ID.upper(), host_name="ANOTHER"))
    assert len(store.page().rows) == 1


def test_many_at_once_are_each_stored_once(store: Store) -> None:
    bodies = [samples.body(host_name=f"RH-{number}") for number in range(8)]
    together = threading.Barrier(16, timeout=30)

    def send(number: int) -> list[str]:
        together.wait()
        return [store.add(bodies[(number + step) % 8]).receipt for step in range(8)]

    with ThreadPoolExecutor(16) as clients:
        answers = list(clients.map(send, range(16)))
    assert len({receipt for answer in answers for receipt in answer}) == 8
    assert len(store.page().rows) == 8


def test_a_receipt_that_is_taken_is_not_given_twice(database: Database) -> None:
    codes = iter(["K7M4PQ2", "K7M4PQ2", "K7M4PQ2", "K7M4PQ3"])
    store = Store(database, new_receipt=lambda: next(codes))
    assert store.add(samples.body()).receipt == "K7M4PQ2"
    assert store.add(samples.body()).receipt == "K7M4PQ3"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"report"',
        b"\xff\xfe{\x00}\x00",
        b'{"schema": NaN}',
        b'{"schema": 1e999}',
        b"[" * 100_000,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b'{"schema": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_report_is_refused(store: Store, body: bytes) -> None:
    with pytest.raises(ReportError):
        store.add(body)
    assert store.page().rows == ()


def test_awkward_characters_and_numbers_are_kept(store: Store) -> None:
    document = samples.document(report_id=ID, huge=10**400, asset_tag="\ud83d\0" + "x" * 500)
    document["computer"]["host_name"] = "\0\ud800'; DROP TABLE report; --" + "å" * 1000
    document["computer"]["unit"] = "=cmd|' /C calc'!A0"
    document["schema"] = 10**30
    document["created_utc"] = "not a time"
    document["results"][0]["evidence"]["level"] = 10**300
    body = json.dumps(document).encode()  # with the escapes \u0000 and \ud800
    store.add(body)
    stored = store.find(ID)
    assert stored is not None
    assert stored.document == body
    assert len(stored.row.host_name) == 255
    assert stored.row.created_utc is None
    assert store.page(search="drop table").rows


def test_pages_go_both_ways_and_search_finds_parts(store: Store) -> None:
    for number in range(7):
        store.add(samples.body(host_name=f"ÅÄÖ-{number}", asset_tag=f"100%_{number}"))
    first = store.page(size=3)
    assert [row.host_name for row in first.rows] == ["ÅÄÖ-6", "ÅÄÖ-5", "ÅÄÖ-4"]
    assert (first.newer, first.older) == (False, True)
    second = store.page(size=3, before=first.rows[-1].number)
    assert [row.host_name for row in second.rows] == ["ÅÄÖ-3", "ÅÄÖ-2", "ÅÄÖ-1"]
    third = store.page(size=3, before=second.rows[-1].number)
    assert ([row.host_name for row in third.rows], third.newer, third.older) == (["ÅÄÖ-0"], True, False)
    back = store.page(size=3, after=second.rows[0].number)
    assert (back.rows, back.newer, back.older) == (first.rows, False, True)
    assert [row.host_name for row in store.page(search="åäö-3").rows] == ["ÅÄÖ-3"]
    assert [row.asset_tag for row in store.page(search="0%_2").rows] == ["100%_2"]
    assert store.page(search="%").rows  # a part of the tags, not a wildcard
    assert not store.page(search="_9").rows
    receipt = first.rows[1].receipt
    assert [row.receipt for row in store.page(search=receipt.lower()).rows] == [receipt]
    assert not store.page(search="\0\ud800").rows
