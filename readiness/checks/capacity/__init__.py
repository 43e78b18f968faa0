"""The capacity: is the line to the collector fast enough, and do its queues spoil a call?"""

from __future__ import annotations

from readiness.checks.capacity.evidence import CapacityEvidence
from readiness.checks.capacity.findings import ALL, KINDS
from readiness.checks.capacity.judge import judge
from readiness.checks.capacity.measure import measure
from readiness.core.check import Check, Resource
from readiness.core.text import Text
from readiness.devices.ports import Machine

__all__ = ["CHECK", "KINDS", "CapacityEvidence", "judge", "measure"]

CHECK = Check[Machine, CapacityEvidence](
    id="capacity",
    title=Text(sv="Linjens hastighet", en="The line's speed"),
    evidence=CapacityEvidence,
    measure=measure,
    judge=judge,
    kinds=KINDS,
    activities=ALL,
    deadline_seconds=20.0,
    typical_seconds=1.0,
    uses=frozenset((Resource.LINE,)),
    after=("connection", "media_path", "location"),
)
