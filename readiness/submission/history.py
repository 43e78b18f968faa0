"""History: the runs of this computer, each as the report it became, for the person at it alone.

Kept beside the outbox, also where no collector is set or nothing was sent. The fields that are
optional to send are not kept here.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from readiness.core.model import Report
from readiness.core.report import ReportError, from_document, from_json, redacted, to_json
from readiness.submission.files import make_folder, write_durably
from readiness.submission.outbox import Outbox

KEPT = 60
"""The oldest go first."""


class History:
    """The runs in one folder, which is made when the first is added, and those in the outbox."""

    def __init__(self, folder: Path, outbox: Outbox) -> None:
        self._folder, self._outbox = folder, outbox

    def add(self, report: Report) -> None:
        """Keep a run; one with the same id is replaced. Raises OSError where it cannot be written."""
        make_folder(self._folder)
        write_durably(self._folder / f"{report.id}.json", to_json(redacted(report)).encode())
        files = sorted(self._folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
        for file in files[: max(0, len(files) - KEPT)]:
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)

    def reports(self) -> tuple[Report, ...]:
        """All runs, the newest first. A file that cannot be read is left out."""
        found: dict[str, Report] = {}
        for entry in self._outbox.entries():
            with contextlib.suppress(ReportError):
                report = from_document(dict(entry.document))
                found[report.id] = report
        if self._folder.is_dir():
            for file in self._folder.glob("*.json"):
                with contextlib.suppress(OSError, ReportError):
                    report = from_json(file.read_bytes())
                    found[report.id] = report
        return tuple(sorted(found.values(), key=lambda report: report.created_utc, reverse=True))
