"""The media path measured, for as long as it takes to tell. Blocks; runs in the probe process."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from readiness.network import sequential
from readiness.network.exchange import Exchange
from readiness.network.prediction import Limits, Way
from readiness.network.schedule import Segment, Shape
from readiness.network.session import Session
from readiness.network.traces import Flight
from readiness.network.train import Line, line_of, sway_ms

_IDLE_SECONDS = 0.6
_TRAIN_KBPS = 20_000
_TRAIN_MS = 250
_TRAIN_DRAIN_SECONDS = 2.5
_LOOK_SECONDS = 0.05
_FAST_KBPS = 200_000
_FAST_BYTES = 1_500_000
_FAST_BY_SWAY_KBPS, _MUCH_SWAY_MS = 31_000, 5.0
_LONG_BYTES = 3_000_000
_LONG_MS = 1_200
_LONG_DRAIN_SECONDS = 1.5
_FASTER = 2.0
_SLOWEST_TRAIN_KBPS = 600
_EXACT = 0.08
_LONG_QUEUE_MS = 1_000.0
"""A train ends when the line's rate is known to so much, and its queue is full, or as long as this."""

_SOUND_KBPS = 65
_FIRST_STEP_KBPS = 300
_FIRST_STEP_MS = 400
_ASK_SECONDS, _THIN_KBPS = 0.25, 1_000.0
_LAST_WORDS_SECONDS = 1.5
_LEAST_CALL_SECONDS = 4.0
_ROOMY_KBPS = 900.0
"""From here on a call leaves room for questions beside it that shift none of its packets by much."""


@dataclass(slots=True)
class Measured:
    """Both directions of one run. Lines are None where no train came through.

    `alone_*` are small packets on the empty line, `up` and `down` the call. Round trips are idle ones and
    those beside the call, in ms.
    """

    answered: bool = False
    interrupted: bool = False
    settled: bool = False
    up: list[Flight] = field(default_factory=list)
    down: list[Flight] = field(default_factory=list)
    alone_up: list[Flight] = field(default_factory=list)
    alone_down: list[Flight] = field(default_factory=list)
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
    over_by_seconds: float = math.inf,
    limits: Mapping[str, Limits],
    strictest_loss_percent: float | None = None,
    sparing: bool = False,
    greeting_seconds: float,
    on_progress: Callable[[float, bool], None],
) -> Measured:
    """A greeting and idle round trips, a train above the line's rate, and then a call.

    The call's picture steps up to `wanted_kbps`, or to what the trains found room for; it lasts until
    more of it could hardly change any class, at most `most_seconds`, or shorter so that it is over so long
    after the beginning (but never too short to tell anything). With `sparing` no train is longer
    than it must be to tell a slow line from a fast one. Progress tells the share done, and whether what
    follows leaves room on the line.
    """
    begun = time.monotonic()
    found = Measured(answered=exchange.greet(greeting_seconds, _IDLE_SECONDS))
    try:
        if found.answered:
            on_progress(0.15, False)
            found.rtt_ms = [trip.rtt_ns / 1e6 for trip in exchange.record.round_trips]
            found.alone_up, found.alone_down = exchange.idle_flights()
            call = _find_lines(exchange, found, sparing)
            left = max(_LEAST_CALL_SECONDS, over_by_seconds - (time.monotonic() - begun))
            until = Until(min(most_seconds, left), limits, strictest_loss_percent)
            _have_call(exchange, found, call, wanted_kbps, until, on_progress)
    finally:
        found.late_ms = [late_ns / 1e6 for late_ns in exchange.record.late_ns]
        found.seconds = time.monotonic() - begun
    return found


def _have_call(
    exchange: Exchange,
    found: Measured,
    call: int,
    wanted_kbps: int,
    until: Until,
    on_progress: Callable[[float, bool], None],
) -> None:
    lines = [line.kbps for line in (found.line_up, found.line_down) if line is not None]
    roomy = len(lines) == 2 and min(lines) >= _ROOMY_KBPS
    on_progress(0.35, roomy)
    up, down = (_call(line, wanted_kbps, until.most_seconds) for line in (found.line_up, found.line_down))
    begun = time.monotonic()

    def settled() -> bool:
        seconds = time.monotonic() - begun
        on_progress(0.35 + 0.6 * min(1.0, seconds / until.most_seconds), roomy)
        ways = (
            Way(flights=exchange.flights_up_so_far(call), line=found.line_up),
            Way(flights=exchange.flights_down(call, under_way=True), line=found.line_down),
        )
        found.settled = sequential.settled(*ways, seconds, until.limits, until.strictest_loss_percent)
        return found.settled or sequential.exhausted(*ways, seconds)

    # What asks and what answers takes its share of a thin line.
    ask_seconds = _ASK_SECONDS if min(lines, default=0.0) > _THIN_KBPS else 2 * _ASK_SECONDS
    exchange.run(up, down, settled, ask_seconds=ask_seconds)
    found.interrupted = exchange.silent
    exchange.finish(_LAST_WORDS_SECONDS)
    found.up, found.down = exchange.flights_up(call), exchange.flights_down(call)
    if found.interrupted:  # what was sent into nothing says nothing about the time before
        found.up, found.down = _until_last(found.up), _until_last(found.down)
    found.loaded_rtt_ms = exchange.trips_ms(call)


def _find_lines(exchange: Exchange, found: Measured, sparing: bool) -> int:
    """A train both ways, and another where it left something open. The number of the phase after."""
    granted = exchange.granted
    train = (Segment(Shape.TRAIN, min(_TRAIN_KBPS, granted.kbps), _TRAIN_MS),)
    exchange.run(train, train, lambda: exchange.arrived(0), _TRAIN_DRAIN_SECONDS, _LOOK_SECONDS)
    found.line_up, found.line_down = _lines(exchange, 0, found)
    again_up = _again(found.line_up, granted, sway_ms(found.alone_up), sparing)
    again_down = _again(found.line_down, granted, sway_ms(found.alone_down), sparing)
    if not again_up and not again_down:
        return 1

    def up() -> Line | None:
        return line_of(exchange.flights_up_so_far(1), found.alone_up)

    def down() -> Line | None:
        return line_of(exchange.flights_down(1, under_way=True), found.alone_down)

    def enough() -> bool:
        return ((not again_up or _told(up())) and (not again_down or _told(down()))) or exchange.arrived(1)

    exchange.run(again_up, again_down, enough, _LONG_DRAIN_SECONDS, 3 * _LOOK_SECONDS)
    exchange.drain(_LONG_DRAIN_SECONDS)
    line_up, line_down = _lines(exchange, 1, found)
    if again_up:
        found.line_up = _better(found.line_up, line_up)
    if again_down:
        found.line_down = _better(found.line_down, line_down)
    return 2


def _lines(exchange: Exchange, number: int, found: Measured) -> tuple[Line | None, Line | None]:
    """Up and down, as the trains of one phase tell."""
    return (
        line_of(exchange.flights_up(number), found.alone_up, exchange.beside_kbps(number, "up")),
        line_of(exchange.flights_down(number), found.alone_down, exchange.beside_kbps(number, "down")),
    )


def _again(line: Line | None, granted: Session, sways_ms: float, sparing: bool) -> tuple[Segment, ...]:
    """A second train where the first left the line's rate or its queue open."""
    if line is not None and (_told(line) or (sparing and line.at_least)):
        return ()
    if line is None:
        kbps, most_bytes = _SLOWEST_TRAIN_KBPS, _LONG_BYTES
    elif line.at_least and sways_ms > _MUCH_SWAY_MS:  # a flood as short as the sway tells nothing
        kbps, most_bytes = _FAST_BY_SWAY_KBPS, _LONG_BYTES
    elif line.at_least:
        kbps, most_bytes = _FAST_KBPS, _FAST_BYTES
    else:
        # No faster than it need be where the rate is hardly known: the longer it lasts, the more it tells.
        fastest = max(_TRAIN_KBPS, int(_FASTER * line.kbps_low))
        kbps, most_bytes = max(_SLOWEST_TRAIN_KBPS, min(int(_FASTER * line.kbps), fastest)), _LONG_BYTES
    kbps = min(granted.kbps, kbps)
    most_bytes = min(most_bytes // (10 if sparing else 1), granted.bytes // 4)
    return (Segment(Shape.TRAIN, kbps, max(1, min(_LONG_MS, most_bytes * 8 // kbps))),)


def _told(line: Line | None) -> bool:
    """Whether a train has told all that one can."""
    if line is None or line.at_least:
        return False
    return line.uncertainty <= _EXACT and (line.queue_full or line.queue_ms >= _LONG_QUEUE_MS)


def _better(first: Line | None, second: Line | None) -> Line | None:
    """Which of two trains told more; the second was made to."""
    if first is None or second is None:
        return second or first
    if second.at_least and second.kbps < (first.kbps if first.at_least else first.kbps_low):
        return first  # this computer was too busy to send it as fast as it should
    return second


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
