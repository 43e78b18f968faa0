"""Levels: RMS and the active speech level of ITU-T P.56; and another rate for the same sound.

Samples are floats, full scale is +-1. Levels are in dBFS with a full-scale square wave at 0 (a
full-scale sine has an RMS of -3.01 dBFS).
"""

from __future__ import annotations

import itertools
import math
from typing import Any, TypeAlias

import numpy as np

Samples: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"

FLOOR_DBFS = -120.0
"""What is reported for less than this, and for silence."""


def decibels(ratio: float) -> float:
    """A power ratio in dB, not below FLOOR_DBFS."""
    return max(FLOOR_DBFS, 10 * math.log10(ratio)) if ratio > 0 else FLOOR_DBFS


def rms_dbfs(samples: Samples) -> float:
    """The level of `samples`, in dBFS."""
    return decibels(float(np.mean(np.square(samples)))) if samples.size else FLOOR_DBFS


def runs_of(flags: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Where each run of what is true in `flags` begins, and where the next that is false stands."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return edges[::2], edges[1::2]


def active_level(samples: Samples, rate_hz: int) -> tuple[float, float]:
    """The active speech level in dBFS and the activity factor (0-1) of mono `samples`.

    ITU-T P.56 (12/2011) section 6, method B: the envelope is two exponential averages in series
    (time constant 0.03 s), activity is held for 0.2 s, the margin is 15.9 dB, thresholds are a
    factor of two apart and the level between two of them is interpolated.
    """
    energy = float(np.sum(np.square(samples)))
    if not samples.size or energy <= 0:
        return FLOOR_DBFS, 0.0
    smooth = math.exp(-1 / (rate_hz * 0.03))
    envelope = _exponential(_exponential(np.abs(samples), smooth), smooth)
    hang = math.ceil(0.2 * rate_hz)
    thresholds = 2.0 ** -np.arange(16, 0, -1)
    levels: list[tuple[float, float]] = []
    for threshold in thresholds:
        active = _held(envelope >= threshold, hang)
        if active == 0:
            break
        levels.append((decibels(energy / active), 20 * math.log10(threshold)))
    if not levels:
        return rms_dbfs(samples), 1.0
    margin = 15.9
    for (level, at), (next_level, next_at) in itertools.pairwise(levels):
        if next_level - next_at <= margin < level - at:
            share = ((level - at) - margin) / ((level - at) - (next_level - next_at))
            active_dbfs = level + share * (next_level - level)
            return active_dbfs, min(1.0, energy / samples.size / 10 ** (active_dbfs / 10))
    active_dbfs = levels[-1][0] if levels[-1][0] - levels[-1][1] > margin else levels[0][0]
    return active_dbfs, min(1.0, energy / samples.size / 10 ** (active_dbfs / 10))


def _held(active: np.ndarray[Any, np.dtype[np.bool_]], hang: int) -> int:
    """How many samples are active, each activity held for `hang` samples more."""
    at = np.flatnonzero(active)
    if not at.size:
        return 0
    gaps = np.minimum(np.diff(at), hang + 1)
    return int(gaps.sum()) + min(hang, active.size - 1 - int(at[-1])) + 1


def _exponential(values: Samples, smooth: float) -> Samples:
    """y[n] = smooth y[n-1] + (1-smooth) x[n], in blocks short enough for the powers to stay exact."""
    block = max(1, min(4096, int(-600 / math.log(smooth) / 4)))
    powers = smooth ** np.arange(1, block + 1)
    result = np.empty_like(values)
    carry = 0.0
    for start in range(0, values.size, block):
        part = values[start : start + block]
        p = powers[: part.size]
        result[start : start + block] = p * (carry + (1 - smooth) * np.cumsum(part / p))
        carry = float(result[min(start + block, values.size) - 1])
    return result


def resampled(samples: Samples, rate_hz: int, wanted_hz: int) -> Samples:
    """Mono `samples` at `wanted_hz`, by cutting or padding their spectrum."""
    if rate_hz == wanted_hz or not samples.size:
        return samples
    step = rate_hz // math.gcd(rate_hz, wanted_hz)
    # Whole hundredths of a second have small factors, which the FFT likes.
    step = math.lcm(step, max(1, rate_hz // 100)) if rate_hz % 100 == 0 else step
    whole = np.pad(samples, (0, -samples.size % step))
    size = whole.size * wanted_hz // rate_hz
    spectrum = np.fft.rfft(whole)
    kept = np.zeros(size // 2 + 1, complex)
    shared = min(kept.size, spectrum.size)
    kept[:shared] = spectrum[:shared]
    # Copied into an array of its own: callers index and slice it as samples.
    return np.asarray(np.fft.irfft(kept, size) * (wanted_hz / rate_hz))
