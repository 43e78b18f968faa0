"""A real collector with its reflector, as a process on loopback."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.lab.tokens import token_in

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Collector:
    """Where it answers, a key that it takes, and a computer's token."""

    url: str
    key: str
    token: str
    udp_port: int


@contextlib.contextmanager
def collector(folder: Path) -> Iterator[Collector]:
    """A collector on free ports of loopback, gone when the block ends."""
    program = [sys.executable, "-m", "readiness.collector"]
    url = f"sqlite:///{folder / 'collector.sqlite3'}"
    database = ["--database", url]
    made = subprocess.run(
        [*program, "key", "new", *database], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    serving = subprocess.Popen(
        [*program, "serve", "--port", "0", "--udp-port", "0", "--announce", *database],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert serving.stdout is not None
    try:
        said = json.loads(serving.stdout.readline())
        yield Collector(
            url=said["url"], key=made.stdout.strip(), token=token_in(url), udp_port=said["udp_port"]
        )
    finally:
        serving.terminate()
        serving.wait(20)
        serving.stdout.close()
