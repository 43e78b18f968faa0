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
from readiness.network.steadiness import is_steady, longest_loss_ms, lost_alone
from readiness.network.traces import Flight, loss_bursts, loss_interval

ERROR_RATE = 0.05
_Z = 2.8
_LEAST_SECONDS = 2.4
_CLEAN_SECONDS = 4.0
_UNSTEADY_SECONDS = 7.5
_CONFIRMED_SECONDS = 4.5
_LONG_BURST_MS = 120.0
_PATIENT_SECONDS = 5.5


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
        is_steady(way.flights, way.line)
        and longest_loss_ms(way.flights) <= _LONG_BURST_MS
        and lost_alone(way.flights)
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
    if seconds < _UNSTEADY_SECONDS and not (
        is_steady(flights, way.line) and longest_loss_ms(flights) <= _LONG_BURST_MS
    ):
        return False
    return not (best == BAD and seconds < _CONFIRMED_SECONDS)


def _heard(lost: float) -> float:
    return lost * (1 - repaired(lost))
