"""What the measured path means: each direction's sound and picture, and the cause where it falls short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from readiness.checks.media_path.evidence import MediaPathEvidence
from readiness.checks.media_path.findings import (
    ALL,
    BLOCKED,
    BURSTS,
    COARSE,
    DELAY,
    INTERRUPTED,
    JITTER,
    LOSS,
    NOT_MEASURED,
    ODD_ANSWERS,
    WORKS,
)
from readiness.core.model import Activity, Finding, FindingKind, Grade, Verdict, severity
from readiness.core.profile import Profile
from readiness.core.rating import by_importance

_SOUND = {"up": (Activity.TALK,), "down": (Activity.LISTEN,)}
_PICTURE = {"up": (Activity.BE_SEEN, Activity.SHARE_SCREEN), "down": (Activity.LISTEN,)}
_USUAL_BUFFER_MS = 40.0
"""What a play-out buffer holds on a line without jitter."""

_BURST = 2.0
"""Random loss up to a half is in runs of two at most, on average."""

_ODD = ("packets_moved", "packets_other_session", "packets_forged", "packets_refused")


def judge(evidence: MediaPathEvidence, profile: Profile) -> Sequence[Finding]:
    """The findings, the heaviest first; where all is well, one that says so."""
    findings = list(_untold(evidence, profile))
    if not findings:
        findings = list(_measured(evidence, profile))
        if evidence.interrupted:
            findings.append(INTERRUPTED.found(Verdict.UNKNOWN))
        if not findings:
            findings.append(WORKS.found(Verdict.READY, delay=_worst(evidence, "mouth_to_ear_ms")))
    return by_importance(findings)


def _untold(evidence: MediaPathEvidence, profile: Profile) -> Iterator[Finding]:
    """Why nothing can be said of the path."""

    def beyond(name: str) -> bool:
        verdict = profile.grade(f"media_path.{name}", "at_most", getattr(evidence, name))
        return verdict in (Verdict.LIMITED, Verdict.NOT_READY)

    if evidence.problem == "nonsense" or any(beyond(name) for name in _ODD):
        yield ODD_ANSWERS.found(Verdict.UNKNOWN)
    elif evidence.udp_answers is False:
        yield BLOCKED.found(Verdict.LIMITED, path=evidence.path)
    elif beyond("clock_stepped_ms"):
        yield NOT_MEASURED.found(Verdict.UNKNOWN)
    elif evidence.concealed_percent_up is None or evidence.concealed_percent_down is None:
        yield (INTERRUPTED if evidence.interrupted else NOT_MEASURED).found(Verdict.UNKNOWN)


def _measured(evidence: MediaPathEvidence, profile: Profile) -> Iterator[Finding]:
    """For each cause the heaviest finding, weighing on all activities that it touches."""
    found: dict[str, list[Finding]] = {}
    for way in ("up", "down"):
        for finding in _one_way(evidence, profile, way):
            found.setdefault(finding.code, []).append(finding)
    for same in found.values():
        for verdict in dict.fromkeys(finding.verdict for finding in same):
            alike = [finding for finding in same if finding.verdict is verdict]
            touched = {activity for finding in alike for activity in finding.activities}
            yield replace(
                alike[0],
                activities=tuple(activity for activity in ALL if activity in touched),
                borderline=all(finding.borderline for finding in alike),
            )


def _one_way(evidence: MediaPathEvidence, profile: Profile, way: str) -> Iterator[Finding]:
    def graded(name: str, direction: Any = "at_most") -> Grade:
        return profile.grade_measured(f"media_path.{name}_{way}", direction, evidence)

    def value(name: str) -> Any:
        return getattr(evidence, f"{name}_{way}")

    both = (*_SOUND[way], *(a for a in _PICTURE[way] if a not in _SOUND[way]))
    lossy = BURSTS if (value("mean_burst") or 1.0) >= _BURST else LOSS
    yield from _weighed(lossy, graded("concealed_percent"), _SOUND[way], evidence)
    late = graded("mouth_to_ear_ms")
    if late.verdict is not Verdict.READY:
        limit = profile.limit(f"media_path.mouth_to_ear_ms_{way}", "at_most")
        excess = max(0.0, (value("buffer_ms") or 0.0) - _USUAL_BUFFER_MS)
        usual = None if value("mouth_to_ear_ms") is None else value("mouth_to_ear_ms") - excess
        uneven = limit is not None and limit.grade(usual) is Verdict.READY
        yield from _weighed(JITTER if uneven else DELAY, late, _SOUND[way], evidence)
    yield from _weighed(lossy, _seen(graded("still_percent"), way), _PICTURE[way], evidence)
    # What a service itself asks of the path; most profiles ask nothing here.
    yield from _weighed(lossy, graded("loss_percent"), both, evidence)
    yield from _weighed(JITTER, graded("jitter_ms"), both, evidence)
    trip = profile.grade_measured("media_path.rtt_ms_p50", "at_most", evidence)
    yield from _weighed(DELAY, trip, _SOUND[way], evidence)
    coarse = _seen(graded("picture_360_kbps", "at_least"), way)
    yield from _weighed(COARSE, coarse, _PICTURE[way], evidence)


def _seen(grade: Grade, way: str) -> Grade:
    """Without the others' picture one can still listen: that limits, and no more."""
    if way == "down" and grade.verdict is Verdict.NOT_READY:
        return Grade(verdict=Verdict.LIMITED, borderline=grade.borderline)
    return grade


def _weighed(
    kind: FindingKind, grade: Grade, activities: tuple[Activity, ...], evidence: MediaPathEvidence
) -> Iterator[Finding]:
    if severity(grade.verdict) == severity(Verdict.READY):
        return
    arguments: dict[str, Any] = {}
    if kind is LOSS:
        arguments = {"up": evidence.loss_percent_up, "down": evidence.loss_percent_down}
    elif kind is BURSTS:
        arguments = {"up": evidence.longest_burst_up, "down": evidence.longest_burst_down}
    elif kind is COARSE:
        known = [
            kbps
            for kbps in (evidence.picture_360_kbps_up, evidence.picture_360_kbps_down)
            if kbps is not None
        ]
        arguments = {"kbps": min(known, default=None)}
    else:
        arguments = {"delay": _worst(evidence, "mouth_to_ear_ms")}
    yield kind.found(grade, **arguments).on(activities)


def _worst(evidence: MediaPathEvidence, name: str) -> float | None:
    values = [getattr(evidence, f"{name}_{way}") for way in ("up", "down")]
    return max((value for value in values if value is not None), default=None)
