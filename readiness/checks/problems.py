"""What checks of devices share: a device's problem in the evidence becomes a finding."""

from __future__ import annotations

from collections.abc import Mapping

from readiness.core.model import Finding, FindingKind, Verdict
from readiness.devices.ports import Problem

UNCLEAR = frozenset(
    (Problem.FAILED, Problem.UNREADABLE_FILE, Problem.HUNG, Problem.REMOVED, Problem.REPLACED)
)
"""Problems after which nothing is known about the device itself: could not run, not ran and failed."""


def from_problem(
    problem: str | None, detail: str | None, kinds: Mapping[Problem, FindingKind]
) -> Finding | None:
    """The finding for `problem` as the evidence has it, if there was one.

    A problem that a newer version named is taken as FAILED.
    """
    if problem is None:
        return None
    known = Problem(problem) if problem in tuple(Problem) else Problem.FAILED
    kind = kinds.get(known) or kinds[Problem.FAILED]
    verdict = Verdict.UNKNOWN if known in UNCLEAR or known not in kinds else Verdict.NOT_READY
    return kind.found(verdict, detail=detail or "")
