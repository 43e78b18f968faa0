"""Work that takes longer than a request: asked for on a page, done by a process, looked at on the way.

A job is a row. One process at a time does a job: it claims the row and says now and then that it is still
there; a job whose process went silent is claimed again, by any collector on the database.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from readiness.collector import auditing, drafts, requirements
from readiness.collector.tables import adopted, clean, computer, job

SILENT_AFTER = timedelta(seconds=60)
_MOST_KEPT = 50
_MOST_WAITING = 10


class Kind(StrEnum):
    """What is done."""

    WHAT_IF = "what_if"
    """Rate the fleet under a draft, and count what would change."""
    RE_RATE = "re_rate"
    """Rate the fleet under what was adopted, and keep that."""


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


_OPEN = (JobState.WAITING.value, JobState.RUNNING.value)


@dataclass(frozen=True, kw_only=True)
class Job:
    """One job. `done` of `total` computers are rated; `result` is what came of it."""

    number: int
    kind: Kind
    state: JobState
    asked_at: datetime
    who: str
    base: str
    text: str
    done: int
    total: int
    beat_at: datetime | None
    result: Any = None
    error: str | None = None

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.state.value in _OPEN

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return min(100, 100 * self.done // self.total) if self.total else 0


class TooManyJobsError(Exception):
    """Too many jobs wait."""


def ask(connection: Connection, now: datetime, who: str, base: str, text: str) -> int:
    """Ask what the fleet would be under the draft `text`; the job's number. Raises TooManyJobsError.

    What the same person asked before and nobody began with is not done any more.
    """
    who = clean(who or "–", 100)
    waits = (job.c.kind == Kind.WHAT_IF.value, job.c.state == JobState.WAITING.value)
    connection.execute(delete(job).where(*waits, job.c.who == who))
    if (connection.scalar(select(func.count()).select_from(job).where(*waits)) or 0) >= _MOST_WAITING:
        raise TooManyJobsError
    number = _added(connection, now, Kind.WHAT_IF, who, base, text)
    connection.execute(
        delete(job).where(job.c.kind == Kind.WHAT_IF.value, job.c.number <= number - _MOST_KEPT)
    )
    return number


def adopt(connection: Connection, now: datetime, who: str | None, base: str, text: str) -> int:
    """Put the draft `text` in force, and have the fleet rated under it. Its number; raises ProfileError.

    `base` is what it was made from. To undo, adopt the text of a former number.
    """
    number = (connection.scalar(select(func.max(adopted.c.number))) or 0) + 1
    version = f"{now.astimezone(UTC):%Y-%m-%d}.a{number}"
    text = drafts.with_version(text, version)
    requirements.profile_of(text)
    connection.execute(
        insert(adopted).values(
            number=number, version=version, base=clean(base, 60), text=text, adopted_at=now, who=clean(who or "–", 100)
        )
    )  # fmt: skip
    auditing.record(connection, now, who, "adopted requirements", f"{version}, made from {base}")
    connection.execute(
        update(job)
        .where(job.c.kind == Kind.RE_RATE.value, job.c.state.in_(_OPEN))
        .values(state=JobState.FAILED.value, error="other requirements were adopted")
    )
    _added(connection, now, Kind.RE_RATE, who or "–", f"adopted:{number}", text)
    return number


def find(connection: Connection, number: int) -> Job | None:
    """One job."""
    row = connection.execute(select(job).where(job.c.number == number)).first()
    return None if row is None else _job(row)


def under_way(connection: Connection, kind: Kind) -> Job | None:
    """The newest job of a kind that is still to be done."""
    row = connection.execute(
        select(job)
        .where(job.c.kind == kind.value, job.c.state.in_(_OPEN))
        .order_by(job.c.number.desc())
        .limit(1)
    ).first()
    return None if row is None else _job(row)


def waits(connection: Connection, now: datetime) -> bool:
    """Whether there is a job to claim."""
    return connection.scalar(select(job.c.number).where(_claimable(now)).limit(1)) is not None


def claim(connection: Connection, now: datetime) -> Job | None:
    """Take the next job: what was adopted before what is asked."""
    found = (
        select(job).where(_claimable(now)).order_by(job.c.kind == Kind.WHAT_IF.value, job.c.number).limit(1)
    )
    row = connection.execute(found.with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    values = {"state": JobState.RUNNING.value, "beat_at": now, "done": 0}
    connection.execute(update(job).where(job.c.number == row.number).values(**values))
    return _job(row)


def tell(connection: Connection, number: int, now: datetime, done: int, total: int) -> bool:
    """Say how far the job is. False where it is not to be gone on with."""
    return bool(
        connection.execute(
            update(job)
            .where(job.c.number == number, job.c.state == JobState.RUNNING.value)
            .values(done=done, total=total, beat_at=now)
        ).rowcount
    )


def finish(connection: Connection, number: int, result: Any = None, error: str | None = None) -> None:
    """The job is done, or failed with `error`."""
    state = JobState.DONE if error is None else JobState.FAILED
    connection.execute(
        update(job)
        .where(job.c.number == number, job.c.state == JobState.RUNNING.value)
        .values(state=state.value, result=json.dumps(result), error=clean(error, 300) if error else None)
    )


def _claimable(now: datetime) -> Any:
    silent = (job.c.state == JobState.RUNNING.value) & (job.c.beat_at < now - SILENT_AFTER)
    return or_(job.c.state == JobState.WAITING.value, silent)


def _added(connection: Connection, now: datetime, kind: Kind, who: str, base: str, text: str) -> int:
    total = connection.scalar(select(func.count()).where(computer.c.report_number.is_not(None))) or 0
    made = connection.execute(
        insert(job).values(
            kind=kind.value, state=JobState.WAITING.value, asked_at=now, who=clean(who, 100),
            base=clean(base, 60), text=text, done=0, total=total,
        )
    ).inserted_primary_key  # fmt: skip
    assert made is not None
    number: int = made[0]
    return number


def _job(row: Any) -> Job:
    return Job(
        number=row.number,
        kind=Kind(row.kind),
        state=JobState(row.state),
        asked_at=row.asked_at,
        who=row.who,
        base=row.base,
        text=row.text,
        done=row.done,
        total=row.total,
        beat_at=row.beat_at,
        result=json.loads(row.result) if row.result else None,
        error=row.error,
    )
