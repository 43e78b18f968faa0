from __future__ import annotations

import pytest

from readiness.network import congestion, stills
from readiness.network.playout import heard
from readiness.network.prediction import sound_of
from tests.network import lines


def sound(parameters: str, seed: int = 1, seconds: float = 10) -> list[lines.Flight]:
    return sound_of(lines.call(parameters, "up", seconds=seconds, seed=seed))


def test_on_a_still_line_a_packet_and_a_half_wait_and_nothing_is_missing() -> None:
    found = heard(sound("rate=10M rtt=40"))
    assert found is not None
    assert found.concealed_percent == 0
    assert 20 <= found.buffer_ms <= 40  # real calls: 26 to 47 ms


@pytest.mark.parametrize(("jitter", "least", "most"), [(10, 50, 110), (30, 100, 200), (60, 180, 380)])
def test_the_buffer_grows_with_jitter_as_in_real_calls(jitter: int, least: float, most: float) -> None:
    """Chromium held 67 to 97 ms at 10, 117 to 153 at 30 and 182 to 255 at 60 ms of jitter."""
    found = [heard(sound(f"rate=10M delay=200 jitter={jitter} jcorr=50", seed)) for seed in range(4)]
    held = [one.buffer_ms for one in found if one is not None]
    assert least <= sum(held) / len(held) <= most
    assert all(one is not None and one.late_percent < 3 for one in found)


def test_what_comes_late_is_missing() -> None:
    """A line that is still for 7 seconds and then 900 ms late: the first late packets are missed."""
    steady = sound("rate=10M rtt=40", seconds=14)
    late = [
        lines.Flight(f.sent_ns, f.size, (f.arrived_ns or 0) + 900_000_000 * (7e9 < f.sent_ns < 8e9))
        for f in steady
    ]
    found = heard(late)
    assert found is not None
    assert found.late_percent > 1
    assert found.concealed_percent >= found.late_percent


def test_too_little_says_nothing() -> None:
    assert heard(sound("rate=10M", seconds=0.1)) is None
    assert stills.still_percent([], picture_kbps=800, rtt_ms=40) is None


def test_single_losses_are_asked_for_again_before_anybody_sees() -> None:
    flights = lines.call("rate=10M rtt=40 loss=5", "up", seconds=8, seed=2)
    assert stills.still_percent(flights, picture_kbps=800, rtt_ms=40) == 0


@pytest.mark.parametrize(("outage", "least", "most"), [("4000/400", 3, 12), ("2000/1000", 25, 60)])
def test_an_outage_stops_the_picture(outage: str, least: float, most: float) -> None:
    flights = lines.call(f"rate=10M rtt=40 outage={outage}", "up", seconds=16, seed=2)
    found = stills.still_percent(flights, picture_kbps=800, rtt_ms=40)
    assert found is not None
    assert least <= found <= most


def test_a_sender_that_was_held_up_is_no_freeze() -> None:
    flights = lines.call("rate=10M rtt=40 loss=7", "up", seconds=8, seed=2)
    held = [
        lines.Flight(f.sent_ns + 400_000_000 * (f.sent_ns > 4 * 10**9), f.size, f.arrived_ns) for f in flights
    ]
    assert stills.still_percent(held, picture_kbps=800, rtt_ms=40) == 0


def test_delays_that_do_not_vary_hold_no_rate_back() -> None:
    flights = lines.call("rate=10M rtt=40 jitter=0.5", "up", seconds=4, seed=1)
    assert congestion.rate_by_delay(flights, 40) == float("inf")


def test_jitter_costs_rate_as_in_real_calls() -> None:
    """Chromium's picture had 60 to 330 kbit/s at 30 and 60 ms of jitter, of the 800 that it wanted."""
    for jitter in (30, 60):
        rates = [
            congestion.rate_by_delay(
                lines.call(f"rate=10M delay=200 jitter={jitter} jcorr=50", "up", seconds=7, seed=seed), 400
            )
            for seed in range(6)
        ]
        assert all(80 <= rate <= 500 for rate in rates)


def test_the_line_and_the_loss_bound_the_rate() -> None:
    def kbps(line: float | None, loss: float = 0.0, burst: float = 1.0) -> float:
        return congestion.picture_kbps(
            800, by_delay_kbps=float("inf"), line_kbps=line, loss=loss, burst=burst
        )

    assert kbps(None) == 800
    assert kbps(500) == pytest.approx(370, abs=20)  # 370 and 371 in real calls
    assert kbps(120) == pytest.approx(34, abs=10)
    assert kbps(None, 0.05) == 800
    assert 170 <= kbps(None, 0.15) <= 620  # 435 and 613
    assert 60 <= kbps(None, 0.20) <= 300  # 175 and 258
