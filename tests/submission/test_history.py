from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest

from readiness.core.model import Report
from readiness.core.report import new_id
from readiness.submission.history import KEPT, History
from readiness.submission.outbox import Outbox
from tests.submission.samples import a_report as sample


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history", Outbox(tmp_path / "outbox"))


def test_nothing_is_made_before_the_first_run(history: History, tmp_path: Path) -> None:
    assert history.reports() == ()
    assert list(tmp_path.iterdir()) == []


def test_runs_come_back_the_newest_first_and_without_what_is_optional(history: History) -> None:
    older = _run("2026-11-20T08:00:00Z")
    newer = dataclasses.replace(
        _run("2026-11-24T08:00:00Z"),
        computer=dataclasses.replace(sample().computer, user_name="anna.berg", wifi_name="hemma"),
    )
    history.add(newer)
    history.add(older)
    found = history.reports()
    assert [report.id for report in found] == [newer.id, older.id]
    assert found[0].computer.user_name is None
    assert found[0].computer.wifi_name is None


def test_a_run_with_the_same_id_is_replaced_and_one_in_the_outbox_counts_once(
    history: History, tmp_path: Path
) -> None:
    run = _run("2026-11-24T08:00:00Z")
    only_sent = _run("2026-11-23T08:00:00Z")
    outbox = Outbox(tmp_path / "outbox")
    outbox.add(run)
    outbox.add(only_sent)
    history.add(run)
    history.add(run)
    assert [report.id for report in history.reports()] == [run.id, only_sent.id]


def test_damaged_files_are_left_out(history: History, tmp_path: Path) -> None:
    history.add(_run("2026-11-24T08:00:00Z"))
    (tmp_path / "history" / "half.json").write_bytes(b'{"schema": 1, "id"')
    (tmp_path / "history" / "other.json").write_bytes(b"\xff\xfe\x00")
    assert len(history.reports()) == 1


def test_the_oldest_go_when_there_are_many(history: History, tmp_path: Path) -> None:
    first = _run("2026-01-01T08:00:00Z")
    history.add(first)
    os.utime(tmp_path / "history" / f"{first.id}.json", (1, 1))
    for number in range(KEPT):
        history.add(_run(f"2026-02-01T08:00:{number:02}Z"))
    found = history.reports()
    assert len(found) == KEPT
    assert first.id not in {report.id for report in found}


def _run(created_utc: str) -> Report:
    return dataclasses.replace(sample(), id=new_id(), created_utc=created_utc)
