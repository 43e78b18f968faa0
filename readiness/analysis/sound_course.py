"""How loud it was from moment to moment, and at which frequencies on the whole: for the plots.

No word could be made out of either: the moments are longer than a sound of speech lasts, and of the
frequencies there is one average of all the time.
"""

from __future__ import annotations

import numpy as np

from readiness.analysis.sound_frames import Frames
from readiness.analysis.sound_level import Samples, decibels, rms_dbfs
from readiness.core.series import MOST_POINTS

MOMENT_SECONDS = 0.05
_LOWEST_HZ, _HIGHEST_HZ = 50.0, 20_000.0
_BANDS_AN_OCTAVE = 6


def level_course(samples: Samples, rate_hz: int) -> tuple[list[float], list[float]]:
    """Seconds and level (dBFS) of each moment of mono `samples`; of a long recording the moments are longer."""
    moment = max(1, round(rate_hz * MOMENT_SECONDS), -(-samples.size // MOST_POINTS))
    starts = range(0, samples.size - moment + 1, moment)
    levels = [round(rms_dbfs(samples[start : start + moment]), 1) for start in starts]
    return [round((start + moment / 2) / rate_hz, 3) for start in starts], levels


def spectrum(cut: Frames) -> tuple[list[float], list[float]]:
    """Frequencies (Hz) and what each has of the level (dBFS in a frame's bandwidth), in sixths of an octave."""
    average = cut.power.mean(axis=0)
    octaves = np.log2(np.maximum(cut.hz, 1.0) / _LOWEST_HZ)
    band = np.floor(octaves * _BANDS_AN_OCTAVE)
    band[(cut.hz < _LOWEST_HZ) | (cut.hz > _HIGHEST_HZ)] = -1
    hertz, levels = [], []
    for number in np.unique(band[band >= 0]):
        inside = band == number
        hertz.append(round(float(cut.hz[inside].mean()), 1))
        levels.append(round(decibels(float(average[inside].mean())), 1))
    return hertz, levels
