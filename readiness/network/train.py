"""What a short train of packets above the line's rate tells: the rate, and the queue in front of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from readiness.network.stamp import IP_UDP_BYTES
from readiness.network.traces import Flight, delays_ms

_STRETCHED = 1.15
"""A train that took so much longer to arrive than to leave went through a narrow place."""


@dataclass(frozen=True, slots=True)
class Line:
    """One direction of a line, as a train saw it.

    `kbps` counts IP bytes; with `at_least` the train was not fast enough to find the line's rate.
    `queue_ms`: the longest that packets waited; with `queue_full` it could hold no more.
    """

    kbps: float
    at_least: bool
    queue_ms: float
    queue_full: bool


def line_of(train: Sequence[Flight], loss: float = 0.0) -> Line | None:
    """The line, from one train; `loss` is the share that is lost on it anyway. None for too few packets."""
    came = [flight for flight in train if flight.arrived_ns is not None]
    if len(came) < 3:
        return None
    arrivals = sorted((flight.arrived_ns or 0, flight.size + IP_UDP_BYTES) for flight in came)
    took_ms = (arrivals[-1][0] - arrivals[0][0]) / 1e6
    left_ms = (train[-1].sent_ns - train[0].sent_ns) / 1e6
    offered_bytes = sum(flight.size + IP_UDP_BYTES for flight in train[1:])
    came_bytes = sum(size for _, size in arrivals[1:])
    delays = delays_ms(train)
    lost = 1 - len(came) / len(train)
    overflowed = lost > loss + 0.05 and lost > 2 * loss
    # A queue that is full grows no more: its longest wait is reached well before the train ends.
    reached = next(index for index, delay in enumerate(delays) if delay >= 0.95 * max(delays))
    level = reached < 0.7 * len(delays)
    # Of what waited in the queue, the rate is exact; the time before the first wait is the train's own.
    kbps = came_bytes * 8 / max(took_ms, 1e-3)
    offered_kbps = offered_bytes * 8 / max(left_ms, 1e-3)
    growing = took_ms > _STRETCHED * left_ms or overflowed
    if not growing:
        return Line(kbps=min(kbps, offered_kbps), at_least=True, queue_ms=max(delays), queue_full=False)
    return Line(kbps=kbps, at_least=False, queue_ms=max(delays), queue_full=overflowed or level)


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
