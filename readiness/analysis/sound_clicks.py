"""Clicks, such as a keyboard's: bright, sudden, and over at once, even in the middle of a word."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.analysis.sound_level import FLOOR_DBFS, Samples, decibels

_FRAME_SECONDS = 0.008
_LOWEST_HZ = 2500.0
_HIGHEST_HZ = 8000.0
_RISE_DB = 14.0
"""A consonant such as t or k rises as much at most about once a second, and seldom so loud."""
_LOUDEST_BELOW_SPEECH_DB = 10.0
_MANY_PER_SECOND = 2.6
"""People's voices had 1.4 at most, synthesised ones 2.3; typing has four to six."""


@dataclass(frozen=True, kw_only=True)
class Clicks:
    """How many there are, and the level of all of them over the whole recording, in dBFS."""

    per_second: float
    level_dbfs: float

    @property
    def are_many(self) -> bool:
        """More than any voice makes."""
        return self.per_second > _MANY_PER_SECOND


def clicks(samples: Samples, rate_hz: int, speech_dbfs: float) -> Clicks:
    """The clicks in mono `samples` whose speech has the level `speech_dbfs`."""
    size = int(_FRAME_SECONDS * rate_hz)
    count = samples.size // max(1, size)
    if size < 32 or count < 12:
        return Clicks(per_second=0.0, level_dbfs=FLOOR_DBFS)
    window = np.hanning(size)
    spectra = np.square(np.abs(np.fft.rfft(samples[: count * size].reshape(-1, size) * window, axis=1)))
    hz = np.fft.rfftfreq(size, 1 / rate_hz)
    scale = 2 / (size * float(np.sum(np.square(window))))
    bright = spectra[:, (hz > _LOWEST_HZ) & (hz < _HIGHEST_HZ)].sum(axis=1) * scale
    whole = spectra[:, hz > 100].sum(axis=1) * scale
    level = 10 * np.log10(bright + 1e-12)
    at = np.arange(3, count - 6)
    before = np.maximum(level[at - 3], level[at - 2])
    after = np.min([level[at + later] for later in (2, 3, 4, 5)], axis=0)
    loud = level[at] > speech_dbfs - _LOUDEST_BELOW_SPEECH_DB
    found = at[loud & (level[at] - before > _RISE_DB) & (level[at] - after > _RISE_DB)]
    # What each adds to the sound that was there before it, for as long as it rings.
    near = found[:, None] + np.arange(-1, 5)
    added = np.maximum(whole[near] - whole[found - 3][:, None], 0) if found.size else np.zeros(1)
    return Clicks(
        per_second=found.size / (count * _FRAME_SECONDS), level_dbfs=decibels(float(added.sum()) / count)
    )
