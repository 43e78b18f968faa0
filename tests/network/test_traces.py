from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.network.traces import Flight, figures, loss_bursts, loss_interval, percentile

MS = 1_000_000


def flights(*delays_ms: float | None, gap_ms: float = 20.0, ahead_ms: float = 0.0) -> list[Flight]:
    """Packets sent `gap_ms` apart with these delays; the other clock is ahead by `ahead_ms`."""
    return [
        Flight(
            int(number * gap_ms * MS),
            112,
            None if delay is None else int((number * gap_ms + delay + ahead_ms) * MS),
        )
        for number, delay in enumerate(delays_ms)
    ]


def test_loss_and_bursts_are_counted() -> None:
    found = figures(flights(5, None, 5, None, None, None, 5, 5, 5, 5))
    assert (found.sent, found.received, found.longest_burst, found.mean_burst) == (10, 6, 3, 2.0)
    assert found.loss_percent == 40.0


def test_delay_is_what_packets_take_longer_than_the_quickest() -> None:
    found = figures(flights(30, 10, 20, 10, 10))
    assert (found.delay_ms_p50, found.delay_ms_p99) == (0.0, 20.0)


def test_jitter_is_that_of_rfc_3550() -> None:
    # Delay alternates by 16 ms: every difference is 16, and J approaches it by a sixteenth each time.
    found = figures(flights(*[10, 26] * 100))
    assert found.jitter_ms == pytest.approx(16.0, abs=0.01)
    assert figures(flights(10, 26)).jitter_ms == pytest.approx(1.0)


def test_a_packet_that_was_overtaken_is_reordered() -> None:
    assert figures(flights(5, 50, 5, 5, 5)).reordered == 1
    assert figures(flights(5, 10, 5, 5, 5)).reordered == 0


@given(st.lists(st.none() | st.floats(0, 500), min_size=1, max_size=80), st.floats(-1e6, 1e6))
def test_a_clock_that_is_off_changes_nothing(delays: list[float | None], ahead_ms: float) -> None:
    here, there = figures(flights(*delays)), figures(flights(*delays, ahead_ms=ahead_ms))
    assert (here.loss_percent, here.longest_burst, here.reordered) == (
        there.loss_percent,
        there.longest_burst,
        there.reordered,
    )
    for name in ("delay_ms_p50", "delay_ms_p95", "spread_ms", "jitter_ms"):
        assert getattr(here, name) == pytest.approx(getattr(there, name), abs=0.01)


@pytest.mark.parametrize(("share", "mean_burst"), [(0.02, 1.0), (0.1, 1.0), (0.15, 5.0)])
def test_the_interval_holds_the_true_loss_nineteen_times_in_twenty(share: float, mean_burst: float) -> None:
    chance = random.Random(4)
    inside = 0
    for _ in range(400):
        lost, pattern = False, []
        for _ in range(1000):
            into = share / (1 - share) / mean_burst
            lost = chance.random() >= 1 / mean_burst if lost else chance.random() < into
            pattern.append(None if lost else 5.0)
        low, high = loss_interval(loss_bursts(flights(*pattern)), len(pattern))
        inside += low <= share <= high
    assert inside >= 0.92 * 400


def test_nothing_is_known_of_nothing() -> None:
    assert figures([]).loss_percent is None
    assert loss_interval([], 0) == (0.0, 1.0)
    assert percentile([], 50) is None


def test_nothing_came() -> None:
    found = figures(flights(None, None, None))
    assert (found.loss_percent, found.longest_burst, found.delay_ms_p50) == (100.0, 3, None)
