"""The steady noise is found beneath a voice, whether or not it ever falls silent."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.analysis.sound_floor import floor
from readiness.analysis.sound_frames import frames
from readiness.analysis.sound_level import Samples, decibels

RATE_HZ = 16_000
SECONDS = 4


def white() -> Samples:
    return np.random.default_rng(5).normal(0, 0.01, SECONDS * RATE_HZ)


def sloped(noise: Samples, power: float) -> Samples:
    spectrum = np.fft.rfft(noise)
    hz = np.fft.rfftfreq(noise.size, 1 / RATE_HZ)
    spectrum *= np.maximum(hz, 60.0) ** (power / 2) * (hz > 40)
    made = np.fft.irfft(spectrum, noise.size)
    return np.asarray(made * 0.01 / made.std())


def voice(free_share: float) -> Samples:
    """A sound in every band, that leaves it free in about that share of the time, each at times of its own."""
    time = np.arange(SECONDS * RATE_HZ) / RATE_HZ
    soft = np.hanning(RATE_HZ // 20) / np.hanning(RATE_HZ // 20).sum()
    sound, rng = np.zeros(time.size), np.random.default_rng(6)
    for hz in np.arange(250, 8000, 500):
        heard = np.repeat(rng.permutation(SECONDS * 5) >= free_share * SECONDS * 5, RATE_HZ // 5)
        sound += 0.05 * np.convolve(heard, soft, "same") * np.sin(2 * np.pi * hz * time)
    return sound


def off_db(samples: Samples, noise: Samples) -> float:
    found = floor(frames(samples, RATE_HZ), 500.0)
    return decibels(float(found.sum())) - decibels(float(np.mean(np.square(noise))))


@pytest.mark.parametrize("power", [0.0, -1.0, -2.0])
def test_noise_alone_has_its_own_level(power: float) -> None:
    noise = sloped(white(), power)
    assert off_db(noise, noise) == pytest.approx(0, abs=2)


@pytest.mark.parametrize("power", [0.0, -1.0])
@pytest.mark.parametrize("free_share", [0.6, 0.3, 0.2])
def test_noise_beneath_a_voice_that_never_pauses_is_no_louder(free_share: float, power: float) -> None:
    noise = sloped(white(), power)
    assert off_db(noise + voice(free_share), noise) == pytest.approx(0, abs=1)


def test_beneath_a_voice_or_echo_that_hardly_ever_leaves_a_band_free_the_noise_is_still_found() -> None:
    noise = white()
    assert off_db(noise + voice(0.05), noise) == pytest.approx(0, abs=3)


def test_steady_lines_are_no_more_than_what_white_noise_would_be_taken_for() -> None:
    hum = 0.02 * np.sin(2 * np.pi * 50 * np.arange(SECONDS * RATE_HZ) / RATE_HZ)
    assert 0 < off_db(hum + 0.01 * white(), hum) < 3.1


@pytest.mark.parametrize("samples", [np.zeros(RATE_HZ), np.zeros(1), np.full(40, 0.5)])
def test_silence_and_next_to_nothing_have_a_floor(samples: Samples) -> None:
    found = floor(frames(samples, RATE_HZ), 500.0)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
