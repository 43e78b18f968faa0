"""Listening with the microphone, and what it heard as evidence.

Guided, the person is quiet for a moment and then reads a sentence. Unattended nobody speaks: a
quiet sweep from the speaker proves that the microphone hears. A recording is judged as if guided.
"""

from __future__ import annotations

from dataclasses import dataclass

from readiness.checks.microphone.findings import BE_QUIET, READ_ALOUD
from readiness.checks.speaker.measure import SpeakerEvidence, from_loop
from readiness.core.check import Context
from readiness.core.evidence import encode, parse
from readiness.core.model import Notice
from readiness.devices.ports import DeviceError, Machine, Source

QUIET_SECONDS = 1.0
SPEECH_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class MicrophoneEvidence:
    """What the microphone heard. Levels in dBFS, a full-scale square wave being 0.

    `active_level_dbfs` is that of ITU-T P.56; `swing_p999` the 99.9th percentile of the distance
    from the median, full scale 1, without the first moment of opening. `unattended`: nobody was asked to speak; then the `loop_` fields
    tell what came of a sweep played through the speaker, and `loop` what it tells of the speaker.

    Where the microphone gives nothing: `denied_by` is the privacy setting in the way, `used_by` the
    programs that use it, `other_device_name` the liveliest other microphone. `hardware_muted`: a switch
    of the card or the device is off; `plugged_in` false: nothing is in its socket; `call_mode`: a
    Bluetooth headset that sounds like a telephone now.

    The voice: `active_level_dbfs` is without the noise, `voice_seconds` how long somebody spoke,
    `pause_seconds` how long surely nobody did. `snr_db` is the voice to the noise, its bursts counted in;
    `snr_steady_db` to the steady noise alone, `snr_beneath_db` to all that a model takes out of the voice
    (above about 13 dB its own errors), `snr_without_hum_db` to all but the hum, `snr_without_rumble_db` to
    what lies above 50 Hz but for the mains' lines below 100 Hz; `burst_db` is how far the pauses' mean
    stands above the steady noise, `floor_spread_db` how far the quietest tenth of the time does above the quietest 2 %, `band_spread_db`
    the same in a middle one of the voice's bands. `hum_db` is the
    hum to the voice, `hum_contrast_db` its strongest line to what lies beside it, `hum_certainty_db` the
    second and third. `clipped_crowd` is how many times more samples crowd at one high value than below it,
    `clipped_slope` how steep the wave runs close to its ceiling, as a share of how steep half-way up,
    `filtered_crowd` is the crowd before a high-pass filter that the microphone may have.
    `band_edge_hz` is where the voice ends (None: noise hides it), `band_drop_db` how steeply near 4 kHz,
    `stretched_from_hz` a lower rate that the sound had before. `holes` are constant runs amid words
    or moments there fainter than the room, `repeats` blocks said again,
    `splices` places where the voice does not hang together,
    `splice_certainty` how far beyond doubt they are together (natural log odds in 6 s),
    `packet_splice_certainty` that with their lying as the ends of packets do,
    `clicks_per_second` those of keys. `echo_strength` (0-1) and
    `echo_delay_ms` tell of a second voice behind the first, `late_echo_prominence` how far a faint late one stands
    out from chance (times), `decay_db` how far sounds fall in 0.1 s.
    `signal_mos` and `background_mos` are the raw scores (about 1-5) of DNSMOS P.835: of the voice, which
    falls with reverberation, and of what is behind it.

    `level_dbfs` is the level of each twentieth of a second (longer in a long recording), its middle at
    `level_seconds`; `spectrum_dbfs` the average of the whole time at `spectrum_hz`, in bands of a sixth
    of an octave.
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
    voice_seconds: float | None = None
    pause_seconds: float | None = None
    steady_noise_dbfs: float | None = None
    burst_db: float | None = None
    floor_spread_db: float | None = None
    band_spread_db: float | None = None
    snr_steady_db: float | None = None
    snr_without_hum_db: float | None = None
    snr_without_rumble_db: float | None = None
    snr_beneath_db: float | None = None
    clipped_crowd: float | None = None
    clipped_slope: float | None = None
    filtered_crowd: float | None = None
    crest_db: float | None = None
    hum_hz: float | None = None
    hum_db: float | None = None
    hum_lines: int | None = None
    hum_contrast_db: float | None = None
    hum_certainty_db: float | None = None
    band_edge_hz: float | None = None
    band_drop_db: float | None = None
    stretched_from_hz: float | None = None
    holes: int | None = None
    repeats: int | None = None
    splices: int | None = None
    splice_certainty: float | None = None
    packet_splice_certainty: float | None = None
    clicks_per_second: float | None = None
    echo_strength: float | None = None
    echo_delay_ms: float | None = None
    late_echo_prominence: float | None = None
    late_echo_delay_ms: float | None = None
    decay_db: float | None = None
    signal_mos: float | None = None
    background_mos: float | None = None
    level_dbfs: tuple[float, ...] | None = None
    level_seconds: tuple[float, ...] | None = None
    spectrum_dbfs: tuple[float, ...] | None = None
    spectrum_hz: tuple[float, ...] | None = None
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
