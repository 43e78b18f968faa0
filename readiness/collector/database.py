"""The database: opened, brought up to date, and used in transactions of two kinds."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import platformdirs
from sqlalchemy import Connection, Engine, create_engine, event, exc, text
from sqlalchemy.engine import URL, make_url

from readiness.collector.problems import DatabaseUnavailableError, StartError
from readiness.collector.updating import bring_up_to_date
from readiness.core.reasons import reason_of
from readiness.core.text import Text

_BUSY_SECONDS = 10


def default_database() -> str:
    """The URL of the database where none is named: one file in the user's data folder."""
    folder = Path(platformdirs.user_data_dir("motesklar-collector", appauthor=False))
    return f"sqlite:///{folder / 'collector.sqlite3'}"


class Database:
    """An open database with the newest tables."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # SQLite has one writer. Waiting here is fair and cheap; waiting in SQLite means polling.
        self._writer = threading.Lock() if engine.dialect.name == "sqlite" else None
        self._file = _SqliteFile(engine.url) if engine.dialect.name == "sqlite" else None

    @property
    def name(self) -> str:
        """The URL without its password."""
        return self._engine.url.render_as_string(hide_password=True)

    @property
    def address(self) -> str:
        """The URL with its password: for a process of ours alone."""
        return self._engine.url.render_as_string(hide_password=False)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with. Raises DatabaseUnavailableError where there is none."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on the disk when the block has ended, or undone by an exception.

        Raises DatabaseUnavailableError where the database cannot be written to.
        """
        with self._translated(), self._turn():
            with self._engine.connect() as bare:
                connection = bare.execution_options(readiness_writes=True)
                with connection.begin():
                    yield connection
            if self._file:
                self._file.must_be_there()

    def check(self) -> None:
        """Raises DatabaseUnavailableError where the database does not answer."""
        try:
            with self.reading() as connection:
                connection.execute(text("SELECT 1 FROM alembic_version")).all()
        except exc.ProgrammingError as error:  # the table is gone, or not ours to read any more
            raise DatabaseUnavailableError(str(error)) from error
        if self._file:
            self._file.must_be_there()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._writer is None:
            yield
            return
        if not self._writer.acquire(timeout=3 * _BUSY_SECONDS):
            raise DatabaseUnavailableError("the writers before this one did not end")
        try:
            yield
        finally:
            self._writer.release()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as error:
            raise DatabaseUnavailableError(str(error)) from error
        except exc.DBAPIError as error:
            # A damaged SQLite file is a plain DatabaseError; so is a server that goes away.
            if error.connection_invalidated or type(error) is exc.DatabaseError:
                raise DatabaseUnavailableError(str(error)) from error
            raise


class _SqliteFile:
    """The file behind SQLite: rows written to a file that was removed are not kept."""

    def __init__(self, url: URL) -> None:
        self._path = Path(url.database or "")
        self._identity = self._now()

    def must_be_there(self) -> None:
        """Raises DatabaseUnavailableError where the file was removed or replaced."""
        if self._now() != self._identity:
            raise DatabaseUnavailableError(f"{self._path} was removed or replaced")

    def _now(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return (status.st_dev, status.st_ino)


def open_database(address: str | None) -> Database:
    """The database at `address` (a URL, or the path of an SQLite file), its tables up to date.

    Raises StartError where it cannot be used.
    """
    url = database_url(address)
    shown = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite":
        _prepare_file(url, create_folder=address is None)
    engine = _engine(url)
    try:
        bring_up_to_date(engine, shown)
        return Database(engine)
    except exc.SQLAlchemyError as error:
        engine.dispose()
        reason = _reason(error)
        raise StartError(
            Text(
                sv=f"Databasen {shown} går inte att använda: {reason.sv}. Kontrollera --database.",
                en=f"The database {shown} cannot be used: {reason.en}. Check --database.",
            )
        ) from error
    except BaseException:
        engine.dispose()
        raise


def database_url(address: str | None) -> URL:
    """The database that `address` names, or the default one. Raises StartError."""
    return _url(address or default_database())


def _url(address: str) -> URL:
    if "://" not in address:
        return URL.create("sqlite", database=address)
    try:
        url = make_url(address)
    except (exc.ArgumentError, ValueError) as error:
        raise _unusable_address() from error
    kind = url.get_backend_name()
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if kind != "sqlite" or not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise _unusable_address()
    return url


def _unusable_address() -> StartError:
    # The address itself is not repeated: it may hold a password.
    return StartError(
        Text(
            sv="Adressen efter --database går inte att använda. Skriv sqlite:////sökväg/fil.sqlite3 "
            "eller postgresql://användare@server/databas.",
            en="The address after --database cannot be used. Write sqlite:////path/file.sqlite3 "
            "or postgresql://user@server/database.",
        )
    )


def _prepare_file(url: URL, *, create_folder: bool) -> None:
    path = Path(url.database or "")
    try:
        if create_folder:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Made here so that only its owner can read it; SQLite's own two files copy its rights.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else Text(sv=str(error), en=str(error))
        raise StartError(
            Text(
                sv=f"Databasfilen {path} går inte att öppna: {reason.sv}. "
                "Kontrollera att mappen finns och att du får skriva där.",
                en=f"The database file {path} cannot be opened: {reason.en}. "
                "Check that the folder exists and that you may write there.",
            )
        ) from error


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        query = {"connect_timeout": "5", "application_name": "motesklar-collector"} | dict(url.query)
        try:
            return create_engine(
                url.set(query=query), pool_size=10, max_overflow=10, pool_timeout=10, pool_pre_ping=True
            )
        except ImportError as error:
            raise StartError(
                Text(
                    sv="PostgreSQL kräver paketet psycopg. Installera det med: pip install 'motesklar[collector]'",
                    en="PostgreSQL needs the package psycopg. Install it with: pip install 'motesklar[collector]'",
                )
            ) from error
    # One connection for each thread that the server answers with, so that none waits for a connection.
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, pool_size=10, max_overflow=40)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # No transaction begins by itself (_begin_sqlite does that); foreign keys hold; and a commit
    # is on the disk when it returns, which WAL with its usual NORMAL does not promise.
    connection.isolation_level = None
    cursor = connection.cursor()
    # The size counts for a new file: a report takes half a page of the usual size, and wasted the other half.
    for pragma in ("page_size = 8192", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("readiness_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _reason(error: exc.SQLAlchemyError) -> Text:
    original = getattr(error, "orig", None) or error
    if isinstance(original, sqlite3.Error) and "not a database" in str(original):
        return Text(sv="filen är ingen SQLite-databas", en="the file is not a database of SQLite")
    lines = [line.strip() for line in str(original).splitlines() if line.strip()]
    said = lines[0].rstrip(".") if lines else type(original).__name__
    return Text(sv=said, en=said)
