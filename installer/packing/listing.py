"""What a build holds: a line for every file, and how large each part is."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

MIB = 1024 * 1024
_PARTS = (
    ("OpenCV", ("cv2", "opencv_python_headless.libs", "opencv_python_headless")),
    ("Qt", ("PySide6", "shiboken6", "pyqtgraph")),
    ("NumPy", ("numpy", "numpy.libs")),
    ("reverberation (DNSMOS)", ("speechmos",)),
    ("PostgreSQL's client", ("psycopg_binary", "psycopg_binary.libs", "psycopg")),
    ("SQLAlchemy", ("sqlalchemy",)),
    ("sound files", ("_soundfile_data", "_sounddevice_data", "soundfile", "sounddevice")),
    ("our own resources (models, profiles, pictures)", ("resources",)),
    ("our own modules", ("readiness",)),
    ("Python", ("python", "base_library.zip", "libssl", "libcrypto", "libffi", "libsqlite3", "liblzma")),
)


def listed(folder: Path) -> list[str]:
    """`sha256 mode size path` for every file below `folder`, in the order of the paths."""
    lines = []
    for file in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
        name = file.relative_to(folder).as_posix()
        if file.is_symlink():
            lines.append(f"link -> {file.readlink().as_posix()} {name}")
        elif file.is_file():
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            lines.append(f"{digest} {file.stat().st_mode & 0o777:o} {file.stat().st_size} {name}")
    return lines


def size_bytes(folder: Path) -> int:
    """What the files below `folder` hold together, links not counted."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def parts(folder: Path) -> list[tuple[str, int]]:
    """The parts of a program and their sizes in bytes, the largest first."""
    sizes: Counter[str] = Counter()
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            sizes[_part(file.relative_to(folder).parts)] += file.stat().st_size
    return sizes.most_common()


def shown(sizes: Iterable[tuple[str, int]]) -> str:
    """The parts as lines for people."""
    return "\n".join(f"{size / MIB:9.1f} MiB  {name}" for name, size in sizes)


def _part(path: tuple[str, ...]) -> str:
    top = [part for part in path if part not in ("_internal", "packages", "app")]
    if len(top) == 1 and top[0] in ("readiness", "readiness-collector"):
        return "the program's file: all Python modules"
    for name, members in _PARTS:
        if any(re.fullmatch(rf"{re.escape(member)}([-.\d].*)?", top[0]) for member in members):
            return name
    return "all else"
