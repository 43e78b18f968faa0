"""How many reports a second the collector accepts, beside the same rows written by a bare driver.

    python -m tests.benchmarks.fleet_intake [--reports 3000] [--clients 32] [--postgresql]

Ours: reports of realistic size (those of `tests/golden/reports` with other figures) handed to the store by
so many threads at once, parsed, validated, compressed, written with the fleet's tables, and on the disk
before each receipt. Bare: the finished rows of the same reports (report, computer, standing) written by
sqlite3 or psycopg, one durable commit for each report; and again in groups as large as the store's own.
"""

from __future__ import annotations

import argparse
import contextlib
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from readiness.collector import tables
from readiness.collector.database import Database, open_database
from readiness.collector.store import Store
from tests.benchmarks import fleet_rows
from tests.collector.postgres import postgres

TABLES = ("report", "computer", "standing")


@contextlib.contextmanager
def empty_databases(*, postgresql_too: bool) -> Iterator[Callable[[], str]]:
    """A function that gives the address of a new, empty database with full durability."""
    if postgresql_too:
        with postgres(durable=True) as server:
            yield server.new_database
        return
    with tempfile.TemporaryDirectory() as folder:
        numbers = iter(range(1000))
        yield lambda: f"sqlite:///{folder}/{next(numbers)}.sqlite3"


def ours(database: Database, bodies: list[bytes], clients: int) -> float:
    """Reports a second through the store."""
    store = Store(database)
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as threads:
        receipts = list(threads.map(store.add, bodies))
    assert len({receipt.receipt for receipt in receipts}) == len(bodies)
    return len(bodies) / (time.perf_counter() - started)


def rows_of(database: Database) -> list[list[tuple[str, tuple[Any, ...]]]]:
    """For each report that was stored: table and values of all its rows, as the driver takes them."""
    dialect: Any = sqlite.dialect() if "sqlite" in database.name else postgresql.dialect()
    found: dict[int, list[tuple[str, tuple[Any, ...]]]] = {}
    with database.reading() as connection:
        numbers = dict(
            connection.execute(select(tables.computer.c.number, tables.computer.c.report_number)).all()
        )  # type: ignore[arg-type]
        for name in TABLES:
            table = tables.metadata.tables[name]
            bind = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns]
            for row in connection.execute(select(table)):
                number = row.number if name == "report" else numbers[getattr(row, "number" if name == "computer" else "computer_number")]  # fmt: skip
                values = tuple(process(value) if process else value for process, value in zip(bind, row, strict=True))  # fmt: skip
                found.setdefault(number, []).append((name, values))
    return list(found.values())


def bare(address: str, groups: list[list[list[tuple[str, tuple[Any, ...]]]]]) -> float:
    """Reports a second by the driver alone: one transaction for each group of reports."""
    open_database(address).close()
    is_sqlite = address.startswith("sqlite")
    connection: Any
    if is_sqlite:
        connection = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
    else:
        connection = psycopg.connect(address, autocommit=True)
    mark = "?" if is_sqlite else "%s"
    statements = {
        name: f"INSERT INTO {name} VALUES ({', '.join([mark] * len(tables.metadata.tables[name].columns))})"
        for name in TABLES
    }
    started = time.perf_counter()
    for group in groups:
        connection.execute("BEGIN IMMEDIATE" if is_sqlite else "BEGIN")
        for rows in group:
            for name, values in rows:
                connection.execute(statements[name], values)
        connection.execute("COMMIT")
    took = time.perf_counter() - started
    connection.close()
    return sum(map(len, groups)) / took


def measure(new: Callable[[], str], count: int, clients: int) -> None:
    """Print all of it."""
    kinds = fleet_rows.samples(100, seed=2)
    bodies = [fleet_rows.renamed(kinds[number % len(kinds)], f"NEW-{number}") for number in range(count)]
    database = open_database(new())
    rate = ours(database, bodies, clients)
    rows = rows_of(database)
    database.close()
    assert len(rows) == count
    single = bare(new(), [[one] for one in rows])
    grouped = bare(new(), [rows[start : start + clients] for start in range(0, count, clients)])
    print(
        f"{sum(map(len, bodies)) / count:.0f} bytes of JSON a report; accepted {rate:.0f} reports/s by {clients} "
        f"clients; bare driver, a commit each: {single:.0f}/s, ratio {rate / single:.2f}; "
        f"bare driver, {clients} to a commit: {grouped:.0f}/s, ratio {rate / grouped:.2f}"
    )


def main() -> None:
    """Run it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--reports", type=int, default=3000)
    arguments.add_argument("--clients", type=int, default=32)
    arguments.add_argument("--postgresql", action="store_true")
    chosen = arguments.parse_args()
    with empty_databases(postgresql_too=chosen.postgresql) as new:
        measure(new, chosen.reports, chosen.clients)


if __name__ == "__main__":
    main()
