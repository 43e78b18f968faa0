"""How fast IT's pages are over a large fleet, and what a report takes in the database.

    python -m tests.benchmarks.fleet [--computers 100000] [--reports 2000000] [--postgresql]
                                     [--keep FILE] [--database URL] [--visits 40] [--make-only]

Makes the fleet in a temporary SQLite file (`--keep`: in this one, which is used as it is where it is there
already), in the database of `--database`, or in a PostgreSQL of its own; then visits each page and each export, signed in, and prints the
median and the 95th percentile in milliseconds, and bytes a report. The time of the processor tells what a machine
with nothing else to do would take (with PostgreSQL without the server's own part). `tests.benchmarks.fleet_intake` measures
how fast reports come in.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy import Select, func, select, text

from readiness.collector import counting, tables
from readiness.collector.access import Access, Role
from readiness.collector.app import create_app
from readiness.collector.database import Database, open_database
from readiness.collector.remembering import Remembered
from tests.benchmarks import fleet_rows
from tests.collector.postgres import postgres

PAGES = (
    "/overview", "/needs", "/findings", "/findings/{code}", "/computers", "/computers?state=not_ready",
    "/computers?state=ready&unit=Enhet 7", "/computers?code={code}&unit=Enhet 3", "/computers?need=camera",
    "/computers?q=012", "/computers?q=nothing-like-it", "/computers/{device}", "/reports",
    "/reports?before={middle}", "/reports?q=pc-0123", "/reports?q=pc-099999", "/reports?q=ks-1",
    "/reports?q=nothing-like-it", "/reports?q=pc&before={middle}", "/reports/{report}",
    "/reports/{report}?under=shipped:teams", "/requirements", "/requirements?base=shipped:teams", "/choices",
    "/access", "/access?q=pc-0123", "/access?q=nothing-like-it", "/computers/{device}?a={first}&b={last}",
    "/needs.csv", "/api/v1/health", "/metrics", "/api/v1/openapi.json", "/api/v1/reports",
)  # fmt: skip
"""Every page, with filters and searches that find much, little and nothing."""


@contextlib.contextmanager
def opened(keep: Path | None, address: str | None, *, postgresql: bool) -> Iterator[Database]:
    """The database to fill, or the one that was."""
    with contextlib.ExitStack() as stack:
        if address:
            pass
        elif postgresql:
            address = stack.enter_context(postgres(durable=True)).new_database()
        else:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            address = f"sqlite:///{keep or folder / 'fleet.sqlite3'}"
        database = open_database(address)
        try:
            yield database
        finally:
            database.close()


def make(database: Database, computers: int, reports: int) -> None:
    """Fill it, unless it is."""
    with database.reading() as connection:
        made = connection.scalar(select(tables.report.c.number).limit(1))
        enrolled = connection.scalar(select(tables.device_token.c.number).limit(1))
    if not enrolled and made:
        fleet_rows.enrol(database)
    if made:
        return
    started = time.perf_counter()
    fleet_rows.fill(database, computers, reports)
    fleet_rows.enrol(database)
    with database.writing() as connection:
        connection.execute(text("ANALYZE"))
    print(f"{computers} computers, {reports} reports made in {time.perf_counter() - started:.0f} s")


def size(database: Database) -> None:
    """Print bytes a report, everything included."""
    with database.reading() as connection:
        count = connection.scalar(select(func.count()).select_from(tables.report)) or 1
        if "sqlite" in database.name:
            whole = connection.scalar(text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")) or 0  # fmt: skip
        else:
            whole = connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
    print(f"{whole / count:.0f} bytes a report ({count} reports, {whole / 1e9:.1f} GB)")


def _own_reports(*, newest: bool) -> Select[tuple[str]]:
    """The oldest or newest report of the computer that is visited."""
    own = select(tables.computer.c.device_id).limit(1).scalar_subquery()
    number = tables.report.c.number
    found = select(tables.report.c.id).where(tables.report.c.device_id == own)
    return found.order_by(number.desc() if newest else number).limit(1)


def visit(database: Database, visits: int) -> None:
    """Print how long each page takes, rendered whole, in this process."""
    remembered = Remembered(database)
    link = Access(database).new_link("/overview", Role.ADMIN)
    with database.reading() as connection:
        chosen = {
            "device": connection.scalar(select(tables.computer.c.device_id).limit(1)),
            "first": connection.scalar(_own_reports(newest=False)),
            "last": connection.scalar(_own_reports(newest=True)),
            "report": connection.scalar(select(tables.report.c.id).limit(1)),
            "code": connection.scalar(
                select(tables.standing.c.code).order_by(tables.standing.c.code).limit(1)
            ),
            "middle": (connection.scalar(select(func.max(tables.report.c.number))) or 2) // 2,
        }

    async def measured() -> None:
        transport = httpx.ASGITransport(app=create_app(database, remembered=remembered))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8470", timeout=120
        ) as client:
            await client.get(f"/link/{link}")
            everything = []
            for page in PAGES:
                took, worked = [], []
                for _ in range(visits):
                    started, before = time.perf_counter(), time.process_time()
                    answer = await client.get(page.format(**chosen))
                    assert answer.status_code == 200, (page, answer.status_code)
                    took.append(1000 * (time.perf_counter() - started))
                    worked.append(1000 * (time.process_time() - before))
                first, p95 = took[0], sorted(took)[min(len(took) - 1, round(0.95 * len(took)))]
                everything.append(p95)
                print(
                    f"{page:<40} first {first:7.1f} ms   median {statistics.median(took):7.1f} ms   "
                    f"p95 {p95:7.1f} ms   of the processor, in this process {statistics.median(worked):7.1f} ms"
                )
            print(f"slowest p95 {max(everything):.1f} ms")

    counting.start(remembered, lambda: datetime.now(UTC))  # as `readiness-collector serve` does
    time.sleep(5)  # and as long after it
    try:
        asyncio.run(measured())
    finally:
        remembered.stop()


def main() -> None:
    """Run it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--computers", type=int, default=100_000)
    arguments.add_argument("--reports", type=int, default=2_000_000)
    arguments.add_argument("--postgresql", action="store_true")
    arguments.add_argument("--keep", type=Path)
    arguments.add_argument("--database")
    arguments.add_argument("--visits", type=int, default=40)
    arguments.add_argument("--make-only", action="store_true")
    chosen = arguments.parse_args()
    with opened(chosen.keep, chosen.database, postgresql=chosen.postgresql) as database:
        make(database, chosen.computers, chosen.reports)
        size(database)
        if not chosen.make_only:
            visit(database, chosen.visits)


if __name__ == "__main__":
    main()
