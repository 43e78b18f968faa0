"""The speaker: does it sound? The microphone is asked first, then the person."""

from __future__ import annotations

from readiness.checks.speaker.findings import KINDS
from readiness.checks.speaker.judge import judge
from readiness.checks.speaker.measure import SpeakerEvidence, measure
from readiness.core.check import Check, Resource
from readiness.core.model import Activity
from readiness.core.text import Text
from readiness.devices.ports import Machine

__all__ = ["CHECK", "SpeakerEvidence", "judge", "measure"]

CHECK = Check[Machine, SpeakerEvidence](
    id="speaker",
    title=Text(sv="Högtalare", en="Speaker"),
    evidence=SpeakerEvidence,
    measure=measure,
    judge=judge,
    kinds=KINDS,
    activities=(Activity.LISTEN,),
    # The person's answer is waited for, and people take their time.
    deadline_seconds=90.0,
    typical_seconds=4.0,
    uses=frozenset((Resource.SOUND,)),
)
