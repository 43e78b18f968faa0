"""Figures of a recording: level, noise, clipping, offset. Samples are floats, full scale is +-1.

Levels are in dBFS with a full-scale square wave at 0 (a full-scale sine has an RMS of -3.01 dBFS).
"""

from __future__ import annotations

import itertools
import math
from typing import Any, TypeAlias

import numpy as np

Samples: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"

FLOOR_DBFS = -120.0
"""What is reported for less than this, and for silence."""
_FRAME_SECONDS = 0.02


def decibels(ratio: float) -> float:
    """A power ratio in dB, not below FLOOR_DBFS."""
    return max(FLOOR_DBFS, 10 * math.log10(ratio)) if ratio > 0 else FLOOR_DBFS


def rms_dbfs(samples: Samples) -> float:
    """The level of `samples`, in dBFS."""
    return decibels(float(np.mean(np.square(samples)))) if samples.size else FLOOR_DBFS


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


def clipped_percent(samples: Samples) -> float:
    """The share of mono `samples` in runs of four or more at the recording's own largest value.

    Only where that value is at least 0.1 of full scale: digital silence is no clipping.
    """
    if not samples.size:
        return 0.0
    peak = float(np.max(np.abs(samples)))
    if peak < 0.1:
        return 0.0
    at_peak = (np.abs(samples) >= 0.995 * peak).astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], at_peak, [0]))))
    lengths = edges[1::2] - edges[::2]
    return 100 * float(lengths[lengths >= 4].sum()) / samples.size


def figures(samples: Samples, rate_hz: int) -> dict[str, Any]:
    """The figures of one recording: `samples` is time x channels.

    The loudest channel is measured; the noise is the level that the quietest tenth of 20 ms
    frames stay below.
    """
    if samples.size == 0:
        return {"seconds": 0.0}
    channel_levels = [rms_dbfs(samples[:, n] - np.median(samples[:, n])) for n in range(samples.shape[1])]
    mono = samples[:, int(np.argmax(channel_levels))]
    offset = float(np.mean(mono))
    steady = mono - offset
    level, activity = active_level(steady, rate_hz)
    noise = _noise_dbfs(steady, rate_hz)
    speech_power = 10 ** (level / 10) - 10 ** (noise / 10)
    return {
        "seconds": round(samples.shape[0] / rate_hz, 3),
        "rate_hz": rate_hz,
        "channels": samples.shape[1],
        "channel_levels_dbfs": [round(channel, 1) for channel in channel_levels],
        "peak_dbfs": round(decibels(float(np.max(np.square(mono)))), 2),
        "swing_p999": float(np.percentile(np.abs(mono - np.median(mono)), 99.9)),
        "active_level_dbfs": round(level, 2),
        "activity_percent": round(100 * activity, 1),
        "noise_dbfs": round(noise, 2),
        "snr_db": round(decibels(speech_power) - noise, 2) if speech_power > 0 else 0.0,
        "clipped_percent": round(clipped_percent(mono), 4),
        "dc_offset": round(offset, 5),
    }


def _noise_dbfs(samples: Samples, rate_hz: int) -> float:
    size = max(1, int(_FRAME_SECONDS * rate_hz))
    whole = samples[: samples.size // size * size].reshape(-1, size)
    if not whole.size:
        return rms_dbfs(samples)
    powers = np.sort(np.mean(np.square(whole), axis=1))
    return decibels(float(np.mean(powers[: max(1, powers.size // 10)])))
