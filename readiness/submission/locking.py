"""A lock on a file between processes; the system lets go of it when its holder dies."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _acquire(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # tries for ten seconds

    def _release(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _acquire(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

    def _release(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Hold the lock of `path` inside the block; True where it is held.

    Not held where the file cannot be made or the file system knows no locks: the work goes on
    without it, for a report that is written is worth more than one that waits.
    """
    try:
        file = path.open("a+b")
    except OSError:
        yield False
        return
    with file:
        try:
            _acquire(file)
        except OSError:
            yield False
            return
        try:
            yield True
        finally:
            with contextlib.suppress(OSError):
                _release(file)
