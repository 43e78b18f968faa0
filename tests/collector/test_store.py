from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

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


def test_a_search_that_fits_many_goes_on_through_all_of_them(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("readiness.collector.store._FEW", 2)
    monkeypatch.setattr("readiness.collector.store._WINDOW", 3)
    for number in range(12):
        store.add(samples.body(host_name=f"{'OLD' if number < 5 else 'NEW'}-{number}", asset_tag=None))
    found, page = [], store.page(search="old-", size=2)
    assert (page.rows, page.older) == ((), True)  # none among the newest few
    while page.older:
        page = store.page(search="old-", size=2, before=page.before)
        found += [row.host_name for row in page.rows]
    assert found == ["OLD-4", "OLD-3", "OLD-2", "OLD-1", "OLD-0"]
    back = []
    while page.newer:
        page = store.page(search="old-", size=2, after=page.after)
        back += [row.host_name for row in page.rows[::-1]]
    assert back[-3:] == ["OLD-2", "OLD-3", "OLD-4"]


def test_reports_that_arrive_together_share_a_commit_and_each_has_its_own_answer(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first holds the writer; what arrives meanwhile is written at once, the wrong one refused alone."""
    store, transactions = Store(database), []
    held, go_on = threading.Event(), threading.Event()
    whole = store._intake._transact

    def transact(together: Sequence[Any]) -> None:
        transactions.append(len(together))
        if len(transactions) == 1:
            held.set()
            assert go_on.wait(30)
        whole(together)

    monkeypatch.setattr(store._intake, "_transact", transact)
    bodies = [samples.body(host_name=f"PC-{number % 4}", report_id=str(uuid.uuid4())) for number in range(8)]
    with ThreadPoolExecutor(12) as clients:
        first = clients.submit(store.add, samples.body(report_id=ID))
        assert held.wait(30)
        others = [clients.submit(store.add, body) for body in bodies]
        again = clients.submit(store.add, samples.body(report_id=ID))
        other = clients.submit(store.add, samples.body(report_id=ID, host_name="ANOTHER"))
        while len(store._intake._waiting) < 10:
            threading.Event().wait(0.01)
        go_on.set()
        assert not again.result().new
        assert again.result().receipt == first.result().receipt
        with pytest.raises(OtherContentError):
            other.result()
        assert len({receipt.result().receipt for receipt in others}) == 8
    assert transactions == [1, 10]
    assert len(store.page().rows) == 9


def test_one_that_cannot_be_written_spoils_nothing_for_the_others(database: Database) -> None:
    codes = iter(["K7M4PQ2", "K7M4PQ2", *(f"K7M4PQ{letter}" for letter in "3456789ABCDEFGH")])
    lock = threading.Lock()

    def next_code() -> str:
        with lock:
            return next(codes)

    store = Store(database, new_receipt=next_code)
    with ThreadPoolExecutor(4) as clients:
        bodies = [samples.body(host_name=f"PC-{number}") for number in range(4)]
        given = {receipt.receipt for receipt in clients.map(store.add, bodies)}
    assert len(given) == 4
    assert {row.receipt.replace("-", "") for row in store.page().rows} == given
