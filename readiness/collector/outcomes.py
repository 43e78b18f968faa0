"""What came of trying other requirements, as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from readiness.collector.overview import ABLE
from readiness.core.model import SEVERITY, Activity, Verdict

_MOST_UNITS = 200


@dataclass(frozen=True, kw_only=True)
class Move:
    """So many computers have one result today and another one then."""

    before: Verdict
    after: Verdict
    computers: int

    @property
    def worse(self) -> bool:
        """Whether it is a step down."""
        return SEVERITY[self.after] > SEVERITY[self.before]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A count today and then; `name` is an activity, a unit or a finding's code."""

    name: str
    before: int
    after: int
    all: int = 0
    changed: int = 0

    @property
    def difference(self) -> str:
        """How many more, with its sign."""
        change = self.after - self.before
        return f"+{change}" if change > 0 else f"\N{MINUS SIGN}{-change}" if change < 0 else "0"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """All of it."""

    computers: int
    changed: int
    unreadable: int
    before_percent: float
    after_percent: float
    moves: tuple[Move, ...]
    activities: tuple[Pair, ...]
    units: tuple[Pair, ...]
    findings: tuple[Pair, ...]


def outcome(result: Mapping[str, Any]) -> Outcome:
    """The tally of a job, most telling first."""
    verdicts, computers = result["verdicts"], result["computers"]
    overall = verdicts.get("overall", [])
    before, after = _able(overall)
    return Outcome(
        computers=computers,
        changed=result["changed"],
        unreadable=result["unreadable"],
        before_percent=100 * before / computers if computers else 0.0,
        after_percent=100 * after / computers if computers else 0.0,
        moves=tuple(
            Move(before=Verdict(old), after=Verdict(new), computers=count)
            for old, new, count in sorted(overall, key=lambda pair: -pair[2])
            if old != new
        ),
        activities=tuple(
            Pair(name=activity.value, before=able[0], after=able[1], all=computers)
            for activity in Activity
            for able in (_able(verdicts.get(activity.value, [])),)
        ),
        units=tuple(
            Pair(
                name=unit,
                before=counts.get("before", 0),
                after=counts.get("after", 0),
                all=counts.get("all", 0),
                changed=counts.get("changed", 0),
            )
            for unit, counts in sorted(result["units"].items(), key=lambda item: (-item[1].get("changed", 0), item[0]))
        )[:_MOST_UNITS],
        findings=tuple(
            Pair(name=code, before=old, after=new)
            for code, (old, new) in sorted(
                result["findings"].items(), key=lambda item: (-abs(item[1][1] - item[1][0]), item[0])
            )
            if old != new
        ),
    )  # fmt: skip


def _able(pairs: list[list[Any]]) -> tuple[int, int]:
    return (
        sum(count for before, _, count in pairs if before in ABLE),
        sum(count for _, after, count in pairs if after in ABLE),
    )
