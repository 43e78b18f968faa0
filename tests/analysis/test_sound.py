from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.analysis import signals, sound

RATE = 16000


def tone(amplitude: float, seconds: float = 2.0, rate: int = RATE, hz: float = 997.0) -> sound.Samples:
    return amplitude * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)


def figures(mono: sound.Samples, rate: int = RATE) -> dict[str, object]:
    return sound.figures(mono[:, None], rate)


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000, 192000])
def test_active_level_of_a_steady_tone_is_its_rms(rate: int) -> None:
    level, activity = sound.active_level(tone(0.1, rate=rate), rate)
    assert level == pytest.approx(-23.01, abs=0.1)
    assert activity == pytest.approx(1, abs=0.03)


@given(gain_db=st.floats(-40, 0))
def test_active_level_follows_the_gain(gain_db: float) -> None:
    rng = np.random.default_rng(7)
    bursts = rng.normal(0, 0.1, 4 * RATE) * (np.arange(4 * RATE) % RATE < 0.6 * RATE)
    level, activity = sound.active_level(bursts, RATE)
    quieter, same_activity = sound.active_level(bursts * 10 ** (gain_db / 20), RATE)
    # Thresholds are a factor of two apart, and the level between two of them is interpolated.
    assert quieter - level == pytest.approx(gain_db, abs=0.3)
    assert same_activity == pytest.approx(activity, abs=0.06)


def test_pauses_do_not_lower_the_active_level() -> None:
    speaking = np.random.default_rng(3).normal(0, 0.1, 2 * RATE)
    paused = np.concatenate((speaking, np.zeros(6 * RATE)))
    level, activity = sound.active_level(paused, RATE)
    assert level == pytest.approx(sound.rms_dbfs(speaking), abs=0.6)
    assert activity == pytest.approx(0.26, abs=0.04)


def test_silence_has_no_level() -> None:
    found = figures(np.zeros(RATE))
    assert found["active_level_dbfs"] == sound.FLOOR_DBFS
    assert found["swing_p999"] == 0
    assert found["clipped_percent"] == 0


def test_offset_is_told_and_kept_out_of_the_level() -> None:
    found = figures(tone(0.1) + 0.2)
    assert found["dc_offset"] == pytest.approx(0.2, abs=0.001)
    assert found["active_level_dbfs"] == pytest.approx(-23.01, abs=0.2)


def test_clipping_counts_flat_tops_and_not_a_loud_tone() -> None:
    assert figures(np.clip(tone(0.9), -0.45, 0.45))["clipped_percent"] > 20
    assert figures(tone(0.99))["clipped_percent"] < 3


def test_noise_ratio_of_speech_in_steady_noise() -> None:
    rng = np.random.default_rng(5)
    speech = np.where(np.arange(4 * RATE) % RATE < RATE // 2, tone(0.2, 4), 0)
    found = figures(speech + rng.normal(0, 0.002, speech.size))
    assert found["noise_dbfs"] == pytest.approx(-54, abs=1.5)
    assert found["snr_db"] == pytest.approx(37, abs=2)


def test_the_loudest_channel_is_measured() -> None:
    stereo = np.stack((np.zeros(RATE), tone(0.1, 1)), axis=1)
    found = sound.figures(stereo, RATE)
    assert found["channel_levels_dbfs"][0] == sound.FLOOR_DBFS
    assert found["active_level_dbfs"] == pytest.approx(-23.01, abs=0.2)


def test_nothing_recorded_is_zero_seconds() -> None:
    assert sound.figures(np.empty((0, 1)), RATE) == {"seconds": 0.0}


@given(delay_ms=st.integers(5, 400), gain_db=st.floats(-45, 0), seed=st.integers(0, 1000))
def test_the_sweep_is_found_with_its_delay_and_level(delay_ms: int, gain_db: float, seed: int) -> None:
    rate = 8000 * 2
    started = rate // 4
    heard = np.random.default_rng(seed).normal(0, 1e-4, 2 * rate)
    played = signals.sweep(rate)[:, 0] * 10 ** (gain_db / 20)
    at = started + delay_ms * rate // 1000
    heard[at : at + played.size] += played
    found = signals.find_sweep(heard[:, None], rate, started)
    assert found["loop_delay_ms"] == pytest.approx(delay_ms, abs=1)
    assert found["loop_gain_db"] == pytest.approx(gain_db, abs=1)
    assert found["loop_peak_db"] > 26


@given(seed=st.integers(0, 10_000), level=st.floats(1e-5, 0.3))
def test_noise_alone_is_no_sweep(seed: int, level: float) -> None:
    heard = np.random.default_rng(seed).normal(0, level, (2 * RATE, 1))
    assert signals.find_sweep(heard, RATE, RATE // 4)["loop_peak_db"] < 22


def test_the_chime_is_left_then_right_and_within_scale() -> None:
    chime = signals.chime(48000)
    half = len(chime) // 2
    assert np.abs(chime).max() < 0.5
    assert np.all(chime[:half, 1] == 0)
    assert np.all(chime[half:, 0] == 0)
    assert np.abs(chime[:half, 0]).max() > 0.05
