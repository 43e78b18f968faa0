"""Which program has a device file open, as far as /proc shows it to us."""

from __future__ import annotations

import os
from pathlib import Path

import psutil


def holder_of(node: Path) -> str | None:
    """The name of another program that has `node` open, if we may see it."""
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        try:
            links = list(Path(f"/proc/{process.pid}/fd").iterdir())
        except OSError:
            continue  # another user's, or gone
        for link in links:
            try:
                if link.readlink() == node:
                    return process.name()
            except (OSError, psutil.Error):
                continue
    return None
