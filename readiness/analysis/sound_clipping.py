"""Peaks that were cut off, wherever the cut lies: a recording may have been turned down afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.analysis.sound_level import Samples, runs_of

_FLAT = 0.004
_QUIETEST_PEAK = 0.01
_BINS = 50
_PERIODS_SECONDS = 0.02
"""Two pitch periods or more of most voices: so long the gain of a limiter stays much the same."""
_FAINTEST_FRAME = 0.05
_CEILING_PERCENTILE = 92
"""Of the peaks of frames: above it lie what a codec overshoots, and the lone strokes of other sounds."""
_LOUDEST_FRAMES = 0.9
_FILTERS = ((1, 60.0), (1, 100.0), (1, 150.0), (1, 220.0), (2, 60.0), (2, 90.0), (2, 120.0))
"""Orders, and corners in Hz."""
_LOWEST_HZ = 45.0
_ALL_BUT_A_FEW = 0.9999
_NEAR_THE_CEILING = (0.8, 0.95)
_HALFWAY = (0.3, 0.5)
_FEWEST = 40


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
        if below * 5 >= _FEWEST:  # fewer samples tell nothing
            best = max(best, float(smooth[at]) / below)
    return best


def crowd_before_filter(samples: Samples, rate_hz: int) -> float:
    """How crowded the highest values of mono `samples` were before a high-pass filter, as microphones have one.

    It tilts the flat tops of a stage before it. So each of some such filters, of the first order and of the
    second (Butterworth), is undone, and the most crowded tops count: about 1 in a whole voice.
    """
    spectrum, hz = np.fft.rfft(samples), np.fft.rfftfreq(samples.size, 1 / rate_hz)
    hz[:1] = hz[1:2]
    audible = 1 / (1 + (_LOWEST_HZ / hz) ** 8)
    # Silence and what is held on lie level at any height once a filter is undone.
    near = np.ones(max(1, int(_PERIODS_SECONDS * rate_hz)))
    power = np.convolve(np.square(samples), near / near.size, "same")
    loud = power > _FAINTEST_FRAME * power.max(initial=0.0)
    best = 0.0
    for order, corner_hz in _FILTERS:
        s = 1j * hz / corner_hz
        passed = s / (s + 1) if order == 1 else s**2 / (s**2 + np.sqrt(2) * s + 1)
        before = np.fft.irfft(spectrum * audible / passed, samples.size)[loud]
        for side in (before, -before):
            top = float(np.quantile(side, _ALL_BUT_A_FEW)) if side.size else 0.0
            best = max(best, _crowd(side, top) if top > 0 else 0.0)
    return best


def slope(samples: Samples, rate_hz: int) -> float | None:
    """How steep mono `samples` run close to the ceiling, as a share of how steep they run half-way up to it.

    A stage that saturates flattens whatever comes near its ceiling, softly or hard, and neither a lower gain
    nor a codec makes it steep again. A limiter turns the gain down and leaves the wave its shape. Medians
    over the frames whose peaks reach the ceiling: a sine has 0.53, voices more. None: too little reaches it.
    """
    size = int(_PERIODS_SECONDS * rate_hz)
    count = samples.size // size
    heights = np.abs(samples[: count * size]).reshape(count, size)
    steps = np.abs(np.gradient(samples[: count * size])).reshape(count, size) if count else heights
    peaks = heights.max(axis=1, initial=0.0)
    heard = peaks[peaks > _FAINTEST_FRAME * peaks.max(initial=0.0)]
    if not heard.size:
        return None
    ceiling = float(np.percentile(heard, _CEILING_PERCENTILE))
    loudest = peaks > _LOUDEST_FRAMES * ceiling
    at, steep = heights[loudest] / ceiling, steps[loudest]
    near, halfway = (steep[(at > low) & (at < high)] for low, high in (_NEAR_THE_CEILING, _HALFWAY))
    if min(near.size, halfway.size) < _FEWEST:
        return None
    usual = float(np.median(halfway))
    return float(np.median(near)) / usual if usual > 0 else None
