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


def voice(file: Path) -> Path:
    """A quiet room, then a sentence."""
    said = spoken("sv", SENTENCE)
    room = np.random.default_rng(1).normal(0, 0.0005, said.samples.size + said.rate)
    room[said.rate :] += 0.5 * said.samples
    soundfile.write(file, room, said.rate)
    return file
