"""The outbox: reports on disk before any network is tried, and what became of each.

A report is one file, moved between the folders `waiting`, `delivered`, `refused` and `corrupt`; a
note beside it (`.note`) holds attempts, reason and receipt. A kill at any moment leaves a report
in one of the folders: at worst it is sent again, and the collector answers with the same receipt.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from readiness.core.model import Report
from readiness.core.report import ReportError, from_json, to_json
from readiness.core.text import Text

_KEPT_DELIVERED = 100


class State(StrEnum):
    """What became of a report; each is a folder."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    REFUSED = "refused"
    CORRUPT = "corrupt"


class OutboxError(Exception):
    """The outbox cannot be written; `text` says why and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One report and what became of it. A corrupt file has no report."""

    report_id: str
    created_utc: str
    state: State
    path: Path
    report: Report | None = None
    attempts: int = 0
    reason: Text | None = None
    receipt: str | None = None


class Outbox:
    """The reports below `folder`, which is made when it is needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, report: Report) -> Entry:
        """Keep `report`; it is on the disk when this returns. Raises OutboxError."""
        folder = self._folder / State.WAITING
        name = f"{report.created_utc.replace(':', '')}-{report.id}.json"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / name, to_json(report).encode())
        except OSError as error:
            raise OutboxError(
                Text(
                    sv=f"Rapporten kan inte sparas i {folder}: {error.strerror}. Gör plats på disken, eller spara rapporten som fil någon annanstans.",
                    en=f"The report cannot be kept in {folder}: {error.strerror}. Make room on the disk, or save the report as a file elsewhere.",
                )
            ) from error
        return self._entry(folder / name, State.WAITING)

    def entries(self) -> tuple[Entry, ...]:
        """All reports, oldest first. A file that is no report is set aside as corrupt."""
        found = [self._entry(path, state) for state in State for path in self._files(state)]
        return tuple(sorted(found, key=lambda entry: entry.path.name))

    def waiting(self) -> tuple[Entry, ...]:
        """Those still to be sent, oldest first."""
        found = (self._entry(path, State.WAITING) for path in self._files(State.WAITING))
        return tuple(entry for entry in found if entry.state is State.WAITING)

    def delivered(self, entry: Entry, receipt: str) -> None:
        """The collector has it."""
        self._note(entry, {"attempts": entry.attempts + 1, "receipt": receipt})
        self._move(entry.path, State.DELIVERED)
        for old in self._files(State.DELIVERED)[:-_KEPT_DELIVERED]:
            old.unlink(missing_ok=True)
            _beside(old).unlink(missing_ok=True)

    def failed(self, entry: Entry, reason: Text, *, final: bool) -> None:
        """It could not be sent; `final`: sending it again would not help."""
        with contextlib.suppress(OSError):  # a full disk loses the reason, never the report
            self._note(entry, {"attempts": entry.attempts + 1, "reason": {"sv": reason.sv, "en": reason.en}})
        if final:
            self._move(entry.path, State.REFUSED)

    @contextlib.contextmanager
    def lock(self) -> Iterator[bool]:
        """Whether this process may send now: another one that does holds the lock."""
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            yield _locked(descriptor)
        finally:
            os.close(descriptor)

    def _files(self, state: State) -> list[Path]:
        return sorted((self._folder / state).glob("*.json"))

    def _entry(self, path: Path, state: State) -> Entry:
        stamp, _, report_id = path.stem.partition("Z-")
        facts: dict[str, Any] = {"report_id": report_id, "created_utc": f"{stamp}Z", "path": path}
        try:
            report = from_json(path.read_bytes())
        except (ReportError, OSError) as error:
            if state is State.WAITING and isinstance(error, ReportError):
                facts["path"] = self._move(path, State.CORRUPT)
            reason = Text(
                sv=f"Filen är skadad och har lagts åt sidan: {facts['path']}.",
                en=f"The file is damaged and was set aside: {facts['path']}.",
            )
            return Entry(**facts, state=State.CORRUPT, reason=reason)
        note = _read_note(path)
        facts |= {"report_id": report.id, "created_utc": report.created_utc}
        return Entry(**facts, state=state, report=report, **note)

    def _note(self, entry: Entry, note: dict[str, Any]) -> None:
        _write(_beside(entry.path), json.dumps(note).encode())

    def _move(self, path: Path, state: State) -> Path:
        folder = self._folder / state
        folder.mkdir(parents=True, exist_ok=True)
        note = _beside(path)
        if note.exists():
            note.replace(folder / note.name)
        moved = path.replace(folder / path.name)
        _sync_folder(folder)
        _sync_folder(path.parent)
        return moved


def _beside(path: Path) -> Path:
    return path.with_suffix(".note")


def _read_note(path: Path) -> dict[str, Any]:
    """What the note says; a missing or damaged one says nothing."""
    try:
        note = json.loads(_beside(path).read_bytes())
        reason = note.get("reason")
        return {
            "attempts": int(note.get("attempts", 0)),
            "receipt": note.get("receipt"),
            "reason": Text(sv=str(reason["sv"]), en=str(reason["en"])) if reason else None,
        }
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return {}


def _write(path: Path, content: bytes) -> None:
    """All of `content` or nothing, on the disk when this returns. Raises OSError."""
    draft = path.with_suffix(".tmp")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # Windows syncs a folder with its files
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    """Take the lock of an open file, without waiting; it goes when the file is closed."""
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True
