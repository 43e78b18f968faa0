"""An hour of load: reports, pages, exports and work, and the collector's memory stays as it was."""

from __future__ import annotations

import itertools
import os
import random
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from readiness.collector.access import Access
from readiness.collector.database import open_database
from readiness.collector.tokens import Tokens
from tests.collector import looks, samples
from tests.collector.test_process import serving
from tests.collector.test_rating_process import signed_in
from tests.collector.test_requirements import CORES, fields

SECONDS = float(os.environ.get("MOTESKLAR_LOAD_SECONDS", "3600"))
COMPUTERS = 400
PAGES = (
    "/overview", "/needs", "/findings", "/computers?q=4", "/reports", "/reports?q=rh", "/requirements", "/choices",
    "/computers/device-0", "/api/v1/exports/computers.csv", "/api/v1/exports/reports.json?q=47", "/metrics",
)  # fmt: skip


@pytest.mark.long
@pytest.mark.timeout(SECONDS + 600)
def test_memory_is_flat_under_load(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'collector.sqlite3'}"
    database = open_database(address)
    looks.fill(database, 60)
    access, tokens = Access(database), Tokens(database)
    known = access.key(access.new_key())
    assert known is not None
    hosts = {
        f"LOAD-{number}": tokens.enrol(known.number, samples.device_id(f"LOAD-{number}"))
        for number in range(COMPUTERS)
    }
    database.close()
    done = {"reports": 0, "pages": 0, "refused": 0}
    stop = threading.Event()
    with serving("--database", address) as (url, process), signed_in(url, address) as client:
        form = fields(client.get("/requirements?lang=sv").text)

        def send(turn: int) -> None:
            host = random.choice(list(hosts))
            headers = {"Authorization": f"Bearer {hosts[host]}", "Content-Type": "application/json"}
            answer = client.post("/api/v1/reports", content=samples.body(host_name=host), headers=headers)
            done["reports" if answer.status_code == 201 else "refused"] += 1
            assert answer.status_code in (201, 429), answer.text

        def look(turn: int) -> None:
            answer = client.get(PAGES[turn % len(PAGES)])
            done["pages"] += 1
            assert answer.status_code in (200, 429), (answer.url, answer.status_code)

        def work(turn: int) -> None:
            client.post("/requirements", data=form | {CORES: str(2 + turn % 60)})
            stop.wait(5)

        failures: list[BaseException] = []

        def again(step: Callable[[int], None], pause: float) -> None:
            try:
                for turn in itertools.count():
                    if stop.wait(pause):
                        return
                    step(turn)
            except BaseException as error:
                failures.append(error)
                stop.set()

        drivers = [threading.Thread(target=again, args=(send, 0.02)) for _ in range(3)]
        drivers += [threading.Thread(target=again, args=(look, 0.2)), threading.Thread(target=again, args=(work, 1))]  # fmt: skip
        for driver in drivers:
            driver.start()
        collector, seen = psutil.Process(process.pid), []
        started = time.monotonic()
        while time.monotonic() - started < SECONDS and not stop.wait(SECONDS / 240):
            seen.append(collector.memory_info().rss / 2**20)
        stop.set()
        for driver in drivers:
            driver.join()
    if failures:
        raise failures[0]
    part = len(seen) // 6
    early, late = statistics.median(seen[part : 2 * part]), statistics.median(seen[-part:])
    print(f"\n{SECONDS:.0f} s, {done}: {early:.0f} MiB after a sixth, {late:.0f} MiB in the last sixth, most {max(seen):.0f} MiB")  # fmt: skip
    assert done["reports"] > SECONDS
    assert late < 1.1 * early + 5
