"""What a listener would hear: measured arrivals through an adaptive play-out buffer. Pure.

The buffer is modelled in the manner of WebRTC's NetEq (modules/audio_coding/neteq: delay_manager,
underrun_optimizer, packet_arrival_history): how late packets are against the quickest of the last two
seconds; of every half second the latest goes into a histogram that forgets; the buffer holds what 95 %
of those need, in whole packets. Opus' own repair (in-band FEC) was fitted, see `repaired`.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from readiness.network.traces import Flight

PACKET_MS = 20.0
_WINDOW_MS = 2_000.0
_INTERVAL_MS = 500.0
_QUANTILE = 0.95
_FORGET = 0.983
_BUCKETS = 100
_STEP_MS = 1.0
"""How far the buffer moves towards its aim in one packet: NetEq stretches time by a few per cent."""

_REST_MS = 10.0
"""Real calls on a still line hold a target of one packet and about half a packet more."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Share of the sound that was concealed, in per cent, and how long sound waits in the buffer."""

    concealed_percent: float
    late_percent: float
    buffer_ms: float


class _Target:
    """NetEq's aim for the buffer, from how late packets are."""

    def __init__(self) -> None:
        self._histogram = [0.0] * _BUCKETS
        self._added = 0
        self._begun_ms: float | None = None
        self._latest_ms = 0.0
        self.ms = PACKET_MS

    def see(self, at_ms: float, late_ms: float) -> None:
        if self._begun_ms is None:
            self._begun_ms = at_ms
        self._latest_ms = max(self._latest_ms, late_ms)
        if at_ms - self._begun_ms < _INTERVAL_MS:
            return
        self._add(min(_BUCKETS - 1, int(self._latest_ms // PACKET_MS)))
        self._begun_ms, self._latest_ms = at_ms, 0.0

    def _add(self, bucket: int) -> None:
        # At the start the histogram forgets faster, so that it soon stands for what was seen.
        forget = min(_FORGET, max(0.0, 1 - 2 / (self._added + 2)))
        self._added += 1
        self._histogram = [weight * forget for weight in self._histogram]
        self._histogram[bucket] += 1 - forget
        below, index = 0.0, 0
        whole = sum(self._histogram)
        for index, weight in enumerate(self._histogram):  # noqa: B007
            below += weight
            if below >= _QUANTILE * whole:
                break
        self.ms = (index + 1) * PACKET_MS


def heard(sound: Sequence[Flight]) -> Heard | None:
    """What becomes of the sound packets of one direction; None where too few came to tell.

    The stretch is played twice, and told of the second time: a call has been going on for a while.
    """
    raw = [
        (
            flight.sent_ns / 1e6,
            None if flight.arrived_ns is None else (flight.arrived_ns - flight.sent_ns) / 1e6,
        )
        for flight in sound
    ]
    if sum(delay is not None for _, delay in raw) < 10:
        return None
    length_ms = raw[-1][0] - raw[0][0] + PACKET_MS
    target = _Target()
    window: deque[tuple[float, float]] = deque()
    mean_ms = played_ms = late_ms = buffered_ms = 0.0
    started = False
    for turn in range(2):
        for sent_ms, delay in raw:
            at_ms = sent_ms + turn * length_ms
            if delay is None:
                continue
            while window and window[-1][1] >= delay:
                window.pop()
            window.append((at_ms, delay))
            while window[0][0] < at_ms - _WINDOW_MS:
                window.popleft()
            after_ms = delay - window[0][1]
            target.see(at_ms, after_ms)
            mean_ms += 0.05 * (delay - mean_ms) if started else delay
            if not started:
                played_ms, started = delay + target.ms, True
            if delay > played_ms:  # nothing to play: concealed until it came
                late_ms += (delay - played_ms) * turn
                played_ms = delay
            else:
                aim_ms = mean_ms + target.ms
                played_ms += max(-_STEP_MS, min(_STEP_MS, aim_ms - played_ms))
            buffered_ms += target.ms * turn
    came = sum(delay is not None for _, delay in raw)
    total_ms = len(raw) * PACKET_MS
    unrepaired = unrepaired_losses(sound)
    late = 100 * min(1.0, late_ms / total_ms)
    return Heard(
        concealed_percent=min(100.0, 100 * unrepaired * PACKET_MS / total_ms + late),
        late_percent=late,
        buffer_ms=buffered_ms / came + _REST_MS,
    )


def repaired(loss: float) -> float:
    """The share of lost packets, among those with the next one received, that Opus repairs.

    Fitted to real calls between Chromium browsers (tests/golden/calls.jsonl): next to none while up to
    7.5 % is lost, since the encoder then spends nothing on it; 0.44 from 9 % on.
    """
    return 0.07 + 0.37 * min(1.0, max(0.0, (loss - 0.075) / 0.012))


def unrepaired_losses(sound: Sequence[Flight]) -> float:
    """How many packets are lost for good."""
    lost = [flight.arrived_ns is None for flight in sound]
    total = sum(lost)
    if not total:
        return 0.0
    repairable = sum(gone and not after for gone, after in itertools.pairwise(lost))
    return total - repaired(total / len(lost)) * repairable
