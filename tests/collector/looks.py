"""A collector with a fleet, and the system's own Chromium to look at its pages with."""

from __future__ import annotations

import json
import shutil
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import insert

from readiness.collector import choices, drafts, jobs, keeping, requirements, rerating, tables
from readiness.collector.access import Access, Role
from readiness.collector.app import create_app
from readiness.collector.database import Database, open_database
from readiness.collector.store import Store

GOLDEN = Path(__file__).parent.parent / "golden" / "reports"
NAMES = (
    "windows-ready", "windows-ready", "windows-near-limit", "windows-no-headset", "windows-bad-wifi",
    "windows-camera-busy", "macos-camera-denied", "macos-jerky-picture", "linux-camera-crashed", "windows-ready",
)  # fmt: skip
UNITS = ("Hemtjänsten", "Skolan", "Kontaktcenter", "Vård och omsorg", None)
MODELS = ("Latitude 5440", "EliteBook 840 G10", "ThinkPad T14", "MacBook Air 13")


@dataclass(frozen=True, kw_only=True)
class Collector:
    """One that answers, and where its pages are."""

    url: str
    database: Database
    report: str
    device: str
    job: int

    def link(self, role: Role = Role.ADMIN) -> str:
        return f"{self.url}/link/{Access(self.database).new_link('/overview', role)}"

    def pages(self) -> tuple[str, ...]:
        """Every page, with and without what it can show."""
        return (
            "/overview", "/needs", "/findings", "/findings/camera.in_use", "/computers", "/computers?q=nothing",
            f"/computers/{self.device}", "/reports", "/reports?q=nothing", f"/reports/{self.report}",
            f"/reports/{self.report}?under=shipped:teams", "/requirements", f"/requirements/jobs/{self.job}",
            "/choices", "/access", "/nothing",
        )  # fmt: skip


def fill(database: Database, count: int = 80) -> tuple[str, str]:
    """A small municipality; the id of a report, and the device that has two."""
    now = datetime.now(UTC).replace(microsecond=0)
    with database.writing() as connection:
        choices.expect(
            connection, "\n".join(f"KS-{number};{UNITS[number % 4]}" for number in range(count + 12))
        )
        choices.choose(connection, {"goal_percent": "95", "goal_day": "2027-06-30", "price_camera": "690"})
    report = ""
    for number in range(count + 1):
        machine = number % count
        body, report = _body(
            NAMES[number % len(NAMES)], machine, now - timedelta(days=200 * (number % 23 == 7))
        )
        Store(database, clock=lambda: now).add(body)
    with database.writing() as connection:
        connection.execute(
            insert(tables.trend),
            [
                {"day": (now - timedelta(days=60 - day)).date().isoformat(), "unit": "", "known": 90, "ready": 40 + day // 3}
                for day in range(60)
            ],
        )  # fmt: skip
        keeping.remember_day(connection, now, timedelta(days=180))
        device = "device-0"
        connection.execute(
            insert(tables.note).values(computer_number=1, written_at=now, author="eva", text="Bytte headset.")
        )
    return report, device


def _body(name: str, machine: int, tested: datetime) -> tuple[bytes, str]:
    document: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text())
    report = str(uuid.uuid4())
    document |= {"id": report, "created_utc": f"{tested:%Y-%m-%dT%H:%M:%SZ}"}
    document["computer"] |= {
        "device_id": f"device-{machine}",
        "host_name": f"RH-{4700 + machine}",
        "asset_tag": f"KS-{machine}",
        "unit": UNITS[machine % len(UNITS)],
        "model": MODELS[machine % 4],
        "drivers": {"camera": "10.0.22621.1", "sound": "6.0.9"},
    }
    document["trials"] = [{"devices": {"camera": "USB 0c45"}, "results": document["results"][:2]}]
    return json.dumps(document).encode(), report


def try_requirements(database: Database) -> int:
    """Have other requirements adopted, and others tried; the number of what was tried."""
    now = datetime.now(UTC)
    with database.reading() as connection:
        text = requirements.text_of(connection, "shipped:organisation") or ""
    with database.writing() as connection:
        jobs.adopt(connection, now, "eva", "shipped:organisation", text)
    written = {"required:computer.cores:at_least:": "8", "recommended:computer.cores:at_least:": "12"}
    with database.writing() as connection:
        number = jobs.ask(
            connection, now, "eva", "adopted:1", drafts.drafted(text, text, written, now.date(), "eva")
        )
    rerating.work(database)
    return number


@contextmanager
def collector(folder: Path, *, count: int = 80) -> Iterator[Collector]:
    """One with a small municipality, on a port of its own."""
    database = open_database(f"sqlite:///{folder / 'collector.sqlite3'}")
    report, device = fill(database, count)
    job = try_requirements(database)
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(database), http="h11", ws="none", lifespan="off", log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield Collector(url=url, database=database, report=report, device=device, job=job)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
        database.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("These tests look at the pages in Chromium. Install it with: apt-get install -y chromium", pytrace=False)  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        try:
            yield browser
        finally:
            browser.close()
