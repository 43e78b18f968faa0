"""The steady noise in every band beneath a voice, also where nobody ever falls silent.

Between its sounds a voice leaves each band free at one time or another, so a low quantile over time is
of noise alone (minimum statistics, Martin 2001). How far that lies beneath the noise's mean depends on two
things: on how much the band's power varies from frame to frame, which is a gamma distribution whose shape
goes with the number of independent lines in the band; and on what share of the time the band is free, of
which the quantile is a larger part where somebody speaks nearly always.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from readiness.analysis.sound_frames import Frames
from readiness.analysis.sound_level import Samples

_QUANTILES = (0.02, 0.06)
"""The lower one lies beneath a voice, or its echo, that hardly ever leaves a band free; the higher is surer of noise."""
_HIGHEST_QUANTILE = 0.4
_FREE = 0.9
"""Quantile of the noise below which a band counts as free."""
_SMALLEST_SHARE = 0.05
_WHITE_SHAPE = 9.0
"""Of the power of white noise in 500 Hz of a frame of 20 ms, measured; a band with few strong lines has less."""
_ROUNDS = 4
_SILENCE = 1e-30


def floor(found: Frames, width_hz: float) -> Samples:
    """The mean power of the steady noise in bands of about `width_hz`, as `Frames.banded` cuts them."""
    banded, _ = found.banded(width_hz)
    shapes = _shapes(found, banded.shape[1])
    lower, higher = (_mean(banded, shapes, quantile) for quantile in _QUANTILES)
    return np.asarray(np.minimum(lower, higher))


def _mean(banded: Samples, shapes: Samples, quantile: float) -> Samples:
    """The mean that the noise has, to go by a quantile of each band's power."""
    low = np.quantile(banded, quantile, axis=0)
    # Lines that stay as they are, as a hum's, vary less than their number tells: so never more than for white noise.
    most = 1 / _quantile(np.array([quantile]), np.array([_WHITE_SHAPE]))
    free = _quantile(np.full(low.size, _FREE), shapes)
    noise: Samples = most * low
    for _ in range(_ROUNDS):
        share = (banded <= free * noise).mean(axis=0) / _FREE
        among = np.clip(quantile / np.clip(share, _SMALLEST_SHARE, 1), quantile, _HIGHEST_QUANTILE)
        noise = low * np.minimum(most, 1 / _quantile(among, shapes))
    return noise


def _shapes(found: Frames, bands: int) -> Samples:
    """The shape of each band's distribution: that of white noise, less where a few lines hold most of the power."""
    wide = found.power.shape[1] // bands
    lines = np.quantile(found.power[:, : bands * wide], _QUANTILES[-1], axis=0).reshape(bands, wide)
    flat = np.square(lines.sum(axis=1)) / np.maximum(wide * np.square(lines).sum(axis=1), _SILENCE)
    shapes: Samples = np.clip(_WHITE_SHAPE * flat, 1.0, _WHITE_SHAPE)
    return shapes


def _quantile(share: Samples, shape: Samples) -> Samples:
    """The quantile of a gamma distribution of mean 1 (Wilson and Hilferty 1931, for shapes from 1)."""
    normal = NormalDist()
    deviates = np.array([normal.inv_cdf(float(part)) for part in share])
    root = 1 - 1 / (9 * shape) + deviates / (3 * np.sqrt(shape))
    return np.asarray(np.maximum(root, 0.05) ** 3)
