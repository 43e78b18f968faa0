"""Speech and noise told apart: how loud the voice is, and how far it stands above what else there is.

Steady noise is what stays in every frequency band whether or not somebody speaks (sound_floor.py); or, which
is more exact, what is heard well away from any word, where that does not lie far above. Noise in bursts -
keys, knocks, other people - is what rises above that while the voice detector hears nobody.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from readiness.analysis.sound_floor import floor
from readiness.analysis.sound_frames import HOP_SECONDS, Frames
from readiness.analysis.sound_level import FLOOR_DBFS, Samples, decibels
from readiness.analysis.sound_voice import VOICE_RATE_HZ, WINDOW

Which: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.bool_]]"

_BAND_HZ = 500.0
_STOPPED_HZ, _PASSED_HZ, _VOICE_FROM_HZ = 35.0, 45.0, 100.0
_HIGHEST_OF_VOICE_HZ = 6000.0
_SILENCE = 1e-14
_SURELY_NO_VOICE = 0.1
_AFTER_VOICE_SECONDS = 0.06
_SHORTEST_PAUSE_SECONDS = 0.12
_BEFORE_WORD_SECONDS = 0.1
_AFTER_WORD_SECONDS = 0.25
_SHORTEST_ROOM_SECONDS = 0.4
"""A word begins and dies away beyond what the detector hears of it: farther from it there is the room alone."""
_BURSTS_SECONDS = 0.8
"""In less of the room's sound there may be no burst by chance; words' ends do less harm."""
_CALM_RATIO = 2.0
_PERHAPS, _SPOKEN = 0.3, 0.5
_SPOKEN_HANG_SECONDS = 0.1
"""Set on the voices of tests/material for setting: so long they are active to P.56, within 0.3 dB."""
_BURST_RATIO = 2.5
_FARTHEST_BURST_DB = 22.0
_MARGIN_DB = 15.9
_OVER_NOISE = 3.0
_HANG_FRAMES = round(0.2 / HOP_SECONDS)


@dataclass(frozen=True, kw_only=True)
class Noise:
    """Levels in dBFS. `speech_dbfs` is the active level of the voice alone, the noise taken off.

    `level_dbfs` is the noise to judge by: with the bursts where there are any; `has_bursts` where they are
    strong enough to matter. `burst_db` is how far the
    pauses' mean stands above the steady noise, `pause_seconds` how long nobody spoke; None where speech
    cannot be told. `spread_db` is how far the quietest tenth of the frames stands above the quietest 2 %;
    `band_spread_db` is the same in the middle one of the bands that hold a voice: a room's tails sink in each
    band at a time of its own, also where they never leave the whole of it quiet. `unsure_db` is how much of all
    the sound is where nobody surely speaks or is silent.
    """

    speech_dbfs: float
    level_dbfs: float
    has_bursts: bool
    steady_dbfs: float
    burst_db: float | None
    pause_seconds: float | None
    spread_db: float
    band_spread_db: float
    unsure_db: float


def without_rumble(samples: Samples, rate_hz: int) -> Samples:
    """Mono `samples` from 50 Hz up, where wide band begins (ITU-T G.722): what lies below nobody is sent."""
    spectrum = np.fft.rfft(samples)
    hz = np.fft.rfftfreq(samples.size, 1 / rate_hz)
    spectrum *= np.clip((hz - _STOPPED_HZ) / (_PASSED_HZ - _STOPPED_HZ), 0, 1)
    return np.asarray(np.fft.irfft(spectrum, samples.size))


def without_lines(
    found: Frames, heard: Noise, *, lines_dbfs: float, voice: Samples | None, active_dbfs: float
) -> Noise:
    """The noise `heard` in `found` but for the mains' steady lines below 100 Hz, where no voice is: they are
    a matter of their own. All the lines together have the level `lines_dbfs`."""
    power = found.power * (found.hz >= _VOICE_FROM_HZ)
    above = noise(Frames(power=power, hz=found.hz, rate_hz=found.rate_hz), voice, active_dbfs)
    lines = 10 ** (lines_dbfs / 10)

    def rest(whole: float, least: float) -> float:
        return max(least, decibels(max(0.0, 10 ** (whole / 10) - lines)))

    return dataclasses.replace(
        heard,
        level_dbfs=rest(heard.level_dbfs, above.level_dbfs),
        steady_dbfs=rest(heard.steady_dbfs, above.steady_dbfs),
    )


def noise(found: Frames, voice: Samples | None, active_dbfs: float) -> Noise:
    """The noise of a recording whose active level (ITU-T P.56) is `active_dbfs`."""
    banded, hz = found.banded(_BAND_HZ)
    bands = floor(found, _BAND_HZ)
    levels = found.levels()
    quiet = _pauses(levels.size, voice, after=_AFTER_VOICE_SECONDS)
    room = _pauses(levels.size, voice, before=_BEFORE_WORD_SECONDS, after=_AFTER_WORD_SECONDS)
    if room is not None and room.sum() * HOP_SECONDS >= _SHORTEST_ROOM_SECONDS:
        calm = room & (levels <= _CALM_RATIO * float(np.median(levels[room])))
        heard = banded[calm].mean(axis=0)
        if heard.sum() < _CALM_RATIO * bands.sum():
            bands = heard
    long = room is not None and room.sum() * HOP_SECONDS >= _BURSTS_SECONDS
    room = room if long else quiet
    steady = min(float(bands.sum()), float(levels.mean()))
    level = steady
    burst = None
    if room is not None and room.sum() * HOP_SECONDS >= _SHORTEST_PAUSE_SECONDS:
        mean = float(levels[room].mean())
        burst = decibels(mean) - decibels(steady)
        if mean > _BURST_RATIO * steady and (long or decibels(mean) > active_dbfs - _FARTHEST_BURST_DB):
            level = mean
    return Noise(
        speech_dbfs=_speech_dbfs(banded, bands, levels, level, active_dbfs, _spoken(levels.size, voice)),
        has_bursts=level > steady and decibels(level) > active_dbfs - _FARTHEST_BURST_DB,
        level_dbfs=decibels(level),
        steady_dbfs=decibels(steady),
        burst_db=burst,
        pause_seconds=None if quiet is None else float(quiet.sum()) * HOP_SECONDS,
        spread_db=decibels(float(np.quantile(levels, 0.1))) - decibels(float(np.quantile(levels, 0.02))),
        band_spread_db=_band_spread(banded[:, hz < _HIGHEST_OF_VOICE_HZ]),
        unsure_db=_unsure_db(levels, quiet, voice),
    )


def _band_spread(banded: Samples) -> float:
    low, lowest = np.quantile(banded, (0.1, 0.02), axis=0) + _SILENCE
    return float(np.median(10 * np.log10(low / lowest)))


def _unsure_db(levels: Samples, quiet: Which | None, voice: Samples | None) -> float:
    said = _pauses(levels.size, voice, surely=_PERHAPS, after=_AFTER_WORD_SECONDS)
    if quiet is None or said is None:
        return FLOOR_DBFS
    return decibels(float((levels * (~quiet & said)).sum()) / max(float(levels.sum()), _SILENCE))


def _pauses(
    count: int,
    voice: Samples | None,
    *,
    surely: float = _SURELY_NO_VOICE,
    before: float = 0.0,
    after: float,
) -> Which | None:
    """Which of `count` frames surely hold no speech, nor are so many seconds from it; None where speech
    cannot be told."""
    if voice is None:
        return None
    seconds = WINDOW / VOICE_RATE_HZ
    middle = np.arange(count) * HOP_SECONDS + HOP_SECONDS
    quiet = np.ones(count, dtype=np.bool_)
    for start in np.flatnonzero(voice > surely) * seconds:
        quiet[(middle > start - before) & (middle < start + seconds + after)] = False
    return quiet


def _spoken(count: int, voice: Samples | None) -> Which:
    """Which of `count` frames the voice detector surely takes for speech."""
    silent = _pauses(count, voice, surely=_SPOKEN, after=_SPOKEN_HANG_SECONDS)
    return np.zeros(count, dtype=np.bool_) if silent is None else ~silent


def _speech_dbfs(
    banded: Samples,
    bands: Samples,
    levels: Samples,
    noise_power: float,
    active_dbfs: float,
    spoken: Which,
) -> float:
    """The active level of the voice alone.

    In noise the method of P.56 finds the noise active as well. So the steady noise is taken off every
    frame, and how long the voice is active is found in what is left, with P.56's margin and hang-over; the
    noise hides faint sounds, so what the voice detector is sure of is active as well.
    """
    if decibels(noise_power) < active_dbfs - 25:
        return active_dbfs
    left = np.maximum(banded - _OVER_NOISE * bands, 0).sum(axis=1)
    energy = float(np.sum(levels)) - noise_power * levels.size
    if energy <= 0:
        # Bursts in the pauses are louder than all of it: of what is said most moments have none in them.
        return decibels(float(np.median(levels[spoken]))) if spoken.any() else FLOOR_DBFS
    if noise_power > float(bands.sum()) and spoken.any():
        # Bursts stand out of the steady noise as words do; where few words are heard, they have no more than this.
        return decibels(min(energy / int(spoken.sum()), float(levels[spoken].mean())))
    in_db = 10 * np.log10(left + 1e-13)
    found = active_dbfs
    # From the bottom up: the lowest threshold at which the level is no more than the margin above it.
    for threshold in np.arange(-110.0, -10.0, 0.5):
        loud = np.flatnonzero(in_db >= threshold)
        if not loud.size:
            break
        active = spoken.copy()
        for later in range(_HANG_FRAMES + 1):
            active[np.minimum(loud + later, active.size - 1)] = True
        found = decibels(energy / int(active.sum()))
        if found - threshold <= _MARGIN_DB:
            break
    return found
