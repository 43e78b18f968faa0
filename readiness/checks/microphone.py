"""The microphone: does it hear the voice, at a level that others can listen to?

Guided, the person is quiet for a moment and then reads a sentence. Unattended nobody speaks: a
quiet sweep from the speaker proves that the microphone hears. A recording is judged as if guided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from readiness.checks.microphone_silence import SILENCE_KINDS, cause_of_silence
from readiness.checks.microphone_words import (
    BE_QUIET,
    BY_PROBLEM,
    CLIPPED,
    DC_OFFSET,
    KINDS,
    MUTED_BY_SYSTEM,
    NO_SPEECH,
    NOBODY_SPOKE,
    NOISY,
    NOT_PROVEN,
    READ_ALOUD,
    SILENT,
    TOO_LOUD,
    TOO_QUIET,
    WORKS,
)  # fmt: skip
from readiness.checks.problems import from_problem
from readiness.checks.speaker.measure import SpeakerEvidence, from_loop
from readiness.core.check import Check, Context, Resource
from readiness.core.evidence import encode, parse
from readiness.core.model import Activity, Finding, Notice, Verdict
from readiness.core.profile import Direction, Profile
from readiness.core.rating import by_importance
from readiness.core.text import Text
from readiness.devices.ports import DeviceError, Machine, Source

QUIET_SECONDS = 1.0
SPEECH_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class MicrophoneEvidence:
    """What the microphone heard. Levels in dBFS, a full-scale square wave being 0.

    `active_level_dbfs` is that of ITU-T P.56; `swing_p999` the 99.9th percentile of the distance
    from the median, full scale 1. `unattended`: nobody was asked to speak; then the `loop_` fields
    tell what came of a sweep played through the speaker, and `loop` what it tells of the speaker.

    Where the microphone gives nothing: `denied_by` is the privacy setting in the way, `used_by` the
    programs that use it, `other_device_name` the liveliest other microphone. `hardware_muted`: a switch
    of the card or the device is off; `plugged_in` false: nothing is in its socket; `call_mode`: a
    Bluetooth headset that sounds like a telephone now.
    """

    problem: str | None = None
    problem_detail: str | None = None
    device_name: str | None = None
    device_id: str | None = None
    attachment: str | None = None
    system_muted: bool | None = None
    system_volume_percent: float | None = None
    recording: bool = False
    unattended: bool = False
    seconds: float | None = None
    asked_rate_hz: int | None = None
    rate_hz: int | None = None
    channels: int | None = None
    channel_levels_dbfs: tuple[float, ...] | None = None
    overruns: int | None = None
    quiet_dbfs: float | None = None
    peak_dbfs: float | None = None
    swing_p999: float | None = None
    active_level_dbfs: float | None = None
    activity_percent: float | None = None
    noise_dbfs: float | None = None
    snr_db: float | None = None
    clipped_percent: float | None = None
    dc_offset: float | None = None
    loop_peak_db: float | None = None
    loop_problem: str | None = None
    loop: SpeakerEvidence | None = None
    hardware_muted: bool | None = None
    plugged_in: bool | None = None
    call_mode: bool | None = None
    denied_by: str | None = None
    used_by: tuple[str, ...] | None = None
    other_device_name: str | None = None
    other_swing_p999: float | None = None


async def measure(context: Context[Machine]) -> MicrophoneEvidence:
    """Listen to the room and to a voice; unattended, to the speaker."""
    source = Source(device=context.options.microphone, file=context.options.microphone_file)
    try:
        if context.options.unattended and source.file is None:
            figures = await _listen_to_speaker(context, source)
        else:
            figures = await _listen_to_voice(context, source)
    except DeviceError as error:
        figures = {"problem": error.problem, "problem_detail": error.detail}
    return parse(MicrophoneEvidence, figures)


async def _listen_to_voice(context: Context[Machine], source: Source) -> dict[str, object]:
    quiet_share = QUIET_SECONDS / (QUIET_SECONDS + SPEECH_SECONDS)

    def on_level(level_dbfs: float, fraction: float) -> None:
        text = BE_QUIET if fraction < quiet_share else READ_ALOUD
        context.tell(Notice(fraction=fraction, level_dbfs=level_dbfs, text=text))

    figures = await context.machine.microphone.measure(
        source, quiet_seconds=QUIET_SECONDS, speech_seconds=SPEECH_SECONDS, on_level=on_level
    )
    return dict(figures)


async def _listen_to_speaker(context: Context[Machine], source: Source) -> dict[str, object]:
    """The acoustic loop; without a usable speaker, listening alone."""
    try:
        loop = await context.machine.speaker.loop(context.options.speaker, source)
    except DeviceError as error:
        figures = await context.machine.microphone.measure(
            source, quiet_seconds=QUIET_SECONDS, speech_seconds=0, on_level=lambda _level, _done: None
        )
        return {**figures, "unattended": True, "loop_problem": error.problem}
    return {
        **loop["heard"],
        "unattended": True,
        "loop_peak_db": loop["loop_peak_db"],
        "loop": encode(from_loop(loop)),
    }


def judge(evidence: MicrophoneEvidence, profile: Profile) -> Sequence[Finding]:
    """What the figures mean; the heaviest finding first, a cause before what follows from it."""
    if problem := from_problem(evidence.problem, evidence.problem_detail, BY_PROBLEM):
        return (problem,)
    if evidence.system_muted or evidence.system_volume_percent == 0:
        return (MUTED_BY_SYSTEM.found(Verdict.NOT_READY, device=evidence.device_name),)
    if evidence.unattended:
        return _judged_unattended(evidence, profile)
    if _fails(profile, "swing_p999", "at_least", evidence.swing_p999):
        silent = SILENT.found(Verdict.NOT_READY, device=evidence.device_name)
        return (cause_of_silence(evidence, profile) or silent,)
    return _judged_voice(evidence, profile)


def _judged_unattended(evidence: MicrophoneEvidence, profile: Profile) -> Sequence[Finding]:
    if evidence.loop_peak_db is not None and not _fails(
        profile, "loop_peak_db", "at_least", evidence.loop_peak_db
    ):
        return (NOBODY_SPOKE.found(Verdict.READY, device=evidence.device_name),)
    if _fails(profile, "swing_p999", "at_least", evidence.swing_p999):
        silent = SILENT.found(Verdict.UNKNOWN, device=evidence.device_name)
        return (cause_of_silence(evidence, profile) or silent,)
    return (NOT_PROVEN.found(Verdict.UNKNOWN, device=evidence.device_name),)


def _judged_voice(evidence: MicrophoneEvidence, profile: Profile) -> Sequence[Finding]:
    findings: list[Finding] = []
    level = evidence.active_level_dbfs
    too_quiet = profile.grade("microphone.active_level_dbfs", "at_least", level)
    aim = profile.limit("microphone.active_level_dbfs", "at_least")
    short = None if level is None or aim is None or aim.recommended is None else aim.recommended - level
    clipped = profile.grade("microphone.clipped_percent", "at_most", evidence.clipped_percent)
    if clipped is not Verdict.READY:
        findings.append(CLIPPED.found(clipped, percent=evidence.clipped_percent))
    if _fails(profile, "activity_percent", "at_least", evidence.activity_percent):
        findings.append(NO_SPEECH.found(Verdict.NOT_READY))
    elif too_quiet is not Verdict.READY:
        findings.append(TOO_QUIET.found(too_quiet, short=short))
    too_loud = profile.grade("microphone.active_level_dbfs", "at_most", level)
    if too_loud not in (Verdict.READY, Verdict.UNKNOWN):
        findings.append(TOO_LOUD.found(too_loud, level=level))
    noisy = profile.grade("microphone.snr_db", "at_least", evidence.snr_db)
    if noisy is not Verdict.READY:
        findings.append(NOISY.found(noisy, snr=evidence.snr_db))
    offset = profile.grade(
        "microphone.dc_offset", "at_most", None if evidence.dc_offset is None else abs(evidence.dc_offset)
    )
    if offset is not Verdict.READY:
        findings.append(DC_OFFSET.found(offset, offset=evidence.dc_offset))
    if not findings:
        findings.append(WORKS.found(Verdict.READY, level=level))
    return by_importance(findings)


def _fails(profile: Profile, figure: str, direction: Direction, value: float | None) -> bool:
    return profile.grade(f"microphone.{figure}", direction, value) in (
        Verdict.NOT_READY,
        Verdict.UNKNOWN,
    )


CHECK = Check[Machine, MicrophoneEvidence](
    id="microphone",
    title=Text(sv="Mikrofon", en="Microphone"),
    evidence=MicrophoneEvidence,
    measure=measure,
    judge=judge,
    kinds=KINDS + SILENCE_KINDS,
    activities=(Activity.TALK,),
    deadline_seconds=25.0,
    typical_seconds=QUIET_SECONDS + SPEECH_SECONDS + 0.5,
    uses=frozenset((Resource.SOUND,)),
)
