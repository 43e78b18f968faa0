"""How fast IT's pages are over a large fleet, and what a report takes in the database.

    python -m tests.benchmarks.fleet [--computers 100000] [--reports 2000000] [--database URL] [--visits 40]

Makes the fleet (in a temporary SQLite file unless a database is named), then visits each page, and prints
the median and the 95th percentile in milliseconds, the time to accept reports one by one with a durable
commit beside bare inserts of the same rows, and bytes a report.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sqlite3
import statistics
import tempfile
import time
import uuid
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, insert, select

from readiness.collector import choices, tables
from readiness.collector.access import Access, Role
from readiness.collector.app import create_app
from readiness.collector.database import Database, open_database
from readiness.collector.store import Store
from tests.collector import samples

UNITS = [f"Enhet {number}" for number in range(40)]
MODELS = [f"Model {number}" for number in range(30)]
NEEDS = {"camera.absent": "camera", "microphone.absent": "headset", "connection.tcp_blocked": "network_line", "camera.soft": None}  # fmt: skip
AT_ONCE = 5_000
NOW = datetime.now(UTC).replace(microsecond=0)


def report_body(rng: random.Random, host: str) -> bytes:
    """One report of realistic size: eight checks with thirty figures each."""
    document = samples.document(host_name=host)
    results = []
    for check in (
        "computer",
        "camera",
        "microphone",
        "speaker",
        "connection",
        "media_path",
        "capacity",
        "location",
    ):
        evidence = {f"figure_{number}_ms": round(rng.uniform(0, 500), 2) for number in range(30)}
        results.append({**document["results"][0], "check_id": check, "evidence": evidence, "findings": []})
    return json.dumps(document | {"results": results}).encode()


def rows(computers: int, reports: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The rows of a fleet, table by table in pieces; documents are drawn from a thousand."""
    rng = random.Random(1)
    documents = [zlib.compress(report_body(rng, f"PC-{number}")) for number in range(1000)]
    each = max(1, reports // computers)
    batch: dict[str, list[dict[str, Any]]] = {"report": [], "computer": [], "standing": []}
    number = 0
    for machine in range(computers):
        host, unit, model = f"PC-{machine:06d}", rng.choice(UNITS), rng.choice(MODELS)
        device = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        found = [code for code in NEEDS if rng.random() < 0.12]
        verdict = "NOT_READY" if found else rng.choice(("READY", "READY", "READY", "LIMITED", "UNKNOWN"))
        able = dict.fromkeys(("listen", "talk", "share_screen"), "READY") | {"be_seen": verdict}
        for turn in range(each):
            number += 1
            received = NOW - timedelta(days=rng.uniform(0, 20) + 7 * (each - turn))
            batch["report"].append(
                {
                    "number": number, "id": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
                    "receipt": _code(number), "received_at": received, "created_at": received,
                    "digest": rng.randbytes(32), "document": rng.choice(documents), "device_id": device,
                    "host_name": host, "asset_tag": f"KS-{machine}", "unit": unit, "model": model,
                    "system": "Windows 11", "app_version": "0.1.0", "profile_id": "organisation",
                    "profile_version": "1", "overall": verdict, **able, "partial": False,
                    "search": f"{host}\nks-{machine}".casefold(),
                }
            )  # fmt: skip
        batch["computer"].append(
            {
                "number": machine + 1, "device_id": device, "host_name": host, "host_key": host.casefold(),
                "asset_tag": f"KS-{machine}", "asset_key": f"ks-{machine}", "unit": unit, "model": model,
                "system": "Windows 11", "network_kind": "wifi", "report_number": number,
                "tested_at": received, "seen_at": received, "overall": verdict, **able,
                "needs": " ".join(sorted({NEEDS[code] or "" for code in found} - {""})),
            }
        )  # fmt: skip
        batch["standing"] += [
            {
                "computer_number": machine + 1, "code": code, "verdict": "NOT_READY", "need": NEEDS[code],
                "driver": f"10.0.{rng.randrange(9)}", "since": received,
            }
            for code in found
        ]  # fmt: skip
        if len(batch["report"]) >= AT_ONCE or machine == computers - 1:
            yield from batch.items()
            batch = {"report": [], "computer": [], "standing": []}


def _code(number: int) -> str:
    letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    code = ""
    for _ in range(7):
        number, left = divmod(number, len(letters))
        code += letters[left]
    return code


def fill(database: Database, computers: int, reports: int) -> None:
    """Write the fleet."""
    for name, values in rows(computers, reports):
        if values:
            with database.writing() as connection:
                connection.execute(insert(tables.metadata.tables[name]), values)
    with database.writing() as connection:
        listed = "\n".join(f"PC-{number:06d};{UNITS[number % 40]}" for number in range(computers + computers // 20))  # fmt: skip
        choices.expect(connection, listed)


def visit(database: Database, visits: int) -> None:
    """Print how long each page takes, rendered whole, in this process."""
    link = Access(database).new_link("/overview", Role.ADMIN)
    with database.reading() as connection:
        device = connection.scalar(select(tables.computer.c.device_id).limit(1))
        report = connection.scalar(select(tables.report.c.id).limit(1))
    pages = (
        "/overview", "/needs", "/findings", "/findings/camera.absent", "/computers", "/computers?state=not_ready",
        "/computers?code=camera.absent&unit=Enhet 3", "/computers?q=012", f"/computers/{device}", "/reports",
        "/reports?q=pc-0123", f"/reports/{report}",
    )  # fmt: skip

    async def measured() -> None:
        transport = httpx.ASGITransport(app=create_app(database))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8470", timeout=120
        ) as client:
            await client.get(f"/link/{link}")
            for page in pages:
                took = []
                for _ in range(visits + 1):
                    started = time.perf_counter()
                    answer = await client.get(page)
                    assert answer.status_code == 200, (page, answer.status_code)
                    took.append(1000 * (time.perf_counter() - started))
                took = sorted(took[1:])
                p95 = took[min(len(took) - 1, round(0.95 * len(took)))]
                print(f"{page[:60]:<60} median {statistics.median(took):7.1f} ms   p95 {p95:7.1f} ms")

    asyncio.run(measured())


def accept(database: Database, count: int = 300) -> None:
    """Print reports accepted a second, beside bare inserts of the same rows with the same durability."""
    rng = random.Random(2)
    store = Store(database)
    bodies = [report_body(rng, f"NEW-{number}") for number in range(count)]
    started = time.perf_counter()
    for body in bodies:
        store.add(body)
    ours = count / (time.perf_counter() - started)
    with tempfile.TemporaryDirectory() as folder:
        bare = sqlite3.connect(Path(folder) / "bare.sqlite3", isolation_level=None)
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = FULL")
        bare.execute("CREATE TABLE report (id TEXT PRIMARY KEY, device TEXT, document BLOB)")
        started = time.perf_counter()
        for body in bodies:
            bare.execute("INSERT INTO report VALUES (?, ?, ?)", (str(uuid.uuid4()), "x", body))
        plain = count / (time.perf_counter() - started)
        bare.close()
    print(f"accepted {ours:.0f} reports/s; bare SQLite inserts {plain:.0f}/s; ratio {ours / plain:.2f}")


def main() -> None:
    """Run it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--computers", type=int, default=100_000)
    arguments.add_argument("--reports", type=int, default=2_000_000)
    arguments.add_argument("--database")
    arguments.add_argument("--visits", type=int, default=40)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "fleet.sqlite3"
        database = open_database(chosen.database or str(file))
        started = time.perf_counter()
        fill(database, chosen.computers, chosen.reports)
        print(
            f"{chosen.computers} computers, {chosen.reports} reports made in {time.perf_counter() - started:.0f} s"
        )
        with database.reading() as connection:
            count = connection.scalar(select(func.count()).select_from(tables.report)) or 1
        if not chosen.database:
            print(f"{file.stat().st_size / count:.0f} bytes a report")
        visit(database, chosen.visits)
        accept(database)
        database.close()


if __name__ == "__main__":
    main()
