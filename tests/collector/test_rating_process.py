"""Other requirements are worked out by a process of their own, while the collector goes on answering."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from readiness.collector.access import Access, Role
from readiness.collector.database import open_database
from tests.collector import looks, samples
from tests.collector.test_pages import token
from tests.collector.test_process import said, sending, serving
from tests.collector.test_requirements import CORES, fields


def until(client: httpx.Client, page: str, words: str) -> str:
    """The page once it says `words`."""
    deadline = time.monotonic() + 100
    while time.monotonic() < deadline:
        text = client.get(page, follow_redirects=True).text
        if words in text:
            return text
        threading.Event().wait(0.2)
    pytest.fail(f"{page} never said {words!r}")


@contextmanager
def signed_in(url: str, address: str) -> Iterator[httpx.Client]:
    database = open_database(address)
    link = Access(database).new_link("/overview", Role.ADMIN)
    database.close()
    with httpx.Client(base_url=url, timeout=60) as client:
        client.get(f"/link/{link}")
        yield client


def test_a_change_is_tried_adopted_and_used_by_a_running_collector(database_url: str) -> None:
    database = open_database(database_url)
    looks.fill(database, 30)
    database.close()
    with serving("--database", database_url) as (url, process), signed_in(url, database_url) as client:
        form = fields(client.get("/requirements?lang=sv").text)
        job = client.post("/requirements", data=form | {CORES: "64"}).headers["location"]
        done = until(client, job, "Ta kraven i bruk")
        assert re.search(r"[1-9]\d* av \d+ datorer får ett annat resultat", done)
        adopt = {"form_token": token(done), "base": f"job:{job.rpartition('/')[2]}"}
        assert client.post("/requirements/adopt", data=adopt).status_code == 303
        until(client, "/computers?state=limited", "RH-4700")  # it was ready
        key = said("key", "new", "--database", database_url)
        sent = client.post("/api/v1/reports", content=samples.body(), headers=sending(client, key))
        assert sent.status_code == 201
        learned = client.get("/api/v1/requirements", headers=sending(client, key))
        assert "recommended = 64" in learned.text
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0


def test_work_that_a_kill_interrupted_is_done_after_the_next_start(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'collector.sqlite3'}"
    database = open_database(address)
    looks.fill(database, 30)
    database.close()
    with serving("--database", address) as (url, process), signed_in(url, address) as client:
        form = fields(client.get("/requirements?lang=sv").text)
        job = client.post("/requirements", data=form | {CORES: "64"}).headers["location"]
        process.kill()
        process.wait()
    with serving("--database", address) as (url, _), signed_in(url, address) as client:
        until(client, f"{job}?lang=sv", "Ta kraven i bruk")


def test_the_process_ends_quietly_when_its_work_is_done(database_url: str) -> None:
    open_database(database_url).close()
    process = subprocess.Popen(
        [sys.executable, "-m", "readiness.collector.rating_process"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(json.dumps({"database": database_url}).encode() + b"\n")
        process.stdin.flush()
        assert process.wait(timeout=60) == 0  # while its standard input is open
        assert process.stderr.read() == b""


def test_the_process_ends_with_the_collector(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", "from readiness.collector import rating_process as p; p._first_line(); p._end_with_the_collector()"],
        stdin=subprocess.PIPE,
    )  # fmt: skip
    with process:
        assert process.stdin is not None
        process.stdin.write(b"{}\n")
        process.stdin.close()
        assert process.wait(timeout=60) == 1
