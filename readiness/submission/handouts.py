"""Handed out: the computers that a technician has tested and signed for, one line each in one file."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from readiness.core.model import Verdict
from readiness.submission.files import make_folder

SHOWN = 200
"""The newest that are read back; the file keeps all."""
_LARGEST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Handout:
    """One computer, signed for. `checks` is what was checked, and what each check came to."""

    signed_utc: str
    signed_by: str
    asset_tag: str
    unit: str | None = None
    report_id: str
    overall: Verdict
    checks: Mapping[str, Verdict] = field(default_factory=dict)
    receipt: str | None = None


class Handouts:
    """The file, which is made with the first line. Lines are only added."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def add(self, handout: Handout) -> None:
        """One line more; on the disk when this returns. Raises OSError."""
        make_folder(self._file.parent)
        line = json.dumps(dataclasses.asdict(handout)) + "\n"
        with self._file.open("a", encoding="ascii") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def newest(self) -> tuple[Handout, ...]:
        """Those signed last, the newest first. Lines that cannot be read are left out."""
        try:
            with self._file.open("rb") as file:
                file.seek(max(0, self._file.stat().st_size - _LARGEST_BYTES))
                lines = file.read().splitlines()
        except FileNotFoundError:
            return ()
        found = [handout for line in lines[-SHOWN:] if (handout := _read(line))]
        return tuple(reversed(found))


def _read(line: bytes) -> Handout | None:
    try:
        row: dict[str, Any] = json.loads(line)
        known = {name.name for name in dataclasses.fields(Handout)}
        row = {name: value for name, value in row.items() if name in known}
        texts = ("signed_utc", "signed_by", "asset_tag", "report_id")
        if not all(isinstance(row[name], str) for name in texts):
            return None
        row["overall"] = Verdict(row["overall"])
        row["checks"] = {str(check_id): Verdict(verdict) for check_id, verdict in row["checks"].items()}
        return Handout(**row)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
