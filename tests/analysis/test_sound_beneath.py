"""What a voice's level and its noise are where a model takes the voice out, and where it may not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from readiness.analysis import sound, sound_beneath, sound_voice
from readiness.analysis.sound_level import active_level
from tests.material import noises, shaping
from tests.material.shaping import Samples

RATE = 16000


def figures(mono: Samples) -> dict[str, Any]:
    return sound.figures(mono[:, None], RATE)


def test_the_level_of_a_voice_in_bursts_is_the_voices_own(voice: Samples) -> None:
    knocks = noises.knocks(voice.size, RATE, np.random.default_rng(4))
    heard = voice + 10 ** (-32 / 20) * knocks / np.sqrt(shaping.power(knocks))
    found = figures(heard)
    assert found["active_level_dbfs"] == pytest.approx(-26, abs=0.5)
    assert found["snr_db"] == pytest.approx(6, abs=3)


def test_a_voice_that_bursts_drown_has_the_level_that_the_model_leaves(voice: Samples) -> None:
    """Of far louder noise nothing is left of the whole when it is taken off: still there is a voice."""
    random = np.random.default_rng(6)
    said = np.concatenate((random.normal(0, 1e-3, RATE), voice))
    keys = noises.keyboard(said.size, RATE, np.random.default_rng(3))
    for loud_db in (-16, -13):
        found = figures(said + 10 ** (loud_db / 20) * keys / np.sqrt(shaping.power(keys)))
        assert -45 < found["active_level_dbfs"] < -15


def test_where_long_pauses_are_still_no_noise_is_looked_for_beneath_words(
    voice: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much of a voice the model may not know."""
    asked: list[float] = []
    monkeypatch.setattr(sound, "_may_hide_bursts", lambda *_: True)
    monkeypatch.setattr(sound, "beneath", lambda *given: asked.append(given[2]))
    random = np.random.default_rng(6)
    quiet = np.concatenate((np.zeros(2 * RATE), voice)) + random.normal(0, 1e-3, voice.size + 2 * RATE)
    figures(quiet)
    assert not asked
    knocks = noises.knocks(quiet.size, RATE, random)
    figures(quiet + 10 ** (-32 / 20) * knocks / np.sqrt(shaping.power(knocks)))
    assert asked


def test_a_voice_with_its_peaks_turned_down_keeps_its_level(voice: Samples) -> None:
    """A limiter's voice is not what the model of voices knows, and what it took off lowered the level."""
    loud, level = voice, -26.0
    for _ in range(12):
        loud = shaping.limited(shaping.gain(loud, -10 - level), RATE, 0.93)
        level = active_level(loud, RATE)[0]
    found = figures(loud)
    assert found["crest_db"] < 11
    assert found["snr_beneath_db"] is None
    assert found["active_level_dbfs"] == pytest.approx(level, abs=0.5)


def test_beneath_a_voice_without_a_pause_bursts_are_looked_for(voice: Samples) -> None:
    """However good the background sounds: nowhere else would a knock be heard."""
    knocks = noises.knocks(voice.size, RATE, np.random.default_rng(4))
    heard = voice + 10 ** (-34 / 20) * knocks / np.sqrt(shaping.power(knocks))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sound, "scores", lambda _samples, _level: (4.3, 4.4))
        patch.setattr(sound, "voice_probability", lambda samples: np.ones(samples.size // sound_voice.WINDOW))
        found = sound.figures(heard[:, None], RATE)
    assert found["burst_db"] is None
    assert found["snr_beneath_db"] < 13
    assert found["snr_db"] == pytest.approx(8, abs=4)


def test_a_voice_that_the_model_does_not_know_is_no_noise(voice: Samples) -> None:
    """Where the background is good and what was taken off sounds like vowels, words were taken for noise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sound_beneath, "voice_alone", lambda samples, _network: 0.3 * samples)
        for background, known in ((4.0, False), (2.0, True), (None, True)):
            found = sound_beneath.beneath(voice, RATE, -26.0, background)
            assert found is not None
            assert found.took_a_voice is not known
        patch.setattr(sound, "scores", lambda _samples, _level: (4.0, 4.0))
        patch.setattr(sound, "_may_hide_bursts", lambda *_: True)
        heard = figures(voice)
    assert heard["snr_beneath_db"] is None
    assert heard["active_level_dbfs"] == pytest.approx(-26, abs=0.5)


def test_what_is_loud_before_anybody_speaks_is_noise_however_good_it_sounds(voice: Samples) -> None:
    """As a dog that barks: what is taken off then sounds like vowels as well."""
    time = np.arange(RATE) / RATE
    barks = 0.1 * np.sin(2 * np.pi * 300 * time) * (time % 0.4 < 0.2)
    for before, known in ((barks, True), (1e-4 * np.random.default_rng(1).normal(size=RATE), False)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sound_beneath, "voice_alone", lambda samples, _network: 0.3 * samples)
            patch.setattr(sound, "scores", lambda _samples, _level: (4.0, 4.0))
            patch.setattr(sound, "_may_hide_bursts", lambda *_: True)
            found = figures(np.concatenate((before, voice)))
        assert (found["snr_beneath_db"] is not None) is known


def knocks_that_ring(count: int) -> Samples:
    """About five a second, on a desk that rings at 400 Hz and above it."""
    random, time = np.random.default_rng(1), np.arange(RATE // 5) / RATE
    ring = np.exp(-time / 0.03) * (np.sin(2 * np.pi * 400 * time) + 0.5 * np.sin(2 * np.pi * 1080 * time))
    knocks = np.zeros(count)
    for at in np.arange(0.05, count / RATE - 0.3, 0.2):
        start = int((at + random.uniform(0, 0.05)) * RATE)
        blow = 0.2 * random.normal(size=time.size) * np.exp(-time / 0.004)
        knocks[start : start + time.size] += ring + blow
    return knocks / np.sqrt(shaping.power(knocks)) * 10 ** (-16 / 20)


def test_a_voice_that_knocks_drown_is_heard_without_them(voice: Samples) -> None:
    """The detector alone takes it for nobody speaking; knocks alone stay nobody speaking."""
    knocks = knocks_that_ring(voice.size)
    alone = sound_voice.voice_probability(voice + knocks)
    assert alone is not None
    assert (alone > 0.3).sum() * sound_voice.WINDOW / RATE < 0.3
    heard = figures(voice + knocks)
    assert heard["voice_seconds"] > 2
    assert heard["snr_db"] < 5
    assert figures(knocks)["voice_seconds"] < 0.3
