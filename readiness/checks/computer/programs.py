"""Which of the programs that are installed one can meet with. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from readiness.checks.computer.findings import (
    BROWSER_OLD,
    OTHER_WAY,
    PROGRAM_MISSING,
    PROGRAM_OLD,
    PROGRAM_RETIRED,
)
from readiness.checks.computer.measure import ComputerEvidence
from readiness.core.demands import PROGRAM_NAMES, ProgramDemand, version_key
from readiness.core.model import Finding, Verdict, severity
from readiness.core.profile import Profile

BROWSERS = frozenset({"edge", "chrome", "chromium", "firefox", "safari"})
_PRESENCE = {"required": Verdict.NOT_READY, "recommended": Verdict.LIMITED}


@dataclass(frozen=True, kw_only=True)
class _Way:
    """One installed program that the profile speaks of, and what it does for."""

    demand: ProgramDemand
    name: str
    version: str | None
    verdict: Verdict


def judge_programs(evidence: ComputerEvidence, profile: Profile) -> Iterator[Finding]:
    """Demanded programs must be there and new enough; of all others, one that does is enough.

    Where none was found nothing is said: a program that is not in our list may be the one in use.
    """
    if evidence.programs is None:
        return
    today = day_of(evidence.clock_utc)
    ways = [
        _Way(
            demand=demand,
            name=row.name or row.program,
            version=row.version,
            verdict=_grade(demand, row.version, today),
        )
        for row in evidence.programs
        if (demand := profile.demand(row.program)) is not None
    ]
    there = {way.demand.program for way in ways}
    for program in dict.fromkeys(demand.program for demand in profile.programs):
        wanted = profile.demand(program)
        if wanted is not None and wanted.presence and program not in there:
            name = PROGRAM_NAMES.get(program, program)
            yield PROGRAM_MISSING.found(_PRESENCE[wanted.presence], program=name)
    best = min(ways, key=lambda way: (severity(way.verdict), way.demand.program in BROWSERS), default=None)
    for way in ways:
        if best is not None and way.verdict is not Verdict.READY:
            yield _poor(way, best, opens_links=way.demand.program == evidence.default_browser)


def _poor(way: _Way, best: _Way, *, opens_links: bool) -> Finding:
    """A program that does not do, or poorly; it weighs no more than the best way into a meeting."""
    if way.demand.presence:
        return _old(way, way.verdict)
    if best.verdict is not Verdict.READY:
        return _old(way, best.verdict)
    if opens_links:
        return _old(way, Verdict.LIMITED)  # links to meetings open in it, though another would do
    return OTHER_WAY.found(Verdict.READY, program=way.name, other=best.name)


def _grade(demand: ProgramDemand, version: str | None, today: datetime.date | None) -> Verdict:
    """What a program does for; one whose version is not known is not blamed."""
    if demand.retired is not None and today is not None and today > demand.retired:
        return Verdict.NOT_READY
    ours = version_key(version or "")
    if not ours:
        return Verdict.READY
    if demand.required and ours < version_key(demand.required):
        return Verdict.NOT_READY
    return Verdict.LIMITED if demand.recommended and ours < version_key(demand.recommended) else Verdict.READY


def _old(way: _Way, verdict: Verdict) -> Finding:
    demand = way.demand
    if demand.retired is not None:
        newer = PROGRAM_NAMES.get(demand.program.removesuffix("_classic"), way.name)
        date = demand.retired.isoformat()
        return PROGRAM_RETIRED.found(verdict, program=newer, old=way.name, date=date)
    wanted = demand.recommended or demand.required
    if demand.program in BROWSERS:
        return BROWSER_OLD.found(verdict, program=way.name, version=way.version, wanted=wanted)
    return PROGRAM_OLD.found(verdict, program=way.name, version=way.version, wanted=wanted)


def day_of(clock_utc: str | None) -> datetime.date | None:
    """The day of an ISO 8601 time; None where there is none."""
    try:
        return datetime.date.fromisoformat((clock_utc or "")[:10])
    except ValueError:
        return None
