"""Speech and noise told apart: how loud the voice is, and how far it stands above what else there is.

Steady noise is what stays in every frequency band whether or not somebody speaks: a low quantile of
each band over time (minimum statistics, Martin 2001). Noise in bursts - keys, knocks, other people -
is what rises above that while the voice detector hears nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.analysis.sound_frames import HOP_SECONDS, Frames
from readiness.analysis.sound_level import FLOOR_DBFS, Samples, decibels
from readiness.analysis.sound_voice import VOICE_RATE_HZ, WINDOW

_BAND_HZ = 500.0
_RUMBLE_HZ = 100.0
_HIGHEST_OF_VOICE_HZ = 6000.0
_SILENCE = 1e-14
_QUANTILE = 0.02
_QUANTILE_BIAS = 2.29
"""How far the quantile of white noise in such a band falls short of its mean, as a power ratio."""
_SURELY_NO_VOICE = 0.1
_AFTER_VOICE_SECONDS = 0.06
_SHORTEST_PAUSE_SECONDS = 0.12
_BURST_RATIO = 2.5
_FARTHEST_BURST_DB = 22.0
_MARGIN_DB = 15.9
_OVER_NOISE = 3.0
_HANG_FRAMES = round(0.2 / HOP_SECONDS)


@dataclass(frozen=True, kw_only=True)
class Noise:
    """Levels in dBFS. `speech_dbfs` is the active level of the voice alone, the noise taken off.

    `level_dbfs` is the noise to judge by: with the bursts where there are any. `burst_db` is how far the
    pauses' mean stands above the steady noise, `pause_seconds` how long nobody spoke; None where speech
    cannot be told. `spread_db` is how far the quietest tenth of the frames stands above the quietest 2 %;
    `band_spread_db` is the same in the middle one of the bands that hold a voice: a room's tails sink in each
    band at a time of its own, also where they never leave the whole of it quiet.
    """

    speech_dbfs: float
    level_dbfs: float
    steady_dbfs: float
    burst_db: float | None
    pause_seconds: float | None
    spread_db: float
    band_spread_db: float


def without_rumble(found: Frames) -> Frames:
    """Without what lies below 100 Hz, which no voice needs and meeting programs cut away."""
    return Frames(power=found.power * (found.hz >= _RUMBLE_HZ), hz=found.hz, rate_hz=found.rate_hz)


def noise(found: Frames, voice: Samples | None, active_dbfs: float) -> Noise:
    """The noise of a recording whose active level (ITU-T P.56) is `active_dbfs`."""
    banded, hz = found.banded(_BAND_HZ)
    bands = _QUANTILE_BIAS * np.quantile(banded, _QUANTILE, axis=0)
    levels = found.levels()
    steady = min(float(bands.sum()), float(levels.mean()))
    level = steady
    burst = None
    quiet = _pauses(levels.size, voice)
    if quiet is not None and quiet.sum() * HOP_SECONDS >= _SHORTEST_PAUSE_SECONDS:
        mean = float(levels[quiet].mean())
        burst = decibels(mean) - decibels(steady)
        if mean > _BURST_RATIO * steady and decibels(mean) > active_dbfs - _FARTHEST_BURST_DB:
            level = mean
    return Noise(
        speech_dbfs=_speech_dbfs(banded, bands, levels, level, active_dbfs),
        level_dbfs=decibels(level),
        steady_dbfs=decibels(steady),
        burst_db=burst,
        pause_seconds=None if quiet is None else float(quiet.sum()) * HOP_SECONDS,
        spread_db=decibels(float(np.quantile(levels, 0.1))) - decibels(float(np.quantile(levels, 0.02))),
        band_spread_db=_band_spread(banded[:, hz < _HIGHEST_OF_VOICE_HZ]),
    )


def _band_spread(banded: Samples) -> float:
    low, lowest = np.quantile(banded, (0.1, 0.02), axis=0) + _SILENCE
    return float(np.median(10 * np.log10(low / lowest)))


def _pauses(count: int, voice: Samples | None) -> np.ndarray[tuple[int], np.dtype[np.bool_]] | None:
    """Which of `count` frames surely hold no speech; None where speech cannot be told."""
    if voice is None:
        return None
    seconds = WINDOW / VOICE_RATE_HZ
    middle = np.arange(count) * HOP_SECONDS + HOP_SECONDS
    quiet = np.ones(count, dtype=np.bool_)
    for start in np.flatnonzero(voice > _SURELY_NO_VOICE) * seconds:
        quiet[(middle > start) & (middle < start + seconds + _AFTER_VOICE_SECONDS)] = False
    return quiet


def _speech_dbfs(
    banded: Samples, bands: Samples, levels: Samples, noise_power: float, active_dbfs: float
) -> float:
    """The active level of the voice alone.

    In noise the method of P.56 finds the noise active as well. So the steady noise is taken off every
    frame, and how long the voice is active is found in what is left, with P.56's margin and hang-over.
    """
    if decibels(noise_power) < active_dbfs - 25:
        return active_dbfs
    left = np.maximum(banded - _OVER_NOISE * bands, 0).sum(axis=1)
    energy = float(np.sum(levels)) - noise_power * levels.size
    if energy <= 0:
        return FLOOR_DBFS
    in_db = 10 * np.log10(left + 1e-13)
    found = active_dbfs
    # From the bottom up: the lowest threshold at which the level is no more than the margin above it.
    for threshold in np.arange(-110.0, -10.0, 0.5):
        loud = np.flatnonzero(in_db >= threshold)
        if not loud.size:
            break
        hang = min(_HANG_FRAMES, left.size - 1 - int(loud[-1]))
        found = decibels(energy / (int(np.minimum(np.diff(loud), _HANG_FRAMES).sum()) + 1 + hang))
        if found - threshold <= _MARGIN_DB:
            break
    return found
