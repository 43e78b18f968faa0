"""The outbox: every report is on the disk before any network is tried, and stays until delivered.

One file a report holds the report and where it stands, and is replaced whole: a kill at any moment
leaves the state before or the state after. What the collector answered may then be lost; the report
is sent again, and the collector gives the same id the same receipt.
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from readiness.core.model import Report
from readiness.core.reasons import is_full, reason_of
from readiness.core.report import to_document
from readiness.core.text import Text
from readiness.submission.entry import Entry, State, decode, encode
from readiness.submission.files import TEMPORARY, make_folder, sync_folder, write_durably
from readiness.submission.locking import locked

__all__ = ["Entry", "Outbox", "OutboxError", "State", "is_left_alone"]

DELIVERED_KEPT = 100
"""How many delivered reports stay as the computer's own history; the oldest go first."""

LONGEST_PAUSE_SECONDS = 3600.0
"""No collector is left alone for longer, whatever it asks for."""

_UTC = "%Y-%m-%dT%H:%M:%S.%fZ"


class OutboxError(Exception):
    """The outbox could not be written; `text` says why and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class Outbox:
    """The reports in one folder, which is made when the first is added."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, report: Report) -> Entry:
        """Keep `report`: it is on the disk when this returns. Adding it again changes nothing.

        Raises OutboxError where it cannot be written, or another report has its id.
        """
        if str(uuid.UUID(report.id)) != report.id:
            raise ValueError(f"a report's id is a UUID as str() writes it, not {report.id}")
        entry = Entry(
            report_id=report.id,
            created_utc=report.created_utc,
            state=State.WAITING,
            document=to_document(report),
        )
        with _told(self._folder):
            make_folder(self._folder)
            with self._lock():
                before = self._read_or_none(entry)
                if before is None:
                    return self._write(entry)
        if before.document != entry.document:
            raise OutboxError(
                Text(
                    sv="Det finns redan en annan rapport med samma nummer. Gör testet igen.",
                    en="There is already another report with the same number. Run the test again.",
                )
            )
        return before

    def entries(self) -> tuple[Entry, ...]:
        """All reports, the oldest first. Files that cannot be read are set aside, and listed."""
        if not self._folder.is_dir():
            return ()
        with _told(self._folder):
            with self._lock() as held:
                if held:
                    self._recover()
                read = [self._read_or_set_aside(path) for path in sorted(self._folder.glob("*.json"))]
            entries = [entry for entry in read if entry is not None]
            known = {entry.report_id for entry in entries}
            entries += [
                _corrupt(path, _set_aside_text(path))
                for path in sorted(self._folder.glob("*.corrupt"))
                if path.name not in known
            ]
        return tuple(sorted(entries, key=lambda entry: (entry.created_utc, entry.report_id)))

    def waiting(self) -> tuple[Entry, ...]:
        """The reports that are to be sent, the oldest first."""
        return tuple(entry for entry in self.entries() if entry.state is State.WAITING)

    def delivered(self, entry: Entry, receipt: str) -> Entry:
        """Note that `entry` arrived. Raises OutboxError where that cannot be written."""

        def changed(now: Entry) -> Entry:
            return replace(
                now,
                state=State.DELIVERED,
                receipt=receipt,
                reason=None,
                attempts=now.attempts + 1,
                not_before_utc="",
            )

        noted = self._change(entry, changed)
        self._forget_old()
        return noted

    def failed(self, entry: Entry, reason: Text, final: bool, wait_seconds: float = 0.0) -> Entry:
        """Note why `entry` did not arrive; `final`: the collector will never take it.

        `wait_seconds`: how long the collector asked to be left alone. A report that another process
        delivered meanwhile stays delivered.
        """
        not_before = _utc(_moment() + datetime.timedelta(seconds=min(wait_seconds, LONGEST_PAUSE_SECONDS)))

        def changed(now: Entry) -> Entry:
            if now.state is State.DELIVERED:
                return now
            state = State.REFUSED if final else State.WAITING
            return replace(
                now,
                state=state,
                reason=reason,
                attempts=now.attempts + 1,
                not_before_utc=not_before if wait_seconds > 0 and not final else "",
            )

        return self._change(entry, changed)

    def _change(self, entry: Entry, changed: Callable[[Entry], Entry]) -> Entry:
        with _told(self._folder):
            make_folder(self._folder)
            with self._lock():
                return self._write(changed(self._read_or_none(entry) or entry))

    def _lock(self) -> contextlib.AbstractContextManager[bool]:
        return locked(self._folder / ".lock")

    def _path(self, report_id: str) -> Path:
        return self._folder / f"{report_id}.json"

    def _write(self, entry: Entry) -> Entry:
        entry = replace(entry, changed_utc=_now())
        write_durably(self._path(entry.report_id), encode(entry))
        return entry

    def _read_or_none(self, entry: Entry) -> Entry | None:
        """The entry as it stands on the disk now; a file that cannot be read does not count."""
        path = self._path(entry.report_id)
        try:
            return decode(path)
        except FileNotFoundError:
            return None
        except ValueError:
            self._set_aside(path)
            return None

    def _read_or_set_aside(self, path: Path) -> Entry | None:
        try:
            return decode(path)
        except FileNotFoundError:
            return None  # another process forgot it meanwhile
        except OSError as error:
            return _corrupt(path, _unreadable_text(path, error))
        except ValueError:
            aside = self._set_aside(path)
            return _corrupt(aside, _set_aside_text(aside))

    def _set_aside(self, path: Path) -> Path:
        aside = path.with_name(f"{path.stem}.corrupt")
        number = 1
        while aside.exists():
            number += 1
            aside = path.with_name(f"{path.stem}.{number}.corrupt")
        path.rename(aside)
        return aside

    def _recover(self) -> None:
        """Finish or drop what a killed process was writing. Only with the lock held."""
        for temporary in self._folder.glob(f"*{TEMPORARY}"):
            target = self._path(temporary.name.split(".")[0])
            try:
                decode(temporary, name=target.stem)
                whole = not target.exists()
            except ValueError:
                whole = False
            if whole:
                temporary.rename(target)
                sync_folder(self._folder)
            else:
                temporary.unlink(missing_ok=True)

    def _forget_old(self) -> None:
        history = [entry for entry in self.entries() if entry.state is State.DELIVERED]
        history.sort(key=lambda entry: (entry.changed_utc, entry.created_utc))
        for entry in history[: max(0, len(history) - DELIVERED_KEPT)]:
            with contextlib.suppress(OSError):
                self._path(entry.report_id).unlink(missing_ok=True)


def _corrupt(path: Path, reason: Text) -> Entry:
    try:
        changed = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC).strftime(_UTC)
    except OSError:
        changed = _now()
    return Entry(
        report_id=path.name, created_utc=changed, state=State.CORRUPT, reason=reason, changed_utc=changed
    )


def _set_aside_text(path: Path) -> Text:
    return Text(
        sv=f"En sparad rapport är skadad och kan inte skickas. Gör testet igen. IT kan titta på filen {path}.",
        en=f"A saved report is damaged and cannot be sent. Run the test again. IT can look at the file {path}.",
    )


def _unreadable_text(path: Path, error: OSError) -> Text:
    reason = reason_of(error)
    return Text(
        sv=f"En sparad rapport går inte att läsa ({reason.sv}). Be IT titta på filen {path}.",
        en=f"A saved report cannot be read ({reason.en}). Ask IT to look at the file {path}.",
    )


@contextlib.contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turns a fault of the disk into a sentence."""
    try:
        yield
    except OSError as error:
        if is_full(error) or error.errno == errno.EFBIG:  # a quota may say so
            raise OutboxError(
                Text(
                    sv=f"Disken är full, så rapporten kunde inte sparas i {folder}. Den finns kvar här. "
                    "Ta bort något du inte behöver och försök igen, eller spara rapporten på en annan plats.",
                    en=f"The disk is full, so the report could not be saved in {folder}. It is still here. "
                    "Remove something you do not need and try again, or save the report somewhere else.",
                )
            ) from error
        reason = reason_of(error)
        raise OutboxError(
            Text(
                sv=f"Rapporten kunde inte sparas i {folder} ({reason.sv}). Den finns kvar här. "
                "Spara den på en annan plats, eller be IT om hjälp.",
                en=f"The report could not be saved in {folder} ({reason.en}). It is still here. "
                "Save it somewhere else, or ask IT for help.",
            )
        ) from error


def is_left_alone(entry: Entry) -> bool:
    """Whether the collector asked for a pause that is not over yet."""
    if entry.state is not State.WAITING or not entry.not_before_utc:
        return False
    latest = _utc(_moment() + datetime.timedelta(seconds=LONGEST_PAUSE_SECONDS))
    # Beyond that this computer's clock was set back meanwhile.
    return _now() < entry.not_before_utc <= latest


def _now() -> str:
    return _utc(_moment())


def _moment() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _utc(moment: datetime.datetime) -> str:
    return moment.strftime(_UTC)
