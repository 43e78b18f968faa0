"""A figure of the microphone against the profile's limits."""

from __future__ import annotations

from readiness.core.model import Verdict
from readiness.core.profile import Direction, Profile

BAD = (Verdict.LIMITED, Verdict.NOT_READY)


def grade(profile: Profile, figure: str, direction: Direction, value: float | None) -> Verdict:
    """The verdict on `value` by the limits of the figure `microphone.<figure>`; UNKNOWN without either."""
    return profile.grade(f"microphone.{figure}", direction, value)


def worst(*verdicts: Verdict) -> Verdict:
    """The worst of those that are known; UNKNOWN where none is."""
    for verdict in (Verdict.NOT_READY, Verdict.LIMITED, Verdict.READY):
        if verdict in verdicts:
            return verdict
    return Verdict.UNKNOWN
