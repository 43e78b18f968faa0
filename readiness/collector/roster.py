"""The computers one by one: lists of them, and each one's reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from readiness.collector.overview import STALE_AFTER, State, state_at
from readiness.collector.tables import clean, computer, report, standing
from readiness.core.model import Activity, Need, Verdict


@dataclass(frozen=True, kw_only=True)
class Known:
    """One computer in a list; `place` is where it stands there, to go on from."""

    place: str
    device_id: str
    host_name: str
    asset_tag: str | None
    unit: str | None
    model: str | None
    state: State
    overall: Verdict | None
    tested_utc: datetime | None
    needs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which computers: those for which all that is given holds."""

    unit: str | None = None
    state: State | None = None
    need: str | None = None
    code: str | None = None
    model: str | None = None
    search: str = ""


def computers(
    connection: Connection,
    wanted: Filter,
    now: datetime,
    *,
    after: str = "",
    size: int = 50,
    stale_after: timedelta = STALE_AFTER,
) -> tuple[tuple[Known, ...], bool]:
    """At most `size` computers in the order of their names, from `after` on; and whether there are more."""
    state = state_at(now, stale_after)
    statement = select(computer, state.label("state")).order_by(computer.c.host_key, computer.c.number)
    if wanted.unit is not None:
        statement = statement.where(
            computer.c.unit == wanted.unit if wanted.unit else computer.c.unit.is_(None)
        )
    if wanted.state is not None:
        statement = statement.where(state == wanted.state.value)
    if wanted.need is not None:
        statement = statement.where(computer.c.needs.contains(wanted.need, autoescape=True))
    if wanted.model is not None:
        statement = statement.where(computer.c.model == wanted.model)
    if wanted.code is not None:
        statement = statement.where(
            select(standing.c.code)
            .where(standing.c.computer_number == computer.c.number, standing.c.code == wanted.code)
            .exists()
        )
    if part := clean(wanted.search.strip(), 200).casefold():
        statement = statement.where(
            or_(
                computer.c.host_key.contains(part, autoescape=True),
                computer.c.asset_key.contains(part, autoescape=True),
            )
        )
    if place := _place(after):
        key, number = place
        statement = statement.where(
            or_(
                computer.c.host_key > key,
                and_(computer.c.host_key == key, computer.c.number > number),
            )
        )
    rows = connection.execute(statement.limit(size + 1)).all()
    return tuple(_known(row) for row in rows[:size]), len(rows) > size


def number_of(connection: Connection, device_id: str) -> int | None:
    """The computer's number in the tables."""
    return connection.scalar(select(computer.c.number).where(computer.c.device_id == clean(device_id, 100)))


def computer_of(
    connection: Connection, device_id: str, now: datetime, *, stale_after: timedelta = STALE_AFTER
) -> Known | None:
    """One computer."""
    statement = select(computer, state_at(now, stale_after).label("state"))
    row = connection.execute(statement.where(computer.c.device_id == clean(device_id, 100))).first()
    return None if row is None else _known(row)


def history(connection: Connection, device_id: str, size: int = 50) -> tuple[Any, ...]:
    """The newest reports of a computer, newest first: id, receipt, times and verdicts."""
    columns = report.c
    return tuple(
        connection.execute(
            select(
                columns.number, columns.id, columns.receipt, columns.received_at, columns.created_at,
                columns.overall, columns.partial, *(columns[activity.value] for activity in Activity),
            )
            .where(columns.device_id == clean(device_id, 100))
            .order_by(columns.number.desc())
            .limit(size)
        ).all()
    )  # fmt: skip


def _known(row: Any) -> Known:
    return Known(
        place=f"{row.host_key} {row.number}",
        device_id=row.device_id,
        host_name=row.host_name,
        asset_tag=row.asset_tag,
        unit=row.unit,
        model=row.model,
        state=State(row.state),
        overall=Verdict(row.overall) if row.overall else None,
        tested_utc=row.tested_at,
        needs=tuple(kind for kind in row.needs.split() if kind in tuple(Need)),
    )


def units(connection: Connection) -> tuple[str, ...]:
    """The units that computers belong to, by name."""
    found = connection.execute(
        select(computer.c.unit).where(computer.c.unit.is_not(None)).distinct()
    ).scalars()
    return tuple(sorted(found, key=str.casefold))


def _place(after: str) -> tuple[str, int] | None:
    """Where a page of the list ended, from its `place`; None where that is none of ours."""
    key, _, number = clean(after, 300).rpartition(" ")
    return (key, int(number)) if number.isdecimal() and number.isascii() and len(number) < 16 else None
