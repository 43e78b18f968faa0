"""What the figures say of all that is heard besides the voice: hum, the room and noise."""

from __future__ import annotations

from collections.abc import Sequence

from readiness.checks.microphone.findings import (
    CLIPPED,
    DROPOUTS,
    ECHO,
    HUM,
    NOISE_IN_BURSTS,
    NOISY,
    REVERBERANT,
)
from readiness.checks.microphone.grades import BAD, grade, worst
from readiness.checks.microphone.measure import MicrophoneEvidence
from readiness.core.model import Finding, Verdict
from readiness.core.profile import Profile


def hum(evidence: MicrophoneEvidence, profile: Profile) -> list[Finding]:
    """Hum of the mains, where several of their lines stand out, or one does very far."""
    strong = grade(profile, "hum_db", "at_most", evidence.hum_db)
    if grade(profile, "hum_lines", "at_least", evidence.hum_lines) in BAD:
        # A line alone at 50 or 60 Hz lies below what voices and small speakers have, unless it is strong.
        sure = grade(profile, "lone_hum_db", "at_most", evidence.hum_db)
    else:
        sure = grade(profile, "hum_certainty_db", "at_most", evidence.hum_certainty_db)
        if evidence.hum_certainty_db is None:  # a report from before it was measured
            sure = grade(profile, "hum_contrast_db", "at_most", evidence.hum_contrast_db)
    covered = Verdict.UNKNOWN
    many = grade(profile, "sure_hum_lines", "at_least", evidence.hum_lines) is Verdict.READY
    if evidence.hum_db is not None and evidence.snr_db is not None and not many:
        # Music keeps a few tones as well; it is far more than they.
        covered = grade(profile, "hum_under_noise_db", "at_most", -evidence.hum_db - evidence.snr_db)
    if has_a_tone(evidence, profile) and sure in BAD and covered not in BAD:
        return [HUM.found(strong, base=evidence.hum_hz, under=-(evidence.hum_db or 0.0))]
    return []


def has_a_tone(evidence: MicrophoneEvidence, profile: Profile) -> bool:
    """Whether a strong line stands out: of the mains, or of a computer that whines."""
    stands_out = grade(profile, "hum_contrast_db", "at_most", evidence.hum_contrast_db)
    return stands_out in BAD and grade(profile, "hum_db", "at_most", evidence.hum_db) in BAD


def late_echo(evidence: MicrophoneEvidence, profile: Profile) -> Verdict:
    """Whether the voice comes back long after, be it faint."""
    return grade(profile, "late_echo_prominence", "at_most", evidence.late_echo_prominence)


def room(evidence: MicrophoneEvidence, profile: Profile) -> list[Finding]:
    """An echo or a bare room; in noise the score of the voice tells of the noise."""
    slow = grade(profile, "decay_db", "at_least", evidence.decay_db)
    bare = grade(profile, "bare_decay_db", "at_least", evidence.decay_db) in BAD
    # A hall of a sound card's making comes back as a faint echo as well.
    strength = "bare_echo_strength" if bare else "echo_strength"
    echo = grade(profile, strength, "at_most", evidence.echo_strength)
    if echo not in BAD and slow is Verdict.READY:
        # Where sounds die away at once, no room's tail is alike to what was said before.
        echo = grade(profile, "dry_echo_strength", "at_most", evidence.echo_strength)
    delay = evidence.echo_delay_ms
    if echo not in BAD and not bare and not has_a_tone(evidence, profile):
        # Long after, nothing but an echo stands out, however faint.
        echo, delay = late_echo(evidence, profile), evidence.late_echo_delay_ms
    steady = grade(profile, "snr_steady_db", "at_least", evidence.snr_steady_db)
    if echo in BAD and steady not in BAD:  # a machine's turns come again as well
        return [ECHO.found(echo, delay=(delay or 0.0) / 1000)]
    # In a bare room the floor sinks with every word's tail, where steady noise keeps it level.
    snr = evidence.snr_db
    bursts = _in_bursts(snr, evidence)
    sinking = [grade(profile, "floor_spread_db", "at_most", evidence.floor_spread_db)]
    if not bursts:  # music sinks in each band as well
        sinking.append(grade(profile, "band_spread_db", "at_most", evidence.band_spread_db))
    if steady is not Verdict.READY and not (bare and worst(*sinking) in BAD):
        return []
    whines = has_a_tone(evidence, profile) and grade(profile, "tonal_snr_db", "at_least", snr) in BAD
    strong = bursts and grade(profile, "snr_db", "at_least", snr) is Verdict.NOT_READY
    # Where the background sounds good, what fills the pauses is the voice's own tail.
    tail = bare and grade(profile, "background_mos", "at_least", evidence.background_mos) is Verdict.READY
    if slow is Verdict.READY or whines or (strong and not tail and evidence.snr_beneath_db is None):
        # Whatever lowers the score, it is no tail of a room; a tone lowers it; or bursts as loud as the voice
        # fill the pauses.
        return []
    # Sounds die away as slowly in some furnished rooms as between bare walls near by: there the score decides.
    figure = "slow_signal_mos" if slow is Verdict.NOT_READY else "signal_mos"
    rings = grade(profile, figure, "at_least", evidence.signal_mos)
    if bare and grade(profile, "clear_snr_db", "at_least", snr) is Verdict.READY:
        rings = worst(rings, Verdict.LIMITED)  # where nothing else is heard, what dies so slowly rings
    return [REVERBERANT.found(rings)] if rings in BAD else []


def noise(evidence: MicrophoneEvidence, profile: Profile, *, found: Sequence[Finding]) -> list[Finding]:
    """Noise, steady or in bursts, beside the causes that were `found` before."""
    humming = bool(hum(evidence, profile))
    ratios = [evidence.snr_db, evidence.snr_without_rumble_db]
    if humming:
        ratios.append(evidence.snr_without_hum_db)
    snr = max((ratio for ratio in ratios if ratio is not None), default=None)
    # A tone is heard better than as much noise.
    whines = has_a_tone(evidence, profile) and not humming
    verdict = grade(profile, "tonal_snr_db" if whines else "snr_db", "at_least", snr)
    in_bursts = _in_bursts(snr, evidence)
    codes = {finding.code for finding in found}
    if in_bursts and DROPOUTS.code in codes:
        return []  # what comes and goes there is the torn voice
    behind = grade(profile, "background_mos", "at_least", evidence.background_mos)
    if in_bursts and behind is Verdict.READY and CLIPPED.code in codes:
        return []  # or a voice so cut off that the detector misses it
    beneath = grade(profile, "snr_beneath_db", "at_least", evidence.snr_beneath_db) in BAD
    # With a good background, what is heard in the pauses is a voice that the detector missed.
    calm = grade(profile, "calm_background_mos", "at_least", evidence.background_mos) is Verdict.READY
    missed = in_bursts and calm and evidence.background_mos is not None and not beneath
    if verdict in BAD and not missed:
        noisy = [NOISY.found(verdict, snr=max(0.0, snr or 0.0))]
        return [*noisy, NOISE_IN_BURSTS.found(verdict)] if in_bursts else noisy
    # Bursts beneath a voice that never pauses: by their clicks, or heard by the model alone.
    keys = grade(profile, "clicks_per_second", "at_most", evidence.clicks_per_second)
    digital = grade(profile, "snr_steady_db", "at_most", evidence.snr_steady_db) in BAD
    # A whisper sounds like noise to the models; and a long pause without a burst says that there are none.
    still = grade(profile, "pause_seconds", "at_least", evidence.pause_seconds) is Verdict.READY
    whispered = grade(profile, "voice_beneath_db", "at_least", evidence.snr_beneath_db) in BAD
    if digital or still or whispered:
        behind = Verdict.UNKNOWN
    heard = worst(keys, behind)
    if heard in BAD and not found:
        return [NOISY.found(heard, snr=max(0.0, snr or 0.0)), NOISE_IN_BURSTS.found(heard)]
    return []


def _in_bursts(snr: float | None, evidence: MicrophoneEvidence) -> bool:
    return snr is not None and evidence.snr_steady_db is not None and evidence.snr_steady_db > snr + 3
