from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from readiness.collector.limiting import Buckets, Rate, sender


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(
    burst=st.integers(1, 20),
    per_second=st.floats(0.1, 50),
    pauses=st.lists(st.floats(0, 5), max_size=60),
)
def test_no_more_than_the_rate_goes_through_and_after_the_told_wait_one_does(
    burst: int, per_second: float, pauses: list[float]
) -> None:
    clock = Clock()
    buckets = Buckets(Rate(burst=burst, per_second=per_second), clock=clock)
    through = 0
    for pause in pauses:
        clock.now += pause
        wait = buckets.take("a")
        through += wait == 0
        assert through <= burst + clock.now * per_second + 1e-6
        if wait:
            clock.now += wait
            assert buckets.take("a") == 0, "whoever waits as told is let through"
            through += 1


def test_senders_are_counted_apart_and_memory_is_bounded() -> None:
    buckets = Buckets(Rate(burst=1, per_second=0.001), most=100, clock=Clock())
    assert [buckets.take(number) for number in range(10_000)] == [0] * 10_000
    assert len(buckets) == 100
    assert buckets.take(9_999) > 0
    assert buckets.take(0) == 0, "forgotten, and so like new"


def test_nought_is_no_limit() -> None:
    buckets = Buckets(Rate(burst=1, per_second=0))
    assert not any(buckets.take("a") for _ in range(1000))
    assert len(buckets) == 0


def test_a_customers_whole_ipv6_network_is_one_sender() -> None:
    assert sender("2001:db8:1:2:aaaa::1") == sender("2001:db8:1:2::ffff") == "2001:db8:1:2::/64"
    assert sender("2001:db8:1:3::1") != sender("2001:db8:1:2::1")
    assert sender("::ffff:192.0.2.1") == sender("192.0.2.1") == "192.0.2.1"
    assert sender("fe80::1%eth0") == "fe80::/64"
    assert sender("-") == "-"
    assert len(sender("x" * 10_000)) == 100
