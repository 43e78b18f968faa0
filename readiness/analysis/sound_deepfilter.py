"""The voice alone, out of a recording, by DeepFilterNet 3 (Schröter et al. 2023): a gain for each of 32
bands, and below 4.8 kHz, where harmonics lie closer than bands, a filter over five frames for each bin.

It takes the whole recording at once, and gives what its authors' runtime (libDF) gives frame by frame.
"""

from __future__ import annotations

import itertools

import numpy as np

from readiness.analysis.sound_deepfilter_network import BANDS, BINS, TAPS, Network, Values
from readiness.analysis.sound_level import Samples

RATE_HZ = 48_000
_FRAME = 480
_AHEAD = 2
"""Frames that the network hears beyond the one that it answers for."""

_WIDTHS = (*(2,) * 13, 5, 5, 7, 7, 8, 10, 12, 13, 15, 18, 20, 24, 28, 31, 37, 42, 50, 56, 67)
"""Bins of each band: equal steps on the scale of equivalent rectangular bandwidths, but at least two."""

_KEPT = 0.99
"""Of the averages that what is heard is relative to, from frame to frame: a time constant of 1 s."""
_FIRST_DB = (-60.0, -90.0)
_FIRST_MAGNITUDE = (1e-3, 1e-4)
"""What the averages begin with, from the lowest band or bin to the highest."""
_SPREAD_DB = 40.0


def voice_alone(samples: Samples, network: Network) -> Samples:
    """What of mono `samples` at 48 kHz is voice: as many, and none of them later."""
    hops = -(-samples.size // _FRAME)
    padded = np.zeros((1 + hops + 1 + _AHEAD, _FRAME), np.float32)
    padded[1:].reshape(-1)[: samples.size] = samples
    window = _window()
    heard = np.fft.rfft(np.concatenate((padded[:-1], padded[1:]), axis=1) * window, axis=1, norm="forward")
    gains, filters = network.answers(*_relative(heard))
    said = heard[:-_AHEAD] * np.repeat(gains[_AHEAD:], _WIDTHS, axis=1)
    around = np.pad(heard[:, :BINS], ((TAPS - 1 - _AHEAD, 0), (0, 0)))
    said[:, :BINS] = 0
    for tap in range(TAPS):
        said[:, :BINS] += around[tap : tap + len(said)] * filters[_AHEAD:, :, tap]
    parts = np.fft.irfft(said, 2 * _FRAME, axis=1, norm="forward") * window
    voice = parts[:-1, _FRAME:] + parts[1:, :_FRAME]
    return voice.reshape(-1)[: samples.size].astype(np.float64)


def _relative(heard: Values) -> tuple[Values, Values]:
    """Bands and lowest bins as the network hears them: each relative to its own average until then."""
    power = np.square(heard.real) + np.square(heard.imag)
    edges = np.cumsum((0, *_WIDTHS[:-1]))
    levels = 10 * np.log10(np.add.reduceat(power, edges, axis=1) / np.array(_WIDTHS, np.float32) + 1e-10)
    low = heard[:, :BINS]
    magnitudes = _averages(np.abs(low), np.linspace(*_FIRST_MAGNITUDE, BINS))
    bands = (levels - _averages(levels, np.linspace(*_FIRST_DB, BANDS))) / np.float32(_SPREAD_DB)
    return bands, low / np.sqrt(magnitudes + np.float32(1e-30))


def _averages(values: Values, first: Values) -> Values:
    """Exponential averages along the frames, each with its own frame in it."""
    averages = np.concatenate((first[None].astype(np.float32), np.float32(1 - _KEPT) * values))
    for before, average in itertools.pairwise(averages):
        average += _KEPT * before
    return averages[1:]


def _window() -> Values:
    """Vorbis' window over two frames: its squares add up to one where they overlap."""
    sine = np.sin(np.pi / 2 * (np.arange(2 * _FRAME) + 0.5) / _FRAME)
    return np.sin(np.pi / 2 * np.square(sine)).astype(np.float32)
