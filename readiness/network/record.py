"""What an exchange recorded, and the flights of each of its phases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from readiness.network.messages import Refusal
from readiness.network.schedule import Segment, departures
from readiness.network.traces import Flight


@dataclass(slots=True)
class RoundTrip:
    """One reflected packet, less the time that the reflector took. `phase` is None when idle."""

    sent_ns: int
    rtt_ns: int
    phase: int | None


@dataclass(slots=True)
class Phase:
    """One stream, both ways."""

    number: int
    up: tuple[Segment, ...]
    down: tuple[Segment, ...]
    first_up: int
    begun_ns: int = 0
    first_down: int | None = None
    end_down: int | None = None
    refusal: Refusal = Refusal.NONE


@dataclass(slots=True)
class Record:
    """What was sent and what came, by sequence number."""

    up: list[tuple[int, int]] = field(default_factory=list)
    """Sent (ns, this clock) and size."""
    up_arrived: dict[int, int] = field(default_factory=dict)
    """By the reflector's clock."""
    down: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    """Sent (ns, the reflector's clock), arrived (this clock), size."""
    round_trips: list[RoundTrip] = field(default_factory=list)
    two_way_sent: int = 0
    late_ns: list[int] = field(default_factory=list)
    duplicates_up: int = 0
    duplicates_down: int = 0
    bytes_up: int = 0
    bytes_down: int = 0


def flights_up(record: Record, phases: Sequence[Phase], number: int) -> list[Flight]:
    """What was sent up in phase `number`, and when it arrived."""
    first = phases[number].first_up
    after = phases[number + 1].first_up if number + 1 < len(phases) else len(record.up)
    return [
        Flight(sent_ns, size, record.up_arrived.get(first + index))
        for index, (sent_ns, size) in enumerate(record.up[first:after])
    ]


def flights_down(record: Record, phase: Phase, later: Sequence[Phase], under_way: bool) -> list[Flight]:
    """What was sent down in `phase`, and when it arrived.

    What was lost has no stamp: it left as planned, counted from the earliest that came.
    """
    first = phase.first_down
    if first is None:
        return []
    ends = [end for end in (phase.end_down, *(other.first_down for other in later)) if end is not None]
    planned = list(departures(phase.down))
    planned = planned[: min(ends) - first] if ends else planned
    came = record.down
    begun = [came[first + n][0] - offset for n, (offset, _) in enumerate(planned) if first + n in came]
    if not begun:
        return [Flight(phase.begun_ns + offset, size, None) for offset, size in planned]
    begun_ns = min(begun)
    flights: list[Flight] = []
    for number, (offset_ns, size) in enumerate(planned):
        arrived = came.get(first + number)
        if arrived is not None:
            flights.append(Flight(arrived[0], size, arrived[1]))
        else:
            flights.append(Flight(begun_ns + offset_ns, size, None))
    if under_way:
        last = max(number for number in range(len(planned)) if first + number in came)
        flights = flights[: last + 1]
    return flights
