"""The collector killed at random moments while reports come in: what got a receipt is there, once."""

from __future__ import annotations

import json
import os
import random
import subprocess
import threading
import time
from collections import deque
from contextlib import AbstractContextManager

import httpx
import pytest
from sqlalchemy import select, text

from readiness.collector import receipts, tables
from readiness.collector.access import Access
from readiness.collector.database import open_database
from readiness.collector.tokens import Tokens
from tests.collector import samples
from tests.collector.test_process import serving

SENDERS = 6
COMPUTERS = 60


class Load:
    """Computers that send without pause, and again what got no receipt, as their outboxes do."""

    def __init__(self, tokens: dict[str, str]) -> None:
        self._tokens = tokens
        self._waiting: deque[tuple[str, str, bytes]] = deque()
        self._number = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._send) for _ in range(SENDERS)]
        self.url = ""
        self.sent: set[str] = set()
        self.receipts: dict[str, str] = {}
        self.wrong: list[str] = []

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """No new ones; returns when all that was sent has its receipt, or after a minute."""
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def _next(self) -> tuple[str, str, bytes] | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            if self._over.is_set():
                return None
            self._number += 1
            host = f"RH-{self._number % COMPUTERS}"
            body = samples.body(host_name=host)
            report = json.loads(body)["id"]
            self.sent.add(report)
            return report, host, body

    def _send(self) -> None:
        url = ""
        client = httpx.Client(trust_env=False, timeout=20)
        ends: float | None = None
        while True:
            if self._over.is_set():
                ends = ends or time.monotonic() + 50
                if time.monotonic() > ends:
                    break
            if url != self.url:
                url = self.url
                client.close()
                client = httpx.Client(trust_env=False, timeout=20)
            todo = self._next()
            if todo is None:
                break
            report, host, body = todo
            headers = {"Authorization": f"Bearer {self._tokens[host]}", "Content-Type": "application/json"}
            try:
                answer = client.post(f"{url}/api/v1/reports", content=body, headers=headers)
                receipt = answer.json()["receipt"] if answer.status_code in (200, 201) else None
                if receipt is None and answer.status_code not in (429, 503):
                    self.wrong.append(answer.text)
                    break
            except (httpx.HTTPError, httpx.InvalidURL, ValueError):
                receipt = None
            with self._lock:
                if receipt is None:
                    self._waiting.append(todo)
                elif self.receipts.setdefault(report, receipt) != receipt:
                    self.wrong.append(f"two receipts for {report}")
            if receipt is None:
                time.sleep(0.05)  # nobody is there at the moment
        client.close()


def collector(database_url: str) -> AbstractContextManager[tuple[str, subprocess.Popen[str]]]:
    return serving("--udp-port", "0", "--address-rate", "0", "--database", database_url)


def killed_again_and_again(database_url: str, kills: int) -> None:
    chance = random.Random(os.environ.get("READINESS_TEST_SEED", "kills"))
    database = open_database(database_url)
    access = Access(database)
    key = access.key(access.new_key())
    assert key is not None
    tokens = Tokens(database)
    hosts = [f"RH-{number}" for number in range(COMPUTERS)]
    load = Load({host: tokens.enrol(key.number, samples.device_id(host)) for host in hosts})
    database.close()
    load.start()
    before = 0
    try:
        for _ in range(kills):
            with collector(database_url) as (url, process):
                load.url = url
                if chance.random() < 0.3:  # while it starts, and before the first report
                    time.sleep(chance.uniform(0.0, 0.5))
                else:  # amid commits
                    enough, ends = len(load.receipts) + chance.randint(1, 40), time.monotonic() + 20
                    while len(load.receipts) < enough and time.monotonic() < ends:
                        time.sleep(0.002)
                    time.sleep(chance.uniform(0.0, 0.03))
                process.kill()
        with collector(database_url) as (url, _process):
            load.url = url
            before = len(load.receipts)
            load.stop()
    finally:
        load.url = ""
        load.stop()
    assert load.wrong == []
    assert before > kills, "the kills came amid reports"
    assert set(load.receipts) == load.sent, "each was accepted in the end"

    database = open_database(database_url)
    try:
        with database.reading() as connection:
            kept = connection.execute(
                select(tables.report.c.id, tables.report.c.receipt, tables.report.c.device_id)
            ).all()
            computers = dict(
                connection.execute(select(tables.computer.c.device_id, tables.computer.c.report_number)).all()
            )
            newest = dict(
                connection.execute(
                    select(tables.report.c.device_id, tables.report.c.number).order_by(tables.report.c.number)
                ).all()
            )
            if database_url.startswith("sqlite"):
                assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    finally:
        database.close()
    assert len(kept) == len({row.id for row in kept}), "none doubled"
    assert {row.id: receipts.shown(row.receipt) for row in kept} == load.receipts, "none lost, none other"
    assert computers == newest, "what the pages show is what was kept"
    print(f"{kills} kills, {before} receipts before the last start, {len(kept)} reports kept")


def test_ten_kills_amid_reports_lose_none_and_double_none(tmp_path: object) -> None:
    killed_again_and_again(f"sqlite:///{tmp_path}/c.sqlite3", 10)


@pytest.mark.long
@pytest.mark.timeout(3000)
def test_two_hundred_kills_amid_reports_lose_none_and_double_none(database_url: str) -> None:
    killed_again_and_again(database_url, 200)
