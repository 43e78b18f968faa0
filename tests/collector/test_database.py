from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select, text

from readiness.collector import migrations, tables
from readiness.collector.database import Database, open_database
from readiness.collector.problems import DatabaseUnavailableError, StartError


def test_the_migrations_make_the_tables_that_the_program_uses(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []
    assert ScriptDirectory(str(Path(migrations.__file__).parent)).get_current_head() == migrations.NEWEST


def test_an_open_database_opens_again_with_what_it_holds(database_url: str) -> None:
    for opened_before in range(3):
        database = open_database(database_url)
        with database.writing() as connection:
            connection.execute(insert(tables.account).values(_account(str(opened_before))))
        with database.reading() as connection:
            assert len(connection.execute(select(tables.account)).all()) == opened_before + 1
        database.close()


def test_several_may_start_at_once(database_url: str) -> None:
    with ThreadPoolExecutor(4) as starts:
        for database in starts.map(lambda _: open_database(database_url), range(4)):
            database.check()
            database.close()


def test_what_fails_is_undone(database: Database) -> None:
    def write_and_fail() -> None:
        with database.writing() as connection:
            connection.execute(insert(tables.account).values(_account("eva")))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with database.reading() as connection:
        assert connection.execute(select(tables.account)).all() == []


def test_a_database_of_a_newer_version_is_refused(database_url: str) -> None:
    database = open_database(database_url)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    _refused(database_url, "nyare version av Mötesklar (9999)")


def test_a_database_of_something_else_is_refused(database_url: str) -> None:
    database = open_database(database_url)
    with database.writing() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    database.close()
    _refused(database_url, "något annat än Mötesklars tabeller")


def test_a_table_that_is_gone_is_no_fault_of_the_request(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(DatabaseUnavailableError):
        database.check()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("nonsense://", "går inte att använda"),
        ("mysql://user:secret@host/name", "går inte att använda"),
        ("sqlite://", "går inte att använda"),
        ("sqlite:///:memory:", "går inte att använda"),
        ("sqlite:////nowhere/at/all.sqlite3", "Kontrollera att mappen finns"),
        ("/nowhere/at/all.sqlite3", "Kontrollera att mappen finns"),
        ("/tmp", "går inte att öppna"),
        ("a\0b", "går inte att öppna"),
        ("postgresql://user:secret@127.0.0.1:1/name", "Kontrollera --database"),
        ("postgresql:///name?host=/nowhere", "Kontrollera --database"),
        ("postgresql://user:secret@host:port/name", "går inte att använda"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_in_a_sentence(address: str, words: str) -> None:
    _refused(address, words)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear all, " * 1000)
    _refused(str(file), "ingen SQLite-databas")
    assert file.read_text().startswith("Dear all, ")


def test_the_file_is_its_owners_alone_and_safe(tmp_path: Path) -> None:
    file = tmp_path / "c.sqlite3"
    database = open_database(str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with database.reading() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    database.close()
    assert not file.with_name("c.sqlite3-wal").exists()


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "c.sqlite3"
    open_database(str(file)).close()
    with sqlite3.connect(file) as raw:
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute("UPDATE sqlite_master SET rootpage = 999 WHERE name = 'account'")
    raw.close()
    _refused(str(file), "malformed")


def _account(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "name_key": name,
        "role": "reader",
        "password_hash": "",
        "created_at": datetime.now(UTC),
    }


def _refused(address: str, words: str) -> None:
    with pytest.raises(StartError) as refusal:
        open_database(address).close()
    assert words in refusal.value.text.sv
    assert "secret" not in refusal.value.text.sv + refusal.value.text.en
    assert "\n" not in refusal.value.text.en
