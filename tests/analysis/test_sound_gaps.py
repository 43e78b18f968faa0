"""Zeros for lost packets that a coder has smeared are found by what no room does, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.analysis.sound_gaps import gaps
from readiness.analysis.sound_level import resampled
from tests.material import shaping
from tests.material.shaping import Samples

RATE = 48_000
LEVEL_DBFS = -26.0
CODERS = [("MP3", "MPEG_LAYER_III"), ("OGG", "VORBIS"), ("OGG", "OPUS")]


def coded(samples: Samples, container: str, coder: str) -> Samples:
    return shaping.coded(samples, RATE, container, coder)


@pytest.fixture(scope="module")
def in_a_room(voice: Samples) -> Samples:
    """The voice at 48 kHz in a quiet room, a second of the room before it."""
    spoken = np.concatenate((np.zeros(RATE), resampled(voice, 16_000, RATE)))
    return spoken + np.random.default_rng(5).normal(0, 10 ** (-64 / 20), spoken.size)


def torn(samples: Samples, *, milliseconds: int) -> tuple[Samples, list[float]]:
    """Zeros where the voice is loud, and where they begin, in seconds."""
    lost, size = samples.copy(), RATE * milliseconds // 1000
    begins: list[int] = []
    for start in np.flatnonzero(np.abs(samples) > 0.5 * np.abs(samples).max()):
        far = not begins or start - begins[-1] > RATE // 2
        if (
            far
            and np.abs(samples[start + size :][: RATE // 200]).max(initial=0) > 0.3 * np.abs(samples).max()
        ):
            lost[start : start + size] = 0
            begins.append(int(start))
    assert len(begins) >= 3
    return lost, [begin / RATE for begin in begins]


@pytest.mark.parametrize(("container", "coder"), CODERS[:2])
def test_zeros_that_a_coder_smeared_are_found(in_a_room: Samples, container: str, coder: str) -> None:
    lost, begins = torn(in_a_room, milliseconds=50)
    heard = coded(lost, container, coder)
    found = gaps(heard, RATE, LEVEL_DBFS)
    assert found == pytest.approx(begins, abs=0.03)


@pytest.mark.parametrize(("container", "coder"), CODERS)
def test_a_whole_voice_has_none_however_it_is_coded(in_a_room: Samples, container: str, coder: str) -> None:
    assert not gaps(coded(in_a_room, container, coder), RATE, LEVEL_DBFS)


def test_where_silence_is_digital_anyhow_none_are_told(in_a_room: Samples, voice: Samples) -> None:
    """A synthesiser's pauses, a gate's, and a voice that is alone."""
    size = RATE // 100
    moments = in_a_room[: in_a_room.size // size * size].reshape(-1, size)
    is_open = np.sqrt(np.mean(np.square(moments), axis=1)) > 0.003
    assert not gaps((moments * is_open[:, None]).ravel(), RATE, LEVEL_DBFS)
    assert not gaps(np.where(np.abs(voice) < 0.003, 0, voice), 16_000, LEVEL_DBFS)
    assert not gaps(voice[:800], 16_000, LEVEL_DBFS)
    assert not gaps(np.zeros(0), RATE, LEVEL_DBFS)
