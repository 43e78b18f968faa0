"""From what was sent and what came to figures. Pure: lists in, figures with units out.

Sent and arrived are by two different clocks, so that only differences of delay mean anything: every
delay here is what a packet took longer than the quickest of its stream.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flight:
    """One packet in one direction. `arrived_ns` by the receiver's clock, None where it was lost."""

    sent_ns: int
    size: int
    arrived_ns: int | None


@dataclass(frozen=True, kw_only=True)
class FlowFigures:
    """One direction of one stream.

    `delay_ms_p50` and so on: what packets took longer than the quickest one (RFC 5481, PDV).
    `jitter_ms`: RFC 3550 section 6.4.1, at the end of the stream; `jitter_ms_mean` its mean.
    `reordered`: packets that arrived after one sent later (RFC 4737, type P-reordered).
    """

    sent: int
    received: int
    loss_percent: float | None = None
    loss_percent_low: float | None = None
    loss_percent_high: float | None = None
    longest_burst: int = 0
    mean_burst: float | None = None
    longest_gap_ms: float | None = None
    delay_ms_p50: float | None = None
    delay_ms_p95: float | None = None
    delay_ms_p99: float | None = None
    spread_ms: float | None = None
    jitter_ms: float | None = None
    reordered: int = 0


RARE_MS = 5_000.0
"""How much time without any is added before the rate of rare events (outages, freezes) is taken.

One outage within a few seconds says little about how often they come; with so long a stretch of prior
time (a Gamma prior on the rate) one event weighs less and many weigh as they are.
"""

LONG_LOSS_MS = 150.0
"""What is lost in a row for so long is one event, an outage, rather than many losses."""


def expected_loss(flights: Sequence[Flight]) -> float:
    """The share that a longer stretch of the same line would lose: outages weighed by RARE_MS."""
    if not flights:
        return 0.0
    lost = outage = 0
    begins = 0
    for index in range(1, len(flights) + 1):
        same = index < len(flights) and (flights[index].arrived_ns is None) == (
            flights[begins].arrived_ns is None
        )
        if same:
            continue
        if flights[begins].arrived_ns is None:
            lasted_ms = (flights[index - 1].sent_ns - flights[begins].sent_ns) / 1e6
            if lasted_ms > LONG_LOSS_MS:
                outage += index - begins
            else:
                lost += index - begins
        begins = index
    whole_ms = (flights[-1].sent_ns - flights[0].sent_ns) / 1e6
    return (lost + outage * whole_ms / (whole_ms + RARE_MS)) / len(flights)


def figures(flights: Sequence[Flight]) -> FlowFigures:
    """All figures of one direction, in the order sent."""
    came = [flight for flight in flights if flight.arrived_ns is not None]
    sent, received = len(flights), len(came)
    if not sent:
        return FlowFigures(sent=0, received=0)
    bursts = loss_bursts(flights)
    low, high = loss_interval(bursts, sent)
    late = sorted(delays_ms(flights))
    return FlowFigures(
        sent=sent,
        received=received,
        loss_percent=_rounded(100 * (sent - received) / sent),
        loss_percent_low=_rounded(100 * low),
        loss_percent_high=_rounded(100 * high),
        longest_burst=max(bursts, default=0),
        mean_burst=_rounded(sum(bursts) / len(bursts)) if bursts else None,
        longest_gap_ms=_longest_gap_ms(came),
        delay_ms_p50=_rounded(percentile(late, 50)),
        delay_ms_p95=_rounded(percentile(late, 95)),
        delay_ms_p99=_rounded(percentile(late, 99)),
        spread_ms=_rounded(_deviation(late)),
        jitter_ms=_rounded(jitter_ms(came)),
        reordered=reordered(came),
    )


def delays_ms(flights: Sequence[Flight]) -> list[float]:
    """What each packet that came took longer than the quickest, in the order sent."""
    raw = [flight.arrived_ns - flight.sent_ns for flight in flights if flight.arrived_ns is not None]
    least = min(raw, default=0)
    return [(delay - least) / 1e6 for delay in raw]


def loss_bursts(flights: Sequence[Flight]) -> list[int]:
    """How many packets were lost in a row, each time."""
    bursts, run = [], 0
    for flight in flights:
        if flight.arrived_ns is None:
            run += 1
        elif run:
            bursts.append(run)
            run = 0
    return [*bursts, run] if run else bursts


def loss_interval(bursts: Sequence[int], sent: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of the share lost.

    Wilson's interval for a proportion (E. B. Wilson 1927), on fewer independent packets than were sent
    where losses come in bursts: a compound process of bursts of size B has a variance larger by
    E[B^2] / E[B] (the index of dispersion of counts).
    """
    if not sent:
        return 0.0, 1.0
    lost = sum(bursts)
    # Of few bursts the longest may be missing: at least what bursts of geometric length have, 2 E[B] - 1.
    dispersion = max(sum(b * b for b in bursts) / lost, 2 * lost / len(bursts) - 1) if lost else 1.0
    independent = sent / max(1.0, dispersion)
    share = lost / sent
    middle = (share + z * z / (2 * independent)) / (1 + z * z / independent)
    half = (
        z
        * math.sqrt(share * (1 - share) / independent + z * z / (4 * independent * independent))
        / (1 + z * z / independent)
    )
    return max(0.0, middle - half), min(1.0, middle + half)


def jitter_ms(came: Sequence[Flight]) -> float:
    """RFC 3550 section 6.4.1, in order of arrival."""
    jitter, before = 0.0, None
    for flight in sorted(came, key=lambda flight: flight.arrived_ns or 0):
        transit = (flight.arrived_ns or 0) - flight.sent_ns
        if before is not None:
            jitter += (abs(transit - before) / 1e6 - jitter) / 16
        before = transit
    return jitter


def reordered(came: Sequence[Flight]) -> int:
    """RFC 4737 section 3.4: how many arrived after a packet that was sent later."""
    count, latest_ns = 0, 0
    for flight in sorted(came, key=lambda flight: flight.arrived_ns or 0):
        count += flight.sent_ns < latest_ns
        latest_ns = max(latest_ns, flight.sent_ns)
    return count


def percentile(ordered: Sequence[float], percent: float) -> float | None:
    """The nearest-rank percentile of what is sorted already."""
    if not ordered:
        return None
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def _deviation(values: Sequence[float]) -> float | None:
    if not values:
        return None
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def _longest_gap_ms(came: Sequence[Flight]) -> float | None:
    times = sorted(flight.arrived_ns for flight in came if flight.arrived_ns is not None)
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    return _rounded(max(gaps) / 1e6) if gaps else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
