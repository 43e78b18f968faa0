"""What the media path check measured. Names end in the direction: up from this computer, down to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Prediction = Mapping[str, Mapping[str, str]]
"""By cell (audio, video_180, video_360, video_720, video_1080) and direction (up, down): good, degraded,
bad, failed or unknown. Fitted to real calls: audio and video_360. Derived from video_360 by the bits that
a picture of that size needs: the others."""


@dataclass(frozen=True, kw_only=True)
class MediaPathEvidence:
    """One run against IT's reflector. `_low` and `_high` are bounds at 95 % confidence.

    `problem`: why there was no run. `path`: the reflector's address and port, the path measured.
    `udp_answers`: False where the collector granted a session and its reflector was silent.
    `interrupted`: the network went away; the figures are of the time before. `settled`: longer
    measuring could hardly have changed a class.

    Delays are by two clocks: `delay_variation_ms` is what packets took longer than the quickest;
    `jitter_ms` the standard deviation of what is not our own queueing; `rfc3550_jitter_ms` that of
    RFC 3550 over the whole call. `rtt_ms` is of the idle line, `loaded_rtt_ms` beside the call, both
    less the reflector's own time and that which the packet itself takes onto a slow line. `concealed_percent`, `buffer_ms`, `mouth_to_ear_ms`, `still_percent` and
    `picture_LINES_kbps` are what the model of a call makes of it; `mos` is the E-model's, with its
    limits (readiness/network/emodel.py). `line_kbps` counts IP bytes; `line_is_at_least`: it may be more.
    `delay_ms_up` and `delay_ms_down` are the course of the call: what packets took longer than the quickest,
    by the second at which they were sent (`delay_seconds_`); of many neighbours the slowest.
    `queue_ms`: the longest wait that a short flood found; `queue_full`: it can be no longer.

    `sent_late_ms`: how late this computer sent; packets carry when they left, so that it is no delay.
    `packets_*`: answers that a faithful reflector does not give.
    """

    problem: str | None = None
    problem_detail: str | None = None
    path: str | None = None
    udp_answers: bool | None = None
    interrupted: bool | None = None
    settled: bool | None = None
    seconds: float | None = None
    bytes_used: int | None = None

    rtt_ms_p50: float | None = None
    rtt_ms_p90: float | None = None
    rtt_ms_p99: float | None = None
    loaded_rtt_ms_p50: float | None = None
    loaded_rtt_ms_p90: float | None = None
    loaded_rtt_ms_p99: float | None = None

    packets_sent_up: int | None = None
    packets_sent_down: int | None = None
    packets_received_up: int | None = None
    packets_received_down: int | None = None
    loss_percent_up: float | None = None
    loss_percent_up_low: float | None = None
    loss_percent_up_high: float | None = None
    loss_percent_down: float | None = None
    loss_percent_down_low: float | None = None
    loss_percent_down_high: float | None = None
    longest_burst_up: int | None = None
    longest_burst_down: int | None = None
    mean_burst_up: float | None = None
    mean_burst_down: float | None = None
    longest_gap_ms_up: float | None = None
    longest_gap_ms_down: float | None = None
    jitter_ms_up: float | None = None
    jitter_ms_up_low: float | None = None
    jitter_ms_up_high: float | None = None
    jitter_ms_down: float | None = None
    jitter_ms_down_low: float | None = None
    jitter_ms_down_high: float | None = None
    rfc3550_jitter_ms_up: float | None = None
    rfc3550_jitter_ms_down: float | None = None
    delay_variation_ms_p50_up: float | None = None
    delay_variation_ms_p50_down: float | None = None
    delay_variation_ms_p95_up: float | None = None
    delay_variation_ms_p95_down: float | None = None
    delay_variation_ms_p99_up: float | None = None
    delay_variation_ms_p99_down: float | None = None
    delay_ms_up: tuple[float, ...] | None = None
    delay_ms_down: tuple[float, ...] | None = None
    delay_seconds_up: tuple[float, ...] | None = None
    delay_seconds_down: tuple[float, ...] | None = None
    reordered_up: int | None = None
    reordered_down: int | None = None
    duplicates_up: int | None = None
    duplicates_down: int | None = None

    concealed_percent_up: float | None = None
    concealed_percent_up_low: float | None = None
    concealed_percent_up_high: float | None = None
    concealed_percent_down: float | None = None
    concealed_percent_down_low: float | None = None
    concealed_percent_down_high: float | None = None
    buffer_ms_up: float | None = None
    buffer_ms_down: float | None = None
    mouth_to_ear_ms_up: float | None = None
    mouth_to_ear_ms_down: float | None = None
    mos_up: float | None = None
    mos_down: float | None = None
    still_percent_up: float | None = None
    still_percent_down: float | None = None
    picture_180_kbps_up: float | None = None
    picture_180_kbps_down: float | None = None
    picture_360_kbps_up: float | None = None
    picture_360_kbps_down: float | None = None
    picture_720_kbps_up: float | None = None
    picture_720_kbps_down: float | None = None
    picture_1080_kbps_up: float | None = None
    picture_1080_kbps_down: float | None = None

    line_kbps_up: float | None = None
    line_kbps_up_low: float | None = None
    line_kbps_up_high: float | None = None
    line_kbps_down: float | None = None
    line_kbps_down_low: float | None = None
    line_kbps_down_high: float | None = None
    line_is_at_least_up: bool | None = None
    line_is_at_least_down: bool | None = None
    queue_ms_up: float | None = None
    queue_ms_down: float | None = None
    queue_full_up: bool | None = None
    queue_full_down: bool | None = None

    prediction: Prediction | None = None
    prediction_busy: Prediction | None = None

    sent_late_ms_p95: float | None = None
    sent_late_ms_max: float | None = None
    stamped_by_system: bool | None = None
    clock_stepped_ms: float | None = None
    send_errors: int | None = None
    packets_forged: int | None = None
    packets_other_session: int | None = None
    packets_moved: int | None = None
    packets_replayed: int | None = None
    packets_refused: int | None = None
