"""What a line can carry, from a train of packets sent faster than it. Pure: flights in, figures out.

Packets that queue in front of the narrowest part leave it one after the other, so that their spacing
at the far end is its rate (J.-C. Bolot 1993; C. Dovrolis, P. Ramanathan, D. Moore, INFOCOM 2001), and
what they wait more and more is how large its queue is.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from readiness.network.stamp import IP_UDP_BYTES
from readiness.network.traces import Flight, delays_ms, percentile

_FEWEST = 8
_FEWEST_PAIRS = 50
_BLOCKS = 6
_T_95 = 2.571  # Student's t, 95 % two-sided, five degrees of freedom
_GROWING_MS = 8.0
_MOST_CHANCE_LOSS = 0.15
_FULL_SPEED = 0.95


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What came through in one direction, IP bytes counted.

    `at_least`: everything came as fast as it was sent, so the line carries this or more.
    `waited_ms`: what packets waited in the queue at the end, beyond the quickest of all.
    `still_growing`: the queue was not full yet, so it may be larger.
    """

    kbps: float
    kbps_low: float
    kbps_high: float
    at_least: bool
    waited_ms: float
    still_growing: bool
    packets: int


def carried(flights: Sequence[Flight], beside_kbps: float = 0.0) -> Carried | None:
    """What one train tells; None where too little came.

    `beside_kbps` is what else of ours came through at the same time.
    """
    came = [(number, flight) for number, flight in enumerate(flights) if flight.arrived_ns is not None]
    came.sort(key=lambda pair: pair[1].arrived_ns or 0)
    if len(came) < _FEWEST:
        return None
    spread = _slope_kbps([flight for _, flight in came])
    if spread is None:
        return None
    pairs = _by_neighbours(came)
    sent_kbps = _sent_kbps(flights)
    waits = delays_ms(flights)
    third = max(1, len(waits) // 3)
    waited = percentile(sorted(waits[-third:]), 95) or 0.0
    # By medians: what only comes and goes is jitter, and no queue.
    growth = statistics.median(waits[-third:]) - statistics.median(waits[:third])
    loss = 1 - len(came) / len(flights)
    best = max(spread, pairs or 0.0) + beside_kbps
    # What was lost by chance left room that nothing else took: without it the train came at full speed.
    at_least = growth < _GROWING_MS and (
        loss < 0.03 or (loss < _MOST_CHANCE_LOSS and spread / (1 - loss) >= _FULL_SPEED * sent_kbps)
    )
    low, high = _interval([flight for _, flight in came], best)
    return Carried(
        kbps=min(sent_kbps, best) if not at_least else sent_kbps,
        kbps_low=low,
        kbps_high=high,
        at_least=at_least,
        waited_ms=waited,
        still_growing=not at_least and loss < 0.03 and growth >= _GROWING_MS,
        packets=len(came),
    )


def _bits(flight: Flight) -> int:
    return 8 * (flight.size + IP_UDP_BYTES)


def _kbps(came: Sequence[Flight]) -> float | None:
    """All that came after the first, over the time that it took."""
    took_ns = (came[-1].arrived_ns or 0) - (came[0].arrived_ns or 0)
    if took_ns <= 0:
        return None
    return sum(_bits(flight) for flight in came[1:]) * 1e6 / took_ns


def _slope_kbps(came: Sequence[Flight]) -> float | None:
    """The rate at which bits came in, by the line through all of them: jitter at the ends weighs little."""
    total, bits, times = 0, [], []
    for flight in came:
        total += _bits(flight)
        bits.append(float(total))
        times.append(((flight.arrived_ns or 0) - (came[0].arrived_ns or 0)) / 1e6)
    try:
        slope = statistics.linear_regression(bits, times).slope
    except statistics.StatisticsError:
        return None
    return 1 / slope if slope > 0 else None


def _by_neighbours(came: Sequence[tuple[int, Flight]]) -> float | None:
    """From packets that followed each other alone: what was lost on the way had its time too."""
    bits, took_ns, count = 0, 0, 0
    for (before, earlier), (number, later) in itertools.pairwise(came):
        if number == before + 1:
            bits += _bits(later)
            took_ns += (later.arrived_ns or 0) - (earlier.arrived_ns or 0)
            count += 1
    return bits * 1e6 / took_ns if count >= _FEWEST_PAIRS and took_ns > 0 else None


def _sent_kbps(flights: Sequence[Flight]) -> float:
    took_ns = flights[-1].sent_ns - flights[0].sent_ns
    return sum(_bits(flight) for flight in flights[1:]) * 1e6 / max(1, took_ns)


def _interval(came: Sequence[Flight], best: float) -> tuple[float, float]:
    """95 % of the mean rate, by the rates of blocks of the train (batch means)."""
    size = len(came) // _BLOCKS
    if size < 3:
        half = 2 / math.sqrt(len(came))
        return best * (1 - min(0.9, half)), best * (1 + half)
    blocks = [came[n * size : (n + 1) * size + 1] for n in range(_BLOCKS)]
    rates = [rate for block in blocks if len(block) > 1 and (rate := _kbps(block)) is not None]
    if len(rates) < _BLOCKS:
        return best * 0.8, best * 1.2
    half = _T_95 * statistics.stdev(rates) / math.sqrt(len(rates))
    return max(0.0, best - half), best + half
