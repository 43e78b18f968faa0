"""Our own sounds, and finding the probe in what a microphone made of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.analysis import signals

RATE = 48_000
STARTED = RATE // 2


def heard(
    *,
    left: float = 1.0,
    right: float = 1.0,
    delay_ms: float = 90.0,
    noise: float = 1e-4,
    rate: int = RATE,
    seed: int = 1,
) -> np.ndarray:
    """A mono recording of the probe: played at STARTED (its sweeps), each side at its own level."""
    probe = signals.probe(rate)[round(signals.LEAD_SECONDS * rate) :]
    at = round((STARTED / RATE + delay_ms / 1000) * rate)
    samples = np.random.default_rng(seed).normal(0, noise, 3 * rate)
    samples[at : at + len(probe)] += left * probe[:, 0] + right * probe[:, 1]
    return samples[:, None]


def found(samples: np.ndarray, rate: int = RATE) -> dict[str, float]:
    return signals.find_probe(samples, rate, round(STARTED * rate / RATE))


@given(gain_db=st.floats(-45, 0), delay_ms=st.floats(0, 550), rate=st.sampled_from((16_000, 44_100, 48_000)))
def test_gain_and_delay_are_what_they_were(gain_db: float, delay_ms: float, rate: int) -> None:
    gain = 10 ** (gain_db / 20)
    figures = found(heard(left=gain, right=gain, delay_ms=delay_ms, noise=1e-5, rate=rate), rate)
    assert figures["loop_delay_ms"] == pytest.approx(delay_ms, abs=0.2)
    assert figures["loop_left_gain_db"] == pytest.approx(gain_db, abs=0.7)
    assert figures["loop_right_gain_db"] == pytest.approx(gain_db, abs=0.7)
    assert figures["loop_gain_db"] == pytest.approx(gain_db + 6.02, abs=0.7)
    assert figures["loop_side_difference_db"] < 1
    assert figures["loop_peak_db"] > 26


@given(early_ms=st.floats(0.1, 90))
def test_what_comes_before_it_was_played_is_heard_and_has_no_delay(early_ms: float) -> None:
    """The moment of handing over is an estimate: one that came out too late is no negative delay."""
    figures = found(heard(delay_ms=-early_ms))
    assert figures["loop_peak_db"] > 26
    assert figures["loop_gain_db"] == pytest.approx(6.02, abs=0.7)
    assert figures["loop_delay_ms"] is None


@given(seed=st.integers(0, 10**6), level=st.floats(1e-6, 0.3))
def test_noise_alone_is_never_taken_for_the_probe(seed: int, level: float) -> None:
    samples = np.random.default_rng(seed).normal(0, level, (2 * RATE, 1))
    assert found(samples)["loop_peak_db"] < 22


@pytest.mark.parametrize("noise", [0.0, 1e-4])
@pytest.mark.parametrize("dead", ["left", "right"])
def test_a_side_that_is_dead_is_told(dead: str, noise: float) -> None:
    figures = found(heard(noise=noise, **{dead: 0.0}))
    other = "right" if dead == "left" else "left"
    assert figures[f"loop_{dead}_gain_db"] is None
    assert figures[f"loop_{other}_gain_db"] == pytest.approx(0, abs=0.5)
    assert figures["loop_gain_db"] == pytest.approx(0, abs=0.5)
    assert figures["loop_side_difference_db"] > 20


def test_each_side_is_looked_for_in_the_channel_that_hears_it() -> None:
    samples = np.concatenate((heard(right=0.0), heard(left=0.0)), axis=1)
    figures = found(samples)
    assert figures["loop_left_gain_db"] == pytest.approx(0, abs=0.5)
    assert figures["loop_right_gain_db"] == pytest.approx(0, abs=0.5)
    assert figures["loop_side_difference_db"] < 1


def test_the_rooms_echoes_are_counted_as_leaking() -> None:
    dry = heard(noise=0.0)
    room = dry + 0.7 * np.roll(dry, RATE // 50, axis=0)  # an echo 20 ms later, 3 dB below
    assert found(room)["loop_left_gain_db"] == pytest.approx(10 * np.log10(1 + 0.49), abs=0.7)
    assert found(room)["loop_delay_ms"] == pytest.approx(90, abs=0.2)


@pytest.mark.parametrize("samples", [np.zeros((RATE, 1)), np.zeros((0, 1)), np.zeros((10, 2))])
def test_silence_and_nothing_hold_no_probe(samples: np.ndarray) -> None:
    figures = found(samples)
    assert figures["loop_peak_db"] == 0
    assert figures["loop_gain_db"] is None
    assert figures["loop_delay_ms"] is None


@pytest.mark.parametrize("make", [signals.chime, signals.probe, signals.chime_and_probe])
@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000, 192_000])
def test_our_sounds_are_quiet_and_begin_and_end_without_a_click(make: object, rate: int) -> None:
    samples = make(rate)
    assert samples.shape[1] == 2
    assert np.abs(samples).max() < 0.35
    assert np.abs(samples[0]).max() < 1e-3
    assert np.abs(samples[-1]).max() < 1e-2
    assert np.abs(np.diff(samples, axis=0)).max() < (0.35 if rate < 16_000 else 0.15)


def test_the_chime_is_first_left_then_right() -> None:
    samples = signals.chime(RATE)[round(signals.LEAD_SECONDS * RATE) :]
    half = len(samples) // 2
    assert np.abs(samples[:half, 1]).max() == np.abs(samples[half:, 0]).max() == 0
    assert np.abs(samples[:half, 0]).max() > 0.1
    assert np.abs(samples[half:, 1]).max() > 0.1
