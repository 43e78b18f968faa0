"""Rating: results under a profile become a verdict for each activity and overall. Pure."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from readiness.core.check import Check
from readiness.core.evidence import parse
from readiness.core.model import (
    SEVERITY,
    Activity,
    Ending,
    Finding,
    Lift,
    Need,
    Rating,
    Result,
    Verdict,
    severity,
)  # fmt: skip
from readiness.core.profile import Profile


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict that weighs most: NOT_READY > UNKNOWN > LIMITED > READY; READY of none."""
    return max(verdicts, key=SEVERITY.__getitem__, default=Verdict.READY)


def judged(result: Result, check: Check[Any, Any], profile: Profile) -> tuple[Finding, ...]:
    """The findings of a stored result under `profile`, from its evidence alone."""
    if result.ending is not Ending.COMPLETED:
        return ()
    return tuple(check.judge(parse(check.evidence, result.evidence), profile))


def verdict_of(result: Result) -> Verdict:
    """What one result means by itself: UNKNOWN unless it completed, else its worst finding."""
    if result.ending is not Ending.COMPLETED:
        return Verdict.UNKNOWN
    return worst([finding.verdict for finding in result.findings])


def rate(
    results: Sequence[Result],
    checks: Sequence[Check[Any, Any]],
    profile: Profile,
    *,
    chosen: Sequence[str] | None = None,
) -> Rating:
    """The rating of `results` under `profile`.

    `checks` are all that the product has. `chosen` are the ids of those that were asked for (None:
    all). A chosen check without a completed result leaves its activities UNKNOWN; with a choice
    the rating is partial and covers only the activities of the chosen checks.
    """
    by_id = {result.check_id: result for result in results}
    asked = [check for check in checks if chosen is None or check.id in chosen]
    findings = [finding for check in asked for finding in _known(by_id.get(check.id), check, profile)]
    covered = {activity for check in asked for activity in check.activities}
    if chosen is None:  # what no check looks at is not known to be good
        findings += [
            Finding(code=activity.value, verdict=Verdict.UNKNOWN, activities=(activity,))
            for activity in profile.needs
            if activity not in covered and not any(activity in finding.activities for finding in findings)
        ]
    covered |= {activity for finding in findings for activity in finding.activities}
    activities = {
        activity: _weight(findings, frozenset((activity,))) for activity in Activity if activity in covered
    }
    needed = tuple(activity for activity in activities if activity in profile.needs) or tuple(activities)
    counting = frozenset(needed)
    overall = _weight(findings, counting) if needed else Verdict.UNKNOWN
    deciders = _deciders(findings, counting, overall)
    lifts = [
        lift(findings, needed),
        *(
            lift(findings, (activity,), activity)
            for activity, verdict in activities.items()
            if verdict is not Verdict.READY
        ),
    ]
    return Rating(
        profile_id=profile.id,
        profile_version=profile.version,
        overall=overall,
        activities=activities,
        deciding=tuple(dict.fromkeys(finding.code for finding in deciders)),
        partial=chosen is not None,
        borderline=bool(deciders) and all(finding.borderline for finding in deciders),
        lifts=tuple(found for found in lifts if found is not None),
    )


def lift(
    findings: Sequence[Finding], needed: Sequence[Activity], activity: Activity | None = None
) -> Lift | None:
    """What would lift the verdict on `needed` to its next step; None where it is READY, or nothing counts.

    A new headset does away with all that was wrong with the old one: with a need met, every finding
    of that need is solved.
    """
    counting = frozenset(needed)
    now = _weight(findings, counting)
    deciders = _deciders(findings, counting, now)
    if not deciders:
        return None
    codes = {finding.code for finding in deciders}
    needs = {finding.need for finding in deciders if finding.need is not None}
    rest = [finding for finding in findings if finding.code not in codes and finding.need not in needs]
    return Lift(
        activity=activity,
        verdict=_weight(rest, counting),
        needs=tuple(need for need in Need if need in needs),
        codes=tuple(dict.fromkeys(finding.code for finding in deciders)),
    )


def _weight(findings: Sequence[Finding], needed: frozenset[Activity]) -> Verdict:
    return worst([finding.verdict for finding in findings if not needed.isdisjoint(finding.activities)])


def _deciders(findings: Sequence[Finding], needed: frozenset[Activity], verdict: Verdict) -> list[Finding]:
    """The findings that made it `verdict`: those that weigh on most of `needed` first."""
    if verdict is Verdict.READY:
        return []
    deciding = [
        finding
        for finding in findings
        if finding.verdict is verdict and not needed.isdisjoint(finding.activities)
    ]
    return sorted(deciding, key=lambda finding: -len(needed.intersection(finding.activities)))


def _known(result: Result | None, check: Check[Any, Any], profile: Profile) -> Sequence[Finding]:
    """The findings under `profile`; where nothing is known, one that says so by the check's id."""
    if result is not None and result.ending is Ending.COMPLETED:
        # Evidence of another version that this judge cannot read is no evidence; the other checks,
        # and the other reports, are still rated.
        with contextlib.suppress(Exception):
            return judged(result, check, profile)
    return (Finding(code=check.id, verdict=Verdict.UNKNOWN, activities=check.activities),)


def by_importance(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with the heaviest verdict first; the check's own order among equals."""
    return tuple(sorted(findings, key=lambda finding: -severity(finding.verdict)))
