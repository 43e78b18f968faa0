"""How long things are kept: the day's figures, what grows too old, and erasing one computer."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, exc, func, insert, select, update

from readiness.collector import auditing, choices, tokens
from readiness.collector.database import Database
from readiness.collector.overview import overview
from readiness.collector.problems import DatabaseUnavailableError
from readiness.collector.tables import audit, clean, computer, note, report, searched, trend

_log = logging.getLogger("readiness.collector")
_AT_ONCE = 2_000
_EVERY_SECONDS = 3600.0


@dataclass(frozen=True, kw_only=True)
class Purged:
    """How many rows grew too old and are gone."""

    reports: int
    log_entries: int


def remember_day(connection: Connection, now: datetime, stale_after: timedelta) -> None:
    """Write down how the fleet stands today, in place of what was written earlier today."""
    seen = overview(connection, now, stale_after)
    day = now.astimezone(UTC).date().isoformat()
    connection.execute(delete(trend).where(trend.c.day == day))
    rows = [
        {"day": day, "unit": group.unit or "", "known": group.known, "ready": group.ready}
        for group in (seen.all, *(unit for unit in seen.units if unit.unit))
        if group.known
    ]
    if rows:
        connection.execute(insert(trend), rows)


def purge(connection: Connection, now: datetime, kept: choices.Choices) -> Purged:
    """Remove some of what is older than IT chose to keep; nothing is left when both counts are 0.

    The newest whole report of a computer stays for as long as the computer does: it is what the
    pages show. What was removed is written in the log.
    """
    newest = select(computer.c.report_number).where(computer.c.report_number.is_not(None))
    old = connection.execute(
        select(report.c.number)
        .where(report.c.received_at < now - kept.keep_reports, report.c.number.not_in(newest))
        .order_by(report.c.received_at)
        .limit(_AT_ONCE)
    ).scalars()
    numbers = list(old)
    if numbers:
        _remove(connection, report.c.number.in_(numbers))
    edge = select(func.max(audit.c.number)).where(audit.c.happened_at < now - kept.keep_log).scalar_subquery()
    entries = connection.execute(delete(audit).where(audit.c.number <= edge)).rowcount
    if numbers or entries:
        auditing.record(connection, now, None, "purged", f"{len(numbers)} reports, {entries} log entries")
    return Purged(reports=len(numbers), log_entries=entries)


def erase(connection: Connection, now: datetime, who: str | None, name: str) -> int | None:
    """Remove all that is kept about the computer with this device id, host name or asset tag.

    Returns how many reports there were, or None where no one computer has that name. The log says
    that a computer was erased, and not which.
    """
    key = clean(name.strip(), 200)
    found = connection.execute(
        select(computer.c.number, computer.c.device_id).where(
            (computer.c.device_id == key)
            | (computer.c.host_key == key.casefold())
            | (computer.c.asset_key == key.casefold())
        )
    ).all()
    if len(found) != 1:
        return None
    number, device_id = found[0]
    connection.execute(update(computer).where(computer.c.number == number).values(report_number=None))
    connection.execute(delete(note).where(note.c.computer_number == number))
    reports = _remove(connection, report.c.device_id == device_id)
    connection.execute(delete(computer).where(computer.c.number == number))
    tokens.forget_computer(connection, device_id)
    connection.execute(
        update(audit).where(audit.c.target == device_id).values(target=None)  # the log told of it by its id
    )
    auditing.record(connection, now, who, "erased a computer", f"{reports} reports")
    return reports


def _remove(connection: Connection, condition: ColumnElement[bool]) -> int:
    """Remove reports, and what they alone could be searched by; how many there were."""
    texts = set(connection.execute(select(report.c.search).where(condition).distinct()).scalars())
    count = connection.execute(delete(report).where(condition)).rowcount
    listed = sorted(texts)
    for start in range(0, len(listed), _AT_ONCE):
        some = listed[start : start + _AT_ONCE]
        kept = select(report.c.search).where(report.c.search == searched.c.text).exists()
        connection.execute(delete(searched).where(searched.c.text.in_(some), ~kept))
    return count


class Housekeeper:
    """A thread that does the daily work of a collector, once an hour, until it is stopped."""

    def __init__(
        self, database: Database, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._clock = clock
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="housekeeper", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; waits for what is under way."""
        self._stopped.set()
        self._thread.join()

    def once(self) -> None:
        """Do the work now."""
        now = self._clock()
        with self._database.writing() as connection:
            chosen = choices.chosen(connection)
            remember_day(connection, now, chosen.stale_after)
            tokens.forget_unused(connection, now)
        while not self._stopped.is_set():  # in small pieces, so that nobody waits long for a turn to write
            with self._database.writing() as connection:
                purged = purge(connection, now, chosen)
            if purged.reports < _AT_ONCE:
                break

    def _work(self) -> None:
        while not self._stopped.is_set():
            try:
                self.once()
            except (DatabaseUnavailableError, exc.IntegrityError):
                # Away, or another collector on the same database did the day's work at this moment.
                _log.info("the daily work waits for the next hour", exc_info=True)
            self._stopped.wait(_EVERY_SECONDS)
