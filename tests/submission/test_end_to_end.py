"""The real collector process, and a submitting process that is killed again and again."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import dataclasses
import json
import os
import random
import select
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import pytest

from readiness import in_force
from readiness.checks import CHECKS
from readiness.collector import jobs
from readiness.collector.database import open_database
from readiness.core.report import compose, to_document
from readiness.settings import Settings, places
from readiness.submission.client import CollectorClient, DeliveryError
from readiness.submission.delivery import deliver
from readiness.submission.enrolment import Enrolment
from readiness.submission.outbox import Outbox, State
from tests.submission.samples import DEVICE, a_report, enrolment

ROOT = Path(__file__).parents[2]
KILLS = 10


@dataclass(frozen=True, kw_only=True)
class Collector:
    url: str
    key: str
    password: str
    database: str

    def credentials(self, folder: Path) -> Enrolment:
        return enrolment(self.url, self.key, folder)

    def reports(self) -> list[dict[str, Any]]:
        """Every report that it holds, as its own list tells it."""
        rows: list[dict[str, Any]] = []
        after = ""
        while True:
            page = self._get(f"/api/v1/reports?limit=500{after}")
            rows += page["reports"]
            if page["next"] is None:
                return rows
            after = f"&before={page['next']}"

    def report(self, name: str) -> dict[str, Any]:
        return self._get(f"/api/v1/reports/{name}")

    def _get(self, path: str) -> dict[str, Any]:
        login = base64.b64encode(f"reader:{self.password}".encode()).decode()
        request = urllib.request.Request(f"{self.url}{path}", headers={"Authorization": f"Basic {login}"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            parsed: dict[str, Any] = json.load(answer)
            return parsed


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "readiness.collector", *arguments]


def said(*arguments: str) -> str:
    ended = subprocess.run(
        command(*arguments),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        check=True,
    )
    return ended.stdout.strip()


@contextlib.contextmanager
def process(arguments: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A process of ours that is gone when the block ends."""
    with subprocess.Popen(
        arguments, cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    ) as started:
        try:
            yield started
        finally:
            started.terminate()
            try:
                started.wait(20)
            except subprocess.TimeoutExpired:
                started.kill()


def a_line(stream: IO[str] | None, seconds: float = 60) -> str:
    assert stream is not None
    assert select.select([stream], [], [], seconds)[0], "nothing was said in time"
    return stream.readline()


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    database = f"sqlite:///{tmp_path_factory.mktemp('collector') / 'collector.sqlite3'}"
    key = said("key", "new", "--database", database)
    password = said("user", "add", "reader", "--role", "reader", "--database", database).split()[-1]
    with process(command("serve", "--port", "0", "--announce", "--database", database)) as serving:
        url = json.loads(a_line(serving.stdout))["url"]
        yield Collector(url=url, key=key, password=password, database=database)


def test_a_report_arrives_whole(collector: Collector, tmp_path: Path) -> None:
    report = a_report()
    outbox = Outbox(tmp_path / "outbox")
    outbox.add(report)
    (delivery,) = asyncio.run(
        deliver(outbox, CollectorClient(collector.url, collector.credentials(tmp_path)))
    )
    assert delivery.state is State.DELIVERED
    assert delivery.reason is None
    assert delivery.receipt is not None
    assert collector.report(delivery.receipt) == collector.report(report.id) == to_document(report)


def test_sending_again_gives_the_same_receipt(collector: Collector, tmp_path: Path) -> None:
    client = CollectorClient(collector.url, collector.credentials(tmp_path))
    document = to_document(a_report())
    receipts = {asyncio.run(client.submit(document)) for _ in range(3)}
    assert len(receipts) == 1
    assert len([row for row in collector.reports() if row["id"] == document["id"]]) == 1


def test_what_the_collector_refuses_is_told_in_its_words(collector: Collector, tmp_path: Path) -> None:
    client = CollectorClient(collector.url, collector.credentials(tmp_path), attempts=1)
    document = to_document(a_report())
    asyncio.run(client.submit(document))
    for bad in (document | {"app_version": "other"}, document | {"id": a_report().id, "results": 7}):
        with pytest.raises(DeliveryError) as caught:
            asyncio.run(client.submit(bad))
        assert not caught.value.retry
        assert "did not take the report" in caught.value.text.en


def test_a_wrong_key_keeps_the_report_waiting(collector: Collector, tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    entry = outbox.add(a_report())
    stranger = enrolment(collector.url, "mk_" + "x" * 32, tmp_path)
    (delivery,) = asyncio.run(deliver(outbox, CollectorClient(collector.url, stranger, attempts=1)))
    assert delivery.state is State.WAITING
    assert delivery.reason is not None
    assert "key" in delivery.reason.en
    (delivery,) = asyncio.run(
        deliver(outbox, CollectorClient(collector.url, collector.credentials(tmp_path)))
    )
    assert delivery.state is State.DELIVERED
    assert collector.report(entry.report_id) == entry.document


def test_a_computer_that_it_shuts_out_keeps_its_reports_until_it_is_let_in(
    collector: Collector, tmp_path: Path
) -> None:
    outbox = Outbox(tmp_path / "outbox")
    client = CollectorClient(collector.url, collector.credentials(tmp_path))
    outbox.add(a_report(1))
    assert [sent.state for sent in asyncio.run(deliver(outbox, client))] == [State.DELIVERED]
    said("computer", "revoke", DEVICE, "--database", collector.database)
    try:
        waiting = outbox.add(a_report(2))
        (delivery,) = asyncio.run(deliver(outbox, client))
        assert delivery.state is State.WAITING
        assert delivery.reason is not None
        assert "has shut this computer out" in delivery.reason.en
    finally:
        said("computer", "allow", DEVICE, "--database", collector.database)
    listed = said("computer", "list", "--database", collector.database)
    assert DEVICE not in listed, "its old tokens are gone too"
    (delivery,) = asyncio.run(deliver(outbox, client))
    assert (delivery.report_id, delivery.state) == (waiting.report_id, State.DELIVERED)
    assert DEVICE in said("computer", "list", "--database", collector.database)


def test_a_computer_is_rated_by_what_it_adopted_there(collector: Collector, tmp_path: Path) -> None:
    where = dataclasses.replace(places(), data=tmp_path)
    found = Settings(collector_url=collector.url)
    credentials = collector.credentials(tmp_path)
    shipped = asyncio.run(in_force.asked(found, where, credentials))
    assert shipped.origin is in_force.Origin.PROGRAM
    text = (where.profiles / "organisation.toml").read_text("utf-8")
    with contextlib.closing(open_database(collector.database)) as database, database.writing() as connection:
        jobs.adopt(connection, datetime.now(UTC), "admin", "shipped:organisation", text)
    adopted = asyncio.run(in_force.asked(found, where, credentials))
    assert adopted.origin is in_force.Origin.SERVER
    assert adopted.profiles[0].version.endswith(".a1")
    assert adopted.profiles[0].limits == shipped.profiles[0].limits
    again = asyncio.run(in_force.asked(found, where, credentials))
    assert again == adopted
    report = compose(
        report_id=a_report().id, created_utc="2026-11-24T08:00:00Z", app_version="0.1.0",
        computer=a_report().computer, results=(), checks=CHECKS, profiles=adopted.profiles, chosen=None,
    )  # fmt: skip
    rating = to_document(report)["rating"]
    assert (rating["profile_name"], rating["profile_version"]) == (
        adopted.profiles[0].name,
        adopted.profiles[0].version,
    )


SUBMITTING = r"""
import asyncio, os, pathlib, sys, time
import httpx, stamina, truststore
from readiness.submission.client import CollectorClient
from readiness.submission.delivery import deliver
from readiness.submission.enrolment import Enrolment
from readiness.submission.outbox import Outbox
from tests.submission.samples import a_report, enrolment

def say(*words):
    os.write(1, (" ".join(words) + "\n").encode())

outbox_folder = pathlib.Path(sys.argv[1])
outbox = Outbox(outbox_folder)
client = CollectorClient(sys.argv[2], enrolment(sys.argv[2], sys.argv[3], outbox_folder.parent))
say("ready")
for _ in range(8):  # so that all of them stay in the history
    report = a_report(padding="x" * 20_000)
    outbox.add(report)
    say("added", report.id)
    for delivery in asyncio.run(deliver(outbox, client)):
        say(delivery.state, delivery.report_id, str(delivery.receipt))
time.sleep(60)
"""


def test_kills_at_random_moments_lose_nothing_and_double_nothing(
    collector: Collector, tmp_path: Path
) -> None:
    chance = random.Random(os.environ.get("READINESS_TEST_SEED", "kills"))
    folder = tmp_path / "outbox"
    before = {row["id"] for row in collector.reports()}
    told: list[list[str]] = []
    for _ in range(KILLS):
        with process([sys.executable, "-c", SUBMITTING, str(folder), collector.url, collector.key]) as client:
            assert a_line(client.stdout) == "ready\n"
            # Spread over the steps of the first rounds: write, sync, connect, send, receive, note.
            time.sleep(chance.uniform(0.0, 0.8))
            client.kill()
            assert client.stdout is not None
            told += [line.split() for line in client.stdout]
    added = {words[1] for words in told if words[0] == "added"}
    receipts = {words[1]: words[2] for words in told if words[0] == "delivered"}
    assert added, "no process came as far as adding a report"

    outbox = Outbox(folder)
    assert all(entry.state in (State.WAITING, State.DELIVERED) for entry in outbox.entries())
    asyncio.run(deliver(outbox, CollectorClient(collector.url, collector.credentials(tmp_path))))

    entries = {entry.report_id: entry for entry in outbox.entries()}
    assert {entry.state for entry in entries.values()} == {State.DELIVERED}
    rows = [row for row in collector.reports() if row["id"] not in before]
    arrived = [row["id"] for row in rows]
    assert added <= set(arrived), "none lost"
    assert len(arrived) == len(set(arrived)), "none doubled"
    assert len({row["receipt"] for row in rows}) == len(rows)
    assert {row["id"]: row["receipt"] for row in rows} == {
        report_id: entry.receipt for report_id, entry in entries.items()
    }
    for report_id, receipt in receipts.items():
        assert entries[report_id].receipt == receipt, "a receipt once given stays"
    for report_id, entry in entries.items():
        assert collector.report(report_id) == entry.document
