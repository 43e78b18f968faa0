"""The capacity check on emulated links that do what no speed test likes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lab.link import SERVER, Link, link
from tests.lab.tokens import token_in

pytestmark = pytest.mark.device

ROOT = Path(__file__).parents[2]
SESSION = """
import asyncio, json, sys
from readiness.network.session import open_session
print(json.dumps(asyncio.run(open_session(sys.argv[1], sys.argv[2], 8)).to_json()))
"""


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Link, str, str]]:
    """A link with a collector on its far side."""
    folder = tmp_path_factory.mktemp("collector")
    database = f"sqlite:///{folder / 'collector.sqlite3'}"
    program = [sys.executable, "-m", "readiness.collector"]
    token = token_in(database)
    with link("rate=20M rtt=20") as up:
        where = ["--host", SERVER, "--port", "8470", "--udp-port", "3478", "--allow-insecure", "--announce"]
        serving = subprocess.Popen(
            up.server(*program, "serve", *where, "--database", database),
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        try:
            assert serving.stdout is not None
            yield up, json.loads(serving.stdout.readline())["url"], token
        finally:
            serving.terminate()
            serving.wait(20)
            if serving.stdout is not None:
                serving.stdout.close()


def begun(line: tuple[Link, str, str], *, udp: bool = True) -> subprocess.Popen[str]:
    up, url, token = line
    session = None
    if udp:
        asked = up.client(sys.executable, "-c", SESSION, url, token)
        done = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=ROOT, timeout=60)
        session = json.loads(done.stdout)
    process = subprocess.Popen(
        up.client(sys.executable, "-m", "readiness.network.probe"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    wish = {
        "url": url,
        "token": token,
        "session": session,
        "edges_kbps": {"up": [500, 4000], "down": [500, 4000]},
        "red_kbps": {"up": 100, "down": 100},
        "budget_bytes": 8_000_000,
    }
    assert process.stdin is not None
    process.stdin.write(json.dumps({"do": "capacity", "with": wish}) + "\n")
    process.stdin.flush()
    return process


def ended(process: subprocess.Popen[str]) -> dict[str, Any]:
    with process:
        assert process.stdout is not None
        said = [json.loads(told) for told in process.stdout]
    result: dict[str, Any] = said[-1]["result"]
    assert result["bytes_used"] <= 8_000_000
    return result


def test_a_narrow_line_with_a_long_queue_is_found_in_seconds(line: tuple[Link, str, str]) -> None:
    line[0].set("up.rate=1000 down.rate=2M rtt=40 queue=800ms")
    found = ended(begun(line))
    # Wide: this shows that it works; how exactly, tests/benchmarks/links.py prints.
    assert found["capacity_kbps_up"] == pytest.approx(1000, rel=0.25)
    assert found["capacity_kbps_down"] == pytest.approx(2000, rel=0.25)
    assert found["loaded_rtt_ms_up"] > 500
    assert found["loaded_rtt_ms_down"] > 500


def test_where_udp_is_blocked_transfers_tell(line: tuple[Link, str, str]) -> None:
    line[0].set("rate=3M rtt=20 block=udp")
    found = ended(begun(line, udp=False))
    assert found["method_up"] == found["method_down"] == "https"
    assert found["capacity_kbps_up"] == pytest.approx(3000, rel=0.4)
    assert found["capacity_kbps_down"] == pytest.approx(3000, rel=0.4)


def test_a_network_that_goes_away_ends_the_measurement_with_what_there_was(
    line: tuple[Link, str, str],
) -> None:
    line[0].set("rate=1M rtt=40 queue=300ms")
    process = begun(line)
    began = time.monotonic()
    # The stream begins when the probe has started: once this computer has sent something over the link.
    device = line[0].client("cat", "/sys/class/net/wan0/statistics/tx_packets")
    before = int(subprocess.check_output(device))
    while int(subprocess.check_output(device)) < before + 40 and time.monotonic() < began + 20:
        time.sleep(0.02)
    line[0].set("block=all")
    found = ended(process)
    assert time.monotonic() - began < 20 + 15
    assert found["error"] or found["capacity_kbps_up"] is None
    line[0].set("rate=20M rtt=20")
