"""Vowels that are cut off and back at once are found; a voice's own falls, a gate's and clicks are not."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.analysis.sound_cuts import cuts
from readiness.analysis.sound_dropouts import dropouts
from readiness.analysis.sound_level import active_level, resampled
from tests.analysis.test_sound_gaps import CODERS, coded
from tests.material import noises, shaping, voices
from tests.material.shaping import Samples

RATE = 48_000
LEVEL_DBFS = -26.0
FLOOR_DBFS = -66.0


def noise_of(size: int) -> Samples:
    return np.random.default_rng(6).normal(0, 10 ** (FLOOR_DBFS / 20), size)


@pytest.fixture(scope="module")
def spoken(voice: Samples) -> Samples:
    """The voice at 48 kHz in a quiet office, without the room's own noise."""
    dry = resampled(voice, 16_000, RATE)
    said = shaping.convolved(dry, noises.tail_room(RATE, np.random.default_rng(1), 0.2, 8))
    return shaping.gain(said, LEVEL_DBFS - active_level(said, RATE)[0])


def vowels(samples: Samples, seconds: float) -> list[int]:
    """Where a piece of `seconds` has a loud vowel before and after it, half a second apart."""
    level = np.convolve(
        np.square(shaping.low_pass(samples, RATE, 1000)), np.ones(RATE // 100) * 100 / RATE, "same"
    )
    loud = level > 10 ** ((LEVEL_DBFS - 3) / 10)
    size, beside = int(seconds * RATE), RATE // 200
    found: list[int] = []
    for start in range(RATE // 10, samples.size - size - RATE // 10, RATE // 100):
        far = not found or start - found[-1] > RATE // 2
        if far and loud[start - 2 * beside : start].all() and loud[start + size :][: 2 * beside].all():
            found.append(start)
    assert len(found) >= 3
    return found


def without(samples: Samples, starts: list[int], seconds: float) -> Samples:
    """Silence there, with edges of 3 ms."""
    edge = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, int(0.003 * RATE)))
    hole = np.concatenate((edge, np.zeros(int(seconds * RATE) - 2 * edge.size), edge[::-1]))
    kept = samples.copy()
    for start in starts:
        kept[start : start + hole.size] *= hole
    return kept


@pytest.mark.parametrize(("container", "coder"), CODERS)
@pytest.mark.parametrize("seconds", [0.04, 0.08])
def test_the_rooms_noise_in_the_place_of_lost_packets_is_found(
    spoken: Samples, container: str, coder: str, seconds: float
) -> None:
    starts = vowels(spoken, seconds)
    heard = coded(without(spoken, starts, seconds) + noise_of(spoken.size), container, coder)
    found = cuts(heard, RATE, LEVEL_DBFS)
    assert len(found) >= 2
    assert all(min(abs(at - start / RATE) for start in starts) < 0.02 for at in found)


@pytest.mark.parametrize("beneath_db", [14, 20])
def test_noise_in_the_place_of_lost_packets_is_found_though_it_is_nearly_as_loud(
    spoken: Samples, beneath_db: float
) -> None:
    starts = vowels(spoken, 0.04)
    noise = np.random.default_rng(8).normal(0, 10 ** ((LEVEL_DBFS - beneath_db) / 20), spoken.size)
    filled = without(spoken, starts, 0.04) + (noise - without(noise, starts, 0.04))
    found = cuts(filled, RATE, LEVEL_DBFS)
    assert len(found) >= 3
    assert all(min(abs(at - start / RATE) for start in starts) < 0.02 for at in found)
    assert not cuts(spoken + noise, RATE, LEVEL_DBFS)


def test_silence_that_opus_filled_a_little_is_a_hole(spoken: Samples) -> None:
    starts = vowels(spoken, 0.05)
    heard = coded(without(spoken + noise_of(spoken.size), starts, 0.05), "OGG", "OPUS")
    assert dropouts(heard, RATE, LEVEL_DBFS).holes >= 2


@pytest.mark.parametrize(("container", "coder"), CODERS)
def test_a_whole_voice_has_none_however_it_is_coded(spoken: Samples, container: str, coder: str) -> None:
    assert not cuts(coded(spoken + noise_of(spoken.size), container, coder), RATE, LEVEL_DBFS)


@pytest.mark.parametrize("threshold_db", [-16, -22, -28])
def test_a_hard_gate_makes_none(voice: Samples, threshold_db: float) -> None:
    """It opens and closes within 2 ms, on a voice without a room, as soon as the voice is fainter."""
    dry = resampled(voice, 16_000, RATE)
    size = RATE // 500
    peaks = np.abs(dry[: dry.size // size * size]).reshape(-1, size).max(axis=1)
    held = np.convolve(peaks > 10 ** ((LEVEL_DBFS + threshold_db) / 20), np.ones(10))[: peaks.size] > 0
    gates = np.interp(np.arange(dry.size) / size, np.arange(held.size) + 0.5, held.astype(float))
    assert not cuts(dry * gates + noise_of(dry.size), RATE, LEVEL_DBFS)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("it", "Otto gatti attaccati al tetto di tutta la città, pappa, bocca, tappo, cappotto, pacco."),
        ("fi", "Pekka osti takin ja kakkua torilta, kukka kukkuu, pappi keitti kattilassa puuroa."),
        ("en", "Zero one two three four five six seven eight nine. Eight two six, ten, twenty eight."),
    ],
)
def test_a_synthesisers_closures_are_none(language: str, sentence: str) -> None:
    """Which end and begin within a period, with silence between."""
    said = voices.spoken(language, sentence)
    for samples in (
        said.samples,
        said.samples + 1e-3 * np.random.default_rng(2).normal(size=said.samples.size),
    ):
        assert not cuts(samples, said.rate, active_level(samples, said.rate)[0])


def test_keys_beside_a_voice_are_none(spoken: Samples) -> None:
    keys = noises.keyboard(spoken.size, RATE, np.random.default_rng(4))
    typed = spoken + 0.3 * np.abs(spoken).max() * keys + noise_of(spoken.size)
    assert not cuts(typed, RATE, LEVEL_DBFS)


def test_one_place_alone_and_what_is_too_short_tell_nothing(spoken: Samples) -> None:
    starts = vowels(spoken, 0.05)
    assert not cuts(without(spoken, starts[:1], 0.05) + noise_of(spoken.size), RATE, LEVEL_DBFS)
    assert not cuts(spoken[: RATE // 10], RATE, LEVEL_DBFS)
    assert not cuts(np.zeros(0), RATE, LEVEL_DBFS)
    assert not cuts(np.zeros(RATE), RATE, LEVEL_DBFS)
