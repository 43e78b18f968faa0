"""How the program starts parts of itself as processes of their own, from a checkout and when frozen."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

_Mark = tuple[int, int, int]


def _own_file() -> Path:
    """What an upgrade always replaces: the executable, or in a checkout the file with the version."""
    return Path(
        sys.executable if getattr(sys, "frozen", False) else Path(__file__).parent.parent / "__init__.py"
    )


def _mark(file: Path) -> _Mark | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """What the program's own file was when this was made."""

    file: Path
    mark: _Mark | None

    @property
    def is_over(self) -> bool:
        """Whether the program was upgraded or removed since: its parts would no longer fit together."""
        return self.mark is not None and _mark(self.file) != self.mark


def beginning(file: Path | None = None) -> Beginning:
    """The program as it is installed now; `file` in place of its own."""
    file = file or _own_file()
    return Beginning(file=file, mark=_mark(file))


def part_of_itself(module: str, argument: str) -> list[str]:
    """The beginning of a command that runs `module`.

    A frozen program has no Python to give a module to: it starts its own executable with the hidden
    `argument`, which `readiness/__main__.py` (the collector's: `collector/__main__.py`) leads to the same place.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, argument]
    # A program that must leave nothing behind where it is installed is started with -B; its parts are as well.
    return [sys.executable, *(["-B"] if sys.dont_write_bytecode else []), "-m", module]
