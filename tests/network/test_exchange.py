"""The client against real reflectors on loopback: faithful, silent, lying, and gone in the middle."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from readiness.checks.media_path import judge, limits_of
from readiness.checks.media_path.evidence import MediaPathEvidence
from readiness.collector.reflector_sessions import Bounds
from readiness.core.evidence import parse
from readiness.core.profile_loading import load_profile
from readiness.network import stamp, traces
from readiness.network.datagrams import UdpSocket
from readiness.network.exchange import Exchange
from readiness.network.media_figures import measure
from readiness.network.schedule import Segment, Shape
from readiness.network.session import Session
from readiness.settings import places
from tests.network.reflectors import Twist, faithful, reflecting

PROFILE = load_profile("organisation", places().profiles)
CALL = (Segment(Shape.CALL, 300, 700),)


def measured(session: Session, seconds: float = 0.6) -> MediaPathEvidence:
    """The media path as the probe measures it, but shorter."""
    fractions: list[float] = []
    figures = measure(
        {
            "session": session.to_json(),
            "wanted_kbps": 300,
            "seconds": seconds,
            "greeting_seconds": 4.0,
            "limits": limits_of(PROFILE),
        },
        lambda told: fractions.append(told["fraction"]),
    )
    assert fractions == sorted(fractions)
    return parse(MediaPathEvidence, figures)


def codes(evidence: MediaPathEvidence) -> list[tuple[str, str]]:
    return [(finding.code, finding.verdict.value) for finding in judge(evidence, PROFILE)]


def test_both_directions_are_recorded_packet_by_packet() -> None:
    with reflecting() as session, Exchange(session) as exchange:
        assert exchange.greet(5, trips_seconds=0.1)
        exchange.run(CALL, CALL)
        exchange.finish(5)
        for flights in (exchange.flights_up(0), exchange.flights_down(0)):
            found = traces.figures(flights)
            # A computer that is busy meanwhile leaves out what it would have sent too late.
            assert 50 <= found.sent <= 35 + 2 * 21
            assert found.received == found.sent
        assert len(exchange.record.round_trips) >= 5
        assert all(0 < trip.rtt_ns < 1e9 for trip in exchange.record.round_trips)
        assert not exchange.odd
        assert exchange.record.late_ns


def test_a_stream_that_is_stopped_early_counts_what_was_sent() -> None:
    with reflecting() as session, Exchange(session) as exchange:
        assert exchange.greet(5)
        long = (Segment(Shape.CALL, 300, 20_000),)
        begun = time.monotonic()
        exchange.run(long, long, lambda: len(exchange.record.down) > 30)
        exchange.finish(5)
        assert time.monotonic() - begun < 10
        down = traces.figures(exchange.flights_down(0))
        assert 30 < down.sent < 800
        assert down.received == down.sent


def test_an_idle_loopback_is_told_in_figures() -> None:
    with reflecting() as session:
        evidence = measured(session)
    assert evidence.udp_answers
    assert evidence.path is not None
    assert evidence.path.startswith("127.0.0.1:")
    assert evidence.rtt_ms_p50 is not None
    assert evidence.rtt_ms_p50 < 100
    assert evidence.bytes_used is not None
    assert evidence.bytes_used > 100_000
    assert evidence.prediction is not None
    assert set(evidence.prediction) == {"audio", "video_180", "video_360", "video_720", "video_1080"}
    assert all(set(cell) == {"up", "down"} for cell in evidence.prediction.values())
    assert evidence.sent_late_ms_p95 is not None


def silent(_data: bytes, _address: Any, _udp: UdpSocket) -> bool:
    return False


def test_silence_where_the_collector_granted_a_session_is_a_blocked_path() -> None:
    begun = time.monotonic()
    with reflecting(silent) as session:
        evidence = measured(session)
    assert time.monotonic() - begun < 10
    assert evidence.udp_answers is False
    assert codes(evidence) == [("media_path.blocked", "LIMITED")]


def test_nobody_at_all_is_silence_too() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    session = Session(id=4, key=bytes(32), host="127.0.0.1", port=port, seconds=9, kbps=9, bytes=9)
    with Exchange(session) as exchange:
        assert not exchange.greet(0.5)


def test_a_name_that_does_not_exist_is_not_measured() -> None:
    session = Session(id=4, key=bytes(32), host="no-such-host.invalid", port=1, seconds=9, kbps=9, bytes=9)
    assert codes(measured(session)) == [("media_path.not_measured", "UNKNOWN")]


def ends_after(packets: int) -> Twist:
    left = packets

    def twist(_data: bytes, _address: Any, _udp: UdpSocket) -> bool:
        nonlocal left
        left -= 1
        return left > 0

    return twist


def test_a_reflector_that_goes_away_in_the_middle_ends_it_with_what_was_measured() -> None:
    begun = time.monotonic()
    with reflecting(ends_after(700)) as session:
        evidence = measured(session, seconds=20)
    assert time.monotonic() - begun < 15
    assert evidence.interrupted
    assert evidence.rtt_ms_p50 is not None
    found = codes(evidence)
    assert ("media_path.interrupted", "UNKNOWN") in found
    assert "READY" not in {verdict for _, verdict in found}


def from_elsewhere(data: bytes, address: Any, _udp: UdpSocket) -> bool:
    """After the greeting its answers come from another port."""
    if stamp.session_of(data)[1] is stamp.Role.CONTROL:  # type: ignore[index]
        return True
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.sendto(data, address)
    return False


def as_somebody_else(data: bytes, address: Any, udp: UdpSocket) -> bool:
    """Now and then it sends what belongs to another session."""
    named = stamp.session_of(data)
    if named is not None and named[1] is stamp.Role.DOWN:
        udp.send(stamp.stream_packet(bytes(32), 60_000, stamp.Role.DOWN, 1, 0), address)
    return True


def forging(data: bytes, address: Any, udp: UdpSocket) -> bool:
    """What it sends down carries a wrong HMAC."""
    named = stamp.session_of(data)
    if named is None or named[1] is not stamp.Role.DOWN:
        return True
    udp.send(data[:100] + bytes(12) + data[112:], address)
    return False


@pytest.mark.parametrize(
    ("twist", "field"),
    [
        (from_elsewhere, "packets_moved"),
        (as_somebody_else, "packets_other_session"),
        (forging, "packets_forged"),
    ],
)
def test_answers_that_a_faithful_reflector_does_not_give_are_a_finding_of_their_own(
    twist: Twist, field: str
) -> None:
    with reflecting(twist) as session:
        evidence = measured(session)
    assert getattr(evidence, field) > 0
    assert codes(evidence) == [("media_path.odd_answers", "UNKNOWN")]


def test_a_reflector_that_refuses_what_the_collector_granted_is_one_too() -> None:
    with reflecting(granted=Bounds(kbps=1_000_000)) as session, Exchange(session) as exchange:
        assert exchange.greet(5)
        too_fast = (Segment(Shape.TRAIN, session.kbps, 10),)
        exchange.run((), too_fast, drain_seconds=0.5)
        assert exchange.odd["refused"] == 1
    evidence = MediaPathEvidence(udp_answers=True, packets_refused=1)
    assert codes(evidence) == [("media_path.odd_answers", "UNKNOWN")]


def test_a_collector_that_grants_little_is_not_asked_for_more() -> None:
    with reflecting(granted=Bounds(kbps=2_000, bytes=900_000)) as session:
        evidence = measured(session)
    assert evidence.udp_answers
    assert not evidence.packets_refused
    assert evidence.line_kbps_down is not None
    assert evidence.line_kbps_down <= 2_100


def test_where_traffic_costs_the_line_is_not_filled_for_long() -> None:
    arguments = {"wanted_kbps": 300, "seconds": 0.6, "greeting_seconds": 4.0, "limits": limits_of(PROFILE)}
    used = []
    for sparing in (False, True):
        with reflecting() as session:
            figures = measure({**arguments, "session": session.to_json(), "sparing": sparing}, lambda _: None)
            used.append(figures["bytes_used"])
            assert figures["line_kbps_up"] > 5_000
    assert used[1] < 2_000_000 < used[0]


def test_doubled_packets_are_counted_and_change_nothing_else() -> None:
    def twice(data: bytes, address: Any, udp: UdpSocket) -> bool:
        named = stamp.session_of(data)
        if named is not None and named[1] is stamp.Role.DOWN:
            udp.send(data, address)
        return faithful(data, address, udp)

    with reflecting(twice) as session, Exchange(session) as exchange:
        assert exchange.greet(5)
        exchange.run((), CALL, drain_seconds=0.3)
        exchange.finish(5)
        found = traces.figures(exchange.flights_down(0))
        assert found.received == found.sent
        assert exchange.record.duplicates_down == found.sent
