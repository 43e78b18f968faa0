"""Two reports of one computer held against each other: what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from readiness.core.model import Report, Result, Verdict
from readiness.core.rating import verdict_of

_SMALL = 0.1
"""A figure that changed by less than this share of itself is taken for the same."""
_CHANCE = ("seconds", "started_utc", "clock_utc")
"""What differs between any two runs."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that differs; `subject` is a check's id or "computer", `name` the figure or the field.

    A verdict has the name "verdict", a finding that came or went the name "finding".
    """

    subject: str
    name: str
    before: Any
    after: Any


def changes(before: Report, after: Report) -> tuple[Change, ...]:
    """What differs between the two, the most telling first: verdicts, findings, the computer, figures."""
    checks = list(dict.fromkeys(result.check_id for report in (before, after) for result in report.results))
    earlier = {result.check_id: result for result in before.results}
    later = {result.check_id: result for result in after.results}
    verdicts, findings, figures = [], [], []
    for check in checks:
        first, second = earlier.get(check), later.get(check)
        if _verdict(first) is not _verdict(second):
            verdicts.append(
                Change(subject=check, name="verdict", before=_verdict(first), after=_verdict(second))
            )
        gone, come = _codes(first) - _codes(second), _codes(second) - _codes(first)
        findings += [Change(subject=check, name="finding", before=code, after=None) for code in sorted(gone)]
        findings += [Change(subject=check, name="finding", before=None, after=code) for code in sorted(come)]
        figures += _figures(check, first.evidence if first else {}, second.evidence if second else {})
    return (*verdicts, *findings, *_computer(before, after), *figures)


def _verdict(result: Result | None) -> Verdict | None:
    return None if result is None else verdict_of(result)


def _codes(result: Result | None) -> set[str]:
    return (
        set()
        if result is None
        else {finding.code for finding in result.findings if finding.verdict is not Verdict.READY}
    )


def _computer(before: Report, after: Report) -> list[Change]:
    first, second = before.computer, after.computer
    found = [
        Change(subject="computer", name=name, before=getattr(first, name), after=getattr(second, name))
        for name in ("host_name", "model", "system", "network_kind", "asset_tag", "unit")
        if getattr(first, name) != getattr(second, name)
    ]
    for name in sorted({*first.drivers, *second.drivers}):
        old, new = first.drivers.get(name), second.drivers.get(name)
        if old != new:
            found.append(Change(subject="computer", name=f"driver {name}", before=old, after=new))
    if before.app_version != after.app_version:
        found.append(
            Change(subject="computer", name="app_version", before=before.app_version, after=after.app_version)
        )
    return found


def _figures(check: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    names = [name for name in dict.fromkeys((*before, *after)) if name not in _CHANCE]
    return [
        Change(subject=check, name=name, before=before.get(name), after=after.get(name))
        for name in names
        if _differ(before.get(name), after.get(name))
    ]


def _differ(before: Any, after: Any) -> bool:
    if isinstance(before, list | dict) or isinstance(after, list | dict):
        return False  # series and tables: too much for a list of changes
    numbers = (int, float)
    if isinstance(before, bool) or isinstance(after, bool):
        return before is not after
    if isinstance(before, numbers) and isinstance(after, numbers):
        return abs(after - before) > _SMALL * max(abs(before), abs(after))
    return bool(before != after)
