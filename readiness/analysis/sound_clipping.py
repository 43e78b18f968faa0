"""Peaks that were cut off, wherever the cut lies: a recording may have been turned down afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.analysis.sound_level import Samples, runs_of

_FLAT = 0.004
_QUIETEST_PEAK = 0.01
_BINS = 50


@dataclass(frozen=True, kw_only=True)
class Clipping:
    """`percent` of samples on a flat top, in `runs` of two or more. `crowd` is how many times more
    samples lie about the most crowded high value than well below it: about 0.6 in a whole voice."""

    percent: float
    runs: int
    crowd: float


def clipping(samples: Samples) -> Clipping:
    """How much of mono `samples` lies flat at the recording's own largest values, each side apart."""
    count = runs = 0
    crowd = 0.0
    for side in (samples, -samples):
        top = float(side.max()) if samples.size else 0.0
        if top < _QUIETEST_PEAK:
            continue
        starts, ends = runs_of(side >= (1 - _FLAT) * top)
        lengths = ends - starts
        if (lengths >= 2).any():
            count += int(lengths.sum())
            runs += int((lengths >= 2).sum())
        crowd = max(crowd, _crowd(side, top))
    return Clipping(percent=100 * count / max(1, samples.size), runs=runs, crowd=crowd)


def _crowd(side: Samples, top: float) -> float:
    """A cut that was resampled or coded is no longer flat, but its values still crowd together."""
    counts, _ = np.histogram(side, bins=_BINS, range=(0.0, top))
    smooth = np.convolve(counts, np.ones(3) / 3, "same")
    best = 0.0
    for at in range(_BINS // 3, _BINS):
        below = float(smooth[at - 9 : at - 4].mean())
        if below * 5 >= 40:  # fewer samples tell nothing
            best = max(best, float(smooth[at]) / below)
    return best
