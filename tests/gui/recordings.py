"""Recordings that are made when they are needed."""

from __future__ import annotations

import math
import random
import struct
import wave
from pathlib import Path


def film(file: Path, seconds: float = 2.0) -> Path:
    """Somebody before the camera."""
    from tests.material.portraits import recording

    return recording(file, seconds, (1280, 720))


def voice(file: Path) -> Path:
    """Quiet, then syllables: tones that come and go four times a second."""
    rate = 48_000
    numbers = random.Random(1)
    samples = []
    for index in range(rate * 6):
        seconds = index / rate
        loud = 0.0 if seconds < 1.5 else 0.25 * max(0.0, math.sin(2 * math.pi * 2 * seconds))
        tone = sum(math.sin(2 * math.pi * pitch * seconds) / 3 for pitch in (140, 420, 1180))
        samples.append(round(32767 * (loud * tone + numbers.gauss(0, 0.0005))))
    with wave.open(str(file), "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(rate)
        written.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return file
