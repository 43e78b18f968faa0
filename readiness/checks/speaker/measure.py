"""What the speaker is measured by: the microphone listens to a probe, and where it hears none the person is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from readiness.core.check import Context
from readiness.core.evidence import parse
from readiness.core.model import Choice, Notice, Question, Verdict
from readiness.core.profile import Profile
from readiness.core.text import Text
from readiness.devices.ports import DeviceError, Machine, Source

HEARD, NOT_HEARD_ANSWER, NO_SOUND_NOW = "heard", "not_heard", "cannot_tell"
_CHOICES = (
    Choice(id=HEARD, text=Text(sv="Ja, jag hörde dem", en="Yes, I heard them")),
    Choice(id=NOT_HEARD_ANSWER, text=Text(sv="Nej, det var tyst", en="No, it was silent")),
    Choice(id=NO_SOUND_NOW, text=Text(sv="Vet inte", en="I do not know")),
)
DID_YOU_HEAR = Question(
    id="speaker.heard",
    text=Text(
        sv="Mikrofonen hörde inte ljudet. Med headset är det så. Hörde du två toner?",
        en="The microphone did not hear the sound. With a headset that is normal. Did you hear two tones?",
    ),
    choices=_CHOICES,
)
DID_YOU_HEAR_ALONE = Question(
    id="speaker.heard", text=Text(sv="Hörde du två toner?", en="Did you hear two tones?"), choices=_CHOICES
)
LISTEN_NOW = Text(sv="Lyssna. Du ska höra två toner.", en="Listen. You should hear two tones.")


@dataclass(frozen=True, kw_only=True)
class SpeakerEvidence:
    """What was played and what was heard of it.

    `loop_peak_db` is how far the probe stands out in what the microphone heard; `loop_gain_db` its
    level there to the level played, echoes of the room included (`loop_left_gain_db` and
    `loop_right_gain_db` are each side's); `loop_delay_ms` the time from giving a sample to the
    system to getting it back. `plugged_in` is false where the socket is known to be empty, `call_mode`
    true for a Bluetooth headset that sounds like a telephone now. `answer` is the person's; None:
    nobody was asked.
    """

    problem: str | None = None
    problem_detail: str | None = None
    device_name: str | None = None
    device_id: str | None = None
    attachment: str | None = None
    system_muted: bool | None = None
    system_volume_percent: float | None = None
    hardware_muted: bool | None = None
    plugged_in: bool | None = None
    call_mode: bool | None = None
    played: bool = False
    loop_peak_db: float | None = None
    loop_gain_db: float | None = None
    loop_left_gain_db: float | None = None
    loop_right_gain_db: float | None = None
    loop_side_difference_db: float | None = None
    loop_delay_ms: float | None = None
    loop_microphone_name: str | None = None
    loop_problem: str | None = None
    answer: str | None = None


def from_loop(loop: Mapping[str, Any]) -> SpeakerEvidence:
    """What a loop tells of the speaker."""
    return parse(SpeakerEvidence, {name: value for name, value in loop.items() if name != "heard"})


async def measure(context: Context[Machine]) -> SpeakerEvidence:
    """Play, listen with the microphone where there is one, and ask where that settled nothing.

    Unattended the microphone's check may just have done so; then the same loop is not played twice.
    """
    earlier = getattr(context.earlier.get("microphone"), "loop", None)
    if context.options.unattended and isinstance(earlier, SpeakerEvidence):
        return earlier
    figures: dict[str, object] = {}
    try:
        figures |= await _played(context)
        evidence = parse(SpeakerEvidence, figures)
        settled = is_muted(evidence) or is_heard(evidence, context.profile)
        if not settled and not context.options.unattended:
            question = DID_YOU_HEAR if evidence.loop_peak_db is not None else DID_YOU_HEAR_ALONE
            figures["answer"] = await context.ask(question)
    except DeviceError as error:
        figures |= {"problem": error.problem, "problem_detail": error.detail}
    return parse(SpeakerEvidence, figures)


def is_muted(evidence: SpeakerEvidence) -> bool:
    """Whether the system says that nothing can sound: muted, at zero, or switched off on the card."""
    return bool(evidence.system_muted or evidence.system_volume_percent == 0 or evidence.hardware_muted)


def is_heard(evidence: SpeakerEvidence, profile: Profile) -> bool:
    """Whether the microphone heard the speaker."""
    return (
        evidence.loop_peak_db is not None
        and profile.grade("speaker.loop_peak_db", "at_least", evidence.loop_peak_db) is Verdict.READY
    )


async def _played(context: Context[Machine]) -> dict[str, object]:
    """The acoustic loop; without a usable microphone the sound alone."""
    options, speaker = context.options, context.machine.speaker
    guided = not options.unattended

    def tell(done: float) -> None:
        context.tell(Notice(fraction=done, text=LISTEN_NOW if guided else None))

    tell(0.0)
    left_out: dict[str, object] = {}
    if options.microphone_file is None:
        try:
            loop = await speaker.loop(
                options.speaker, Source(device=options.microphone), chime=guided, on_fraction=tell
            )
        except DeviceError as error:
            left_out = {"loop_problem": error.problem}
        else:
            return {name: value for name, value in loop.items() if name != "heard"}
    return {**left_out, **await speaker.play(options.speaker, on_fraction=tell)}
