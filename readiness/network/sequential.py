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
from readiness.network.prediction import BAD, Limits
from readiness.network.traces import Flight, delays_ms, loss_bursts, loss_interval, percentile

ERROR_RATE = 0.05
_Z = 2.8
_LEAST_SECONDS = 2.4
_STEADY_MS = 4.0
"""Delays that vary less than this (95th percentile) touch neither play-out nor congestion control."""

_UNSTEADY_SECONDS = 6.0
_CONFIRMED_SECONDS = 5.0
_LONG_BURST_MS = 120.0


def settled(
    up: Sequence[Flight], down: Sequence[Flight], seconds: float, limits: Mapping[str, Limits]
) -> bool:
    """Whether both directions can be told apart from every other class."""
    return (
        seconds >= _LEAST_SECONDS
        and _told(up, seconds, limits["up"])
        and _told(down, seconds, limits["down"])
    )


def class_interval(flights: Sequence[Flight], limits: Limits) -> tuple[str, str]:
    """The best and the worst class that the sound's concealment may be of, given what was lost so far."""
    bursts = loss_bursts(flights)
    low, high = loss_interval(bursts, len(flights), _Z)
    steps = limits["concealed_percent"]
    return steps.grade(100 * _heard(low)), steps.grade(100 * _heard(high))


def _told(flights: Sequence[Flight], seconds: float, limits: Limits) -> bool:
    if len(flights) < 50:
        return False
    best, worst = class_interval(flights, limits)
    if best != worst:
        return False
    late = sorted(delays_ms(flights))
    steady = (percentile(late, 95) or 0.0) < _STEADY_MS or _steady_behind_own_queue(late)
    if not steady and seconds < _UNSTEADY_SECONDS:
        return False
    if _longest_loss_ms(flights) > _LONG_BURST_MS and seconds < _UNSTEADY_SECONDS:
        return False
    return not (best == BAD and seconds < _CONFIRMED_SECONDS)


def _steady_behind_own_queue(late: Sequence[float]) -> bool:
    """On a slow line our own frames wait for each other, but never for long, and always alike."""
    longest, usual = percentile(late, 99), percentile(late, 75)
    return longest is not None and usual is not None and longest < 34.0 and longest < 3 * usual + _STEADY_MS


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
