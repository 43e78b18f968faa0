"""Rating: results under a profile become a verdict for each activity and overall. Pure."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from readiness.core.check import Check
from readiness.core.evidence import parse
from readiness.core.model import Activity, Ending, Finding, Rating, Result, Verdict, severity
from readiness.core.profile import Profile


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict that weighs most: NOT_READY > UNKNOWN > LIMITED > READY; READY of none."""
    return max(verdicts, key=severity, default=Verdict.READY)


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
    weights: dict[Activity, list[tuple[Verdict, str]]] = {}
    for check in asked:
        for activity in check.activities:
            weights.setdefault(activity, [])
        for finding in _known(by_id.get(check.id), check, profile):
            for activity in finding.activities:
                weights.setdefault(activity, []).append((finding.verdict, finding.code))
    if chosen is None:
        for activity in profile.needs:  # what no check looks at is not known to be good
            weights.setdefault(activity, [(Verdict.UNKNOWN, activity.value)])
    activities = {
        activity: worst([verdict for verdict, _ in weights[activity]])
        for activity in Activity
        if activity in weights
    }
    needed = [activity for activity in activities if activity in profile.needs] or list(activities)
    overall = worst([activities[activity] for activity in needed]) if needed else Verdict.UNKNOWN
    deciding = dict.fromkeys(
        code
        for activity in needed
        for verdict, code in weights[activity]
        if verdict is overall and overall is not Verdict.READY
    )
    return Rating(
        profile_id=profile.id,
        profile_version=profile.version,
        overall=overall,
        activities=activities,
        deciding=tuple(deciding),
        partial=chosen is not None,
    )


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
