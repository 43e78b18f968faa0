"""What the speaker's evidence means."""

from __future__ import annotations

from collections.abc import Sequence

from readiness.checks.problems import from_problem
from readiness.checks.speaker.findings import (
    BY_PROBLEM,
    LEAKS,
    MUTED_BY_SYSTEM,
    NOT_HEARD,
    NOT_PLUGGED_IN,
    ONE_SIDE,
    SILENT,
    WORKS,
)
from readiness.checks.speaker.measure import HEARD, NOT_HEARD_ANSWER, SpeakerEvidence, is_heard, is_muted
from readiness.core.model import Finding, Verdict
from readiness.core.profile import Profile
from readiness.core.rating import by_importance


def judge(evidence: SpeakerEvidence, profile: Profile) -> Sequence[Finding]:
    """What the figures mean; the heaviest finding first, a cause before what follows from it."""
    if problem := from_problem(evidence.problem, evidence.problem_detail, BY_PROBLEM):
        return (problem,)
    if is_muted(evidence):
        return (MUTED_BY_SYSTEM.found(Verdict.NOT_READY, device=evidence.device_name),)
    if not evidence.played:
        # A speaker that was never named was never tried.
        return (SILENT.found(Verdict.NOT_READY if evidence.device_name else Verdict.UNKNOWN),)
    heard = is_heard(evidence, profile)
    if not heard and evidence.answer != HEARD:
        said_no = evidence.answer == NOT_HEARD_ANSWER
        kind = NOT_PLUGGED_IN if evidence.plugged_in is False else NOT_HEARD
        return (kind.found(Verdict.NOT_READY if said_no else Verdict.UNKNOWN, device=evidence.device_name),)
    findings: list[Finding] = []
    if heard:
        leak = profile.grade("speaker.loop_gain_db", "at_most", evidence.loop_gain_db)
        if leak in (Verdict.LIMITED, Verdict.NOT_READY):
            findings.append(LEAKS.found(leak, gain=evidence.loop_gain_db))
        side = profile.grade("speaker.loop_side_difference_db", "at_most", evidence.loop_side_difference_db)
        if side in (Verdict.LIMITED, Verdict.NOT_READY):
            findings.append(ONE_SIDE.found(side))
    if all(finding.verdict is Verdict.READY for finding in findings):
        findings.append(WORKS.found(Verdict.READY))
    return by_importance(findings)
