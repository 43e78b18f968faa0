"""How many can take part, unit by unit, and what is missing. Reads the fleet's tables only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from readiness.collector.tables import computer, expected, standing, trend
from readiness.core.model import Activity, Verdict

STALE_AFTER = timedelta(days=180)
"""Where IT chose nothing else: after half a year a test says little about the computer today."""
ABLE = (Verdict.READY.value, Verdict.LIMITED.value)
"""Verdicts with which one can take part."""


class State(StrEnum):
    """Where a computer stands, each in one state alone; what is no longer known is no verdict."""

    READY = "ready"
    LIMITED = "limited"
    NOT_READY = "not_ready"
    UNKNOWN = "unknown"
    STALE = "stale"
    """Tested too long ago; heard from since."""
    UNREACHABLE = "unreachable"
    """Nothing was heard from it for as long."""
    NEVER = "never"
    """Expected by IT, and never tested."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Some computers (a unit, or all): how many in each state, and how many can do each activity."""

    unit: str | None
    states: Mapping[State, int]
    can: Mapping[Activity, int]

    @property
    def known(self) -> int:
        """All computers that IT expects or that ever reported."""
        return sum(self.states.values())

    @property
    def ready(self) -> int:
        """Those that can take part: READY or LIMITED, tested lately."""
        return self.states.get(State.READY, 0) + self.states.get(State.LIMITED, 0)

    def percent(self, count: int) -> float | None:
        """`count` as a share of all, or None of nothing."""
        return 100 * count / self.known if self.known else None


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One kind of need: in how many computers it stands, by unit, and in how many it alone does.

    `gains`, and `gains_in` by unit: how many of those cannot take part today and nothing else stops, so
    that they can when they get it.
    """

    need: str
    computers: int
    alone: int
    gains: int
    gains_in: Mapping[str | None, int]
    units: tuple[tuple[str | None, int], ...]


@dataclass(frozen=True, kw_only=True)
class Goal:
    """The share (percent) of computers that shall be ready by a day (ISO), as the organisation set it."""

    percent: float
    day: str


@dataclass(frozen=True, kw_only=True)
class Overview:
    """All, and unit by unit; `days` are the trend's, oldest first: day, known, ready."""

    all: Group
    units: tuple[Group, ...]
    days: tuple[tuple[str, int, int], ...] = field(default=())


def overview(connection: Connection, now: datetime, stale_after: timedelta = STALE_AFTER) -> Overview:
    """The fleet as it stands at `now`."""
    state = state_at(now, stale_after)
    fresh = computer.c.tested_at >= now - stale_after
    able = [
        func.sum(case((and_(fresh, computer.c[activity.value].in_(ABLE)), 1), else_=0)).label(activity.value)
        for activity in Activity
    ]
    counted = connection.execute(
        select(computer.c.unit, state.label("state"), func.count().label("counted"), *able).group_by(
            computer.c.unit, state
        )
    ).all()
    never = connection.execute(
        select(expected.c.unit, func.count()).where(expected.c.computer_number.is_(None)).group_by(expected.c.unit)
    ).all()  # fmt: skip
    states: dict[str | None, Counter[State]] = {}
    can: dict[str | None, Counter[Activity]] = {}
    for row in counted:
        states.setdefault(row.unit, Counter())[State(row.state)] += row.counted
        for activity in Activity:
            can.setdefault(row.unit, Counter())[activity] += int(getattr(row, activity.value) or 0)
    for unit, count in never:
        states.setdefault(unit, Counter())[State.NEVER] += count
    units = tuple(
        Group(unit=unit, states=states[unit], can=can.get(unit, Counter()))
        for unit in sorted(states, key=lambda name: (name is None, (name or "").casefold()))
    )
    total = Group(
        unit=None,
        states=sum((Counter(group.states) for group in units), Counter[State]()),
        can=sum((Counter(group.can) for group in units), Counter[Activity]()),
    )
    days = connection.execute(
        select(trend.c.day, trend.c.known, trend.c.ready)
        .where(trend.c.unit == "")
        .order_by(trend.c.day.desc())
        .limit(400)
    ).all()
    return Overview(all=total, units=units, days=tuple((day, known, ready) for day, known, ready in days[::-1]))  # fmt: skip


def needs(connection: Connection, now: datetime, stale_after: timedelta = STALE_AFTER) -> tuple[Missing, ...]:
    """What is missing, the most frequent first."""
    stopped = (
        select(standing.c.code)
        .where(
            standing.c.computer_number == computer.c.number,
            standing.c.verdict.not_in(ABLE),
            standing.c.need.is_(None),
        )
        .exists()
    )  # by what no purchase mends
    gained = case((and_(computer.c.overall.not_in(ABLE), ~stopped), 1), else_=0)
    rows = connection.execute(
        select(
            computer.c.needs, computer.c.unit, func.count().label("counted"), func.sum(gained).label("gained")
        )
        .where(computer.c.needs != "", computer.c.tested_at >= now - stale_after)
        .group_by(computer.c.needs, computer.c.unit)
    ).all()
    total: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    gains: dict[str, Counter[str | None]] = {}
    units: dict[str, Counter[str | None]] = {}
    for row in rows:
        kinds = row.needs.split()
        for kind in kinds:
            total[kind] += row.counted
            units.setdefault(kind, Counter())[row.unit] += row.counted
            if len(kinds) == 1:
                alone[kind] += row.counted
                gains.setdefault(kind, Counter())[row.unit] += int(row.gained)
    return tuple(
        Missing(
            need=kind,
            computers=count,
            alone=alone[kind],
            gains=sum(gains.get(kind, {}).values()),
            gains_in=gains.get(kind, {}),
            units=tuple(sorted(units[kind].items(), key=lambda unit: (-unit[1], unit[0] or ""))),
        )
        for kind, count in sorted(total.items(), key=lambda found: (-found[1], found[0]))
    )


def state_at(now: datetime, stale_after: timedelta) -> ColumnElement[str]:
    """A computer's State, as a column of a statement."""
    edge = now - stale_after
    return case(
        (computer.c.seen_at < edge, State.UNREACHABLE.value),
        (computer.c.tested_at.is_(None), State.UNKNOWN.value),
        (computer.c.tested_at < edge, State.STALE.value),
        *(
            (computer.c.overall == verdict.value, State[verdict.name].value)
            for verdict in (Verdict.READY, Verdict.LIMITED, Verdict.NOT_READY)
        ),
        else_=State.UNKNOWN.value,
    )
