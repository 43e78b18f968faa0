"""Vowels that are cut off and back at once: lost packets that silence, the room's noise or a coder filled.

In a room no voice ends within 5 ms, and without one its own resonances ring. A synthesiser's voice and one
behind a noise gate do end so fast, but seldom amid a vowel: most of their falls are no cuts.
"""

from __future__ import annotations

import numpy as np

from readiness.analysis.sound_level import FLOOR_DBFS, Samples

_MOMENT_SECONDS = 0.0025
_FEWEST = 80
_EDGE = 4
"""Moments beside a cut whose level is taken: 10 ms, so that a pulse of the voice is in them."""
_FALLING = 2
"""Moments that a fall, or a rise, may take."""
_FALL_DB, _RISE_DB = 24.0, 18.0
"""A coder smears the rise. Set, as the other limits, on 702 recordings of the people for setting and 687 of
synthesisers: dry, in rooms, gated, with noise taken off, with keys, limited and coded. No whole one has cuts."""
_FALL_INTO_NOISE_DB, _RISE_FROM_NOISE_DB = 12.0, 10.0
_EVEN_DB, _BRIGHTER_TIMES = 2.0, 3.0
_FEWEST_FILLED = 3
"""What a coder fills in is noise far brighter than the vowel and of one level, where lips and tongue let nothing
be so even: of 230 whole recordings, half of them of synthesisers and two in three coded, none has so many."""
_VOICE_DB, _VOWEL_DB, _BACK_DB = -12.0, -8.0, -10.0
"""Against the speech: a fall that counts, and one of a vowel; and against what was before, when it is back."""
_SHORTEST, _LONGEST = 6, 43
"""Moments; closed lips and pauses are often longer than 110 ms, a few packets are not."""
_BACK_WITHIN = 6
_NEAR = 6
"""Moments within which there is one fall: the fastest."""
_VOWEL_HZ = 1500.0
"""The middle of its frequencies; the burst with which lips open lies higher."""
_UNLIKE_DB, _UNLIKE_TIMES = 9.0, 2.5
"""The vowel goes on where it was: by no more is it louder or fainter, or its middle higher or lower."""
_BEFORE = 12
_FADING_DB = -5.0
"""A voice that ends by itself is so much fainter in its last 10 ms than in the 30 ms before."""
_CUTS_SHARE, _FEWEST_CUTS = 0.3, 2
"""Of all the falls that are so fast."""


def cuts(samples: Samples, rate_hz: int, speech_dbfs: float) -> list[float]:
    """Where, in seconds, vowels in mono `samples` are cut off, the speech having the level `speech_dbfs`."""
    size = max(1, int(_MOMENT_SECONDS * rate_hz))
    count = samples.size // size
    if count < _FEWEST:
        return []
    moments = samples[: count * size].reshape(-1, size)
    power = np.mean(np.square(moments), axis=1) + 10 ** (FLOOR_DBFS / 10)
    steps = np.mean(np.square(np.diff(moments, axis=1)), axis=1)
    level = 10 * np.log10(power)
    beside = _windows(power, _EDGE).mean(axis=1)  # of the moments from each on
    middle_hz = rate_hz / (2 * np.pi) * np.sqrt(_windows(steps, _EDGE).mean(axis=1) / beside)
    loud = 10 * np.log10(beside)
    quiet = _windows(level, _EDGE).max(axis=1)
    # At each moment from `_EDGE` on: how far what follows lies below what was before.
    after = quiet[_EDGE + _FALLING :]
    fall = np.where(loud > speech_dbfs + _VOICE_DB, loud, -np.inf)[: after.size] - after
    falls = [
        int(at) + _EDGE
        for at in np.flatnonzero(fall > _FALL_INTO_NOISE_DB)
        if fall[at] == fall[max(0, at - _NEAR) : at + _NEAR + 1].max()
    ]
    fast = [at for at in falls if fall[at - _EDGE] > _FALL_DB]
    silenced, filled = [], []
    for at in falls:
        before = at - _EDGE
        back = np.flatnonzero(level[at + _FALLING : at + _LONGEST] > loud[before] + _BACK_DB)
        if before < _BEFORE or not back.size or back[0] + _FALLING < _SHORTEST:
            continue
        end = at + _FALLING + int(back[0])
        ends = np.arange(end - 1, min(end + _BACK_WITHIN, loud.size))
        rises = (loud[ends] - quiet[ends - _FALLING - _EDGE])[loud[ends] > speech_dbfs + _VOICE_DB]
        rise = rises.max(initial=-np.inf)
        behind = min(end + 1, loud.size - 1)
        low, high = sorted((middle_hz[before], middle_hz[behind]))
        fading = loud[before] - 10 * np.log10(np.mean(power[before - _BEFORE : before]))
        is_one_vowel = (
            loud[before] > speech_dbfs + _VOWEL_DB
            and high < min(_VOWEL_HZ, _UNLIKE_TIMES * low)
            and abs(loud[behind] - loud[before]) < _UNLIKE_DB
            and fading > _FADING_DB
        )
        if is_one_vowel and at in fast and rise > _RISE_DB:
            silenced.append(float(at * size) / rate_hz)
        elif is_one_vowel and rise > _RISE_FROM_NOISE_DB:
            within, windows = level[at + _FALLING : end - 1], middle_hz[at + _FALLING : end - _EDGE]
            bright = windows.size > 0 and np.median(windows) > _BRIGHTER_TIMES * high
            if bright and np.std(within) < _EVEN_DB:
                filled.append(float(at * size) / rate_hz)
    found = silenced if len(silenced) >= max(_FEWEST_CUTS, _CUTS_SHARE * len(fast)) else []
    return sorted(found + (filled if len(filled) >= _FEWEST_FILLED else []))


def _windows(values: Samples, size: int) -> Samples:
    return np.lib.stride_tricks.sliding_window_view(values, size)
