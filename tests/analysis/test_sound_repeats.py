"""Packets that are said again are found, also after a coder; what voices repeat by themselves is not."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.analysis.sound_dropouts import dropouts
from readiness.analysis.sound_level import active_level, resampled
from readiness.analysis.sound_repeats import packet_repeats
from tests.analysis.test_sound_gaps import CODERS
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


def said_again(voice: Samples, seconds: float) -> Samples:
    """A packet in every quarter of a second is lost, with the one before it said twice instead."""
    size, again = int(seconds * RATE), voice.copy()
    for start in range(RATE // 4, voice.size - 2 * size, RATE // 4):
        again[start : start + size] = again[start + size : start + 2 * size] = again[start - size : start]
    return again


def repeats_in(samples: Samples) -> int:
    return packet_repeats(samples, active_level(samples, RATE)[0])


@pytest.mark.parametrize(("container", "subtype"), CODERS)
@pytest.mark.parametrize("seconds", [0.015, 0.02, 0.03])
def test_packets_that_a_coder_got_twice_are_found_by_their_one_length(
    voice: Samples, seconds: float, container: str, subtype: str
) -> None:
    """What comes back is no longer the very same."""
    again = shaping.coded(said_again(voice, seconds), RATE, container, subtype)
    assert repeats_in(again) > 4
    assert repeats_in(shaping.coded(voice, RATE, container, subtype)) <= 1


@pytest.mark.parametrize("voice_of", ["en-us+klatt", "de+klatt5", "sv+m5", "en-gb+croak"])
def test_a_synthesiser_keeps_to_no_one_length(voice_of: str) -> None:
    said = spoken(voice_of, "Hello, can you hear me? I am testing my microphone before the meeting begins.")
    assert repeats_in(resampled(said.samples, said.rate, RATE)) <= 4


def test_nothing_to_look_at_gives_none() -> None:
    assert packet_repeats(np.zeros(0), -26) == packet_repeats(np.zeros(RATE), -26) == 0
