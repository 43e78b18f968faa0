"""Hum of the mains: lines at multiples of 50 or 60 Hz that keep their phase from beginning to end.

A voice may sing near such a line for a moment, but it does not keep the phase. So each line is added up
over the whole recording in step with the mains, moments where the voice is loud beside it counting less
(the best estimate of a sine in noise whose strength changes: each moment weighs one over its noise).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.analysis.sound_level import FLOOR_DBFS, Samples, decibels, resampled

_RATE_HZ = 4000
_SIZE = 1000
_HOP = 250
_HIGHEST_HZ = 1000.0
_FARTHEST_OFF = 0.0012
"""The mains' frequency is kept within 0.1 %; a sound card's clock is off by less."""
_TRIES = 25
_NEAREST_BESIDE_HZ, _FARTHEST_BESIDE_HZ = 8.0, 24.0
_MEDIAN_TO_MEAN = 0.69
_OVER_CHANCE = 40.0
_QUIETEST = 1e-11
"""A frame below -110 dBFS is the silence of a gate, where no hum comes through either."""
_FEWEST_FRAMES = 4


@dataclass(frozen=True, kw_only=True)
class Hum:
    """`base_hz` 50, 60 or 0 (none); `level_dbfs` of all its lines, `lines` how many there are,
    `contrast_db` how far the strongest stands above what lies beside it over the whole recording;
    `certainty_db` the mean of that for the second and the third: one line alone may be anything."""

    base_hz: float
    level_dbfs: float
    lines: int
    contrast_db: float
    certainty_db: float


_NONE = Hum(base_hz=0, level_dbfs=FLOOR_DBFS, lines=0, contrast_db=0, certainty_db=0)


def hum(samples: Samples, rate_hz: int) -> Hum:
    """The hum in mono `samples`, of at least a second; in less none is told."""
    slow = resampled(samples, rate_hz, _RATE_HZ)
    if slow.size < _SIZE:
        return _NONE
    cut = np.lib.stride_tricks.sliding_window_view(slow, _SIZE)[::_HOP]
    loud = np.mean(np.square(cut), axis=1) > _QUIETEST
    if loud.sum() < _FEWEST_FRAMES:
        return _NONE
    seconds = np.arange(cut.shape[0])[loud] * (_HOP / _RATE_HZ)
    window = np.hanning(_SIZE + 1)[:-1] * 2 / (_SIZE / 2)
    frames = cut[loud] * window
    power = np.square(np.abs(np.fft.rfft(frames, axis=1)))
    found = [_lines(frames, power, seconds, base) for base in (50.0, 60.0)]
    # Every third line of the one is one of the other's too; and a line alone leaves the certainty to chance.
    return max(found, key=lambda one: one.certainty_db + one.contrast_db)


def _lines(frames: Samples, power: Samples, seconds: Samples, base: float) -> Hum:
    hz = base * np.arange(1, int(_HIGHEST_HZ / base) + 1)
    turns = np.exp(-2j * np.pi * np.outer(np.arange(_SIZE) / _RATE_HZ, hz))
    amplitudes = frames @ turns
    beside = np.stack([_beside(power, line) for line in hz], axis=1)
    weights = 1 / (beside + 1e-13)
    total = weights.sum(axis=0)
    off = 1 + np.linspace(-_FARTHEST_OFF, _FARTHEST_OFF, _TRIES)
    in_step = np.exp(-2j * np.pi * seconds[:, None, None] * hz[:, None] * off)
    summed = np.abs(np.einsum("tn,tno->no", amplitudes * weights, in_step))
    over = np.square(summed) / total[:, None]
    best = int(np.argmax(np.sort(over, axis=0)[-4:].sum(axis=0)))
    over, strength = over[:, best], np.square(summed[:, best] / total) / 2
    lines = over > _OVER_CHANCE
    order = np.sort(over)[::-1]
    return Hum(
        base_hz=base if lines.any() else 0,
        level_dbfs=decibels(float(strength[lines].sum())),
        lines=int(lines.sum()),
        contrast_db=max(0.0, decibels(float(order[0]))),
        certainty_db=max(0.0, (decibels(float(order[1])) + decibels(float(order[2]))) / 2),
    )


def _beside(power: Samples, line: float) -> Samples:
    """The power beside a line, in each frame."""
    step = _RATE_HZ / _SIZE
    near, far = _NEAREST_BESIDE_HZ / step, _FARTHEST_BESIDE_HZ / step
    at = line / step
    below = power[:, int(at - far) : int(np.ceil(at - near))]
    above = power[:, int(at + near) + 1 : int(at + far) + 1]
    middle: Samples = np.median(np.concatenate((below, above), axis=1), axis=1) / _MEDIAN_TO_MEAN
    return middle
