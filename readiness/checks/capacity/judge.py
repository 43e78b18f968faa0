"""Whether the line is fast enough, for each activity, and whether its queues spoil a call. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from readiness.checks.capacity.evidence import CapacityEvidence
from readiness.checks.capacity.findings import (
    ALL,
    BUFFERBLOAT,
    NOT_MEASURED,
    ODD_COLLECTOR,
    TOO_LOW_DOWN,
    TOO_LOW_UP,
    WORKS,
)
from readiness.core.model import Activity, Finding, Grade, Verdict, severity
from readiness.core.profile import Profile
from readiness.core.rating import by_importance

_LYING = ("nonsense", "forged", "other_session", "refused")


def judge(evidence: CapacityEvidence, profile: Profile) -> Sequence[Finding]:
    """The findings under `profile`, the heaviest first."""
    findings: list[Finding] = []
    if _lied(evidence):
        findings.append(ODD_COLLECTOR.found(Verdict.UNKNOWN, odd=evidence.odd or evidence.error))
    elif evidence.capacity_kbps_up is None or evidence.capacity_kbps_down is None:
        findings.append(NOT_MEASURED.found(Verdict.UNKNOWN, problem=evidence.problem, error=evidence.error))
    for grade, activities, wanted in _slow(evidence, profile, "up"):
        kbps = evidence.capacity_kbps_up
        findings.append(TOO_LOW_UP.found(grade, kbps=kbps, wanted=wanted).on(activities))
    for grade, activities, wanted in _slow(evidence, profile, "down"):
        kbps = evidence.capacity_kbps_down
        findings.append(TOO_LOW_DOWN.found(grade, kbps=kbps, wanted=wanted).on(activities))
    findings.extend(_bloat(evidence, profile))
    if not findings:
        findings.append(WORKS.found(Verdict.READY))
    return by_importance(findings)


def _lied(evidence: CapacityEvidence) -> bool:
    said = f"{evidence.problem or ''} {evidence.odd or ''}"
    return any(word in said for word in _LYING)


def _slow(
    evidence: CapacityEvidence, profile: Profile, direction: str
) -> Iterator[tuple[Grade, tuple[Activity, ...], float | None]]:
    """Each grade below good, the activities it is for, and what they want."""
    figure = f"capacity.capacity_kbps_{direction}"
    for grade, activities in profile.grades(figure, "at_least", evidence, ALL):
        if grade.verdict in (Verdict.LIMITED, Verdict.NOT_READY):
            limit = profile.limit(figure, "at_least", activities[0])
            edges = (limit.required, limit.recommended) if limit else ()
            red = grade.verdict is Verdict.NOT_READY
            known = [edge for edge in edges if edge is not None]
            yield grade, activities, (min(known) if red else max(known)) if known else None


def _bloat(evidence: CapacityEvidence, profile: Profile) -> Iterator[Finding]:
    """It hurts only beside other traffic, so it never weighs more than LIMITED."""
    graded = [
        (profile.grade(f"capacity.loaded_rtt_ms_{direction}", "at_most", value), value)
        for direction, value in (("up", evidence.loaded_rtt_ms_up), ("down", evidence.loaded_rtt_ms_down))
        if value is not None
    ]
    bad = [(verdict, value) for verdict, value in graded if severity(verdict)]
    if bad:
        yield BUFFERBLOAT.found(Verdict.LIMITED, loaded=max(value for _, value in bad) / 1000)
