"""The speaker: does it sound? The microphone is asked first, then the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from readiness.checks.problems import from_problem
from readiness.core.check import Check, Context, Resource
from readiness.core.evidence import parse
from readiness.core.model import (
    Action,
    Activity,
    Choice,
    Finding,
    FindingKind,
    Need,
    Notice,
    Owner,
    Question,
    Remedy,
    Verdict,
)  # fmt: skip
from readiness.core.profile import Profile
from readiness.core.rating import by_importance
from readiness.core.text import Text
from readiness.devices.ports import DeviceError, Machine, Problem, Source

_LISTEN = (Activity.LISTEN,)

HEARD, NOT_HEARD_ANSWER, NO_SOUND_NOW = "heard", "not_heard", "cannot_tell"
DID_YOU_HEAR = Question(
    id="speaker.heard",
    text=Text(sv="Hörde du två toner?", en="Did you hear two tones?"),
    choices=(
        Choice(id=HEARD, text=Text(sv="Ja, jag hörde dem", en="Yes, I heard them")),
        Choice(id=NOT_HEARD_ANSWER, text=Text(sv="Nej, det var tyst", en="No, it was silent")),
        Choice(id=NO_SOUND_NOW, text=Text(sv="Vet inte", en="I do not know")),
    ),
)
LISTEN_NOW = Text(sv="Lyssna. Du ska höra två toner.", en="Listen. You should hear two tones.")


@dataclass(frozen=True, kw_only=True)
class SpeakerEvidence:
    """What was played and what was heard of it.

    `loop_peak_db` is how far the sweep stands out in what the microphone heard, `loop_gain_db` its
    level there to the level played, `loop_delay_ms` the time from playing to hearing, to a block
    of the sound system. `answer` is the person's; None: nobody was asked.
    """

    problem: str | None = None
    problem_detail: str | None = None
    device_name: str | None = None
    device_id: str | None = None
    attachment: str | None = None
    system_muted: bool | None = None
    system_volume_percent: float | None = None
    played: bool = False
    loop_peak_db: float | None = None
    loop_gain_db: float | None = None
    loop_delay_ms: float | None = None
    loop_microphone_name: str | None = None
    loop_problem: str | None = None
    answer: str | None = None


_AGAIN = Remedy(text=Text(sv="Gör testet igen.", en="Run the test again."), action=Action.RUN_AGAIN)
_CHOOSE = Remedy(text=Text(sv="Välj en annan högtalare.", en="Choose another speaker."), action=Action.CHOOSE_DEVICE)  # fmt: skip
_UNMUTE = Remedy(text=Text(sv="Slå på ljudet i datorn.", en="Turn the sound on in the computer."), action=Action.OPEN_SOUND_SETTINGS)  # fmt: skip
_TURN_UP = Remedy(text=Text(sv="Höj ljudet, både i datorn och på headsetet.", en="Turn up the sound, on the computer and on the headset."), action=Action.OPEN_SOUND_SETTINGS)  # fmt: skip
_REPLUG = Remedy(text=Text(sv="Dra ut sladden och sätt i den igen.", en="Unplug the cable and plug it in again."), action=Action.RUN_AGAIN)  # fmt: skip
_HEADSET = Remedy(text=Text(sv="Be om ett headset av din chef eller av IT.", en="Ask your manager or IT for a headset."), owner=Owner.BUY)  # fmt: skip
_ASK_IT = Remedy(text=Text(sv="Kontakta IT och läs upp vad som står här.", en="Contact IT and read out what it says here."), owner=Owner.IT)  # fmt: skip

ABSENT = FindingKind(
    code="speaker.absent",
    title=Text(sv="Datorn hittar ingen högtalare", en="The computer finds no speaker"),
    activities=_LISTEN, evidence=("problem",), need=Need.HEADSET,
    remedies=(
        Remedy(text=Text(sv="Sätt i headsetet, om du har ett. Gör sedan testet igen.", en="Plug in the headset, if you have one. Then run the test again."), action=Action.RUN_AGAIN),
        _HEADSET,
    ),
)  # fmt: skip
IN_USE = FindingKind(
    code="speaker.in_use",
    title=Text(sv="Ett annat program använder högtalaren", en="Another program is using the speaker"),
    activities=_LISTEN, evidence=("problem", "problem_detail"), need=Need.KNOWLEDGE,
    remedies=(Remedy(text=Text(sv="Stäng andra program som spelar ljud.", en="Close other programs that play sound."), action=Action.RUN_AGAIN), _CHOOSE),
)  # fmt: skip
DENIED = FindingKind(
    code="speaker.denied",
    title=Text(sv="Datorn släpper inte fram högtalaren", en="The computer does not let programs use the speaker"),
    activities=_LISTEN, evidence=("problem", "problem_detail"), need=Need.PERMISSION, remedies=(_ASK_IT,),
)  # fmt: skip
REMOVED = FindingKind(
    code="speaker.removed",
    title=Text(sv="Högtalaren försvann under testet", en="The speaker went away during the test"),
    activities=_LISTEN, evidence=("problem", "problem_detail"), remedies=(_REPLUG, _ASK_IT),
)  # fmt: skip
HUNG = FindingKind(
    code="speaker.hung",
    title=Text(sv="Högtalaren svarar inte", en="The speaker does not answer"),
    activities=_LISTEN, evidence=("problem", "problem_detail"), remedies=(_REPLUG, _AGAIN, _ASK_IT),
)  # fmt: skip
NO_BACKEND = FindingKind(
    code="speaker.no_backend",
    title=Text(sv="Den här datorn har inget ljudsystem som vi kan använda", en="This computer has no sound system we can use"),
    activities=_LISTEN, evidence=("problem", "problem_detail"), need=Need.COMPUTER, remedies=(_ASK_IT,),
)  # fmt: skip
FAILED = FindingKind(
    code="speaker.failed",
    title=Text(sv="Högtalaren gick inte att testa", en="The speaker could not be tested"),
    detail=Text(sv="Felet är: {detail}.", en="The error is: {detail}."),
    activities=_LISTEN, evidence=("problem", "problem_detail"), remedies=(_AGAIN, _REPLUG, _ASK_IT),
)  # fmt: skip
MUTED_BY_SYSTEM = FindingKind(
    code="speaker.muted_by_system",
    title=Text(sv="Ljudet är avstängt i datorn", en="The sound is switched off in the computer"),
    activities=_LISTEN, evidence=("system_muted", "system_volume_percent"), need=Need.KNOWLEDGE,
    remedies=(_UNMUTE, _CHOOSE),
)  # fmt: skip
SILENT = FindingKind(
    code="speaker.silent",
    title=Text(sv="Högtalaren tar inte emot något ljud", en="The speaker takes no sound"),
    activities=_LISTEN, evidence=("played",), need=Need.HEADSET, remedies=(_REPLUG, _CHOOSE, _HEADSET),
)  # fmt: skip
NOT_HEARD = FindingKind(
    code="speaker.not_heard",
    title=Text(sv="Du hörde inget ljud", en="You heard no sound"),
    activities=_LISTEN, evidence=("answer", "loop_peak_db"), need=Need.KNOWLEDGE,
    remedies=(_TURN_UP, _CHOOSE, _REPLUG, _HEADSET),
)  # fmt: skip
NOT_PROVEN = FindingKind(
    code="speaker.not_proven",
    title=Text(sv="Ingen har hört högtalaren", en="Nobody has heard the speaker"),
    detail=Text(sv="Ljudet spelades, men mikrofonen hörde det inte.", en="The sound was played, but the microphone did not hear it."),
    activities=_LISTEN, evidence=("loop_peak_db", "loop_problem", "answer"),
    remedies=(Remedy(text=Text(sv="Gör testet igen och lyssna själv.", en="Run the test again and listen yourself."), action=Action.RUN_AGAIN),),
)  # fmt: skip
LEAKS = FindingKind(
    code="speaker.leaks",
    title=Text(sv="Andra kan höra eko av sig själva", en="Others may hear an echo of themselves"),
    detail=Text(sv="Mikrofonen hör högtalaren starkt.", en="The microphone hears the speaker loudly."),
    activities=(Activity.TALK,), evidence=("loop_gain_db", "loop_delay_ms"), need=Need.HEADSET,
    remedies=(
        Remedy(text=Text(sv="Sänk högtalaren, eller använd ett headset.", en="Turn the speaker down, or use a headset."), action=Action.OPEN_SOUND_SETTINGS),
        _HEADSET,
    ),
)  # fmt: skip
WORKS = FindingKind(
    code="speaker.works",
    title=Text(sv="Högtalaren låter", en="The speaker sounds"),
    detail=Text(sv="Du kan höra vad andra säger.", en="You can hear what others say."),
    activities=_LISTEN, evidence=("answer", "loop_peak_db"),
)  # fmt: skip

_BY_PROBLEM = {
    Problem.ABSENT: ABSENT, Problem.IN_USE: IN_USE, Problem.DENIED: DENIED, Problem.REMOVED: REMOVED,
    Problem.HUNG: HUNG, Problem.NO_BACKEND: NO_BACKEND, Problem.FAILED: FAILED,
}  # fmt: skip


async def measure(context: Context[Machine]) -> SpeakerEvidence:
    """Play, listen with the microphone where there is one, and ask where that settled nothing."""
    figures: dict[str, object] = {}
    speaker = context.machine.speaker
    options = context.options
    try:
        if not options.unattended:
            context.tell(Notice(fraction=0.0, text=LISTEN_NOW))
            figures |= await speaker.play(
                options.speaker,
                on_fraction=lambda done: context.tell(Notice(fraction=done * 0.6, text=LISTEN_NOW)),
            )
        if options.microphone_file is None:
            figures |= await _loop(context, required=options.unattended)
        if not options.unattended and not figures.get("system_muted"):
            figures["answer"] = await context.ask(DID_YOU_HEAR)
    except DeviceError as error:
        figures |= {"problem": error.problem, "problem_detail": error.detail}
    return parse(SpeakerEvidence, figures)


async def _loop(context: Context[Machine], *, required: bool) -> dict[str, object]:
    """The acoustic loop. Without a microphone it is left out; unattended the speaker still plays."""
    options = context.options
    try:
        loop = await context.machine.speaker.loop(options.speaker, Source(device=options.microphone))
    except DeviceError as error:
        left_out: dict[str, object] = {"loop_problem": error.problem}
        if required:
            left_out |= await context.machine.speaker.play(options.speaker, on_fraction=lambda _done: None)
        return left_out
    return {name: value for name, value in loop.items() if name != "heard"}


def judge(evidence: SpeakerEvidence, profile: Profile) -> Sequence[Finding]:
    """What the figures mean; the heaviest finding first."""
    if problem := from_problem(evidence.problem, evidence.problem_detail, _BY_PROBLEM):
        return (problem,)
    if evidence.system_muted or evidence.system_volume_percent == 0:
        return (MUTED_BY_SYSTEM.found(Verdict.NOT_READY, device=evidence.device_name),)
    if not evidence.played:
        return (SILENT.found(Verdict.NOT_READY),)
    findings: list[Finding] = []
    heard_by_microphone = (
        evidence.loop_peak_db is not None
        and profile.grade("speaker.loop_peak_db", "at_least", evidence.loop_peak_db) is Verdict.READY
    )
    if evidence.answer == NOT_HEARD_ANSWER:
        findings.append(NOT_HEARD.found(Verdict.NOT_READY))
    elif evidence.answer == HEARD or heard_by_microphone:
        findings.append(WORKS.found(Verdict.READY))
    else:
        findings.append(NOT_PROVEN.found(Verdict.UNKNOWN))
    if heard_by_microphone:
        leak = profile.grade("speaker.loop_gain_db", "at_most", evidence.loop_gain_db)
        if leak in (Verdict.LIMITED, Verdict.NOT_READY):
            findings.append(LEAKS.found(leak, gain=evidence.loop_gain_db))
    return by_importance(findings)


KINDS: tuple[FindingKind, ...] = (
    *_BY_PROBLEM.values(), MUTED_BY_SYSTEM, SILENT, NOT_HEARD, NOT_PROVEN, LEAKS, WORKS,
)  # fmt: skip

CHECK = Check[Machine, SpeakerEvidence](
    id="speaker",
    title=Text(sv="Högtalare", en="Speaker"),
    evidence=SpeakerEvidence,
    measure=measure,
    judge=judge,
    kinds=KINDS,
    activities=_LISTEN,
    # The person's answer is waited for, and people take their time.
    deadline_seconds=90.0,
    typical_seconds=4.0,
    uses=frozenset((Resource.SOUND,)),
)
