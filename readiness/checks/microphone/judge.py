"""What the microphone's figures mean, a cause before what follows from it."""

from __future__ import annotations

from collections.abc import Sequence

from readiness.checks.microphone.background import has_a_tone, hum, late_echo, noise, room
from readiness.checks.microphone.findings import (
    BY_PROBLEM,
    CALL_MODE,
    CHANNEL_DEAD,
    CLIPPED,
    DC_OFFSET,
    DROPOUTS,
    MUTED_BY_SYSTEM,
    NARROWBAND,
    NO_SPEECH,
    NOBODY_SPOKE,
    NOT_MEASURED,
    NOT_PROVEN,
    SILENT,
    TOO_LOUD,
    TOO_QUIET,
    WIDEBAND,
    WORKS,
    WRONG_RATE,
)
from readiness.checks.microphone.grades import BAD, grade, worst
from readiness.checks.microphone.measure import MicrophoneEvidence
from readiness.checks.microphone.silence import cause_of_silence, is_hiss
from readiness.checks.problems import from_problem
from readiness.core.model import Finding, Verdict
from readiness.core.profile import Direction, Profile
from readiness.core.rating import by_importance
from readiness.devices.ports import Attachment


def judge(evidence: MicrophoneEvidence, profile: Profile) -> Sequence[Finding]:
    """What the figures mean; the heaviest finding first, a cause before what follows from it."""
    if problem := from_problem(evidence.problem, evidence.problem_detail, BY_PROBLEM):
        return (problem,)
    if evidence.system_muted or evidence.system_volume_percent == 0:
        return (MUTED_BY_SYSTEM.found(Verdict.NOT_READY, device=evidence.device_name),)
    if evidence.unattended:
        return _judged_unattended(evidence, profile)
    if evidence.swing_p999 is None:
        return (NOT_MEASURED.found(Verdict.UNKNOWN),)
    nobody = _nobody_speaks(evidence, profile)
    if grade(profile, "swing_p999", "at_least", evidence.swing_p999) in BAD or (
        nobody and is_hiss(evidence, profile)
    ):
        silent = SILENT.found(Verdict.NOT_READY, device=evidence.device_name)
        return (cause_of_silence(evidence, profile) or silent,)
    if nobody:
        return (NO_SPEECH.found(Verdict.NOT_READY, device=evidence.device_name),)
    return _judged_voice(evidence, profile)


def _judged_unattended(evidence: MicrophoneEvidence, profile: Profile) -> Sequence[Finding]:
    heard = grade(profile, "loop_peak_db", "at_least", evidence.loop_peak_db)
    if heard is Verdict.READY:
        return (NOBODY_SPOKE.found(Verdict.READY, device=evidence.device_name),)
    if grade(profile, "swing_p999", "at_least", evidence.swing_p999) is not Verdict.READY:
        silent = SILENT.found(Verdict.UNKNOWN, device=evidence.device_name)
        return (cause_of_silence(evidence, profile) or silent,)
    return (NOT_PROVEN.found(Verdict.UNKNOWN, device=evidence.device_name),)


def _nobody_speaks(evidence: MicrophoneEvidence, profile: Profile) -> bool:
    """By the voice detector; where it did not run, by how much of the time there is sound at all."""
    if evidence.voice_seconds is not None:
        # Where a model that takes voices out finds none, what was heard for a moment was steps or paper.
        none = grade(profile, "voice_beneath_db", "at_least", evidence.snr_beneath_db) in BAD
        figure = "doubtful_voice_seconds" if none else "voice_seconds"
        return grade(profile, figure, "at_least", evidence.voice_seconds) in BAD
    return grade(profile, "activity_percent", "at_least", evidence.activity_percent) in BAD


def _judged_voice(evidence: MicrophoneEvidence, profile: Profile) -> Sequence[Finding]:
    """Causes in the order in which one explains the next: a torn or cut-off voice also seems noisy,
    a faint one drowns in the steps of its own digits, a bare room fills the pauses."""
    findings = [
        *_dropouts(evidence, profile),
        *_clipped(evidence, profile),
        *_level(evidence, profile),
        *hum(evidence, profile),
        *_band(evidence, profile),
    ]
    other = room(evidence, profile) or noise(evidence, profile, found=findings)
    # An offset is certain, a room or a noise is a judgement.
    findings += [*_electronics(evidence, profile), *other]
    if not findings:
        if evidence.active_level_dbfs is None or evidence.snr_db is None:
            return (NOT_MEASURED.found(Verdict.UNKNOWN),)
        findings = [WORKS.found(Verdict.READY, level=evidence.active_level_dbfs, snr=evidence.snr_db)]
    return by_importance([*findings, *_note_on_band(evidence, profile)])


def _dropouts(evidence: MicrophoneEvidence, profile: Profile) -> list[Finding]:
    count = None
    if evidence.holes is not None and evidence.repeats is not None:
        count = evidence.holes + evidence.repeats
    # What is held on lies as level as peaks that are cut off, which sound like joints, but by far not so surely.
    cut_off = worst(
        grade(profile, "clipped_crowd", "at_most", evidence.clipped_crowd),
        grade(profile, "filtered_crowd", "at_most", evidence.filtered_crowd),
    )
    surely = "sure_splice_certainty" if cut_off in BAD else "splice_certainty"
    joined = grade(profile, surely, "at_most", evidence.splice_certainty)
    gated = grade(profile, "gate_snr_steady_db", "at_most", evidence.snr_steady_db) in BAD
    # A gate opens and closes by blocks, and the mains come again each 20 ms as well.
    if cut_off not in BAD and not gated and not has_a_tone(evidence, profile):
        joined = worst(
            joined, grade(profile, "packet_splice_certainty", "at_most", evidence.packet_splice_certainty)
        )
    sounds_torn = (
        grade(profile, "snr_db", "at_least", evidence.snr_db),
        grade(profile, "active_level_dbfs", "at_most", evidence.active_level_dbfs),
        grade(profile, "echo_strength", "at_most", evidence.echo_strength),
        late_echo(evidence, profile),
    )
    beyond_doubt = grade(profile, "sure_splice_certainty", "at_most", evidence.splice_certainty)
    if any(grade in BAD for grade in sounds_torn) and beyond_doubt is not Verdict.NOT_READY:
        joined = Verdict.UNKNOWN  # blows, a limiter's grip and a voice upon a voice sound like joints
    verdict = worst(
        grade(profile, "holes", "at_most", count),
        grade(profile, "overruns", "at_most", evidence.overruns),
        joined,
    )
    # Both ways of looking find most of the same places.
    lost = max((count or 0) + (evidence.overruns or 0), (evidence.splices or 0) if joined in BAD else 0)
    return [DROPOUTS.found(verdict, count=lost)] if verdict in BAD else []


def _clipped(evidence: MicrophoneEvidence, profile: Profile) -> list[Finding]:
    # What is held on and the mains look cut off as well when a filter is undone.
    humming = bool(hum(evidence, profile))
    torn = humming or bool(_dropouts(evidence, profile))
    filtered = None if torn else evidence.filtered_crowd
    # A dimmer's buzz, as loud as a voice nearly, crowds at its own height.
    buzzes = humming and grade(profile, "tonal_snr_db", "at_least", evidence.snr_db) in BAD
    crowd = None if buzzes else evidence.clipped_crowd
    # Peaks that crowd a little, on a wave that is little steep: both together are no whole voice's.
    crowding = grade(profile, "doubtful_clipped_crowd", "at_most", crowd)
    crowded = not torn and crowding in BAD
    # The coder of a Bluetooth call (CVSD) cannot follow a steep wave either.
    slope = None if _band(evidence, profile) else evidence.clipped_slope
    # A limiter brings many peaks to one height, but little more than they lies there.
    limited = bool(crowd) and crowding is Verdict.READY
    percent = None if limited else evidence.clipped_percent
    verdict = worst(
        grade(profile, "clipped_percent", "at_most", percent),
        grade(profile, "clipped_crowd", "at_most", crowd),
        grade(profile, "crowded_slope" if crowded else "clipped_slope", "at_least", slope),
        grade(profile, "filtered_crowd", "at_most", filtered),
    )
    return [CLIPPED.found(verdict, percent=evidence.clipped_percent)] if verdict in BAD else []


def _level(evidence: MicrophoneEvidence, profile: Profile) -> list[Finding]:
    level = evidence.active_level_dbfs
    quiet = grade(profile, "active_level_dbfs", "at_least", level)
    loud = grade(profile, "active_level_dbfs", "at_most", level)
    if quiet in BAD and level is not None:
        return [TOO_QUIET.found(quiet, short=(_aim(profile, "at_least") or level) - level)]
    if loud in BAD and level is not None:
        return [TOO_LOUD.found(loud, over=level - (_aim(profile, "at_most") or level))]
    return []


def _aim(profile: Profile, direction: Direction) -> float | None:
    limit = profile.limit("microphone.active_level_dbfs", direction)
    return None if limit is None else limit.recommended


def _band(evidence: MicrophoneEvidence, profile: Profile) -> list[Finding]:
    verdict = grade(profile, "band_edge_hz", "at_least", evidence.band_edge_hz)
    if verdict not in BAD or evidence.band_edge_hz is None:
        return []
    wireless = evidence.call_mode or evidence.attachment == Attachment.BLUETOOTH
    found = [NARROWBAND.found(verdict, khz=evidence.band_edge_hz / 1000)]
    if wireless:
        found.append(CALL_MODE.found(verdict, device=evidence.device_name or "Headset"))
    return found


def _note_on_band(evidence: MicrophoneEvidence, profile: Profile) -> list[Finding]:
    """A device that could give more; a recording may have been stored with less."""
    wide = profile.limit("microphone.full_band_hz", "at_least")
    edge = evidence.band_edge_hz
    if evidence.recording or wide is None or wide.recommended is None or edge is None:
        return []
    if edge < wide.recommended and not _band(evidence, profile):
        return [WIDEBAND.found(Verdict.READY, khz=edge / 1000, device=evidence.device_name)]
    return []


def _electronics(evidence: MicrophoneEvidence, profile: Profile) -> list[Finding]:
    findings = []
    offset = None if evidence.dc_offset is None else abs(evidence.dc_offset)
    verdict = grade(profile, "dc_offset", "at_most", offset)
    if verdict in BAD:
        findings.append(DC_OFFSET.found(verdict, percent=100 * (offset or 0.0)))
    levels = evidence.channel_levels_dbfs or ()
    if len(levels) >= 2:
        apart = grade(profile, "channel_difference_db", "at_most", max(levels) - min(levels))
        if apart in BAD:
            findings.append(CHANNEL_DEAD.found(apart, device=evidence.device_name))
    asked, got = evidence.asked_rate_hz, evidence.rate_hz
    if asked and got and not evidence.recording:
        rate = grade(profile, "rate_hz", "at_least", got)
        if rate in BAD and got < asked:
            findings.append(WRONG_RATE.found(rate, asked=asked / 1000, got=got / 1000))
    return findings
