"""Findings over the fleet: which stand where, and what the computers that have one have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, select

from readiness.collector.tables import computer, standing
from readiness.core.model import Verdict

_DIMENSIONS = {
    "model": computer.c.model,
    "system": computer.c.system,
    "unit": computer.c.unit,
    "network": computer.c.network_kind,
}
_MOST_GROUPS = 12
_FEWEST_FOR_A_PATTERN = 3


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """One finding over the fleet."""

    code: str
    computers: int
    not_ready: int
    first: datetime
    newest: datetime


@dataclass(frozen=True, kw_only=True)
class Share:
    """Of the computers with one value of a dimension (a model, a driver), those with the finding."""

    value: str | None
    affected: int
    all: int

    @property
    def percent(self) -> float:
        """The affected share."""
        return 100 * self.affected / self.all if self.all else 0.0


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """One finding in detail: by each dimension the values with the most computers.

    `likely` names the dimension and value that sets the affected apart most, if one does.
    """

    cluster: Cluster
    shares: Mapping[str, tuple[Share, ...]]
    likely: tuple[str, Share] | None = None


def clusters(connection: Connection) -> tuple[Cluster, ...]:
    """Every finding that stands somewhere, the one that stops most computers first."""
    stops = func.sum(case((standing.c.verdict == Verdict.NOT_READY.value, 1), else_=0))
    rows = connection.execute(
        select(
            standing.c.code,
            func.count().label("counted"),
            stops.label("stops"),
            func.min(standing.c.since).label("first"),
            func.max(standing.c.since).label("newest"),
        )
        .group_by(standing.c.code)
        .order_by(stops.desc(), func.count().desc(), standing.c.code)
    ).all()
    return tuple(
        Cluster(
            code=row.code,
            computers=row.counted,
            not_ready=row.stops,
            first=row.first,
            newest=row.newest,
        )
        for row in rows
    )


Everyone = Mapping[str, Mapping[str | None, int]]
"""By dimension: how many tested computers have each value."""


def everyone(connection: Connection) -> Everyone:
    """How the tested computers are spread over each dimension."""
    rows = connection.execute(
        select(*_DIMENSIONS.values(), func.count())
        .where(computer.c.overall.is_not(None))
        .group_by(*_DIMENSIONS.values())
    )
    return _spread([tuple(row) for row in rows])


def pattern(
    connection: Connection, code: str, found: Cluster | None = None, spread: Everyone | None = None
) -> Pattern | None:
    """What the computers with this finding have in common, or None where none has it.

    `found` and `spread` are what `clusters` and `everyone` gave, where they are known already.
    """
    if found is None:
        found = next((cluster for cluster in clusters(connection) if cluster.code == code), None)
    if found is None:
        return None
    spread = spread if spread is not None else everyone(connection)
    # Joined once, for all dimensions together.
    affected = _spread(
        [
            tuple(row)
            for row in connection.execute(
                select(*_DIMENSIONS.values(), func.count())
                .select_from(standing.join(computer))
                .where(standing.c.code == code)
                .group_by(*_DIMENSIONS.values())
            )
        ]
    )
    shares: dict[str, tuple[Share, ...]] = {
        name: tuple(
            Share(value=value, affected=count, all=max(count, spread[name].get(value, count)))
            for value, count in sorted(values.items(), key=lambda item: -item[1])[:_MOST_GROUPS]
        )
        for name, values in affected.items()
    }
    drivers = connection.execute(
        select(standing.c.driver, func.count())
        .where(standing.c.code == code, standing.c.driver.is_not(None))
        .group_by(standing.c.driver)
        .order_by(func.count().desc())
        .limit(_MOST_GROUPS)
    ).all()
    shares["driver"] = tuple(Share(value=value, affected=count, all=found.computers) for value, count in drivers)  # fmt: skip
    total = sum(next(iter(spread.values())).values())
    return Pattern(cluster=found, shares=shares, likely=_likely(total, found, shares))


def _spread(rows: list[tuple[Any, ...]]) -> dict[str, dict[str | None, int]]:
    """Counts of combinations, as counts by each dimension."""
    counted: dict[str, Counter[str | None]] = {name: Counter() for name in _DIMENSIONS}
    for row in rows:
        for place, name in enumerate(_DIMENSIONS):
            counted[name][row[place]] += row[-1]
    return {name: dict(counts) for name, counts in counted.items()}


def _likely(total: int, found: Cluster, shares: Mapping[str, tuple[Share, ...]]) -> tuple[str, Share] | None:
    """The value whose computers have the finding far more often than others do.

    Measured as the share of the affected that have the value, less the share of all computers that
    have it (the J of Youden 1950 when few are affected): 1 where the value tells all, 0 for none.
    """
    unaffected = total - found.computers
    best: tuple[float, str, Share] | None = None
    for name in _DIMENSIONS:
        for share in shares[name]:
            if share.value is None or share.affected < _FEWEST_FOR_A_PATTERN:
                continue
            elsewhere = (share.all - share.affected) / unaffected if unaffected > 0 else 0.0
            apart = share.affected / found.computers - elsewhere
            if apart > 0.5 and (best is None or apart > best[0]):
                best = (apart, name, share)
    return None if best is None else (best[1], best[2])
