"""The location: which link is in use, and where on the way what disturbs a meeting sits."""

from __future__ import annotations

from readiness.checks.location.evidence import LocationEvidence, WayEvidence
from readiness.checks.location.findings import KINDS
from readiness.checks.location.judge import judge
from readiness.checks.location.measure import measure
from readiness.core.check import Check, Resource
from readiness.core.text import Text
from readiness.devices.ports import Machine

__all__ = ["CHECK", "KINDS", "LocationEvidence", "WayEvidence", "judge", "measure"]

CHECK = Check[Machine, LocationEvidence](
    id="location",
    title=Text(sv="Nätets delar", en="Parts of the network"),
    evidence=LocationEvidence,
    measure=measure,
    judge=judge,
    kinds=KINDS,
    activities=(),  # it tells where, not whether: nothing waits for it to be rated
    deadline_seconds=30.0,  # it ends with the media path, beside which it asks
    typical_seconds=2.0,
    uses=frozenset((Resource.LINE,)),
    after=("connection",),
)
