"""What a short train of packets above the line's rate tells: the rate, and the queue in front of it. Pure.

Packets that queue in front of the narrowest part leave it one after the other, so that their spacing
at the far end is its rate (J.-C. Bolot 1993; C. Dovrolis, P. Ramanathan, D. Moore, INFOCOM 2001), and
what they wait more and more is how large its queue is.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from readiness.network.stamp import IP_UDP_BYTES
from readiness.network.traces import Flight, percentile

_FEWEST = 3
_FEWEST_GAPS = 50
_FEW_PACKETS = 6
_MOST_RESIDUALS = 200
_T_95 = 2.5  # Student's t, 95 % two-sided: few values are independent
_LEAST_OFF = 0.01
_STANDING_MS = 8.0
_CHANCE_LOSS = 0.03
_MOST_CHANCE_LOSS = 0.15
_FULL_SPEED = 0.95
_SWAY_SHARE = 0.12
_OF_MEDIAN = 1.4826
_OUTAGE_MS, _OUTAGE_GAPS = 200.0, 10.0
_LEVEL_MS = 15.0
_LEVEL_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Line:
    """One direction of a line, as a train saw it.

    `kbps` counts IP bytes, `kbps_low` and `kbps_high` are its interval at 95 %; with `at_least` all came
    as fast as it was sent, so that the line carries this or more. `queue_ms`: how long packets waited at
    the end; with `queue_full` it could hold no more.
    """

    kbps: float
    kbps_low: float
    kbps_high: float
    at_least: bool
    queue_ms: float
    queue_full: bool

    @property
    def uncertainty(self) -> float:
        """Half of the interval's width, as a share of the rate."""
        return 0.0 if self.at_least else (self.kbps_high - self.kbps_low) / 2 / max(self.kbps, 1e-9)


def line_of(train: Sequence[Flight], idle: Sequence[Flight] = (), beside_kbps: float = 0.0) -> Line | None:
    """The line, from one train; None where too little came.

    `idle` are packets that went the same way while it was empty: what packets wait counts from there.
    `beside_kbps` is what else of ours came through at the same time.
    """
    arrived = [flight for flight in train if flight.arrived_ns is not None]
    arrived.sort(key=lambda flight: flight.arrived_ns or 0)
    if len(arrived) < _FEWEST:
        return None
    sent_kbps = _sent_kbps(train)
    waits = _Waits.of(train, idle)
    slope = _Slope.of(_without_outages(arrived), waits.sway_ms)
    if slope is None:
        return None
    best = max(slope.kbps, _by_gaps(arrived, waits.least_ms, usual_sway_ms(idle)) or 0.0) + beside_kbps
    loss = 1 - len(arrived) / len(train)
    # What was lost by chance left room that nothing else took: without it the train came at full speed.
    at_least = waits.standing_ms < max(_STANDING_MS, waits.sway_ms) and (
        loss < _CHANCE_LOSS
        or (loss < _MOST_CHANCE_LOSS and slope.kbps / (1 - loss) >= _FULL_SPEED * sent_kbps)
    )
    if at_least:
        return Line(sent_kbps, sent_kbps, sent_kbps, True, waits.longest_ms, False)
    full = loss >= _CHANCE_LOSS or waits.level
    low, high = best * max(0.0, 1 - slope.off), best * (1 + slope.off)
    return Line(min(sent_kbps, best), low, high, False, waits.longest_ms, full)


def _without_outages(arrived: Sequence[Flight]) -> Sequence[Flight]:
    """The longest run of packets between moments in which nothing came: those say nothing of the rate."""
    gaps_ms = [
        ((later.arrived_ns or 0) - (earlier.arrived_ns or 0)) / 1e6
        for earlier, later in itertools.pairwise(arrived)
    ]
    longest_ms = max(_OUTAGE_MS, _OUTAGE_GAPS * statistics.median(gaps_ms))
    ends = [number + 1 for number, gap in enumerate(gaps_ms) if gap > longest_ms]
    return max((arrived[begin:end] for begin, end in itertools.pairwise((0, *ends, len(arrived)))), key=len)


@dataclass(frozen=True, slots=True)
class _Waits:
    """How long packets waited. `standing_ms`: by the medians of the last third and of the empty line;
    `sway_ms`: how much delays on the empty line vary; `least_ms`: the shortest delay; `level`: waits grow no more."""

    standing_ms: float
    longest_ms: float
    sway_ms: float
    least_ms: float
    level: bool

    @classmethod
    def of(cls, train: Sequence[Flight], idle: Sequence[Flight]) -> _Waits:
        delays = _delays_ms(train)
        empty = _delays_ms(idle)
        third = max(1, len(delays) // 3)
        first, middle, last = delays[:third], delays[third : -third or None], delays[-third:]
        least = min(delays + empty)
        rest = statistics.median(empty) if empty else statistics.median(first)
        standing = statistics.median(last) - rest
        grown = statistics.median(last) - statistics.median(middle or first)
        return cls(
            standing_ms=standing,
            longest_ms=(percentile(sorted(last), 95) or 0.0) - least,
            sway_ms=sway_ms(idle),
            least_ms=least,
            # Without an end the last third would wait as much longer than the middle one as that waits.
            level=standing > 0 and grown < max(_LEVEL_MS, _LEVEL_SHARE * standing),
        )


def sway_ms(idle: Sequence[Flight]) -> float:
    """How much delays vary on the empty line: their standard deviation."""
    delays = _delays_ms(idle)
    return statistics.pstdev(delays) if delays else 0.0


def usual_sway_ms(idle: Sequence[Flight]) -> float:
    """The same from the median deviation (times 1.4826, as in a normal distribution): where this computer was
    busy once, or one packet was late, most delays still vary as little as they do."""
    delays = _delays_ms(idle)
    if not delays:
        return 0.0
    middle = statistics.median(delays)
    return _OF_MEDIAN * statistics.median(abs(delay - middle) for delay in delays)


def own_queue_ms(flights: Sequence[Flight], kbps: float) -> list[float]:
    """How long each packet waits behind our own in front of a line of this rate, in the order sent."""
    waits: list[float] = []
    free_ms = 0.0
    for flight in flights:
        at_ms = flight.sent_ns / 1e6
        waits.append(max(0.0, free_ms - at_ms))
        free_ms = max(free_ms, at_ms) + (flight.size + IP_UDP_BYTES) * 8 / kbps
    return waits


def without_own_queue(flights: Sequence[Flight], line: Line | None) -> list[Flight]:
    """The same, as if our own packets had not waited for each other in front of the line."""
    if line is None or line.at_least:
        return list(flights)
    return [
        flight
        if flight.arrived_ns is None
        else replace(flight, arrived_ns=flight.arrived_ns - int(wait_ms * 1e6))
        for flight, wait_ms in zip(flights, own_queue_ms(flights, line.kbps), strict=True)
    ]


def onto_line_ms(size: int, line: Line | None) -> float:
    """How long a packet of so many bytes of UDP payload takes onto the line by itself."""
    return 0.0 if line is None or line.at_least else (size + IP_UDP_BYTES) * 8 / line.kbps


def _delays_ms(flights: Sequence[Flight]) -> list[float]:
    """Between two clocks: only differences mean anything."""
    return [(f.arrived_ns - f.sent_ns) / 1e6 for f in flights if f.arrived_ns is not None]


def _bits(flight: Flight) -> int:
    return 8 * (flight.size + IP_UDP_BYTES)


@dataclass(frozen=True, slots=True)
class _Slope:
    """The rate at which bits came in, by the line through all of them: jitter at the ends weighs little.

    `off`: half of its 95 % interval, as a share.
    """

    kbps: float
    off: float

    @classmethod
    def of(cls, came: Sequence[Flight], sway_ms: float) -> _Slope | None:
        bits = [float(total) for total in itertools.accumulate(map(_bits, came))]
        times = [((flight.arrived_ns or 0) - (came[0].arrived_ns or 0)) / 1e6 for flight in came]
        try:
            fit = statistics.linear_regression(bits, times)
        except statistics.StatisticsError:
            return None
        if fit.slope <= 0:
            return None
        if len(came) < _FEW_PACKETS:
            return cls(1 / fit.slope, 2 / math.sqrt(len(came)))
        rest = [at - fit.intercept - fit.slope * so_far for so_far, at in zip(bits, times, strict=True)]
        rest = rest[:: math.ceil(len(rest) / _MOST_RESIDUALS)]
        independent = max(3.0, len(rest) / correlated(rest))
        # The variance of a slope through n points spread evenly over T: 12 s^2 / (n T^2).
        took_ms = fit.slope * (bits[-1] - bits[0])
        spread_ms = max(statistics.pstdev(rest), sway_ms)
        off = _T_95 * spread_ms * math.sqrt(12 / independent) / took_ms
        return cls(1 / fit.slope, max(_LEAST_OFF, off))


def correlated(values: Sequence[float]) -> float:
    """How many values in a row are worth one independent one: 1 + 2 times the sum of autocorrelations, up
    to the first that is next to none."""
    mean = statistics.fmean(values)
    centred = [value - mean for value in values]
    power = sum(value * value for value in centred)
    total = 1.0
    for lag in range(1, len(values) // 3 if power else 0):
        shared = sum(a * b for a, b in zip(centred, centred[lag:], strict=False)) / power
        if shared <= 0.05:
            break
        total += 2 * shared
    return total


def _by_gaps(came: Sequence[Flight], least_ms: float, sway_ms: float) -> float | None:
    """From the usual gap between packets that had to wait for each other: what was lost on the way leaves
    a longer one, and so does a computer that sends late. `least_ms`: the delay of the empty line.

    None where there are few, or where delays vary as much as the gaps themselves.
    """
    gaps_ns = [
        ((later.arrived_ns or 0) - (earlier.arrived_ns or 0)) / _bits(later)
        for earlier, later in itertools.pairwise(came)
        if later.sent_ns + least_ms * 1e6 < (earlier.arrived_ns or 0)
    ]
    if len(gaps_ns) < _FEWEST_GAPS:
        return None
    usual_ns = statistics.median(gaps_ns)
    small = sway_ms * 1e6 < _SWAY_SHARE * usual_ns * _bits(came[-1])
    return 1e6 / usual_ns if small and usual_ns > 0 else None


def _sent_kbps(flights: Sequence[Flight]) -> float:
    took_ns = flights[-1].sent_ns - flights[0].sent_ns
    return sum(_bits(flight) for flight in flights[1:]) * 1e6 / max(1, took_ns)
