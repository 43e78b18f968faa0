"""What is kept, for how long, and what can be taken away or brought back."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from readiness.collector import auditing, keeping, overview, tables
from readiness.collector.backups import back_up, restore
from readiness.collector.database import Database, open_database
from readiness.collector.database import database_url as database_url_of
from readiness.collector.problems import StartError
from readiness.collector.store import Store
from readiness.core.model import Verdict
from tests.collector import samples
from tests.collector.test_fleet import NOW, Reports

LONG_AGO = NOW - timedelta(days=800)


@pytest.fixture
def reports(database: Database) -> Reports:
    return Reports(database)


def count(database: Database, table: str) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(tables.metadata.tables[table])) or 0


def test_the_day_is_written_down_once(database: Database, reports: Reports) -> None:
    reports.come("A", Verdict.READY, computer={"unit": "Skolan"})
    keeper = keeping.Housekeeper(database, clock=lambda: NOW)
    keeper.once()
    reports.come("B", Verdict.NOT_READY, computer={"unit": None})
    keeper.once()
    with database.reading() as connection:
        assert overview.overview(connection, NOW).days == (("2026-11-24", 2, 1),)


def test_old_reports_go_and_the_newest_of_each_computer_stays(database: Database, reports: Reports) -> None:
    for days in range(3):
        reports.come("A", at=LONG_AGO + timedelta(days=days))
    reports.come("B", at=LONG_AGO)
    reports.come("B")
    keeping.Housekeeper(database, clock=lambda: NOW).once()
    assert [row.host_name for row in reports.store.page().rows] == ["B", "A"]
    with database.reading() as connection:
        (entry,) = auditing.log(connection)
    assert (entry.what, entry.target) == ("purged", "3 reports, 0 log entries")


def test_the_log_itself_grows_old(database: Database) -> None:
    with database.writing() as connection:
        auditing.record(connection, LONG_AGO, "eva", "changed choices")
        auditing.record(connection, NOW, "eva", "changed prices")
    keeping.Housekeeper(database, clock=lambda: NOW).once()
    with database.reading() as connection:
        assert [entry.what for entry in auditing.log(connection)] == ["purged", "changed prices"]


@pytest.mark.parametrize("name", ["pc-1", "KS-20931", "device"])
def test_erasing_leaves_nothing_of_the_computer(database: Database, reports: Reports, name: str) -> None:
    reports.come("PC-1", Verdict.NOT_READY, findings={"camera.absent": "camera"})
    reports.come("PC-1", Verdict.READY, at=NOW + timedelta(hours=1))
    reports.come("PC-2", computer={"asset_tag": None})
    with database.reading() as connection:
        device = connection.scalar(select(tables.computer.c.device_id).where(tables.computer.c.host_key == "pc-1"))  # fmt: skip
    with database.writing() as connection:
        assert keeping.erase(connection, NOW, "eva", device if name == "device" else name) == 2
        assert keeping.erase(connection, NOW, "eva", "nobody") is None
    assert [count(database, table) for table in ("report", "computer", "standing", "note")] == [1, 1, 0, 0]


def test_a_name_that_two_computers_have_erases_neither(database: Database, reports: Reports) -> None:
    reports.come("PC-1", computer={"asset_tag": "SAME"})
    reports.come("PC-2", computer={"asset_tag": "same"})
    with database.writing() as connection:
        assert keeping.erase(connection, NOW, "eva", "same") is None
    assert count(database, "computer") == 2


def test_the_housekeeper_ends_when_it_is_told(database: Database) -> None:
    keeper = keeping.Housekeeper(database)
    keeper.start()
    keeper.stop()


def test_a_copy_brings_everything_back(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:  # fmt: skip
    where = database_url_of(database_url)
    opened = open_database(database_url)
    receipt = Store(opened).add(samples.body())
    copy = tmp_path / "copy"
    back_up(where, copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with pytest.raises(StartError, match="exists already"):
        back_up(where, copy)
    Store(opened).add(samples.body())
    opened.close()
    if where.get_backend_name() == "sqlite":
        target = f"sqlite:///{tmp_path / 'restored.sqlite3'}"
    else:
        target = request.getfixturevalue("postgres_server").new_database()
    restore(database_url_of(target), copy)
    restored = open_database(target)
    assert [row.report_id for row in Store(restored).page().rows] == [receipt.report_id]
    restored.close()
    with pytest.raises(StartError):
        restore(database_url_of(target), copy)


def test_a_damaged_copy_is_not_put_back(tmp_path: Path) -> None:
    copy, target = tmp_path / "copy", tmp_path / "c.sqlite3"
    with pytest.raises(StartError, match="no file"):
        restore(database_url_of(str(target)), copy)
    copy.write_bytes(b"no database" * 1000)
    with pytest.raises(StartError, match="no whole copy"):
        restore(database_url_of(str(target)), copy)
    with sqlite3.connect(copy.with_name("other")) as other:
        other.execute("CREATE TABLE something (x)")
    other.close()
    with pytest.raises(StartError, match="no whole copy"):
        restore(database_url_of(str(target)), copy.with_name("other"))
    assert not target.exists()


def test_the_commands_say_what_they_did(tmp_path: Path) -> None:
    database, copy, listed = tmp_path / "c.sqlite3", tmp_path / "copy", tmp_path / "list.csv"
    listed.write_bytes("namn;enhet\r\nRH-1;Vården\r\n".encode("cp1252"))

    def run(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "readiness.collector", *arguments, "--database", str(database)],
            capture_output=True, text=True, env={**os.environ, "LANG": "sv_SE.UTF-8", "LC_ALL": ""},
        )  # fmt: skip
        return done.returncode, done.stderr

    assert run("expect", str(listed)) == (0, "Datorer i listan: 1.\n")
    assert run("expect", str(tmp_path / "none.csv"))[0] == 1
    assert run("erase", "RH-1")[0] == 1
    assert run("backup", str(copy)) == (0, f"Kopian finns i {copy}.\n")
    assert run("restore", str(copy))[0] == 1
    database.unlink()
    assert run("restore", str(copy)) == (0, "Databasen är tillbaka.\n")
    opened = open_database(str(database))
    with opened.reading() as connection:
        assert connection.scalar(select(tables.expected.c.unit)) == "Vården"
    opened.close()
