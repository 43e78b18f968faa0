"""Time from start to verdict, and the memory of all processes, for one whole run in the terminal.

    python -m tests.benchmarks.verdict [runs]

The camera and the microphone are recordings made here, and the report goes to a real collector on
loopback. Prints the seconds of each run (process start to exit) and the largest proportional set
size of the program and its children, seen every 20 ms. The collector's own is printed beside it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.benchmarks.memory import mebibytes, peak_mebibytes
from tests.gui.recordings import film, voice


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _recordings(folder)
        database = f"sqlite:///{folder / 'collector.sqlite3'}"
        collector = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "readiness.collector",
                "serve",
                "--port",
                "0",
                "--announce",
                "--database",
                database,
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert collector.stdout is not None
            url = json.loads(collector.stdout.readline())["url"]
            key = subprocess.check_output(
                [sys.executable, "-m", "readiness.collector", "key", "new", "--database", database], text=True
            ).strip()
            taken = [_run(folder, url, key) for _ in range(runs)]
            seconds, peaks = [row[0] for row in taken], [row[1] for row in taken]
            print(f"start to verdict and receipt: {_spread(seconds)} s ({runs} runs)")
            print(f"all processes of the check:   {_spread(peaks)} MiB at most")
            print(f"the collector beside it:      {mebibytes(psutil.Process(collector.pid)):.0f} MiB")
        finally:
            collector.terminate()
            collector.wait()


def _run(folder: Path, url: str, key: str) -> tuple[float, float]:
    environment = {
        **os.environ,
        "READINESS_COLLECTOR_URL": url,
        "READINESS_ENROLMENT_KEY": key,
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    started = time.monotonic()
    check = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "readiness",
            "check",
            "--unattended",
            "--submit",
            "--json",
            "--camera-file",
            str(folder / "film.avi"),
            "--microphone-file",
            str(folder / "voice.wav"),
        ],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    peak = peak_mebibytes(check)
    seconds = time.monotonic() - started
    assert check.stdout is not None
    assert json.loads(check.stdout.read())["delivery"]["receipt"]
    return seconds, peak


def _spread(values: list[float]) -> str:
    return f"min {min(values):.1f}, median {statistics.median(values):.1f}, max {max(values):.1f}"


def _recordings(folder: Path) -> None:
    film(folder / "film.avi", 3.0)
    voice(folder / "voice.wav")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
