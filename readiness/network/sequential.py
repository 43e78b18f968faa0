"""When to stop measuring: as soon as more of it could hardly change a class. Pure.

A sequential test. At every look the interval of the share lost is taken so wide (Pocock's constant
boundary for up to 30 looks at an overall error of 5 %, z = 2.8) that stopping by it is wrong at most once in
twenty times; tests/network/test_sequential.py holds it to that. Where nothing is lost and delays hardly vary the
first look that can tell ends it; near a limit, or where losses come in bursts, it goes on. What would
be bad goes on for twice as long, so that both halves can confirm it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from readiness.network.playout import repaired
from readiness.network.prediction import BAD, Limits, Way
from readiness.network.traces import Flight, loss_bursts, loss_interval, percentile
from readiness.network.train import onto_line_ms, own_queue_ms

ERROR_RATE = 0.05
_Z = 2.8
_LEAST_SECONDS = 2.4
_CLEAN_SECONDS = 4.0
_LARGE_BYTES = 1_100
_STEADY_MS = 10.0
"""Delays nine tenths of which vary less than this touch neither play-out nor congestion control."""

_UNSTEADY_SECONDS = 7.5
_CONFIRMED_SECONDS = 4.5
_LONG_BURST_MS = 120.0
_PATIENT_SECONDS = 5.5
_ALONE = 1.5
"""A mean number lost in a row below this: each is lost by itself."""


def settled(
    up: Way,
    down: Way,
    seconds: float,
    limits: Mapping[str, Limits],
    strictest_loss_percent: float | None = None,
) -> bool:
    """Whether both directions can be told apart from every other class.

    `strictest_loss_percent`: where nothing was lost, a little longer shows that it is less than this.
    """
    if seconds < _CLEAN_SECONDS and strictest_loss_percent is not None:
        for way in (up, down):
            bursts = loss_bursts(way.flights)
            if not bursts and 100 * loss_interval(bursts, len(way.flights))[1] > strictest_loss_percent:
                return False
    return (
        seconds >= _LEAST_SECONDS
        and _told(up, seconds, limits["up"])
        and _told(down, seconds, limits["down"])
    )


def exhausted(up: Way, down: Way, seconds: float) -> bool:
    """Whether what is still open near a limit would take much longer to tell.

    So where delays are steady and packets are lost one by one; bursts and outages are waited for.
    """
    return seconds >= _PATIENT_SECONDS and all(
        _steady(way) and _longest_loss_ms(way.flights) <= _LONG_BURST_MS and _lost_alone(way)
        for way in (up, down)
    )


def class_interval(flights: Sequence[Flight], limits: Limits) -> tuple[str, str]:
    """The best and the worst class that the sound's concealment may be of, given what was lost so far."""
    bursts = loss_bursts(flights)
    low, high = loss_interval(bursts, len(flights), _Z)
    steps = limits["concealed_percent"]
    return steps.grade(100 * _heard(low)), steps.grade(100 * _heard(high))


def _told(way: Way, seconds: float, limits: Limits) -> bool:
    flights = way.flights
    if len(flights) < 50:
        return False
    best, worst = class_interval(flights, limits)
    if best != worst:
        return False
    if seconds < _UNSTEADY_SECONDS and not (_steady(way) and _longest_loss_ms(flights) <= _LONG_BURST_MS):
        return False
    return not (best == BAD and seconds < _CONFIRMED_SECONDS)


def _steady(way: Way) -> bool:
    """Whether delays hardly vary, but for our own packets waiting for each other on a slow line."""
    waits = [0.0] * len(way.flights) if way.line is None else own_queue_ms(way.flights, way.line.kbps)
    rest = sorted(
        (flight.arrived_ns - flight.sent_ns) / 1e6 - wait
        for flight, wait in zip(way.flights, waits, strict=True)
        if flight.arrived_ns is not None
    )
    low, high = percentile(rest, 5), percentile(rest, 95)
    # A control packet or two of ours may be in the way as well.
    own_ms = onto_line_ms(_LARGE_BYTES, way.line)
    return low is not None and high is not None and high - low < _STEADY_MS + own_ms


def _lost_alone(way: Way) -> bool:
    bursts = loss_bursts(way.flights)
    return sum(bursts) < _ALONE * len(bursts) or not bursts


def _heard(lost: float) -> float:
    return lost * (1 - repaired(lost))


def _longest_loss_ms(flights: Sequence[Flight]) -> float:
    longest, since = 0, None
    for flight in flights:
        if flight.arrived_ns is not None:
            since = None
        elif since is None:
            since = flight.sent_ns
        if since is not None:
            longest = max(longest, flight.sent_ns - since)
    return longest / 1e6
