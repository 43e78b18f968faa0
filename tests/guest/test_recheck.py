"""`readiness recheck` on a computer with cameras and sound cards: lists them all, opens none."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.guest

IN_OPEN, IN_NONBLOCK = 0x20, 0o4000  # sys/inotify.h


class Opened:
    """Watches device files; `names` are those that any process has opened since the last look."""

    def __init__(self, files: list[Path]) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor = libc.inotify_init1(IN_NONBLOCK)
        self._names: dict[int, str] = {}
        for file in files:
            watch = libc.inotify_add_watch(self._descriptor, str(file).encode(), IN_OPEN)
            assert watch > 0, f"{file}: {os.strerror(ctypes.get_errno())}"
            self._names[watch] = file.name

    def names(self) -> set[str]:
        found: set[str] = set()
        with contextlib.suppress(BlockingIOError):
            while content := os.read(self._descriptor, 65536):
                while content:
                    watch, _mask, _cookie, length = struct.unpack_from("iIII", content)
                    found.add(self._names[watch])
                    content = content[16 + length :]
        return found

    def close(self) -> None:
        os.close(self._descriptor)


@pytest.fixture
def opened() -> Iterator[Opened]:
    files = [*Path("/dev").glob("video*"), *Path("/dev/snd").iterdir()]
    assert any(file.name.startswith("video") for file in files)
    assert any(file.name.endswith("c") for file in files)
    watching = Opened([file for file in files if not file.is_dir()])
    yield watching
    watching.close()


def test_everything_is_listed_and_nothing_is_opened(opened: Opened, tmp_path: Path) -> None:
    os.close(os.open("/dev/video0", os.O_RDWR | os.O_NONBLOCK))
    assert opened.names() == {"video0"}, "the watch itself works"
    done = subprocess.run(
        [sys.executable, "-m", "readiness", "recheck", "--json"],
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert opened.names() == set()
    assert done.returncode == 10, done.stderr
    document = json.loads(done.stdout)
    assert len(document["devices"]["camera"]) >= 3
    assert document["devices"]["microphone"]
    assert document["devices"]["speaker"]
