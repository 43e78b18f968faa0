"""Gaps in a voice that a coder has smeared: no run of one value, but quieter than the room ever is.

A lost packet is filled with zeros before MP3, Vorbis or a telephone's coder gets the sound; what comes back is
not zero any more. Still a microphone gives its room's noise at least, amid speech as in the pauses. (Opus lets
the voice ring on: there they are found as cuts, see sound_cuts.py.)
"""

from __future__ import annotations

import numpy as np

from readiness.analysis.sound_level import FLOOR_DBFS, Samples, runs_of

_MOMENT_SECONDS = 0.0025
_SHORTEST, _LONGEST = 4, 140
"""Moments; what is shorter a coder fills up, and what is longer is a pause that somebody cut out."""
_BELOW_ROOM_DB = 18.0
"""So much quieter than the room when it is quiet; a suppressor takes 20 dB off, but not amid words alone."""
_LOUD_DB = -20.0
_BESIDE = 12
"""Moments in which the voice must fall from loud to nothing, and come back: 30 ms, for which a coder rings on."""
_STIRRING, _STIRRING_DB = 4, 8.0
"""Moments for which a coder stirs within a gap, and how far below the room it stays."""
_NEAR = 20
"""Moments; so near what is loud nothing is a pause yet."""
_FEWEST_OF_ROOM = 80
_QUIET_SHARE = 0.3
"""Of the moments without a voice: in the others there may be keys or steps."""


def gaps(samples: Samples, rate_hz: int, speech_dbfs: float) -> list[float]:
    """Where, in seconds, mono `samples` fall far below their room amid speech of the level `speech_dbfs`."""
    size = max(1, int(_MOMENT_SECONDS * rate_hz))
    moments = samples[: samples.size // size * size].reshape(-1, size)
    if len(moments) < _FEWEST_OF_ROOM:
        return []
    # Each about its own mean: zeros are silence in a signal with an offset as well.
    level = 10 * np.log10(np.var(moments, axis=1) + 10 ** (FLOOR_DBFS / 10))
    loud = level > speech_dbfs + _LOUD_DB
    room = level[np.convolve(loud, np.ones(2 * _NEAR + 1), "same") < 0.5]
    if room.size < _FEWEST_OF_ROOM:
        return []
    # Where silence is digital anyhow, a gate's or a synthesiser's, nothing is so far below it.
    quiet = np.quantile(room, _QUIET_SHARE)
    deep = level < quiet - _BELOW_ROOM_DB
    for start, end in zip(*runs_of(~deep), strict=True):
        within = start > 0 and end < deep.size and end - start <= _STIRRING
        deep[start:end] = within and level[start:end].max() < quiet - _STIRRING_DB
    return [
        float(start * size) / rate_hz
        for start, end in zip(*runs_of(deep), strict=True)
        if _SHORTEST <= end - start <= _LONGEST
        and loud[max(0, start - _BESIDE) : start].any()
        and loud[end : end + _BESIDE].any()
    ]
