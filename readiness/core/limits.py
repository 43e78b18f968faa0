"""Limits: where a figure stops being good, and what a value or an interval means against them.

A figure is measured as one number, or as a number with an interval: evidence that has one carries
`<figure>_low` and `<figure>_high` (its bounds at 95 % confidence) beside `<figure>`. What lies
wholly on one side of a limit is graded by it. An interval across a limit is *borderline*: it is
LIMITED and said to be borderline; neither green, as it may be worse, nor red, as nothing has shown
that it is. Nothing is rounded. Without a number, or with NaN or an infinity, the grade is UNKNOWN.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from typing import Literal

from readiness.core.demands import Confidence
from readiness.core.model import Activity, Grade, Verdict, severity

Direction = Literal["at_least", "at_most"]

UNITS = {
    "percent": "%",
    "kbps": "kbit/s",
    "mbps": "Mbit/s",
    "ms": "ms",
    "seconds": "s",
    "dbfs": "dBFS",
    "db": "dB",
    "dbm": "dBm",
    "gib": "GiB",
    "mib": "MiB",
    "hz": "Hz",
    "mhz": "MHz",
    "px": "px",
    "days": "days",
    "cores": "cores",
    "lux": "lux",
    "degrees": "degrees",
}
"""The unit that a figure's name tells (`rtt_ms_p50`), and how a profile writes it."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """Where one figure stops being good.

    With direction `at_least`, below `recommended` is LIMITED and below `required` NOT_READY; with
    `at_most`, above. A limit that is None never decides. `activity`: it holds for this one alone.
    """

    figure: str
    direction: Direction
    unit: str
    required: float | None = None
    recommended: float | None = None
    activity: Activity | None = None
    source: str
    retrieved: datetime.date
    confidence: Confidence
    note: str = ""

    def grade(self, value: float | None) -> Verdict:
        """What `value` means: UNKNOWN without one."""
        if value is None or not math.isfinite(value):
            return Verdict.UNKNOWN
        required, recommended = self.required, self.recommended
        if self.direction == "at_least":
            if required is not None and value < required:
                return Verdict.NOT_READY
            return Verdict.LIMITED if recommended is not None and value < recommended else Verdict.READY
        if required is not None and value > required:
            return Verdict.NOT_READY
        return Verdict.LIMITED if recommended is not None and value > recommended else Verdict.READY

    def grade_interval(
        self, value: float | None, low: float | None = None, high: float | None = None
    ) -> Grade:
        """What `value` between `low` and `high` means; a bound that is missing is `value` itself."""
        if low is None and high is None:
            return Grade(verdict=self.grade(value))
        known = [edge for edge in (low, value, high) if edge is not None and math.isfinite(edge)]
        if not known:
            return Grade(verdict=Verdict.UNKNOWN)
        best, worst = sorted((self.grade(min(known)), self.grade(max(known))), key=severity)
        if best is worst:
            return Grade(verdict=best)
        return Grade(verdict=Verdict.LIMITED, borderline=True)


def unit_of(figure: str) -> str | None:
    """The unit that the name of a figure tells; None where it tells none."""
    for part in reversed(figure.rpartition(".")[2].split("_")):
        if part in UNITS:
            return UNITS[part]
    return None


def reversed_limits(limit: Limit) -> bool:
    """Is what is required more than what is recommended?"""
    if limit.required is None or limit.recommended is None:
        return False
    if limit.direction == "at_least":
        return limit.required > limit.recommended
    return limit.required < limit.recommended


def empty_band(at_least: Limit, at_most: Limit) -> bool:
    """Do two limits of one figure leave no value that is good, or none that is allowed?"""
    return any(
        low is not None and high is not None and low > high
        for low, high in (
            (at_least.recommended, at_most.recommended),
            (at_least.recommended, at_most.required),
            (at_least.required, at_most.recommended),
            (at_least.required, at_most.required),
        )
    )


def exclude_each_other(limit: Limit, other: Limit) -> bool:
    """Does no value meet both, for some activity: a lowest and a highest limit of one figure that leave none?"""
    if limit.figure != other.figure or limit.direction == other.direction:
        return False
    if None not in (limit.activity, other.activity) and limit.activity != other.activity:
        return False
    low, high = (limit, other) if limit.direction == "at_least" else (other, limit)
    return empty_band(low, high)


def in_force(own: tuple[Limit, ...], inherited: tuple[Limit, ...]) -> tuple[Limit, ...]:
    """The limits of a profile with those that it inherits and does not state itself.

    An own limit for all activities takes the place of every inherited one of its figure and
    direction, an own limit for one activity that of the same activity.
    """
    general = {(limit.figure, limit.direction) for limit in own if limit.activity is None}
    special = {(limit.figure, limit.direction, limit.activity) for limit in own}
    return own + tuple(
        limit
        for limit in inherited
        if (limit.figure, limit.direction) not in general
        and (limit.figure, limit.direction, limit.activity) not in special
    )


def strictness(limit: Limit) -> tuple[float, float]:
    """Sorts limits of one figure and direction; the strictest is the greatest."""
    sign = 1.0 if limit.direction == "at_least" else -1.0
    edges = (limit.required, limit.recommended)
    required, recommended = (-math.inf if edge is None else sign * edge for edge in edges)
    return (max(required, recommended), required)
