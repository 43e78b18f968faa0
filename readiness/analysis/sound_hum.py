"""Hum of the mains: lines that stand still at multiples of 50 or 60 Hz."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.analysis.sound_level import FLOOR_DBFS, Samples, decibels, resampled

_RATE_HZ = 4000
_SECONDS = 1.0
_HOP_SECONDS = 0.2
_HIGHEST_HZ = 1250.0
_OVER_FLOOR = 10.0
_QUIETEST_LINE_DBFS = -85.0


@dataclass(frozen=True, kw_only=True)
class Hum:
    """`base_hz` 50, 60 or 0 (none); `level_dbfs` of all its lines, `lines` how many there are,
    `contrast_db` how far the strongest stands above what lies beside it."""

    base_hz: float
    level_dbfs: float
    lines: int
    contrast_db: float


def hum(samples: Samples, rate_hz: int) -> Hum:
    """The hum in mono `samples`, of at least a second; in less none is told."""
    size = int(_SECONDS * _RATE_HZ)
    slow = resampled(samples, rate_hz, _RATE_HZ)
    if slow.size < size:
        return Hum(base_hz=0, level_dbfs=FLOOR_DBFS, lines=0, contrast_db=0)
    cut = np.lib.stride_tricks.sliding_window_view(slow, size)[:: int(_HOP_SECONDS * _RATE_HZ)]
    window = np.hanning(size + 1)[:-1]
    spectra = np.square(np.abs(np.fft.rfft(cut * window, 2 * size, axis=1)))
    # The mean square of a sine at the top of its line.
    spectra *= 2 / float(np.sum(window)) ** 2
    # What is there all the time: a voice moves away from any line within a second.
    steady = np.quantile(spectra, 0.25, axis=0)
    hz: Samples = np.fft.rfftfreq(2 * size, 1 / _RATE_HZ).astype(np.float64)
    return max((_lines(steady, hz, base) for base in (50.0, 60.0)), key=lambda found: found.level_dbfs)


def _lines(steady: Samples, hz: Samples, base: float) -> Hum:
    step = float(hz[1])
    total = contrast = 0.0
    lines = 0
    for n in range(1, int(_HIGHEST_HZ / base) + 1):
        at = n * base / step
        near = max(2.0, n * base * 0.002 / step)
        line = steady[int(at - near) : int(at + near) + 2]
        around = np.concatenate(
            (
                steady[int(at - 18 / step) : int(at - 5 / step)],
                steady[int(at + 5 / step) : int(at + 18 / step)],
            )
        )
        strength = float(line.max())
        over = strength / max(float(np.median(around)), 1e-20)
        if over > _OVER_FLOOR and decibels(strength) > _QUIETEST_LINE_DBFS:
            total += strength
            lines += 1
            contrast = max(contrast, over)
    return Hum(
        base_hz=base if lines else 0,
        level_dbfs=decibels(total),
        lines=lines,
        contrast_db=decibels(contrast) if lines else 0,
    )
