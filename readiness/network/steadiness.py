"""Whether a line treats all packets alike: how much delays vary, and whether losses come in a row. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from readiness.network.traces import Flight, loss_bursts, percentile
from readiness.network.train import Line, onto_line_ms, own_queue_ms

_LARGE_BYTES = 1_100
_STEADY_MS = 10.0
"""Delays nine tenths of which vary less than this touch neither play-out nor congestion control."""

_ALONE = 1.5
"""A mean number lost in a row below this: each is lost by itself."""

_MOMENT_NS = 500_000_000


def is_steady(flights: Sequence[Flight], line: Line | None) -> bool:
    """Whether delays hardly vary, but for our own packets waiting for each other on a slow line."""
    waits = [0.0] * len(flights) if line is None else own_queue_ms(flights, line.kbps)
    rest = sorted(
        (flight.arrived_ns - flight.sent_ns) / 1e6 - wait
        for flight, wait in zip(flights, waits, strict=True)
        if flight.arrived_ns is not None
    )
    low, high = percentile(rest, 5), percentile(rest, 95)
    # A control packet or two of ours may be in the way as well.
    own_ms = onto_line_ms(_LARGE_BYTES, line)
    return low is not None and high is not None and high - low < _STEADY_MS + own_ms


def lost_alone(flights: Sequence[Flight]) -> bool:
    """Whether what is lost is lost one by one; so where nothing is."""
    bursts = loss_bursts(flights)
    return sum(bursts) < _ALONE * len(bursts) or not bursts


def longest_loss_ms(flights: Sequence[Flight]) -> float:
    """How long the longest stretch lasted in which nothing came through."""
    begins_ns, ends_ns = _longest_loss_ns(flights)
    return (ends_ns - begins_ns) / 1e6


def without_worst(flights: Sequence[Flight]) -> list[Flight]:
    """All but what was sent within half a second of the longest loss."""
    begins_ns, ends_ns = _longest_loss_ns(flights)
    return [
        flight for flight in flights if not begins_ns - _MOMENT_NS <= flight.sent_ns <= ends_ns + _MOMENT_NS
    ]


def _longest_loss_ns(flights: Sequence[Flight]) -> tuple[int, int]:
    """When the first and the last packet were sent of the longest stretch in which nothing came through."""
    longest, since = (0, 0), None
    for flight in flights:
        if flight.arrived_ns is not None:
            since = None
            continue
        since = flight.sent_ns if since is None else since
        if flight.sent_ns - since > longest[1] - longest[0] or not longest[1]:
            longest = (since, flight.sent_ns)
    return longest
