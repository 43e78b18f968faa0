"""Trains through a simulated queue: the rate and the queue that come out are those put in."""

from __future__ import annotations

import dataclasses
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.network.schedule import Segment, Shape, departures
from readiness.network.stamp import IP_UDP_BYTES
from readiness.network.traces import Flight
from readiness.network.train import line_of
from tests.network.lines import flights as flights_over

MS = 1_000_000


def line(
    kbps: float,
    *,
    sent_kbps: int = 12_500,
    ms: int = 800,
    queue_ms: float = 200,
    loss: float = 0.0,
    jitter_ms: float = 0.0,
    police: bool = False,
    seed: int = 1,
) -> list[Flight]:
    """A train through a queue of `queue_ms` in front of a line of `kbps`, then loss and jitter."""
    dice = random.Random(seed)
    flights, free_ns, before_ns = [], 0.0, 0
    for offset_ns, size in departures((Segment(Shape.TRAIN, sent_kbps, ms),)):
        takes_ns = 8 * (size + IP_UDP_BYTES) * 1e6 / kbps
        waits_ns = max(0.0, free_ns - offset_ns)
        if waits_ns > queue_ms * MS or (police and waits_ns > takes_ns):
            flights.append(Flight(offset_ns, size, None))
            continue
        free_ns = max(free_ns, offset_ns) + takes_ns
        arrives_ns = int(free_ns + 20 * MS + dice.uniform(0, jitter_ms) * MS)
        if dice.random() < loss:
            flights.append(Flight(offset_ns, size, None))
            continue
        before_ns = max(before_ns, arrives_ns)
        flights.append(Flight(offset_ns, size, before_ns))
    return flights


@given(st.floats(300, 9_500), st.floats(20, 1_000), st.integers(0, 9))
def test_a_slower_lines_rate_is_found_within_a_tenth(kbps: float, queue_ms: float, seed: int) -> None:
    found = line_of(line(kbps, queue_ms=max(queue_ms, 40_000 / kbps), seed=seed))
    assert found is not None
    assert not found.at_least
    assert found.kbps == pytest.approx(kbps, rel=0.1)
    assert found.kbps_low <= found.kbps * 1.01
    assert found.kbps <= found.kbps_high * 1.01


@pytest.mark.parametrize("loss", [0.0, 0.02, 0.1])
@pytest.mark.parametrize("jitter_ms", [0.0, 5.0, 15.0])
def test_a_faster_line_carries_at_least_what_was_sent(loss: float, jitter_ms: float) -> None:
    found = line_of(line(50_000, loss=loss, jitter_ms=jitter_ms))
    assert found is not None
    assert found.at_least
    assert found.kbps == pytest.approx(12_500, rel=0.02)


@pytest.mark.parametrize("loss", [0.02, 0.05, 0.1])
def test_random_loss_is_not_taken_for_a_slower_line(loss: float) -> None:
    found = line_of(line(6_000, loss=loss, queue_ms=100, ms=1500))
    assert found is not None
    assert found.kbps == pytest.approx(6_000, rel=0.1)


@pytest.mark.parametrize("loss", [0.05, 0.15])
def test_nor_behind_a_full_queue(loss: float) -> None:
    found = line_of(line(10_000, sent_kbps=20_000, loss=loss, queue_ms=100, ms=1200))
    assert found is not None
    assert found.kbps == pytest.approx(10_000, rel=0.03)


@pytest.mark.parametrize("way", ["up", "down"])
def test_bursts_of_losses_are_not_taken_for_a_slower_line_where_one_idle_packet_was_late(way: str) -> None:
    plan = sorted(departures((Segment(Shape.TRAIN, 20_000, 250),)))
    small = [(number * 15 * MS, 64) for number in range(40)]
    for seed in range(20):
        idle = flights_over("rate=10M rtt=40", way, small, seed)
        idle[7] = dataclasses.replace(idle[7], arrived_ns=(idle[7].arrived_ns or 0) + 3 * MS)
        found = line_of(flights_over("rate=10M rtt=40 burst=15/5", way, plan, seed), idle)
        assert found is not None
        assert found.kbps == pytest.approx(10_000, rel=0.03)


def test_an_outage_within_a_train_is_not_taken_for_a_slower_line() -> None:
    train = line(10_000, sent_kbps=20_000, queue_ms=2_000, ms=1_200)
    begun = train[0].sent_ns
    cut = [
        dataclasses.replace(f, arrived_ns=None) if 300 * MS <= f.sent_ns - begun < 500 * MS else f
        for f in train
    ]
    found = line_of(cut)
    assert found is not None
    assert found.kbps == pytest.approx(10_000, rel=0.05)


def test_a_computer_that_sends_late_is_not_taken_for_a_slower_line() -> None:
    late = [
        Flight(
            f.sent_ns + 60 * MS * (number > 150),
            f.size,
            f.arrived_ns and f.arrived_ns + 60 * MS * (number > 150),
        )
        for number, f in enumerate(line(10_000, sent_kbps=20_000, queue_ms=20, ms=250))
    ]
    found = line_of(late)
    assert found is not None
    assert found.kbps == pytest.approx(10_000, rel=0.03)


def test_a_line_that_drops_what_is_too_fast_is_found_without_a_queue() -> None:
    found = line_of(line(4_000, police=True))
    assert found is not None
    assert not found.at_least
    assert found.kbps == pytest.approx(4_000, rel=0.1)


@pytest.mark.parametrize("queue_ms", [100, 300, 600])
def test_the_queue_is_as_long_as_it_is(queue_ms: float) -> None:
    found = line_of(line(2_000, queue_ms=queue_ms))
    assert found is not None
    assert found.queue_ms == pytest.approx(queue_ms, rel=0.1)
    assert found.queue_full


def test_a_queue_that_is_not_full_yet_is_said_to_grow() -> None:
    found = line_of(line(10_000, queue_ms=2_000, ms=500))
    assert found is not None
    assert not found.queue_full


def test_too_little_tells_nothing() -> None:
    assert line_of(line(2_000)[:2]) is None
    assert line_of([Flight(n * MS, 1200, None) for n in range(100)]) is None
    assert line_of([Flight(n, 1200, 7) for n in range(100)]) is None


flights = st.lists(
    st.builds(
        Flight,
        st.integers(0, 10**9),
        st.integers(112, 1200),
        st.none() | st.integers(0, 10**10),
    ),
    max_size=60,
)


@given(flights)
def test_any_flights_give_finite_figures_or_nothing(some: list[Flight]) -> None:
    found = line_of(some)
    if found is not None:
        assert found.kbps >= 0
        assert found.kbps_low <= found.kbps_high
