"""The microphone: does it hear the voice, at a level and with a sound that others can listen to?"""

from __future__ import annotations

from readiness.checks.microphone.findings import KINDS
from readiness.checks.microphone.judge import judge
from readiness.checks.microphone.measure import (
    QUIET_SECONDS,
    SPEECH_SECONDS,
    MicrophoneEvidence,
    measure,
)
from readiness.checks.microphone.silence import SILENCE_KINDS
from readiness.core.check import Check, Resource
from readiness.core.model import Activity
from readiness.core.text import Text
from readiness.devices.ports import Machine

__all__ = ["CHECK", "MicrophoneEvidence", "judge", "measure"]

CHECK = Check[Machine, MicrophoneEvidence](
    id="microphone",
    title=Text(sv="Mikrofon", en="Microphone"),
    evidence=MicrophoneEvidence,
    measure=measure,
    judge=judge,
    kinds=KINDS + SILENCE_KINDS,
    activities=(Activity.TALK,),
    deadline_seconds=90.0,  # the analysis on a computer that is busy; a driver that hangs is told long before
    typical_seconds=QUIET_SECONDS + SPEECH_SECONDS + 0.5,
    uses=frozenset((Resource.SOUND,)),
)
