"""The checks as stations of a run: what each shows, and how long all of them take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.core.check import Check, Resource
from readiness.gui.outcome import Station


def expected_seconds(checks: Sequence[Check[Any, Any]]) -> float:
    """How long a run usually takes, with those that share something in turn."""
    ends: dict[str, float] = {}
    for index, check in enumerate(checks):
        waits_for = [
            ends[other.id] for other in checks[:index] if other.uses & check.uses or other.id in check.after
        ]
        ends[check.id] = max(waits_for, default=0.0) + check.typical_seconds
    return max(ends.values(), default=0.0)


def station(check: Check[Any, Any]) -> Station:
    """One check as the window shows it."""
    return Station(
        id=check.id,
        title=check.title,
        shows_picture=Resource.CAMERA in check.uses,
        shows_level=Resource.SOUND in check.uses,
        needs_person=Resource.SOUND in check.uses,
    )
