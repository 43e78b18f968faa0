"""Packets that are said again are found; what voices repeat by themselves is not."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.analysis.sound_dropouts import dropouts
from readiness.analysis.sound_level import active_level
from tests.material import shaping
from tests.material.shaping import Samples
from tests.material.voices import spoken

RATE = 16000


@pytest.mark.parametrize("last", [0.0, 0.5])
def test_a_lost_packet_filled_in_with_the_one_before_fading_is_found(voice: Samples, last: float) -> None:
    size = RATE // 50
    filled = voice.copy()
    for start in range(10 * size, voice.size - size, 10 * size):
        filled[start : start + size] = filled[start - size : start] * np.linspace(1, last, size)
    lost = dropouts(shaping.in_steps(filled), RATE, -26)
    assert lost.repeats >= 3
    assert dropouts(voice, RATE, -26).repeats == 0


@pytest.mark.parametrize("voice_of", ["en-us+klatt", "en-us+klatt3", "de+klatt5", "sv+m5", "en-gb+croak"])
def test_what_a_synthesiser_says_alike_is_no_repeated_packet(voice_of: str) -> None:
    said = spoken(voice_of, "Hello, can you hear me? I am testing my microphone before the meeting begins.")
    lost = dropouts(said.samples, said.rate, active_level(said.samples, said.rate)[0])
    assert lost.holes + lost.repeats <= 1
