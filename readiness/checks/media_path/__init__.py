"""The media path: what a call's sound and picture go through between this computer and IT's reflector."""

from __future__ import annotations

from readiness.checks.media_path.evidence import MediaPathEvidence
from readiness.checks.media_path.findings import ALL, KINDS
from readiness.checks.media_path.judge import judge
from readiness.checks.media_path.measure import limits_of, measure
from readiness.core.check import Check, Resource
from readiness.core.text import Text
from readiness.devices.ports import Machine

__all__ = ["CHECK", "KINDS", "MediaPathEvidence", "judge", "limits_of", "measure"]

CHECK = Check[Machine, MediaPathEvidence](
    id="media_path",
    title=Text(sv="Ljud och bild över nätet", en="Sound and picture over the network"),
    evidence=MediaPathEvidence,
    measure=measure,
    judge=judge,
    kinds=KINDS,
    activities=ALL,
    deadline_seconds=25.0,
    typical_seconds=6.0,
    # It gets its session beside the connection check, and sends when that one has what answers.
    uses=frozenset((Resource.LINE,)),
)
