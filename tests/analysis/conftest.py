"""A voice for the tests of sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from readiness.analysis import sound
from tests.material import shaping
from tests.material.shaping import Samples

RATE = 16000
READ_ALOUD = Path("/usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-0920.wav")


@pytest.fixture(scope="session")
def voice() -> Samples:
    """Five seconds of a novel read aloud, recorded, its active level -26 dBFS."""
    samples, rate = soundfile.read(READ_ALOUD, dtype="float64")
    assert rate == RATE
    part = samples[: 5 * RATE] - np.mean(samples[: 5 * RATE])
    return shaping.gain(part, -26 - sound.active_level(part, RATE)[0])
