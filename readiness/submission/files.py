"""Writing a file so that a kill or a power cut leaves the old one or the new one, whole."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from pathlib import Path

TEMPORARY = ".tmp"
"""The ending of a file that is being written."""


def write_durably(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """`content` is in `path`, and on the disk itself, when this returns.

    For this user alone, unless `mode` says more. Raises OSError (a full disk), and then `path` is as it was.
    """
    temporary = path.with_name(f"{path.stem}.{os.getpid()}{TEMPORARY}")
    try:
        _write(temporary, content, mode)
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_where_asked(path: Path, content: bytes) -> None:
    """As `write_durably`, where a person asked for it: a link is followed, and what is no ordinary file
    (/dev/stdout) is written into. Raises OSError.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    path = path.resolve()
    write_durably(path, content, mode=stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666)


def make_folder(folder: Path) -> None:
    """Make `folder` for this user alone, and see that it survives a power cut."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """See that the names in `folder` are on the disk. Windows has no such call and needs none."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            # Some network file systems refuse this; the file itself was synced.
            with contextlib.suppress(OSError):
                os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write(path: Path, content: bytes, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, mode)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(descriptor, left) :]
        _sync(descriptor)
    finally:
        os.close(descriptor)


def _sync(descriptor: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        # macOS' fsync leaves the data in the drive's own memory.
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)
