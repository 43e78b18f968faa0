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
    """The rating of `results` under `profile`; see `rate_with_findings`."""
    return rate_with_findings(results, checks, profile, chosen=chosen)[0]


def rate_with_findings(
    results: Sequence[Result],
    checks: Sequence[Check[Any, Any]],
    profile: Profile,
    *,
    chosen: Sequence[str] | None = None,
) -> tuple[Rating, dict[str, tuple[Finding, ...]]]:
    """The rating of `results` under `profile`, and the findings it rests on by the check's id.

    `checks` are all that the product has. `chosen` are the ids of those that were asked for (None:
    all). A chosen check without a completed result leaves its activities UNKNOWN; with a choice
    the rating is partial and covers only the activities of the chosen checks.
    """
    by_id = {result.check_id: result for result in results}
    asked = [check for check in checks if chosen is None or check.id in chosen]
    found = {check.id: tuple(_known(by_id.get(check.id), check, profile)) for check in asked}
    findings = [finding for these in found.values() for finding in these]
    covered = {activity for check in asked for activity in check.activities}
    if chosen is None:  # what no check looks at is not known to be good
        findings += [
            Finding(code=activity.value, verdict=Verdict.UNKNOWN, activities=(activity,))
            for activity in profile.needs
            if activity not in covered and not any(activity in finding.activities for finding in findings)
        ]
    covered |= {activity for finding in findings for activity in finding.activities}
    touching = {
        activity: [finding for finding in findings if activity in finding.activities]
        for activity in Activity
        if activity in covered
    }
    activities = {activity: _weight(these) for activity, these in touching.items()}
    needed = tuple(activity for activity in activities if activity in profile.needs) or tuple(activities)
    overall = worst([activities[activity] for activity in needed]) if needed else Verdict.UNKNOWN
    whole = lift(findings, needed)
    deciding = whole.codes if whole else ()
    lifts = [whole, *(_lift(these, activity) for activity, these in touching.items())]
    rating = Rating(
        profile_id=profile.id,
        profile_version=profile.version,
        profile_name=profile.name,
        overall=overall,
        activities=activities,
        deciding=deciding,
        partial=chosen is not None,
        borderline=bool(deciding) and _rests_on_borderline(findings, needed, overall),
        lifts=tuple(wanted for wanted in lifts if wanted is not None),
    )
    return rating, found


def lift(findings: Sequence[Finding], needed: Sequence[Activity]) -> Lift | None:
    """What would lift the verdict on `needed` to its next step; None where it is READY, or nothing counts.

    A new headset does away with all that was wrong with the old one: with a need met, every finding
    of that need is solved. The codes are of what weighs on most of `needed` first.
    """
    counting = frozenset(needed)
    widest_first = sorted(
        (finding for finding in findings if not counting.isdisjoint(finding.activities)),
        key=lambda finding: -len(counting.intersection(finding.activities)),
    )
    return _lift(widest_first, None)


def _lift(touching: Sequence[Finding], activity: Activity | None) -> Lift | None:
    """As `lift`, of findings that all count."""
    now = _weight(touching)
    if now is Verdict.READY:
        return None
    deciders = [finding for finding in touching if finding.verdict is now]
    codes = {finding.code: None for finding in deciders}
    needs = {finding.need for finding in deciders if finding.need is not None}
    rest = [finding for finding in touching if finding.code not in codes and finding.need not in needs]
    return Lift(
        activity=activity,
        verdict=_weight(rest),
        needs=tuple(need for need in Need if need in needs),
        codes=tuple(codes),
    )


def _weight(touching: Sequence[Finding]) -> Verdict:
    return worst([finding.verdict for finding in touching])


def _rests_on_borderline(findings: Sequence[Finding], needed: Sequence[Activity], overall: Verdict) -> bool:
    """Was it decided by nothing but figures near a limit?"""
    counting = frozenset(needed)
    return all(
        finding.borderline
        for finding in findings
        if finding.verdict is overall and not counting.isdisjoint(finding.activities)
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
