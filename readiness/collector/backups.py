"""Backup and restore: one file with all that the collector keeps."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.engine import URL

from readiness.collector.problems import StartError
from readiness.core.reasons import reason_of
from readiness.core.text import Text


def back_up(url: URL, file: Path) -> None:
    """Write a copy of the database at `url` to `file`, also while a collector uses it.

    SQLite is copied by its own online backup; PostgreSQL by pg_dump. Raises StartError.
    """
    if file.exists():
        raise StartError(
            Text(
                sv=f"Filen {file} finns redan. Välj ett annat namn.",
                en=f"The file {file} exists already. Choose another name.",
            )
        )
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise _unwritable(file, error) from error
    try:
        if url.get_backend_name() == "sqlite":
            _copy_sqlite(Path(url.database or ""), file)
        else:
            _run(url, ["pg_dump", "--format=custom", "--no-owner", f"--file={file}"])
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def restore(url: URL, file: Path) -> None:
    """Put the copy in `file` in place of an empty or missing database at `url`.

    Raises StartError where there is something already, or the copy is damaged.
    """
    if not file.is_file():
        raise StartError(
            Text(
                sv=f"Filen {file} finns inte. Kontrollera namnet.",
                en=f"There is no file {file}. Check the name.",
            )
        )
    if url.get_backend_name() != "sqlite":
        _run(
            url,
            [
                "pg_restore",
                "--no-owner",
                "--exit-on-error",
                "--single-transaction",
                "--dbname",
                "",
                str(file),
            ],
        )
        return
    target = Path(url.database or "")
    if target.exists():
        raise StartError(
            Text(
                sv=f"Databasen {target} finns redan. Flytta undan den först.",
                en=f"The database {target} exists already. Move it away first.",
            )
        )
    _must_be_whole(file)
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        _copy_sqlite(file, target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _copy_sqlite(source: Path, target: Path) -> None:
    try:
        with (
            contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as here,
            contextlib.closing(sqlite3.connect(target)) as there,
        ):
            here.backup(there)
            there.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
    except sqlite3.Error as error:
        raise StartError(
            Text(
                sv=f"Kopian till {target} blev inte klar: {error}.",
                en=f"The copy to {target} was not finished: {error}.",
            )
        ) from error
    with target.open("rb") as written:
        os.fsync(written.fileno())


def _must_be_whole(file: Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            fine = copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            ours = copy.execute("SELECT 1 FROM alembic_version").fetchall()
    except sqlite3.Error:
        fine, ours = False, []
    if not fine or not ours:
        raise StartError(
            Text(
                sv=f"{file} är ingen hel kopia av Mötesklars databas. Ta en annan kopia.",
                en=f"{file} is no whole copy of Mötesklar's database. Take another copy.",
            )
        )


def _run(url: URL, command: Sequence[str]) -> None:
    """Run one of PostgreSQL's own programs on the database; the password is not on its command line."""
    program = command[0]
    if not shutil.which(program):
        raise StartError(
            Text(
                sv=f"Programmet {program} finns inte här. Installera PostgreSQL:s klientprogram.",
                en=f"There is no program {program} here. Install PostgreSQL's client programs.",
            )
        )
    where = {
        "PGHOST": url.host or str(url.query.get("host", "")),
        "PGPORT": str(url.port or url.query.get("port", "") or ""),
        "PGUSER": url.username or "",
        "PGPASSWORD": str(url.password or ""),
        "PGDATABASE": url.database or "",
    }
    arguments = [part if part else where["PGDATABASE"] for part in command]
    done = subprocess.run(
        arguments,
        env={**os.environ, **{name: value for name, value in where.items() if value}},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [str(done.returncode)])[-1]
        raise StartError(
            Text(
                sv=f"{program} blev inte klar: {said}",
                en=f"{program} was not finished: {said}",
            )
        )


def _unwritable(file: Path, error: OSError) -> StartError:
    return StartError(
        Text(
            sv=f"Filen {file} kan inte skrivas: {reason_of(error).sv}. Välj en annan plats.",
            en=f"The file {file} cannot be written: {reason_of(error).en}. Choose another place.",
        )
    )
