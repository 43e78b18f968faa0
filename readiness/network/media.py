"""The media path measured, for as long as it takes to tell. Blocks; runs in the probe process."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from readiness.network import sequential
from readiness.network.exchange import Exchange
from readiness.network.prediction import Limits, Way
from readiness.network.schedule import Segment, Shape
from readiness.network.session import Session
from readiness.network.traces import Flight
from readiness.network.train import Line, line_of

_GREETING_SECONDS = 4.0
_PINGS = 12
_PING_GAP_MS = 20.0
_SOUND_ALONE = (Segment(Shape.CALL, 0, 600),)
_TRAIN_KBPS = 20_000
_TRAIN_MS = 180
_FAST_TRAIN_BYTES = 1_500_000
_FAST_KBPS = 200_000
_SOUND_KBPS = 65
_FIRST_STEP_KBPS = 300
_FIRST_STEP_MS = 400
_QUIET_SECONDS = 0.4
_LAST_WORDS_SECONDS = 1.5


@dataclass(slots=True)
class Measured:
    """Both directions of one run. Lines are None where no train came through.

    `sound_*` are the flights of sound alone, `up` and `down` those of the call. Round trips are idle ones
    and those beside the call, in ms.
    """

    answered: bool = False
    interrupted: bool = False
    settled: bool = False
    up: list[Flight] = field(default_factory=list)
    down: list[Flight] = field(default_factory=list)
    sound_up: list[Flight] = field(default_factory=list)
    sound_down: list[Flight] = field(default_factory=list)
    line_up: Line | None = None
    line_down: Line | None = None
    rtt_ms: list[float] = field(default_factory=list)
    loaded_rtt_ms: list[float] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Until:
    """What ends the call: these seconds, or figures clear of these limits."""

    most_seconds: float
    limits: Mapping[str, Limits]
    strictest_loss_percent: float | None


def run(
    exchange: Exchange,
    *,
    wanted_kbps: int,
    most_seconds: float,
    limits: Mapping[str, Limits],
    strictest_loss_percent: float | None = None,
    on_progress: Callable[[float], None],
) -> Measured:
    """A greeting, idle round trips, sound alone, a train above the line's rate, and then a call.

    The call's picture steps up to `wanted_kbps`, or to what the train found room for; it lasts until
    more of it could hardly change any class, at most `most_seconds`.
    """
    begun = time.monotonic()
    found = Measured(answered=exchange.greet(_GREETING_SECONDS))
    try:
        if found.answered:
            on_progress(0.1)
            until = Until(most_seconds, limits, strictest_loss_percent)
            _measure(exchange, found, wanted_kbps, until, on_progress)
    finally:
        found.late_ms = [late_ns / 1e6 for late_ns in exchange.record.late_ns]
        found.seconds = time.monotonic() - begun
    return found


def _measure(
    exchange: Exchange,
    found: Measured,
    wanted_kbps: int,
    until: Until,
    on_progress: Callable[[float], None],
) -> None:
    exchange.ping(_PINGS, _PING_GAP_MS)
    found.rtt_ms = [trip.rtt_ns / 1e6 for trip in exchange.record.round_trips]
    exchange.run(_SOUND_ALONE, _SOUND_ALONE, quiet=True)
    on_progress(0.2)
    call = _find_lines(exchange, found)
    on_progress(0.35)
    up, down = (_call(line, wanted_kbps, until.most_seconds) for line in (found.line_up, found.line_down))
    trips = [trip.rtt_ns for trip in exchange.record.round_trips]
    exchange.known_after_seconds = 0.5 + 3 * (statistics.median(trips) / 1e9 if trips else 0.3)
    begun = time.monotonic()

    def settled() -> bool:
        seconds = time.monotonic() - begun
        on_progress(0.35 + 0.6 * min(1.0, seconds / until.most_seconds))
        found.settled = sequential.settled(
            Way(flights=exchange.flights_up_so_far(call), line=found.line_up),
            Way(flights=exchange.flights_down(call, under_way=True), line=found.line_down),
            seconds,
            until.limits,
            until.strictest_loss_percent,
        )
        return found.settled

    exchange.run(up, down, settled)
    found.interrupted = exchange.silent
    exchange.finish(_LAST_WORDS_SECONDS)
    found.up, found.down = exchange.flights_up(call), exchange.flights_down(call)
    found.sound_up, found.sound_down = exchange.flights_up(0), exchange.flights_down(0)
    if found.interrupted:  # what was sent into nothing says nothing about the time before
        found.up, found.down = _until_last(found.up), _until_last(found.down)
    found.loaded_rtt_ms = [
        trip.rtt_ns / 1e6 for trip in exchange.record.round_trips if trip.phase == call + 1
    ]


def _find_lines(exchange: Exchange, found: Measured) -> int:
    """A train, and a faster one where it did not fill the queue. The number of the phase after."""
    granted = exchange.granted
    train = (Segment(Shape.TRAIN, min(_TRAIN_KBPS, granted.kbps), _TRAIN_MS),)
    exchange.run(train, train, _arrived(exchange, 1), drain_seconds=2.5)
    found.line_up = line_of(exchange.flights_up(1))
    found.line_down = line_of(exchange.flights_down(1))
    faster_up, faster_down = _faster(found.line_up, granted), _faster(found.line_down, granted)
    if not faster_up and not faster_down:
        return 2
    exchange.run(faster_up, faster_down, _arrived(exchange, 2), drain_seconds=1.5)
    if faster_up:
        found.line_up = line_of(exchange.flights_up(2)) or found.line_up
    if faster_down:
        found.line_down = line_of(exchange.flights_down(2)) or found.line_down
    return 3


def _arrived(exchange: Exchange, phase: int) -> Callable[[], bool]:
    """Asked again and again: have both trains arrived, or can what is missing only be lost?"""
    before, since = -1, time.monotonic()

    def arrived() -> bool:
        nonlocal before, since
        if exchange.leaving or exchange.unanswered:
            return False
        trains = (exchange.flights_up(phase), exchange.flights_down(phase))
        if all(not train or train[-1].arrived_ns is not None for train in trains):
            return True
        came = sum(flight.arrived_ns is not None for train in trains for flight in train)
        if came != before:
            before, since = came, time.monotonic()
        return time.monotonic() - since > _QUIET_SECONDS

    return arrived


def _faster(line: Line | None, granted: Session) -> tuple[Segment, ...]:
    """A second train where the first did not fill the queue: enough for a second of it, if that may be."""
    if line is None or line.queue_full:
        return ()
    kbps = min(granted.kbps, _FAST_KBPS if line.at_least else int(5 * line.kbps))
    enough_bytes = min(_FAST_TRAIN_BYTES, int(1.25 * line.kbps * 125), granted.bytes // 4)
    return (Segment(Shape.TRAIN, kbps, max(1, enough_bytes * 8 // kbps)),)


def _call(line: Line | None, wanted_kbps: int, most_seconds: float) -> tuple[Segment, ...]:
    """A call whose picture stays below the line's rate, as congestion control would have it."""
    room = _FIRST_STEP_KBPS if line is None else max(0, int(0.85 * line.kbps) - _SOUND_KBPS)
    top = min(wanted_kbps, room)
    first = min(_FIRST_STEP_KBPS, top)
    return (
        Segment(Shape.CALL, first, _FIRST_STEP_MS),
        Segment(Shape.CALL, top, int(most_seconds * 1000) - _FIRST_STEP_MS),
    )


def _until_last(flights: list[Flight]) -> list[Flight]:
    """Up to the last packet that came."""
    came = [index for index, flight in enumerate(flights) if flight.arrived_ns is not None]
    return flights[: came[-1] + 1] if came else []
