"""The network checks over emulated links: what was set, what they measured, seconds, bytes, and real calls.

    python3 tests/benchmarks/links.py [--only media_path,capacity] [--aside] [--beside up|down] [NAME or "rate=2M rtt=40 ..."] ...

As root, on Linux. Without names all of tests/lab/link.py's. One line a link and direction; `?` marks a
figure off its aim: RTT by 2 ms or 3 %, loss outside its own interval, jitter by 15 %, capacity by 10 % up to
10 Mbit/s (and below that on faster lines), a prediction that no real call over that link confirms. Rows during
which this computer sent late are marked `busy`. Names are answered on the link, and services with them
(tests/lab/services.py). The seconds of a link are those from the start of its first check to the end of its last.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from readiness.core.model import Event  # noqa: E402
from tests.lab.calls import CLASSES, calls, classes  # noqa: E402
from tests.lab.link import ASIDE, CLIENT, PROFILES, SERVER, Link, link  # noqa: E402
from tests.lab.services import services  # noqa: E402

CHECKS = "connection,media_path,location,capacity"
CELLS = ("audio", "video_360")
INSIDE, TOOK = "--inside", "checks took "
LATE_MS = 10.0
TOLD_KBPS = 10_000.0


@contextlib.contextmanager
def collector(up: Link, folder: Path) -> Iterator[dict[str, str]]:
    """A collector on the link's far side, and what the client must know of it."""
    database = f"sqlite:///{folder / 'collector.sqlite3'}"
    program = [sys.executable, "-m", "readiness.collector"]
    key = subprocess.run(
        [*program, "key", "new", "--database", database], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.strip()
    where = ["--host", SERVER, "--port", "443", "--udp-port", "3478", "--allow-insecure"]
    serving = subprocess.Popen(
        up.server(*program, "serve", *where, "--announce", "--database", database),
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert serving.stdout is not None
    try:
        url = json.loads(serving.stdout.readline())["url"]
        yield {"READINESS_COLLECTOR_URL": url, "READINESS_ENROLMENT_KEY": key}
    finally:
        serving.terminate()
        serving.wait(15)
        serving.stdout.close()


def check(up: Link, environment: dict[str, str], only: str) -> tuple[dict[str, dict[str, Any]], float]:
    """The results of one run on the client's side, by check, and how long they took together."""
    done = subprocess.run(
        up.client(sys.executable, __file__, INSIDE, "check", "--only", only, "--json", "--unattended", "--allow-insecure"),
        capture_output=True, text=True, cwd=ROOT, env={**os.environ, **environment}, check=False, timeout=180,
    )  # fmt: skip
    try:
        report = json.loads(done.stdout)
    except ValueError:
        sys.exit(done.stderr or done.stdout)
    took = float(done.stderr.splitlines()[-1].removeprefix(TOOK))
    return {result["check_id"]: result for result in report["results"]}, took


@contextlib.contextmanager
def transfer(up: Link, way: str) -> Iterator[None]:
    """A TCP stream in one direction that takes all it can get; two seconds old when the block begins."""
    sink = (
        "import socket; s = socket.create_server(('', 5001)); print(flush=True); c = s.accept()[0]\n"
        "while c.recv(65536): pass"
    )
    source = (
        f"import socket; c = socket.create_connection((%r, 5001))\nwhile True: c.send({bytes(1024)!r} * 64)"
    )
    there, here = (up.server, up.client) if way == "up" else (up.client, up.server)
    taking = subprocess.Popen(there(sys.executable, "-c", sink), stdout=subprocess.PIPE)
    assert taking.stdout is not None
    taking.stdout.readline()
    giving = subprocess.Popen(here(sys.executable, "-c", source % (SERVER if way == "up" else CLIENT)))
    try:
        time.sleep(2)
        yield
    finally:
        for process in (giving, taking):
            process.kill()
            process.wait()
        taking.stdout.close()


def inside(arguments: list[str]) -> int:
    """The program itself, which tells on standard error how long its checks took from the first to the last."""
    from readiness.core import runner

    run = runner.run

    async def timed(*given: Any) -> AsyncIterator[Event]:
        begun = time.monotonic()
        async for event in run(*given):
            yield event
        print(f"{TOOK}{time.monotonic() - begun:.3f}", file=sys.stderr)

    runner.run = timed  # before anybody has taken it from there
    from readiness.cli import run as program

    return program(arguments)


def wished(parameters: str, way: str) -> dict[str, float]:
    """What was set for one direction: delay, jitter, loss and rate."""
    found = {"delay": 0.0, "jitter": 0.0, "loss": 0.0, "rate": 0.0}
    for word in parameters.split():
        name, _, value = word.partition("=")
        owner, _, plain = name.rpartition(".")
        number = float(re.match(r"[0-9.]*", value)[0] or 0)  # type: ignore[index]
        if owner not in ("", way):
            continue
        if plain == "rtt":
            found["delay"] = number / 2
        elif plain == "rate":
            found["rate"] = number * 1000 if value.endswith("M") else number
        elif plain == "burst":
            found["loss"] += number
        elif plain == "outage":
            every, _, lasts = value.partition("/")
            found["loss"] += 100 * float(lasts) / float(every)
        elif plain in found:
            found[plain] += number
    return found


def expected_rtt(parameters: str) -> float:
    return sum(wished(parameters, way)["delay"] for way in ("up", "down"))


def told(parameters: str, way: str, media: dict[str, Any], capacity: dict[str, Any], score: Score) -> str:
    """One direction: figures set and measured, and the cells."""
    wish = wished(parameters, way)
    words = []
    for name, figure in (("loss", "loss_percent"), ("jitter", "jitter_ms")):
        value = media.get(f"{figure}_{way}")
        low, high = (media.get(f"{figure}_{way}_{end}") for end in ("low", "high"))
        if value is None:
            words.append(f"{name} -")
            continue
        off = (
            not low <= wish["loss"] <= high
            if name == "loss"
            else abs(value - wish["jitter"]) > 0.15 * wish["jitter"] and wish["jitter"] > 0
        )
        score.count(name, not off)
        words.append(f"{name} {wish[name]:g} -> {value:.2f} [{low:.2f} {high:.2f}]{'?' if off else ''}")
    rate = capacity.get(f"capacity_kbps_{way}")
    words.append(f"kbit/s {wish['rate']:g} -> {rate or 0:.0f}")
    if rate is not None and wish["rate"]:
        slow = wish["rate"] <= TOLD_KBPS
        off = abs(rate - wish["rate"]) > 0.1 * wish["rate"] if slow else rate < TOLD_KBPS
        score.count("capacity to 10 Mbit/s" if slow else "capacity above", not off)
        words[-1] += "?" * off
    for beside, name in ((None, "prediction"), (way, "prediction_busy")):
        real = [call for call in calls(parameters) if call["beside"] == beside and not call["relayed"]]
        for cell in CELLS:
            said = media.get(name, {}).get(cell, {}).get(way, "unknown")
            if not real:  # told, with nothing to hold it against
                words.append(f"({cell}{' busy' if beside else ''} {said})")
                continue
            allowed = set().union(*(classes(call, way, cell) for call in real))
            score.compare(said, allowed)
            mark = "" if said in allowed else f"? real {'/'.join(sorted(allowed, key=CLASSES.index))}"
            words.append(f"{cell}{' busy' if beside else ''} {said}{mark}")
    return f"    {way:4} " + "  ".join(words)


class Score:
    """What agreed, over all links."""

    def __init__(self) -> None:
        self.kept: dict[str, list[bool]] = {}
        self.better = self.far = 0
        self.seconds: list[float] = []
        self.kilobytes: list[float] = []
        self.seconds_of: dict[str, list[float]] = {}

    def count(self, name: str, good: bool) -> None:
        self.kept.setdefault(name, []).append(good)

    def compare(self, said: str, allowed: set[str]) -> None:
        self.count("prediction", said in allowed)
        if said in CLASSES:
            places = [CLASSES.index(one) for one in allowed]
            self.better += CLASSES.index(said) < min(places)
            self.far += min(abs(CLASSES.index(said) - place) for place in places) > 1


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=CHECKS)
    parser.add_argument("--aside", action="store_true", help="links that nothing was fitted to")
    parser.add_argument("--beside", choices=("up", "down"), help="with a TCP transfer going on all the time")
    parser.add_argument("links", nargs="*")
    wish = parser.parse_args(arguments)
    score = Score()
    with (
        tempfile.TemporaryDirectory() as name,
        link("rtt=1") as up,
        services(up),
        collector(up, Path(name)) as known,
    ):
        environment = {**known, "XDG_DATA_HOME": name, "XDG_CONFIG_HOME": name}
        known_links = {**PROFILES, **ASIDE}
        for named in wish.links or list(ASIDE if wish.aside else PROFILES):
            parameters = known_links.get(named, named)
            up.set(parameters)
            time.sleep(0.3)
            with transfer(up, wish.beside) if wish.beside else contextlib.nullcontext():
                results, seconds = check(up, environment, wish.only)
            media = results.get("media_path", {}).get("evidence", {})
            capacity = results.get("capacity", {}).get("evidence", {})
            took = {key: result["seconds"] for key, result in results.items()}
            for key, one in took.items():
                score.seconds_of.setdefault(key, []).append(one)
            used = (media.get("bytes_used") or 0) + (capacity.get("bytes_used") or 0)
            score.seconds.append(seconds)
            score.kilobytes.append(used / 1000)
            rtt, set_rtt = media.get("rtt_ms_p50"), expected_rtt(parameters)
            off = (
                rtt is not None and abs(rtt - set_rtt) > max(2, 0.03 * set_rtt) and "jitter" not in parameters
            )
            if rtt is not None and "jitter" not in parameters:
                score.count("rtt", not off)
            late = media.get("sent_late_ms_p95")
            busy = "  busy" if late is not None and late > LATE_MS else ""
            print(
                f"{named:40} {seconds:5.1f} s {used / 1000:6.0f} kB  rtt {set_rtt:g} -> "
                f"{'-' if rtt is None else round(rtt, 1)}{'?' if off else ''}"
                f"  late {late}{busy}  {media.get('problem') or ''}"
                f"  ({', '.join(f'{key} {one:.1f} s' for key, one in took.items())})",
                flush=True,
            )  # fmt: skip
            for way in ("up", "down"):
                print(told(parameters, way, media, capacity, score), flush=True)
    for figure, kept in score.kept.items():
        print(f"{figure}: {sum(kept)} of {len(kept)} ({100 * sum(kept) / len(kept):.0f} %)")
    print(f"a class better than every real call: {score.better}; more than one off: {score.far}")
    print(f"kilobytes: median {statistics.median(score.kilobytes):.0f}, most {max(score.kilobytes):.0f}")
    for name, taken in (("all of them together", score.seconds), *score.seconds_of.items()):
        print(f"seconds, {name}: median {statistics.median(taken):.1f}, longest {max(taken):.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(inside(sys.argv[2:]) if sys.argv[1:2] == [INSIDE] else main(sys.argv[1:]))
