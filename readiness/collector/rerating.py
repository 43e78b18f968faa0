"""The fleet rated under other requirements, from each computer's newest report: counted, or kept."""

from __future__ import annotations

import logging
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from readiness.collector import choices, documents, fleet, jobs, requirements
from readiness.collector.database import Database
from readiness.collector.fleet import Standing
from readiness.collector.jobs import Job, Kind
from readiness.collector.overview import ABLE
from readiness.collector.problems import DatabaseUnavailableError
from readiness.collector.tables import computer, report, standing
from readiness.core.model import Activity, Report, Verdict
from readiness.core.profile import Profile
from readiness.core.profile_file import ProfileError
from readiness.core.report import ReportError, from_document

AT_ONCE = 200
_log = logging.getLogger("readiness.collector")
_VERDICTS = ("overall", *(activity.value for activity in Activity))


class StoppedError(Exception):
    """The job is not to be gone on with; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """One computer as it stands, and its newest whole report; None where that cannot be read."""

    row: Any
    report: Report | None


@dataclass(kw_only=True)
class Tally:
    """What would change: counted while the computers go by.

    `verdicts` are by column (overall and the activities) pairs of before and after; `units` by unit how
    many can take part before, after, of how many; `findings` by code in how many before and after.
    """

    computers: int = 0
    changed: int = 0
    unreadable: int = 0
    verdicts: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    units: dict[str, Counter[str]] = field(default_factory=dict)
    findings: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, member: Member, now_found: frozenset[str], stands: Standing | None) -> None:
        """Count one computer; `stands` is how it would be rated, None where nobody can tell."""
        if stands is None:
            self.unreadable += 1
            return
        self.computers += 1
        self.changed += stands.verdicts["overall"] != member.row.overall
        for column in _VERDICTS:
            before, after = getattr(member.row, column), stands.verdicts.get(column)
            pair = (before or Verdict.UNKNOWN.value, after or Verdict.UNKNOWN.value)
            self.verdicts.setdefault(column, Counter())[pair] += 1
        unit = self.units.setdefault(member.row.unit or "", Counter())
        unit["all"] += 1
        unit["before"] += member.row.overall in ABLE
        unit["after"] += stands.verdicts["overall"] in ABLE
        unit["changed"] += stands.verdicts["overall"] != member.row.overall
        for code in now_found:
            self.findings.setdefault(code, Counter())["before"] += 1
        for code in {finding.code for _, finding in fleet.weighing(stands.findings)}:
            self.findings.setdefault(code, Counter())["after"] += 1

    def document(self) -> dict[str, Any]:
        """The tally as JSON values."""
        return {
            "computers": self.computers,
            "changed": self.changed,
            "unreadable": self.unreadable,
            "verdicts": {
                column: [[before, after, count] for (before, after), count in sorted(pairs.items())]
                for column, pairs in self.verdicts.items()
            },
            "units": {unit: dict(counts) for unit, counts in sorted(self.units.items())},
            "findings": {code: [counts["before"], counts["after"]] for code, counts in sorted(self.findings.items())},
        }  # fmt: skip


def work(
    database: Database,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    at_once: int = AT_ONCE,
) -> int:
    """Do the jobs that wait; how many there were."""
    count = 0
    while True:
        with database.writing() as connection:
            job = jobs.claim(connection, clock())
        if job is None:
            return count
        count += 1
        _do(database, job, clock, at_once)


def _do(database: Database, job: Job, clock: Callable[[], datetime], at_once: int) -> None:
    try:
        profile = requirements.profile_of(job.text)
        do = _count if job.kind is Kind.WHAT_IF else _keep
        result = do(database, job, profile, clock, at_once)
    except (StoppedError, ProfileError) as error:
        with database.writing() as connection:
            jobs.finish(connection, job.number, error=str(error))
        return
    except DatabaseUnavailableError:
        raise  # it will be claimed again
    except Exception as error:
        _log.exception("job %d failed", job.number)
        with database.writing() as connection:
            jobs.finish(connection, job.number, error=f"{type(error).__name__}: {error}")
        return
    with database.writing() as connection:
        jobs.finish(connection, job.number, result)


def _count(
    database: Database, job: Job, profile: Profile, clock: Callable[[], datetime], at_once: int
) -> dict[str, Any]:
    """The tally of the computers that were tested lately: those the overview counts."""
    tally, done = Tally(), 0
    with database.reading() as connection:
        edge = clock() - choices.chosen(connection).stale_after
    for members in _members(database, at_once, computer.c.tested_at >= edge):
        with database.reading() as connection:
            found = _found(connection, [member.row.number for member in members])
        for member in members:
            stands = requirements.standing_under(profile, member.report) if member.report else None
            tally.add(member, found.get(member.row.number, frozenset()), stands)
        done += len(members)
        _tell(database, job, clock(), done)
    return tally.document()


def _keep(
    database: Database, job: Job, profile: Profile, clock: Callable[[], datetime], at_once: int
) -> dict[str, Any]:
    """Rate every computer under what was adopted."""
    number, done = int(job.base.partition(":")[2]), 0
    others = computer.c.rated_by.is_distinct_from(number)
    for members in _members(database, at_once, others):
        stands = {
            member.row.number: (member, requirements.standing_under(profile, member.report, number) if member.report else None)
            for member in members
        }  # fmt: skip
        with database.writing() as connection:
            if requirements.base_in_force(connection) != job.base:
                raise StoppedError("other requirements were adopted")
            # A report that came meanwhile has been rated already.
            same = connection.execute(
                select(computer.c.number, computer.c.report_number)
                .where(computer.c.number.in_(list(stands)))
                .order_by(computer.c.number)
                .with_for_update()
            ).all()
            kept = {
                row.number: stands[row.number]
                for row in same
                if row.report_number == stands[row.number][0].row.report_number
            }
            _store(connection, kept, number)
        done += len(members)
        _tell(database, job, clock(), done)
    return {"computers": done}


def _store(connection: Connection, kept: Mapping[int, tuple[Member, Standing | None]], number: int) -> None:
    """Write how these computers are rated now; one whose report cannot be read stays as it is."""
    rows, unreadable = [], []
    again = {}
    for at, (member, stands) in kept.items():
        if stands is None or member.report is None:
            unreadable.append({"at": at, "rated_by": number})
            continue
        rows.append({"at": at, **fleet.rated(stands)})
        again[at] = (member.report, stands.findings, member.row.tested_at)
    fleet.change(connection, unreadable)
    fleet.change(connection, rows)
    if again:
        fleet.stand(connection, again)


def _tell(database: Database, job: Job, now: datetime, done: int) -> None:
    with database.writing() as connection:
        if not jobs.tell(connection, job.number, now, done, max(done, job.total)):
            raise StoppedError("it was taken back")


def _members(database: Database, at_once: int, condition: Any) -> Iterator[list[Member]]:
    """The computers that fit, in the order of their numbers, some at a time."""
    after = 0
    columns = (
        computer.c.number, computer.c.unit, computer.c.report_number, computer.c.tested_at,
        *(computer.c[name] for name in _VERDICTS), report.c.document,
    )  # fmt: skip
    while True:
        statement = (
            select(*columns)
            .join(report, report.c.number == computer.c.report_number)
            .where(computer.c.number > after, condition)
            .order_by(computer.c.number)
            .limit(at_once)
        )
        with database.reading() as connection:
            rows = connection.execute(statement).all()
        if not rows:
            return
        after = rows[-1].number
        yield [Member(row=row, report=_read(row.document)) for row in rows]


def _read(document: bytes) -> Report | None:
    try:
        return from_document(documents.parsed(documents.unpacked(document)))
    except (ReportError, zlib.error):
        return None


def _found(connection: Connection, numbers: list[int]) -> dict[int, frozenset[str]]:
    """What stands today, by computer."""
    found: dict[int, set[str]] = {}
    for row in connection.execute(
        select(standing.c.computer_number, standing.c.code).where(standing.c.computer_number.in_(numbers))
    ):
        found.setdefault(row.computer_number, set()).add(row.code)
    return {number: frozenset(codes) for number, codes in found.items()}
