"""What rate a meeting's picture would be sent at: congestion control on the measured delays. Pure.

Delay: WebRTC's trendline estimator and additive-increase, multiplicative-decrease control
(draft-ietf-rmcat-gcc-02 sections 5.3 to 5.5; the constants are those of WebRTC's
modules/congestion_controller/goog_cc). Loss: fitted to real calls, see `rate_by_loss`.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from readiness.network.schedule import is_sound
from readiness.network.traces import Flight

_GROUP_MS = 5.0
_WINDOW = 20
_SMOOTHING = 0.9
_GAIN = 4.0
_MOST_DELTAS = 60
_UP, _DOWN = 0.0087, 0.039
_OVERUSE_MS = 10.0
_BACK_OFF = 0.85
_GROWTH_PER_SECOND = 1.08
_START_KBPS = 1_700.0
"""Where calls that nothing hinders come to rest (probing twice what they send)."""

_REFERENCE_KBPS = 800.0
"""What the picture wanted in the real calls that this was fitted to."""

_CAUTION = 0.85
_CALL_MS = 24_000.0
_SETTLING_MS = 8_000.0
SOUND_KBPS = 65.0
"""What sound takes on the line, with its headers."""

_LEAST_KBPS = 30.0
_UNEVEN_KBPS = 75.0
"""Real calls on lines with 10 to 60 ms of jitter went down to 53 kbit/s and mostly stayed above 90."""


def picture_kbps(
    wanted_kbps: float, *, by_delay_kbps: float, line_kbps: float | None, loss: float, burst: float
) -> float:
    """The mean rate of the picture in a call of some length, of which `wanted_kbps` would be enough.

    `by_delay_kbps` is `rate_by_delay`, `loss` the share lost, `burst` the mean number lost in a row.
    """
    rates = [
        wanted_kbps,
        rate_by_loss(loss, burst) - SOUND_KBPS,
        max(_UNEVEN_KBPS, by_delay_kbps - SOUND_KBPS),
    ]
    if line_kbps is not None:
        rates.append(rate_by_line(line_kbps) - SOUND_KBPS)
    return max(_LEAST_KBPS, min(rates))


def rate_by_line(line_kbps: float) -> float:
    """What is sent in all on a line of this rate: 0.87 of it in real calls at 120 to 1500 kbit/s."""
    return 0.87 * line_kbps


def rate_by_loss(loss: float, burst: float) -> float:
    """What is sent in all where this share is lost, in bursts of this mean length.

    Fitted to real calls (tests/golden/calls.jsonl): no effect up to 8 %, then half for every 4 % more;
    losses in bursts weigh more, as feedback reports of nothing but losses do.
    """
    weighed = loss * (1 + 0.04 * max(0.0, burst - 1))
    return math.inf if weighed <= 0.08 else 1_300.0 * 2 ** (-(weighed - 0.08) / 0.042)


@dataclass(slots=True)
class _Trend:
    """The trendline estimator: is the delay growing?"""

    deltas: int = 0
    accumulated: float = 0.0
    smoothed: float = 0.0
    threshold: float = 12.5
    before: float = 0.0
    over_ms: float = -1.0
    overs: int = 0
    history: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=_WINDOW))

    def see(self, at_ms: float, sent_delta_ms: float, grown_ms: float, passed_ms: float) -> int:
        """1: overuse, -1: underuse, 0: neither."""
        self.deltas = min(self.deltas + 1, 1000)
        self.accumulated += grown_ms
        self.smoothed = _SMOOTHING * self.smoothed + (1 - _SMOOTHING) * self.accumulated
        self.history.append((at_ms, self.smoothed))
        slope = _slope(self.history) if len(self.history) == _WINDOW else 0.0
        signal = min(self.deltas, _MOST_DELTAS) * slope * _GAIN
        state = 0
        if signal > self.threshold:
            self.over_ms = sent_delta_ms / 2 if self.over_ms < 0 else self.over_ms + sent_delta_ms
            self.overs += 1
            if self.over_ms > _OVERUSE_MS and self.overs > 1 and slope >= self.before:
                self.over_ms, self.overs, state = 0.0, 0, 1
        else:
            self.over_ms, self.overs = -1.0, 0
            state = -1 if signal < -self.threshold else 0
        self.before = slope
        size = abs(signal)
        if size <= self.threshold + 15:
            speed = _DOWN if size < self.threshold else _UP
            self.threshold += speed * (size - self.threshold) * min(passed_ms, 100.0)
            self.threshold = min(600.0, max(6.0, self.threshold))
        return state


def rate_by_delay(flights: Sequence[Flight], rtt_ms: float) -> float:
    """What is sent in all where delays vary like this; without bound where they hold nothing back.

    Between what the model says of all packets and of the picture's alone (their geometric mean comes
    closest to real calls with jitter), and a little lower: a picture better than promised disappoints nobody.
    """
    pictures = [flight for flight in flights if not is_sound(flight.size)]
    rates = [_controlled(group, rtt_ms) for group in (flights, pictures)]
    rate = _CAUTION * math.sqrt(rates[0] * rates[1])
    return math.inf if rate >= _CAUTION * (_REFERENCE_KBPS + SOUND_KBPS) else rate


def _controlled(flights: Sequence[Flight], rtt_ms: float) -> float:
    """The mean rate that a sender of `_REFERENCE_KBPS` reaches; the stretch is repeated for a call's length."""
    groups = list(_groups(flights))
    if len(groups) < 3 * _WINDOW:
        return _START_KBPS
    length_ms = groups[-1][1] - groups[0][1] + 33.0
    trend, rate, total_ms, summed = _Trend(), _START_KBPS, 0.0, 0.0
    capacity: float | None = None
    last_cut_ms, holding = -math.inf, False
    sent_before, came_before = groups[0]
    for turn in itertools.count():
        for sent_ms, came_ms in groups if turn else groups[1:]:
            sent, came = sent_ms + turn * length_ms, came_ms + turn * length_ms
            passed_ms = max(0.1, came - came_before)
            state = trend.see(
                came, sent - sent_before, (came - came_before) - (sent - sent_before), passed_ms
            )
            sent_before, came_before = sent, came
            flowing = min(rate, _REFERENCE_KBPS + SOUND_KBPS)
            now_ms = came - groups[0][1]
            if state > 0 and now_ms - last_cut_ms > min(200.0, max(10.0, rtt_ms)):
                rate = min(rate, _BACK_OFF * flowing)
                capacity = flowing if capacity is None else capacity + 0.05 * (flowing - capacity)
                last_cut_ms, holding = now_ms, True
            elif state < 0:
                holding = True
            elif state == 0:
                if holding:
                    holding = False
                elif capacity is not None and flowing < 1.15 * capacity:
                    packet_kbit = max(1.0, flowing / 30 / max(1, math.ceil(flowing / 30 / 9)))
                    rate += max(4.0, packet_kbit * 1000 / (2 * (rtt_ms + 100))) * passed_ms / 1000
                else:
                    rate *= _GROWTH_PER_SECOND ** (passed_ms / 1000)
                rate = min(rate, _START_KBPS)
            rate = max(_LEAST_KBPS + SOUND_KBPS, rate)
            if now_ms > _SETTLING_MS:
                summed += rate * passed_ms
                total_ms += passed_ms
            if now_ms > _CALL_MS:
                return summed / total_ms if total_ms else rate
    raise AssertionError("unreachable")


def _groups(flights: Sequence[Flight]) -> Iterator[tuple[float, float]]:
    """Departure and arrival (ms) of each group of packets sent within 5 ms; lost ones left out."""
    first_ms = sent_ms = came_ms = None
    for flight in flights:
        if flight.arrived_ns is None:
            continue
        sent, came = flight.sent_ns / 1e6, flight.arrived_ns / 1e6
        if first_ms is not None and sent_ms is not None and came_ms is not None:
            burst = came - came_ms <= 5.0 and (came - came_ms) < (sent - sent_ms)
            if sent - first_ms <= _GROUP_MS or burst:
                sent_ms, came_ms = sent, max(came_ms, came)
                continue
            yield sent_ms, came_ms
        first_ms, sent_ms, came_ms = sent, sent, came
    if sent_ms is not None and came_ms is not None:
        yield sent_ms, came_ms


def _slope(points: Sequence[tuple[float, float]]) -> float:
    count = len(points)
    mean_x = sum(x for x, _ in points) / count
    mean_y = sum(y for _, y in points) / count
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
