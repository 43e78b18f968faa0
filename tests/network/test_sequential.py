"""When measuring may stop: early where all is clear, late near a limit, and wrong at most once in twenty."""

from __future__ import annotations

import pytest

from readiness.network import sequential
from readiness.network.prediction import Way
from readiness.network.train import Line
from tests.network import lines
from tests.network.test_prediction import LIMITS

LOOK_SECONDS = 0.25
PATIENT_SECONDS = 5.5
MOST_SECONDS = 7.5


def stopped(parameters: str, seed: int, strictest: float | None = None) -> tuple[float, set[str]]:
    """After how many seconds, and between which classes of sound it saw itself then."""
    flights = lines.call(parameters, "up", seconds=MOST_SECONDS, seed=seed)
    still = lines.call("rate=10M rtt=40", "down", seconds=MOST_SECONDS, seed=seed)
    kbps = lines.rate_kbps(parameters, "up") or 1e5
    line = Line(kbps=kbps, kbps_low=kbps, kbps_high=kbps, at_least=False, queue_ms=1, queue_full=True)
    seconds = 0.0
    while seconds < MOST_SECONDS:
        seconds += LOOK_SECONDS
        up, down = ([f for f in way if f.sent_ns < seconds * 1e9] for way in (flights, still))
        ways = (Way(flights=up, line=line), Way(flights=down, line=None))
        if sequential.settled(*ways, seconds, LIMITS, strictest) or sequential.exhausted(*ways, seconds):
            break
    return seconds, set(sequential.class_interval(up, LIMITS["up"]))


@pytest.mark.parametrize("parameters", ["rate=10M rtt=40", "rate=1M rtt=40 jitter=1", "rate=500 rtt=40"])
def test_a_clear_line_is_settled_at_once(parameters: str) -> None:
    seconds, classes = stopped(parameters, 1)
    assert seconds <= 3
    assert classes == {"good"}


def test_a_stricter_service_is_given_a_little_longer() -> None:
    assert stopped("rate=10M rtt=40", 1, strictest=1.0)[0] <= 4.0


@pytest.mark.parametrize("parameters", ["rate=10M rtt=40 loss=3.3", "rate=10M rtt=40 burst=4/5"])
def test_near_a_limit_it_goes_on(parameters: str) -> None:
    assert stopped(parameters, 1)[0] >= 4.5


@pytest.mark.parametrize("parameters", ["rate=10M rtt=40 loss=3.3", "rate=10M rtt=40 loss=2"])
def test_what_is_lost_one_by_one_is_not_counted_for_ever(parameters: str) -> None:
    assert stopped(parameters, 1)[0] <= PATIENT_SECONDS


@pytest.mark.parametrize("parameters", ["rate=10M rtt=40 burst=4/5", "rate=10M delay=80 jitter=30 jcorr=50"])
def test_bursts_and_jitter_are_given_their_time(parameters: str) -> None:
    assert stopped(parameters, 1)[0] == MOST_SECONDS


def test_unsteady_delays_are_watched_for_longer() -> None:
    assert stopped("rate=10M delay=80 jitter=30 jcorr=50", 1)[0] >= 4.5


def test_red_takes_a_repeat() -> None:
    seconds, classes = stopped("rate=10M rtt=40 loss=30", 1)
    assert classes == {"bad"}
    assert seconds >= 4.5


@pytest.mark.parametrize(("loss", "true"), [(0.3, "good"), (2.0, "good"), (5.0, "degraded"), (25.0, "bad")])
def test_stopping_early_is_wrong_at_most_once_in_twenty(loss: float, true: str) -> None:
    runs = [stopped(f"rate=10M rtt=40 loss={loss}", seed) for seed in range(40)]
    early = [classes for seconds, classes in runs if seconds < PATIENT_SECONDS]
    wrong = sum(classes != {true} for classes in early)
    assert wrong <= sequential.ERROR_RATE * len(runs)
