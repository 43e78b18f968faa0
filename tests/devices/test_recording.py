"""Recordings in place of the microphone: what is no usable sound is refused in words, the rest is read."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from readiness.devices.ports import DeviceError, Problem
from readiness.devices.recording import recorded

TONE = 0.2 * np.sin(2 * np.pi * 440 * np.arange(16000) / 16000)


def written(folder: Path, samples: object, rate: int = 16000, **how: str) -> Path:
    file = folder / "sound.wav"
    soundfile.write(file, samples, rate, **how)
    return file


@pytest.mark.parametrize("rate", [8000, 11025, 44100, 192000])
def test_any_usual_rate_is_read(tmp_path: Path, rate: int) -> None:
    sound = np.tile(TONE, 1 + rate // TONE.size)
    samples, found = recorded(written(tmp_path, sound, rate))
    assert found == rate
    assert samples.shape == (sound.size, 1)


@pytest.mark.parametrize(
    "how",
    [
        {"subtype": "PCM_U8"},
        {"subtype": "PCM_24"},
        {"subtype": "DOUBLE"},
        {"subtype": "ULAW"},
        {"format": "FLAC"},
        {"format": "OGG", "subtype": "VORBIS"},
        {"format": "MP3"},
        {"format": "AIFF"},
    ],
)
def test_other_formats_are_read(tmp_path: Path, how: dict[str, str]) -> None:
    samples, _ = recorded(written(tmp_path, TONE, **how))
    assert np.sqrt(np.mean(np.square(samples))) == pytest.approx(0.1414, rel=0.05)


def test_three_channels_are_read(tmp_path: Path) -> None:
    samples, _ = recorded(written(tmp_path, np.stack((TONE, TONE, 0 * TONE), axis=1)))
    assert samples.shape == (TONE.size, 3)


def test_a_long_recording_is_read_for_half_a_minute(tmp_path: Path) -> None:
    samples, rate = recorded(written(tmp_path, np.tile(TONE, 45)))
    assert samples.shape[0] == 30 * rate


def test_many_channels_at_a_high_rate_take_no_more_memory_than_stereo(tmp_path: Path) -> None:
    file = tmp_path / "wide.flac"
    with soundfile.SoundFile(str(file), "w", 384_000, 8, format="FLAC") as recording:
        for _ in range(5):
            recording.write(np.zeros((384_000, 8), np.int16))
    samples, rate = recorded(file)
    assert rate == 384_000
    assert samples.nbytes < 100_000_000
    assert samples.shape[0] > rate  # enough for the beginning of it to be judged


def test_a_truncated_recording_gives_what_there_is(tmp_path: Path) -> None:
    file = written(tmp_path, TONE)
    file.write_bytes(file.read_bytes()[:20_000])
    samples, _ = recorded(file)
    assert 9_000 < samples.shape[0] < 10_000


@pytest.mark.parametrize(
    ("samples", "rate"),
    [
        (np.zeros((0, 1)), 16000),
        (np.full(1000, np.nan), 16000),
        (np.full(1000, np.inf), 16000),
        (np.full(1000, 1e200), 16000),
        (TONE * 32767, 16000),  # whole numbers written as floats
        (TONE, 100),
        (TONE[:1], 16000),
        (TONE[:4000], 16000),
        (np.zeros((100, 12)), 16000),
    ],
)
def test_what_is_no_sound_is_refused(tmp_path: Path, samples: object, rate: int) -> None:
    file = written(tmp_path, samples, rate, subtype="DOUBLE")
    with pytest.raises(DeviceError) as caught:
        recorded(file)
    assert caught.value.problem is Problem.UNREADABLE_FILE


@given(content=st.binary(max_size=400), keep=st.integers(0, 60))
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_sound_or_refused(tmp_path: Path, content: bytes, keep: int) -> None:
    whole = written(tmp_path, TONE[:200]).read_bytes()
    file = tmp_path / "any.wav"
    file.write_bytes(whole[:keep] + content)
    with contextlib.suppress(DeviceError):
        samples, rate = recorded(file)
        assert samples.size
        assert np.isfinite(samples).all()
        assert rate >= 4000
