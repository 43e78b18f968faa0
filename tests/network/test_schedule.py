from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from readiness.network import messages, schedule
from readiness.network.messages import Arrivals, Refusal
from readiness.network.schedule import Segment, Shape, departures, is_sound
from readiness.network.stamp import BASE_BYTES, IP_UDP_BYTES, LARGEST_BYTES

SEGMENTS = st.lists(
    st.builds(Segment, st.sampled_from(Shape), st.integers(0, 20_000), st.integers(0, 500)),
    max_size=schedule.MOST_SEGMENTS,
).map(tuple)


@given(SEGMENTS)
def test_packets_leave_in_order_and_fit_the_path(segments: tuple[Segment, ...]) -> None:
    plan = list(departures(segments))
    ends_ns = sum(segment.milliseconds for segment in segments) * 1_000_000
    # The last frame of a segment is paced into the time after it.
    assert all(0 <= at < ends_ns + schedule.FRAME_INTERVAL_NS for at, _ in plan)
    assert all(BASE_BYTES <= size <= LARGEST_BYTES for _, size in plan)
    assert all(size == BASE_BYTES or size >= BASE_BYTES + 4 for _, size in plan)
    one = list(departures(segments[:1]))
    assert [at for at, _ in one] == sorted(at for at, _ in one)


def test_a_call_is_fifty_packets_of_sound_and_thirty_frames_a_second() -> None:
    plan = list(departures((Segment(Shape.CALL, 800, 2000),)))
    sound = [at for at, size in plan if is_sound(size)]
    assert len(sound) == 100
    assert {later - earlier for earlier, later in itertools.pairwise(sound)} == {20_000_000}
    picture_bits = sum((size + IP_UDP_BYTES) * 8 for _, size in plan if not is_sound(size))
    assert abs(picture_bits / 2000 - 800) < 20


def test_a_train_has_its_rate() -> None:
    plan = list(departures((Segment(Shape.TRAIN, 20_000, 180),)))
    kbps = sum((size + IP_UDP_BYTES) * 8 for _, size in plan) / 180
    assert abs(kbps - 20_000) < 200


def test_no_picture_is_sound_alone() -> None:
    assert all(is_sound(size) for _, size in departures((Segment(Shape.CALL, 0, 500),)))


@given(SEGMENTS, st.integers(0, 255))
def test_a_start_is_read_as_it_was_written(segments: tuple[Segment, ...], stream: int) -> None:
    assert messages.read_start(messages.start(stream, segments)) == (stream, segments)


@given(
    first=st.integers(0, 2**32 - 1),
    times=st.lists(st.none() | st.integers(10**18, 10**18 + 4 * 10**12), max_size=messages.MOST_FETCHED),
)
def test_arrivals_are_read_to_the_microsecond(first: int, times: list[int | None]) -> None:
    told = Arrivals(first=first, received=3, duplicates=1, sent=9, times_ns=tuple(times))
    read = messages.read_fetched(messages.fetched(told))
    assert read is not None
    assert (read.first, read.received, read.duplicates, read.sent) == (first, 3, 1, 9)
    for wrote, found in zip(times, read.times_ns, strict=True):
        assert (wrote is None) == (found is None)
        if wrote is not None and found is not None:
            assert 0 <= wrote - found < 1000


@given(st.binary(max_size=200))
def test_garbage_is_no_message(garbage: bytes) -> None:
    messages.word_of(garbage)
    for read in (
        messages.read_start,
        messages.read_started,
        messages.read_fetch,
        messages.read_fetched,
        messages.read_token,
    ):
        read(garbage)  # type: ignore[operator]
    assert messages.read_started(messages.started(4, Refusal.TOO_FAST, 12)) == (4, Refusal.TOO_FAST, 12)
