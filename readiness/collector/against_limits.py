"""A check's figures held against the limits of a profile, with the source of each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from readiness.collector import figures
from readiness.collector.figure_words import figure_name
from readiness.core.limits import Limit
from readiness.core.model import Verdict
from readiness.core.profile import Profile
from readiness.core.text import Language


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One figure against one limit; `interval` are its bounds in words, where it has some."""

    label: str
    value: str
    interval: str | None
    limit: Limit
    verdict: Verdict


def measured(
    check_id: str, evidence: Mapping[str, Any], profile: Profile, language: Language
) -> tuple[Measured, ...]:
    """Each limit of the check whose figure was measured, the worst first."""
    found = []
    for limit in profile.limits:
        check, _, name = limit.figure.partition(".")
        value = _number(evidence.get(name))
        if check != check_id or value is None:
            continue
        low, high = _number(evidence.get(f"{name}_low")), _number(evidence.get(f"{name}_high"))
        found.append(
            Measured(
                label=figure_name(limit.figure, language),
                value=_written(name, value, language),
                interval=_interval(low, high, language),
                limit=limit,
                verdict=limit.grade_interval(value, low, high).verdict,
            )
        )
    order = (Verdict.NOT_READY, Verdict.LIMITED, Verdict.UNKNOWN, Verdict.READY)
    return tuple(sorted(found, key=lambda row: order.index(row.verdict)))


def _number(value: Any) -> float | None:
    """A number that can be compared; a report may hold anything."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(float(value)) else None
    except OverflowError:
        return None


def _written(name: str, value: float, language: Language) -> str:
    ((_, text),) = figures.rows({name: value}, language)
    return text


def _interval(low: float | None, high: float | None, language: Language) -> str | None:
    if low is None or high is None or low == high:
        return None
    return f"{figures.number(low, language)}–{figures.number(high, language)}"
