"""What the microphone's figures mean, a cause before what follows from it."""

from __future__ import annotations

from collections.abc import Sequence

from readiness.checks.microphone.findings import (
    BY_PROBLEM,
    CALL_MODE,
    CHANNEL_DEAD,
    CLIPPED,
    DC_OFFSET,
    DROPOUTS,
    ECHO,
    HUM,
    MUTED_BY_SYSTEM,
    NARROWBAND,
    NO_SPEECH,
    NOBODY_SPOKE,
    NOISE_IN_BURSTS,
    NOISY,
    NOT_MEASURED,
    NOT_PROVEN,
    REVERBERANT,
    SILENT,
    TOO_LOUD,
    TOO_QUIET,
    WIDEBAND,
    WORKS,
    WRONG_RATE,
)
from readiness.checks.microphone.measure import MicrophoneEvidence
from readiness.checks.microphone.silence import cause_of_silence
from readiness.checks.problems import from_problem
from readiness.core.model import Finding, Verdict
from readiness.core.profile import Direction, Profile
from readiness.core.rating import by_importance
from readiness.devices.ports import Attachment

_BAD = (Verdict.LIMITED, Verdict.NOT_READY)


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
    if _grade(profile, "swing_p999", "at_least", evidence.swing_p999) in _BAD:
        silent = SILENT.found(Verdict.NOT_READY, device=evidence.device_name)
        return (cause_of_silence(evidence, profile) or silent,)
    if _nobody_speaks(evidence, profile):
        return (NO_SPEECH.found(Verdict.NOT_READY, device=evidence.device_name),)
    return _judged_voice(evidence, profile)


def _judged_unattended(evidence: MicrophoneEvidence, profile: Profile) -> Sequence[Finding]:
    heard = _grade(profile, "loop_peak_db", "at_least", evidence.loop_peak_db)
    if heard is Verdict.READY:
        return (NOBODY_SPOKE.found(Verdict.READY, device=evidence.device_name),)
    if _grade(profile, "swing_p999", "at_least", evidence.swing_p999) is not Verdict.READY:
        silent = SILENT.found(Verdict.UNKNOWN, device=evidence.device_name)
        return (cause_of_silence(evidence, profile) or silent,)
    return (NOT_PROVEN.found(Verdict.UNKNOWN, device=evidence.device_name),)


def _nobody_speaks(evidence: MicrophoneEvidence, profile: Profile) -> bool:
    """By the voice detector; where it did not run, by how much of the time there is sound at all."""
    if evidence.voice_seconds is not None:
        # Where a model that takes voices out finds none, what was heard for a moment was steps or paper.
        none = _grade(profile, "voice_beneath_db", "at_least", evidence.snr_beneath_db) in _BAD
        figure = "doubtful_voice_seconds" if none else "voice_seconds"
        return _grade(profile, figure, "at_least", evidence.voice_seconds) in _BAD
    return _grade(profile, "activity_percent", "at_least", evidence.activity_percent) in _BAD


def _judged_voice(evidence: MicrophoneEvidence, profile: Profile) -> Sequence[Finding]:
    """Causes in the order in which one explains the next: a torn or cut-off voice also seems noisy,
    a faint one drowns in the steps of its own digits, a bare room fills the pauses."""
    findings = [
        *_dropouts(evidence, profile),
        *_clipped(evidence, profile),
        *_level(evidence, profile),
        *_hum(evidence, profile),
        *_band(evidence, profile),
    ]
    room = _room(evidence, profile)
    other = room or _noise(evidence, profile, found=findings)
    # An offset is certain, a room or a noise is a judgement.
    findings += [*_electronics(evidence, profile), *other]
    if not findings:
        if evidence.active_level_dbfs is None or evidence.snr_db is None:
            return (NOT_MEASURED.found(Verdict.UNKNOWN),)
        findings = [
            WORKS.found(Verdict.READY, level=evidence.active_level_dbfs, snr=evidence.snr_db),
            *_note_on_band(evidence, profile),
        ]
    return by_importance(findings)


def _dropouts(evidence: MicrophoneEvidence, profile: Profile) -> list[Finding]:
    count = None
    if evidence.holes is not None and evidence.repeats is not None:
        count = evidence.holes + evidence.repeats
    again = _grade(profile, "packet_repeats", "at_most", evidence.packet_repeats)
    joined = _grade(profile, "splices", "at_most", evidence.splices)
    also_jumps = (
        _grade(profile, "clicks_per_second", "at_most", evidence.clicks_per_second),
        _grade(profile, "active_level_dbfs", "at_most", evidence.active_level_dbfs),
        _grade(profile, "decay_db", "at_least", evidence.decay_db),
    )
    if _hum(evidence, profile):
        again = joined = Verdict.UNKNOWN  # the mains repeat themselves, and jump
    if any(grade in _BAD for grade in also_jumps):
        # What a key's stroke, a limiter or the echoes of a bare room let jump is no joint.
        joined = Verdict.UNKNOWN
    verdict = _worst(
        _grade(profile, "holes", "at_most", count),
        _grade(profile, "overruns", "at_most", evidence.overruns),
        again,
        joined,
    )
    # Of joints those are said that there are at least: sure ones were counted twice.
    joints = -(-(evidence.splices or 0) // 2) if joined in _BAD else 0
    lost = (count or 0) + (evidence.overruns or 0) + joints
    if again in _BAD:
        lost = max(lost, evidence.packet_repeats or 0)
    return [DROPOUTS.found(verdict, count=lost)] if verdict in _BAD else []


def _clipped(evidence: MicrophoneEvidence, profile: Profile) -> list[Finding]:
    # The coder of a Bluetooth call (CVSD) cannot follow a steep wave either.
    slope = None if _band(evidence, profile) else evidence.clipped_slope
    # What is held on and the mains look cut off as well when a filter is undone.
    torn = _dropouts(evidence, profile) or _hum(evidence, profile)
    filtered = None if torn else evidence.filtered_crowd
    verdict = _worst(
        _grade(profile, "clipped_percent", "at_most", evidence.clipped_percent),
        _grade(profile, "clipped_crowd", "at_most", evidence.clipped_crowd),
        _grade(profile, "clipped_slope", "at_least", slope),
        _grade(profile, "filtered_crowd", "at_most", filtered),
    )
    return [CLIPPED.found(verdict, percent=evidence.clipped_percent)] if verdict in _BAD else []


def _level(evidence: MicrophoneEvidence, profile: Profile) -> list[Finding]:
    level = evidence.active_level_dbfs
    quiet = _grade(profile, "active_level_dbfs", "at_least", level)
    loud = _grade(profile, "active_level_dbfs", "at_most", level)
    if quiet in _BAD and level is not None:
        return [TOO_QUIET.found(quiet, short=(_aim(profile, "at_least") or level) - level)]
    if loud in _BAD and level is not None:
        return [TOO_LOUD.found(loud, over=level - (_aim(profile, "at_most") or level))]
    return []


def _aim(profile: Profile, direction: Direction) -> float | None:
    limit = profile.limit("microphone.active_level_dbfs", direction)
    return None if limit is None else limit.recommended


def _hum(evidence: MicrophoneEvidence, profile: Profile) -> list[Finding]:
    strong = _grade(profile, "hum_db", "at_most", evidence.hum_db)
    if _grade(profile, "hum_lines", "at_least", evidence.hum_lines) in _BAD:
        # A line alone at 50 or 60 Hz lies below what voices and small speakers have, unless it is strong.
        sure = _grade(profile, "lone_hum_db", "at_most", evidence.hum_db)
    else:
        sure = _grade(profile, "hum_certainty_db", "at_most", evidence.hum_certainty_db)
        if evidence.hum_certainty_db is None:  # a report from before it was measured
            sure = _grade(profile, "hum_contrast_db", "at_most", evidence.hum_contrast_db)
    if _has_a_tone(evidence, profile) and sure in _BAD:
        return [HUM.found(strong, base=evidence.hum_hz, under=-(evidence.hum_db or 0.0))]
    return []


def _has_a_tone(evidence: MicrophoneEvidence, profile: Profile) -> bool:
    """Whether a strong line stands out: of the mains, or of a computer that whines."""
    stands_out = _grade(profile, "hum_contrast_db", "at_most", evidence.hum_contrast_db)
    return stands_out in _BAD and _grade(profile, "hum_db", "at_most", evidence.hum_db) in _BAD


def _band(evidence: MicrophoneEvidence, profile: Profile) -> list[Finding]:
    verdict = _grade(profile, "band_edge_hz", "at_least", evidence.band_edge_hz)
    if verdict not in _BAD or evidence.band_edge_hz is None:
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
    if edge < wide.recommended:
        return [WIDEBAND.found(Verdict.READY, khz=edge / 1000, device=evidence.device_name)]
    return []


def _room(evidence: MicrophoneEvidence, profile: Profile) -> list[Finding]:
    """An echo or a bare room; in noise the score of the voice tells of the noise."""
    slow = _grade(profile, "decay_db", "at_least", evidence.decay_db)
    bare = _grade(profile, "bare_decay_db", "at_least", evidence.decay_db) in _BAD
    # A hall of a sound card's making comes back as a faint echo as well.
    strength = "bare_echo_strength" if bare else "echo_strength"
    echo = _grade(profile, strength, "at_most", evidence.echo_strength)
    if echo not in _BAD and slow is Verdict.READY:
        # Where sounds die away at once, no room's tail is alike to what was said before.
        echo = _grade(profile, "dry_echo_strength", "at_most", evidence.echo_strength)
    if echo in _BAD:
        return [ECHO.found(echo, delay=(evidence.echo_delay_ms or 0.0) / 1000)]
    # In a bare room the floor sinks with every word's tail, where steady noise keeps it level.
    snr = evidence.snr_db
    bursts = _in_bursts(snr, evidence)
    sinking = [_grade(profile, "floor_spread_db", "at_most", evidence.floor_spread_db)]
    if not bursts:  # music sinks in each band as well
        sinking.append(_grade(profile, "band_spread_db", "at_most", evidence.band_spread_db))
    calm = _grade(profile, "snr_steady_db", "at_least", evidence.snr_steady_db) is Verdict.READY
    if not calm and _worst(*sinking) not in _BAD:
        return []
    strong = bursts and _grade(profile, "snr_db", "at_least", snr) is Verdict.NOT_READY
    if slow is Verdict.READY or (strong and evidence.snr_beneath_db is None):
        # Whatever lowers the score, it is no tail of a room; or bursts as loud as the voice fill the pauses.
        return []
    # Sounds die away as slowly in some furnished rooms as between bare walls near by: there the score decides.
    figure = "slow_signal_mos" if slow is Verdict.NOT_READY else "signal_mos"
    rings = _grade(profile, figure, "at_least", evidence.signal_mos)
    if bare and _grade(profile, "clear_snr_db", "at_least", snr) is Verdict.READY:
        rings = _worst(rings, Verdict.LIMITED)  # where nothing else is heard, what dies so slowly rings
    return [REVERBERANT.found(rings)] if rings in _BAD else []


def _noise(evidence: MicrophoneEvidence, profile: Profile, *, found: Sequence[Finding]) -> list[Finding]:
    humming = bool(_hum(evidence, profile))
    ratios = [evidence.snr_db, evidence.snr_without_rumble_db]
    if humming:
        ratios.append(evidence.snr_without_hum_db)
    snr = max((ratio for ratio in ratios if ratio is not None), default=None)
    # A tone is heard better than as much noise.
    whines = _has_a_tone(evidence, profile) and not humming
    verdict = _grade(profile, "tonal_snr_db" if whines else "snr_db", "at_least", snr)
    in_bursts = _in_bursts(snr, evidence)
    if in_bursts and any(finding.code == DROPOUTS.code for finding in found):
        return []  # what comes and goes there is the torn voice
    beneath = _grade(profile, "snr_beneath_db", "at_least", evidence.snr_beneath_db) in _BAD
    # With a good background, what is heard in the pauses is a voice that the detector missed.
    calm = _grade(profile, "calm_background_mos", "at_least", evidence.background_mos) is Verdict.READY
    missed = in_bursts and calm and evidence.background_mos is not None and not beneath
    if verdict in _BAD and not missed:
        noisy = [NOISY.found(verdict, snr=max(0.0, snr or 0.0))]
        return [*noisy, NOISE_IN_BURSTS.found(verdict)] if in_bursts else noisy
    # Bursts beneath a voice that never pauses: by their clicks, or heard by the model alone.
    keys = _grade(profile, "clicks_per_second", "at_most", evidence.clicks_per_second)
    behind = _grade(profile, "background_mos", "at_least", evidence.background_mos)
    digital = _grade(profile, "snr_steady_db", "at_most", evidence.snr_steady_db) in _BAD
    # A whisper sounds like noise to the models; and a long pause without a burst says that there are none.
    still = _grade(profile, "pause_seconds", "at_least", evidence.pause_seconds) is Verdict.READY
    whispered = _grade(profile, "voice_beneath_db", "at_least", evidence.snr_beneath_db) in _BAD
    if digital or still or whispered:
        behind = Verdict.UNKNOWN
    heard = _worst(keys, behind)
    if heard in _BAD and not found:
        return [NOISY.found(heard, snr=max(0.0, snr or 0.0)), NOISE_IN_BURSTS.found(heard)]
    return []


def _in_bursts(snr: float | None, evidence: MicrophoneEvidence) -> bool:
    return snr is not None and evidence.snr_steady_db is not None and evidence.snr_steady_db > snr + 3


def _electronics(evidence: MicrophoneEvidence, profile: Profile) -> list[Finding]:
    findings = []
    offset = None if evidence.dc_offset is None else abs(evidence.dc_offset)
    verdict = _grade(profile, "dc_offset", "at_most", offset)
    if verdict in _BAD:
        findings.append(DC_OFFSET.found(verdict, percent=100 * (offset or 0.0)))
    levels = evidence.channel_levels_dbfs or ()
    if len(levels) == 2:
        apart = _grade(profile, "channel_difference_db", "at_most", max(levels) - min(levels))
        if apart in _BAD:
            findings.append(CHANNEL_DEAD.found(apart, device=evidence.device_name))
    asked, got = evidence.asked_rate_hz, evidence.rate_hz
    if asked and got and not evidence.recording:
        rate = _grade(profile, "rate_hz", "at_least", got)
        if rate in _BAD and got < asked:
            findings.append(WRONG_RATE.found(rate, asked=asked / 1000, got=got / 1000))
    return findings


def _worst(*verdicts: Verdict) -> Verdict:
    for verdict in (Verdict.NOT_READY, Verdict.LIMITED, Verdict.READY):
        if verdict in verdicts:
            return verdict
    return Verdict.UNKNOWN


def _grade(profile: Profile, figure: str, direction: Direction, value: float | None) -> Verdict:
    return profile.grade(f"microphone.{figure}", direction, value)
