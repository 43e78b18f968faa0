"""Recordings that are made when they are needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from tests.material.voices import spoken

SENTENCE = "I dag träffas vi på nätet i stället för att resa. Hör ni mig bra?"


def film(file: Path, seconds: float = 2.0) -> Path:
    """Somebody before the camera."""
    from tests.material.portraits import recording

    return recording(file, seconds, (1280, 720))


def voice(file: Path, times: int = 1) -> Path:
    """A quiet room, then a sentence, as many times as asked for."""
    said = spoken("sv", SENTENCE)
    words = np.tile(0.5 * said.samples, times)
    room = np.random.default_rng(1).normal(0, 0.0005, words.size + said.rate)
    room[said.rate :] += words
    soundfile.write(file, room, said.rate)
    return file
