"""Reading what a system says: small files and short commands, always bounded."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

_MOST_BYTES = 64 * 1024
_MOST_SECONDS = 1.5
_ENCODING = "oem" if sys.platform == "win32" else "utf-8"  # what the system's own commands write in

Run = Callable[..., str | None]
"""Runs a command, given as words; what it printed, or None where it is absent, fails or takes long."""


def text_of(path: Path, most: int = _MOST_BYTES) -> str | None:
    """The text of a small file, without the blanks around it; None where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(most).decode("utf-8", "replace").strip("\0 \t\r\n")
    except OSError:
        return None


def number_of(path: Path) -> int | None:
    """The whole number in a file; None where there is none."""
    try:
        return int(text_of(path) or "")
    except ValueError:
        return None


def entries_of(folder: Path) -> list[Path]:
    """What is in a folder, by name; nothing where it cannot be read."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def run(*command: str) -> str | None:
    """What a command printed, in plain English; None where it is absent, fails or takes long."""
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_MOST_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout[:_MOST_BYTES].decode(_ENCODING, "replace") if done.returncode == 0 else None
