"""Figures of a recording of one voice. Samples are floats, full scale is +-1; levels are in dBFS.

Each measure has a file of its own beside this one; here the channel is chosen and all are put together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from readiness.analysis.sound_band import band, is_mirrored, stretched_from
from readiness.analysis.sound_beneath import Beneath, beneath, voice_beneath
from readiness.analysis.sound_clicks import clicks_per_second
from readiness.analysis.sound_clipping import clipping, crowd_before_filter, slope
from readiness.analysis.sound_course import level_course, spectrum
from readiness.analysis.sound_dropouts import Dropouts, dropouts
from readiness.analysis.sound_echo import echo
from readiness.analysis.sound_frames import Frames, frames
from readiness.analysis.sound_hum import Hum, hum
from readiness.analysis.sound_level import (
    FLOOR_DBFS,
    Samples,
    active_level,
    decibels,
    resampled,
    rms_dbfs,
)
from readiness.analysis.sound_noise import Noise, noise, without_lines, without_rumble
from readiness.analysis.sound_room import decay, scores
from readiness.analysis.sound_splices import splices
from readiness.analysis.sound_tails import without_tails
from readiness.analysis.sound_voice import VOICE_RATE_HZ, WINDOW, voice_probability

__all__ = ["FLOOR_DBFS", "Samples", "active_level", "decibels", "figures", "rms_dbfs"]

_HIGHEST_RATE_HZ = 48_000
_POP_SECONDS = 0.25
"""A device may pop as it opens, also one that gives nothing after that."""
_VOICE = 0.3
_SHORTEST_VOICE_SECONDS = 0.3
_DOUBT, _SHORTEST_DOUBT_SECONDS = 0.05, 0.3
"""A voice that rings or is drowned makes the detector doubt for 0.4 s and more; some music, where a second
look hears words, for 0.2 s at most."""
_SHORTEST_SECOND_LOOK_SECONDS = 1.0
"""Set on synthetic voices in a hall (2.9 s and more of 6) and noises (0.2 s at most without tails)."""
_NOTHING_BEHIND_MOS = 3.9
_CLICKS_OF_KEYS = 2.6
_UNSURE_DB = -18.0
_LOUD_BEFORE_DB = 20.0
_BEFORE_WINDOWS, _SHORTEST_BEFORE, _LONGEST_BEFORE = 3, 10, 28
"""Windows of the detector: so long a word may begin before it is heard, and so long nobody speaks at least, and
surely: later the detector may have missed words."""
_LONG_PAUSE_SECONDS = 0.8
"""With so good a background, no clicks and nothing in the pauses, or with so long a pause and nothing in it,
there are no bursts beneath the voice either. Set on the voices for setting: of 72 with bursts two escape."""
_BARE_ROOM_DB = 15.0
_CUT_OFF_PERCENT = 0.5
"""A bare room's tail and what cutting off adds are no voice to the model: both are told by other figures."""
_LIMITED_CREST_DB = 11.0
"""Nor does the model know a voice whose peaks a limiter turns down; bursts stand out as peaks of their own."""
_STILL_DB = 2.0
"""Of 2,700 recordings, 240 of them in bursts, three had a model find noise beneath a voice with such pauses: none had any."""
_UNSTEADY_DB = 3.5
"""Noise this far above what is steady comes in bursts; nearer, the steady noise is told more exactly."""


def figures(samples: Samples, rate_hz: int) -> dict[str, Any]:
    """The figures of one recording: `samples` is time x channels. The loudest channel is measured."""
    if samples.size == 0:
        return {"seconds": 0.0}
    channel_levels = [rms_dbfs(samples[:, n] - np.median(samples[:, n])) for n in range(samples.shape[1])]
    mono = samples[:, int(np.argmax(channel_levels))]
    offset = float(np.mean(mono))
    opened = mono[int(_POP_SECONDS * rate_hz) :] if mono.size > 2 * _POP_SECONDS * rate_hz else mono
    found: dict[str, Any] = {
        "seconds": round(samples.shape[0] / rate_hz, 3),
        "rate_hz": rate_hz,
        "channels": samples.shape[1],
        "channel_levels_dbfs": [round(channel, 1) for channel in channel_levels],
        "peak_dbfs": round(decibels(float(np.max(np.square(mono)))), 2),
        "swing_p999": float(np.percentile(np.abs(opened - np.median(opened)), 99.9)),
        "dc_offset": round(offset, 5),
    }
    return found | _voice_figures(mono - offset, rate_hz)


def _voice_figures(raw: Samples, rate_hz: int) -> dict[str, Any]:
    steady, rate = raw, rate_hz
    if rate_hz > _HIGHEST_RATE_HZ:
        steady, rate = resampled(raw, rate_hz, _HIGHEST_RATE_HZ), _HIGHEST_RATE_HZ
    slow = resampled(steady, rate, VOICE_RATE_HZ)
    voice, seconds = _heard_voice(slow, steady, rate)
    is_voice = seconds is None or seconds >= _SHORTEST_VOICE_SECONDS
    audible = without_rumble(steady, rate)
    active, activity = active_level(audible, rate)
    clipped = clipping(raw)
    crest = decibels(float(np.max(np.square(raw)))) - active
    found: dict[str, Any] = {
        "active_level_dbfs": round(active, 2),
        "activity_percent": round(100 * activity, 1),
        "voice_seconds": _rounded(seconds),
        "clipped_percent": round(clipped.percent, 4),
        "clipped_crowd": round(clipped.crowd, 2),
        "crest_db": round(crest, 2),
    }
    cut = frames(steady, rate)
    found["level_seconds"], found["level_dbfs"] = level_course(raw, rate_hz)
    found["spectrum_hz"], found["spectrum_dbfs"] = spectrum(cut)
    sent = frames(audible, rate)
    heard = noise(sent, voice, active)
    found |= {
        "noise_dbfs": round(heard.level_dbfs, 2),
        "steady_noise_dbfs": round(heard.steady_dbfs, 2),
        "burst_db": _rounded(heard.burst_db),
        "floor_spread_db": round(heard.spread_db, 1),
        "band_spread_db": round(heard.band_spread_db, 1),
        "pause_seconds": _rounded(heard.pause_seconds),
    }
    if active <= FLOOR_DBFS or not is_voice:
        return found  # what else there is to know is about a voice
    found["clipped_slope"] = _rounded(slope(slow, VOICE_RATE_HZ))
    found["filtered_crowd"] = round(crowd_before_filter(slow, VOICE_RATE_HZ), 2)
    lost = dropouts(raw, rate_hz, heard.speech_dbfs)
    keys = clicks_per_second(steady, rate, heard.speech_dbfs)
    room = _room_figures(slow, active)
    whole = clipped.percent < _CUT_OFF_PERCENT and crest >= _LIMITED_CREST_DB
    early = _is_loud_before(slow, voice, active)
    hidden = whole and (early or not _is_still(heard, keys)) and _may_hide_bursts(heard, keys, room)
    # What is as loud as a voice before anybody speaks is noise, however good it sounds.
    background = None if early else room["background_mos"]
    below = beneath(steady, rate, active, background) if hidden else None
    mains = hum(steady, rate)
    above = without_lines(sent, heard, lines_dbfs=mains.level_dbfs, voice=voice, active_dbfs=active)
    return (
        found
        | _against_noise(active, heard, mains, above, below)
        | _band_figures(raw, rate_hz, cut, lost)
        | {"holes": lost.holes, "repeats": lost.repeats}
        | _splice_figures(slow)
        | {"clicks_per_second": round(keys, 2)}
        | room
    )


def _splice_figures(slow: Samples) -> dict[str, Any]:
    found = splices(slow)
    if found is None:
        return {}
    return {
        "splices": found.count,
        "splice_certainty": round(found.certainty, 2),
        "packet_splice_certainty": round(found.in_packets, 2),
    }


def _heard_voice(slow: Samples, steady: Samples, rate_hz: int) -> tuple[Samples | None, float | None]:
    """How likely speech is in each moment of `slow` (`steady` at 16 kHz), and how long there is any; None:
    cannot be told.

    In a room that rings, and in noise that is as loud, the detector may hear no words: then they are looked
    for without the room's tails, and without the noise.
    """
    voice = voice_probability(slow)
    if voice is None:
        return None, None
    doubtful = _spoken_seconds(voice, _DOUBT) >= _SHORTEST_DOUBT_SECONDS
    if _spoken_seconds(voice) >= _SHORTEST_VOICE_SECONDS or not doubtful:
        return voice, _spoken_seconds(voice)
    looks: tuple[Callable[[], Samples | None], ...] = (
        lambda: without_tails(slow),
        lambda: voice_beneath(steady, rate_hz),
    )
    for look in looks:
        heard = look()
        again = None if heard is None else voice_probability(heard)
        if again is not None and _spoken_seconds(again) >= _SHORTEST_SECOND_LOOK_SECONDS:
            return again[: voice.size], _spoken_seconds(again)
    return voice, _spoken_seconds(voice)


def _spoken_seconds(voice: Samples, surely: float = _VOICE) -> float:
    return float((voice > surely).sum()) * WINDOW / VOICE_RATE_HZ


def _is_loud_before(slow: Samples, voice: Samples | None, active_dbfs: float) -> bool:
    if voice is None or not (voice > _DOUBT).any():
        return False
    windows = min(int(np.argmax(voice > _VOICE)) - _BEFORE_WINDOWS, _LONGEST_BEFORE)
    before = slow[: max(0, windows) * WINDOW]
    return before.size >= _SHORTEST_BEFORE * WINDOW and rms_dbfs(before) > active_dbfs - _LOUD_BEFORE_DB


def _is_still(heard: Noise, keys: float) -> bool:
    """Whether nothing at all stands out in long pauses: then what a model takes off is a voice it does not know."""
    long = heard.pause_seconds is not None and heard.pause_seconds >= _LONG_PAUSE_SECONDS
    return long and heard.burst_db is not None and heard.burst_db < _STILL_DB and keys <= _CLICKS_OF_KEYS


def _may_hide_bursts(heard: Noise, keys: float, room: dict[str, Any]) -> bool:
    """Whether to take the voice out, which costs much and errs with voices that the model does not know."""
    if room["decay_db"] is not None and room["decay_db"] < _BARE_ROOM_DB:
        return False
    if heard.has_bursts or keys > _CLICKS_OF_KEYS or heard.unsure_db > _UNSURE_DB:
        return True
    if heard.pause_seconds is not None and heard.burst_db is None:
        return True  # a voice without a pause: nowhere else would they be heard
    if heard.pause_seconds is not None and heard.pause_seconds >= _LONG_PAUSE_SECONDS:
        return False
    return room["background_mos"] is None or bool(room["background_mos"] < _NOTHING_BEHIND_MOS)


def _against_noise(
    active: float, heard: Noise, mains: Hum, above_rumble: Noise, below: Beneath | None
) -> dict[str, Any]:
    """The voice to the noise: bursts between and beneath words counted in, where there are any."""
    level = heard.speech_dbfs
    all_noise, without_rumble_db = heard.level_dbfs, above_rumble.speech_dbfs - above_rumble.level_dbfs
    if below is not None and below.is_telling and below.noise_dbfs > heard.steady_dbfs + _UNSTEADY_DB:
        level, all_noise = below.voice_dbfs, below.noise_dbfs
        without_rumble_db = level - below.noise_above_rumble_dbfs
    elif below is not None and (below.is_all_noise or below.took_a_voice):
        level = active if below.took_a_voice else level  # what the detector missed is no noise, but words
        all_noise = heard.steady_dbfs
        without_rumble_db = level - above_rumble.steady_dbfs
    without_hum = decibels(max(0.0, 10 ** (all_noise / 10) - 10 ** (mains.level_dbfs / 10)))
    return {
        "active_level_dbfs": round(level, 2),
        "noise_dbfs": round(all_noise, 2),
        "snr_db": round(level - all_noise, 2),
        "snr_steady_db": round(max(level, heard.speech_dbfs) - heard.steady_dbfs, 2),
        "snr_without_rumble_db": round(without_rumble_db, 2),
        "snr_without_hum_db": round(level - without_hum, 2),
        "snr_beneath_db": None if below is None or below.took_a_voice else round(below.ratio_db, 2),
        "hum_hz": mains.base_hz,
        "hum_db": round(mains.level_dbfs - level, 2),
        "hum_lines": mains.lines,
        "hum_contrast_db": round(mains.contrast_db, 1),
        "hum_certainty_db": round(mains.certainty_db, 1),
    }


def _band_figures(raw: Samples, rate_hz: int, cut: Frames, lost: Dropouts) -> dict[str, Any]:
    edge = band(cut, lost.at_seconds)
    before = stretched_from(raw, rate_hz) or (8000.0 if is_mirrored(raw, rate_hz) else None)
    ends = [hz for hz in (edge.edge_hz, before and before / 2) if hz is not None]
    return {
        "band_edge_hz": round(min(ends)) if ends else None,
        "band_drop_db": round(edge.drop_db, 1),
        "stretched_from_hz": None if before is None else round(before),
    }


def _room_figures(slow: Samples, active_dbfs: float) -> dict[str, Any]:
    room = scores(slow, active_dbfs)
    returned = echo(slow)
    return {
        "signal_mos": None if room is None else round(room[0], 2),
        "background_mos": None if room is None else round(room[1], 2),
        "echo_strength": round(returned.strength, 4),
        "echo_delay_ms": round(returned.delay_ms, 1),
        "late_echo_prominence": round(returned.late_prominence, 2),
        "late_echo_delay_ms": round(returned.late_delay_ms, 1),
        "decay_db": _rounded(decay(slow)),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
