"""Figures over a large fleet are kept for a while; over a small one they are always counted anew."""

from __future__ import annotations

import threading

from sqlalchemy import Connection

from readiness.collector import remembering
from readiness.collector.database import Database
from readiness.collector.remembering import Remembered
from readiness.collector.store import Store
from tests.collector import samples


def test_what_is_counted_quickly_is_never_old(database: Database) -> None:
    counted = iter(range(9))
    remembered = Remembered(database, worth_seconds=3600)
    assert [remembered.figures("a", lambda _: next(counted)) for _ in range(3)] == [0, 1, 2]


def test_what_takes_long_is_kept_until_somebody_changes_something(database: Database) -> None:
    counted = iter(range(9))
    remembered = Remembered(database, worth_seconds=0)

    def slowly(_connection: Connection) -> int:
        threading.Event().wait(0.5)
        return next(counted)

    assert [remembered.figures("a", slowly) for _ in range(3)] == [0, 0, 0]
    assert remembered.figures("b", slowly) == 1
    remembered.forget()
    assert remembered.figures("a", slowly) == 2


def test_it_is_counted_again_beside_when_a_report_comes(database: Database) -> None:
    again = threading.Event()
    looks = []

    def look(_connection: Connection) -> int:
        looks.append(len(looks))
        if len(looks) > 1:
            again.set()
        return len(looks)

    remembered = Remembered(database, worth_seconds=0)
    remembered.start(("a", look))
    try:
        while not looks:
            again.wait(0.01)
        Store(database).add(samples.body())
        assert again.wait(30)
        assert remembered.figures("a", look) >= 1
    finally:
        remembered.stop()
    assert remembering.OLDEST_SECONDS <= 60
