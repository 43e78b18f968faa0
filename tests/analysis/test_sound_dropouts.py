"""Holes amid words are found, whatever fills them; pauses of digital silence are none."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.analysis.sound_dropouts import dropouts
from readiness.analysis.sound_level import active_level
from tests.material import shaping
from tests.material.shaping import Samples
from tests.material.voices import spoken

RATE = 16000


def _torn(voice: Samples, kind: str) -> Samples:
    torn = voice.copy()
    loud = np.flatnonzero(np.abs(voice) > 0.5 * np.abs(voice).max())
    for start in (int(at) for at in loud[:: loud.size // 6]):
        if 480 < start < voice.size - 480:
            if kind == "repeat":
                torn[start : start + 320] = voice[start - 320 : start]
            else:
                torn[start : start + 320] = voice[start - 1] if kind == "hold" else 0
    return torn


@pytest.mark.parametrize("kind", ["zero", "hold", "repeat"])
def test_holes_amid_words_are_found(voice: Samples, kind: str) -> None:
    lost = dropouts(_torn(voice, kind), RATE, -26)
    assert lost.holes + lost.repeats >= 2


def test_silence_that_a_loud_voice_fades_into_and_out_of_at_once_is_a_hole(voice: Samples) -> None:
    """As what fills in for lost packets leaves it; the room itself is never so silent."""
    hiss = np.random.default_rng(3).normal(0, 10 ** (-66 / 20), voice.size)
    live, fade = voice + hiss, RATE // 500
    ramp = np.concatenate((np.linspace(1, 0, fade), np.zeros(RATE // 20), np.linspace(0, 1, fade)))
    gaps = 0
    for start in np.flatnonzero(np.abs(voice) > 0.5 * np.abs(voice).max()):
        end = int(start) + ramp.size
        if gaps * RATE // 2 <= start and end < voice.size and abs(voice[end - 1]) > 0.2 * np.abs(voice).max():
            live[start:end] *= ramp
            gaps += 1
    assert gaps >= 2
    assert dropouts(shaping.in_steps(live), RATE, -26).holes >= 2


@pytest.mark.parametrize(("pauses_too", "least", "most"), [(False, 3, 99), (True, 0, 0)])
def test_a_microphone_that_is_turned_off_amid_words_alone_has_holes(
    voice: Samples, pauses_too: bool, least: int, most: int
) -> None:
    """As a half-duplex speakerphone does while the other end is heard; in the pauses the room is there."""
    hiss = np.random.default_rng(3).normal(0, 10 ** (-66 / 20), voice.size + RATE)
    live = np.concatenate((np.zeros(RATE), voice)) + hiss
    opened = np.ones(live.size)
    loud = np.flatnonzero(np.abs(live) > 0.4 * np.abs(live).max())
    last = 0
    for start in (int(at) for at in loud):
        if start > last + RATE // 3 and np.abs(live[start + RATE // 10 :][:160]).max(initial=0) > 0.04:
            opened[start : start + RATE // 10] = 1e-3
            last = start
    if pauses_too:
        opened[:RATE] = 1e-3
    smooth = np.convolve(opened, np.hanning(65) / np.hanning(65).sum(), "same")
    assert least <= dropouts(live * smooth, RATE, -26).holes <= most


def test_packets_lost_as_a_word_begins_are_found_by_their_one_length(voice: Samples) -> None:
    live = voice + np.random.default_rng(5).normal(0, 1e-4, voice.size)
    loudest = np.abs(voice).reshape(5, -1).argmax(axis=1) + np.arange(5) * RATE
    for begin in (int(at) for at in loudest if at > 1120):
        live[begin - 1120 : begin - 640] *= 0.003  # a pause before the lost packet
        live[begin - 640 : begin] = 0
    assert dropouts(live, RATE, -26).holes >= 2


@pytest.mark.parametrize("language", ["sv", "en-us", "de"])
def test_silence_that_a_synthesiser_made_is_no_hole(language: str) -> None:
    said = spoken(language, "I dag träffas vi på nätet i stället för att resa. The quick brown fox jumps.")
    assert dropouts(said.samples, said.rate, active_level(said.samples, said.rate)[0]).holes <= 1


def test_a_loud_sound_that_is_shut_off_is_a_hole_though_the_silence_is_digital() -> None:
    """Longer than closed lips are silent amid vowels, but lips do not shut off a loud sound at once."""
    said = spoken("sv", "I dag träffas vi på nätet i stället för att resa. The quick brown fox jumps.")
    torn, loud = said.samples.copy(), 0.2 * float(np.abs(said.samples).max())
    size, last = int(0.11 * said.rate), -said.rate
    for start in np.flatnonzero(np.abs(torn[:-size]) > loud):
        if start - last > said.rate // 3 and abs(said.samples[start + size]) > loud:
            torn[start + 1 : start + size] = 0
            last = int(start)
    level = active_level(said.samples, said.rate)[0]
    assert dropouts(torn, said.rate, level).holes >= 2


@pytest.mark.parametrize("level", [-22, -26, -32])
def test_a_voice_in_eight_bits_rests_on_its_steps_and_has_no_holes(voice: Samples, level: float) -> None:
    """Half a step up or down is no jump, however long the voice stays between two of them."""
    coarse = shaping.in_steps(shaping.gain(voice, level + 26), bits=8)
    assert dropouts(coarse, RATE, level).holes <= 1
    torn = shaping.in_steps(shaping.gain(_torn(voice, "zero"), level + 26), bits=8)
    assert dropouts(torn, RATE, level).holes >= 2


def test_a_noise_gate_makes_no_holes(voice: Samples) -> None:
    size = RATE // 100
    frames = np.sqrt(np.mean(np.square(voice.reshape(-1, size)), axis=1))
    is_open = np.convolve(frames > 0.003, np.ones(10))[: frames.size] > 0
    lost = dropouts(voice * np.repeat(is_open, size), RATE, -26)
    assert lost.holes + lost.repeats <= 1
