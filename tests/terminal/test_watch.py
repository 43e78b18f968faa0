"""`readiness watch` as people use it, against a real collector on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from readiness.network import watching
from readiness.network.link import Link
from tests.lab.collectors import collector
from tests.network.test_reach import free_port


def watch(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("READINESS_")}
    return subprocess.Popen(
        [sys.executable, "-m", "readiness", "watch", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**kept, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), **environment},
    )


def test_a_good_line_is_watched_and_reported(tmp_path: Path) -> None:
    with collector(tmp_path) as there:
        where = {"READINESS_COLLECTOR_URL": there.url, "READINESS_ENROLMENT_KEY": there.key}
        out, _ = watch(tmp_path, "--minutes", "0.2", "--json", **where).communicate(timeout=60)
        report = json.loads(out)
        assert report["collector"] == "127.0.0.1"
        assert report["watched_seconds"] >= 5
        assert {piece["state"] for piece in report["timeline"]} <= {"good", "trouble"}
        assert report["verdict"] in ("READY", "LIMITED")

        if sys.platform != "win32":
            stopped = watch(tmp_path, "--minutes", "60", "--lang", "en", **where)
            assert stopped.stderr is not None
            assert "Ctrl-C" in stopped.stderr.readline()
            stopped.send_signal(signal.SIGINT)
            out, _ = stopped.communicate(timeout=30)
            assert "could not be measured" in out or "was watched for" in out


def test_a_collector_that_is_away_is_on_the_timeline(tmp_path: Path) -> None:
    where = {"READINESS_COLLECTOR_URL": f"http://127.0.0.1:{free_port()}", "READINESS_ENROLMENT_KEY": "mk_x"}
    process = watch(tmp_path, "--minutes", "0.1", "--json", **where)
    out, _ = process.communicate(timeout=60)
    report = json.loads(out)
    assert process.returncode == 30
    assert report["verdict"] == "UNKNOWN"
    assert {piece["state"] for piece in report["timeline"]} == {"away"}


@pytest.mark.parametrize("environment", [{}, {"READINESS_COLLECTOR_URL": "http://127.0.0.1:9"}])
def test_without_a_collector_or_its_key_it_says_whom_to_ask(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    process = watch(tmp_path, **environment)
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Be IT om" in complaint


class Line:
    """An exchange whose windows are as the test says."""

    def __init__(self, *, heard: list[bool], sleeps: bool = False) -> None:
        self.heard, self.sleeps = heard, sleeps
        self.address = "127.0.0.1:3478"
        self.record = SimpleNamespace(round_trips=[])

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None: ...

    def greet(self, _seconds: float) -> bool:
        return True

    def run(self, *_: object) -> None:
        if self.heard.pop(0):
            self.record.round_trips.append(SimpleNamespace(rtt_ns=20_000_000))

    def finish(self, _seconds: float) -> None: ...

    def flights_up(self, _number: int) -> list[Any]:
        return []

    flights_down = flights_up

    def refused(self) -> bool:
        return False


class Reader:
    def read(self, towards: str) -> Link:
        return Link()

    def metered(self) -> bool | None:
        return None


SESSION = {
    "id": 4,
    "key": "AAAA",
    "host": "127.0.0.1",
    "port": 1,
    "seconds": 1200,
    "kbps": 200,
    "bytes": 10**6,
}


def watched(monkeypatch: pytest.MonkeyPatch, line: Line) -> tuple[str, int]:
    monkeypatch.setattr(watching, "Exchange", lambda *_args, **_kept: line)
    told: list[Any] = []
    arguments = {"session": SESSION, "seconds": 0.05, "window_seconds": 1.0}
    if len(line.heard) > 1:
        arguments["seconds"] = 100.0
    return watching.measure(arguments, told.append, Reader())["ended"], len(told)


def test_two_silent_windows_end_the_session_so_that_a_new_one_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert watched(monkeypatch, Line(heard=[True, False, True, False, False])) == ("silent", 5)


def test_sleep_ends_the_session_and_is_no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 3600.0])
    clock = SimpleNamespace(
        time=lambda: next(moments), gmtime=time.gmtime, strftime=time.strftime, monotonic=time.monotonic
    )
    monkeypatch.setattr(watching, "time", clock)
    assert watched(monkeypatch, Line(heard=[True, True])) == ("slept", 0)
