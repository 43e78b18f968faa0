from __future__ import annotations

import numpy as np
import pytest

from readiness.analysis.sound_echo import echo
from readiness.analysis.sound_room import ROOM_RATE_HZ as RATE
from tests.material.shaping import Samples, low_pass


def returned(voice: Samples, delay_ms: float, share: float) -> Samples:
    away = int(delay_ms * RATE / 1000)
    return share * np.concatenate((np.zeros(away), voice))[: voice.size]


@pytest.mark.parametrize("delay_ms", [90, 250, 550])
@pytest.mark.parametrize(("share", "strength"), [(0.4, 0.15), (-0.5, 0.1)])
def test_an_echo_is_found_with_its_delay_upside_down_as_well(
    voice: Samples, delay_ms: int, share: float, strength: float
) -> None:
    found = echo(voice + returned(voice, delay_ms, share))
    assert found.strength > strength
    assert found.delay_ms == pytest.approx(delay_ms, abs=1)


@pytest.mark.parametrize("delay_ms", [230, 480])
def test_a_late_echo_stands_out_however_faint_and_dull(voice: Samples, delay_ms: int) -> None:
    found = echo(voice + low_pass(returned(voice, delay_ms, 10 ** (-15 / 20)), RATE, 3400))
    assert found.late_prominence > 2 * echo(voice).late_prominence
    assert found.late_prominence > 5
    assert found.late_delay_ms == pytest.approx(delay_ms, abs=1)


def test_single_words_between_pauses_come_back_as_well(voice: Samples) -> None:
    words = voice.copy()
    for start in range(RATE // 2, words.size, RATE):
        words[start : start + RATE // 2] *= 0.01
    found = echo(words + returned(words, 220, 0.4))
    assert found.strength > 0.1
    assert found.delay_ms == pytest.approx(220, abs=1)


def test_a_whine_is_no_echo(voice: Samples) -> None:
    time = np.arange(voice.size) / RATE
    whine = sum(np.sin(2 * np.pi * 1000 * n * time) / n for n in (1, 2, 3, 4, 5))
    assert echo(voice + 0.02 * whine).strength < 0.05


def test_a_word_said_twice_is_no_echo(voice: Samples) -> None:
    word = voice[2 * RATE : 2 * RATE + RATE // 3]
    found = echo(np.concatenate((voice[: 2 * RATE], word, word, voice[2 * RATE :])))
    assert found.strength < 0.08
    assert found.late_prominence < 5


@pytest.mark.parametrize("seconds", [0.0, 0.9, 1.0])
def test_where_there_is_too_little_or_nothing_no_echo_is_found(seconds: float) -> None:
    assert echo(np.zeros(int(seconds * RATE))).strength == 0
    assert echo(np.zeros(int(seconds * RATE))).late_prominence == 0
