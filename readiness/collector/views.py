"""A stored report as a page shows it: findings in words where we have words for them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from readiness import checks
from readiness.checks.remedies import ASK_IT
from readiness.collector import figures, words
from readiness.collector.against_limits import Measured, measured
from readiness.collector.documents import parsed
from readiness.core.model import Ending, Finding, Owner, Rating, Report, Result, Verdict
from readiness.core.profile import Profile
from readiness.core.profile_file import ProfileError
from readiness.core.profile_loading import load_profile
from readiness.core.rating import rate_with_findings, verdict_of
from readiness.core.report import ReportError, from_document
from readiness.core.text import Language

_MOST_TRIALS = 20
Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """One finding: its words, or for a code that we do not know its arguments."""

    code: str
    verdict: Verdict
    title: str | None
    detail: str | None
    remedies: tuple[tuple[Owner, str], ...]
    arguments: Rows


@dataclass(frozen=True, kw_only=True)
class ResultView:
    """One check."""

    check_id: str
    title: str
    verdict: Verdict
    ending: Ending
    reason: str | None
    seconds: str
    findings: tuple[FindingView, ...]
    measured: tuple[Measured, ...]
    evidence: Rows
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TrialView:
    """One round of a run through all devices: what was tested together, and what came of it."""

    devices: Rows
    results: tuple[ResultView, ...]


@dataclass(frozen=True, kw_only=True)
class ReportView:
    """One report."""

    report: Report
    ratings: tuple[tuple[str, Rating], ...]
    deciding: tuple[str, ...]
    results: tuple[ResultView, ...]
    trials: tuple[TrialView, ...]


def read(document: bytes) -> Report | None:
    """The report in `document`, or None where this version cannot read it."""
    try:
        return from_document(parsed(document))
    except ReportError:
        return None


def rated_under(report: Report, profile: Profile) -> Report:
    """The report as it would be with the same figures under `profile`."""
    chosen = [result.check_id for result in report.results] if report.rating.partial else None
    rating, found = rate_with_findings(report.results, checks.CHECKS, profile, chosen=chosen)
    results = tuple(
        replace(result, findings=found[result.check_id])
        if result.check_id in found and result.ending is Ending.COMPLETED
        else result
        for result in report.results
    )
    return replace(report, rating=rating, results=results)


def report_view(
    report: Report, language: Language, profiles: Path, limits: Profile | None = None
) -> ReportView:
    """The report in words; its figures are held against the limits of `limits`."""
    return ReportView(
        report=report,
        ratings=tuple(
            (_profile_name(rating.profile_id, profiles), rating)
            for rating in (report.rating, *report.services)
        ),
        deciding=deciding(report, language),
        results=tuple(_result(result, language, limits) for result in report.results),
        trials=tuple(
            TrialView(
                devices=tuple(
                    (check_title(check, language), device) for check, device in trial.devices.items()
                ),
                results=tuple(_result(result, language, None) for result in trial.results),
            )
            for trial in report.trials[:_MOST_TRIALS]
        ),
    )


def deciding(report: Report, language: Language) -> tuple[str, ...]:
    """What decided, in words."""
    return tuple(_deciding(code, report, language) for code in report.rating.deciding)


def _result(result: Result, language: Language, limits: Profile | None) -> ResultView:
    return ResultView(
        check_id=result.check_id,
        title=check_title(result.check_id, language),
        verdict=verdict_of(result),
        ending=result.ending,
        reason=result.reason,
        seconds=figures.number(round(result.seconds, 1), language),
        findings=tuple(_finding(finding, language) for finding in result.findings),
        measured=measured(result.check_id, result.evidence, limits, language) if limits else (),
        evidence=figures.rows(result.evidence, language),
        missing=figures.missing(result.evidence),
    )


def _finding(finding: Finding, language: Language) -> FindingView:
    kind = checks.kind(finding.code)
    if kind is None:
        return FindingView(
            code=finding.code,
            verdict=finding.verdict,
            title=None,
            detail=None,
            remedies=(),
            arguments=figures.rows(finding.arguments, language),
        )
    arguments = _bounded(finding.arguments)
    return FindingView(
        code=finding.code,
        verdict=finding.verdict,
        title=kind.title.say(language, arguments),
        detail=kind.detail.say(language, arguments) if kind.detail else None,
        # What is good needs no remedy, and who reads here is IT.
        remedies=()
        if finding.verdict is Verdict.READY
        else tuple(
            (remedy.owner, remedy.text.say(language, arguments))
            for remedy in kind.remedies
            if remedy is not ASK_IT
        ),
        arguments=(),
    )


def _deciding(code: str, report: Report, language: Language) -> str:
    for result in report.results:
        for finding in result.findings:
            if finding.code == code and (kind := checks.kind(code)):
                return kind.title.say(language, _bounded(finding.arguments))
    for result in report.results:
        if result.check_id == code:
            return f"{check_title(code, language)}: {words.ENDING[result.ending].say(language).lower()}"
    return check_title(code, language)


def check_title(check_id: str, language: Language) -> str:
    """What people call a check; its id where it is of a newer version."""
    for check in checks.CHECKS:
        if check.id == check_id:
            return check.title.say(language)
    return check_id


@functools.lru_cache(maxsize=100)
def _profile_name(profile_id: str, folder: Path) -> str:
    try:
        return load_profile(profile_id, folder).name
    except ProfileError:
        return profile_id  # of a newer version, or the organisation's own


def _bounded(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value[: figures.LONGEST_VALUE] if isinstance(value, str) else value
        for name, value in arguments.items()
    }
