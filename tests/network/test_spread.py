"""How much delays vary: close to what was set, though packets are kept in order."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.network.schedule import AUDIO_BYTES
from readiness.network.spread import Delay, delays_kept_in_order, spread_ms
from readiness.network.traces import Flight
from tests.network import lines

MS = 1_000_000


@pytest.mark.parametrize(
    "parameters",
    [
        "rate=10M delay=150 jitter=60 jcorr=50",
        "rate=10M delay=80 jitter=30 jcorr=50",
        "rate=15M delay=5 jitter=15 shape=exp jcorr=50",
        "rate=20M delay=20 jitter=10 shape=exp jcorr=20",
    ],
)
def test_it_is_what_was_set(parameters: str) -> None:
    wished = float(lines.wishes(parameters, "up")["jitter"])
    found = [
        spread_ms(
            [
                delay
                for delay in delays_kept_in_order(lines.call(parameters, "up", seconds=7, seed=seed))
                if delay is not None and delay.size == AUDIO_BYTES
            ]
        )
        for seed in range(20)
    ]
    assert statistics.fmean(found) == pytest.approx(wished, rel=0.08)


def test_a_packet_right_behind_another_is_held_and_one_that_is_lost_is_none() -> None:
    flights = [Flight(0, 112, 50 * MS), Flight(20 * MS, 112, None), Flight(40 * MS, 112, 50 * MS)]
    assert list(delays_kept_in_order(flights)) == [Delay(50.0, 112, False), None, Delay(10.0, 112, True)]


@given(st.lists(st.builds(Delay, st.floats(-1e4, 1e4), st.just(112), st.booleans()), min_size=1, max_size=50))
def test_it_is_never_more_than_the_whole_range(delays: list[Delay]) -> None:
    values = [delay.ms for delay in delays]
    assert 0 <= spread_ms(delays) <= max(values) - min(values) + 1e-6


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=50))
def test_where_none_was_held_it_is_the_standard_deviation(values: list[float]) -> None:
    assert spread_ms([Delay(value, 112, False) for value in values]) == pytest.approx(
        statistics.pstdev(values), abs=1e-6
    )
