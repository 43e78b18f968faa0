"""What an exchange recorded, and the flights of each of its phases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from readiness.network.messages import Refusal
from readiness.network.schedule import Segment, departures
from readiness.network.stamp import BASE_BYTES, IP_UDP_BYTES
from readiness.network.traces import Flight


@dataclass(slots=True)
class RoundTrip:
    """One reflected packet, less the time that the reflector took. `phase` is None when idle.

    `there_ns`: when it came to the reflector and when it left again, by the reflector's clock.
    """

    sent_ns: int
    rtt_ns: int
    phase: int | None
    there_ns: tuple[int, int]
    arrived_ns: int


@dataclass(slots=True)
class Phase:
    """One stream, both ways.

    By the reflector's clock: `begun_there_ns`, when its stream began; `heard_there_ns`, when the last
    came from it that is no stream; `told_ns`, when it told what had arrived of the last packets sent. `all_left`: everything went up.
    """

    number: int
    up: tuple[Segment, ...]
    down: tuple[Segment, ...]
    first_up: int
    begun_ns: int = 0
    first_down: int | None = None
    end_down: int | None = None
    refusal: Refusal = Refusal.NONE
    begun_there_ns: int | None = None
    heard_there_ns: int = 0
    told_ns: list[int] = field(default_factory=list)
    all_left: bool = False


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
    told: list[tuple[int, int]] = field(default_factory=list)
    """Control messages that came: when (ns, this clock), and bytes."""
    late_ns: list[int] = field(default_factory=list)
    unsure: set[int] = field(default_factory=set)
    """Stamps (ns) of round trips that may have left a good while after."""
    duplicates_up: int = 0
    duplicates_down: int = 0
    bytes_up: int = 0
    bytes_down: int = 0


def idle_flights(record: Record) -> tuple[list[Flight], list[Flight]]:
    """Each way of the idle round trips that came back, and of which it is sure when they left."""
    idle = [trip for trip in record.round_trips if trip.phase is None and trip.sent_ns not in record.unsure]
    return (
        [Flight(trip.sent_ns, BASE_BYTES, trip.there_ns[0]) for trip in idle],
        [Flight(trip.there_ns[1], BASE_BYTES, trip.arrived_ns) for trip in idle],
    )


def beside_kbps(record: Record, flights: Sequence[Flight], *, up: bool) -> float:
    """What else of ours came through while these arrived: much, of a very slow line."""
    came = [flight.arrived_ns for flight in flights if flight.arrived_ns is not None]
    if len(came) < 2 or max(came) <= min(came):
        return 0.0
    beside = [(trip.there_ns[0] if up else trip.arrived_ns, BASE_BYTES) for trip in record.round_trips]
    beside += [] if up else record.told
    size = sum(size + IP_UDP_BYTES for at_ns, size in beside if min(came) < at_ns <= max(came))
    return size * 8e6 / (max(came) - min(came))


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
