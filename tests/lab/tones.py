"""A tone to play, and how much of it a recording holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 48000


def write_tone(file: Path, *, hertz: float, seconds: float, channels: int = 1) -> Path:
    """A sine at -6 dBFS as a WAV file of 16 bits."""
    times = np.arange(int(RATE * seconds)) / RATE
    wave = 0.5 * np.sin(2 * np.pi * hertz * times)
    soundfile.write(file, np.repeat(wave[:, None], channels, axis=1), RATE, subtype="PCM_16")
    return file


def share_of(hertz: float, recording: NDArray[np.floating]) -> float:
    """How much of the recording's energy lies within 20 Hz of `hertz`: 0 (none) to 1 (all)."""
    mono = recording.reshape(len(recording), -1)[:, 0].astype(float)
    power = np.abs(np.fft.rfft(mono * np.hanning(len(mono)))) ** 2
    near = np.abs(np.fft.rfftfreq(len(mono), 1 / RATE) - hertz) <= 20
    return float(power[near].sum() / power.sum()) if power.sum() > 0 else 0.0
