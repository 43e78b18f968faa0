"""The computer itself: is it strong enough for a meeting, up to date, and has it room to work?"""

from readiness.checks.computer.findings import KINDS
from readiness.checks.computer.judge import judge
from readiness.checks.computer.measure import ComputerEvidence, ProgramEvidence, ScreenEvidence, measure
from readiness.core.check import Check
from readiness.core.model import Activity
from readiness.core.text import Text
from readiness.devices.ports import Machine

__all__ = ["CHECK", "KINDS", "ComputerEvidence", "ProgramEvidence", "ScreenEvidence", "judge", "measure"]

CHECK = Check[Machine, ComputerEvidence](
    id="computer",
    title=Text(sv="Dator", en="Computer"),
    evidence=ComputerEvidence,
    measure=measure,
    judge=judge,
    kinds=KINDS,
    activities=tuple(Activity),
    deadline_seconds=10.0,
    typical_seconds=1.5,
)
