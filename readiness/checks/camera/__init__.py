"""The camera: does it open, what does it deliver, and is there somebody to be seen?"""

from __future__ import annotations

from readiness.checks.camera.findings import KINDS, SEEN
from readiness.checks.camera.judge import judge
from readiness.checks.camera.measure import CameraEvidence, CameraMode, CameraSize, measure
from readiness.core.check import Check, Resource
from readiness.core.text import Text
from readiness.devices.ports import Machine

__all__ = ["CHECK", "CameraEvidence", "CameraMode", "CameraSize", "judge", "measure"]

CHECK = Check[Machine, CameraEvidence](
    id="camera",
    title=Text(sv="Kamera", en="Camera"),
    evidence=CameraEvidence,
    measure=measure,
    judge=judge,
    kinds=KINDS,
    activities=SEEN,
    deadline_seconds=90.0,  # the analysis on a computer that is busy; a driver that hangs is told long before
    typical_seconds=4.0,
    uses=frozenset((Resource.CAMERA,)),
)
