"""Clicks, such as a keyboard's: bright, sudden, and over at once, even in the middle of a word."""

from __future__ import annotations

import numpy as np

from readiness.analysis.sound_level import Samples

_FRAME_SECONDS = 0.008
_LOWEST_HZ = 2500.0
_HIGHEST_HZ = 8000.0
_RISE_DB = 14.0
"""What a click is: this much louder than just before, and gone 40 ms later. A t or k rises as much at
most about once a second."""
_BELOW_SPEECH_DB = 10.0
"""What is fainter than this below the voice is no click that anybody hears; t and k seldom are as loud."""
_ONE_CLICK_FRAMES = 6
"""Frames whose rise is one and the same click's: 48 ms, faster than anybody types."""


def clicks_per_second(samples: Samples, rate_hz: int, speech_dbfs: float) -> float:
    """How many clicks there are in mono `samples` whose speech has the level `speech_dbfs`."""
    size = int(_FRAME_SECONDS * rate_hz)
    count = samples.size // max(1, size)
    if size < 32 or count < 12:
        return 0.0
    window = np.hanning(size)
    spectra = np.square(np.abs(np.fft.rfft(samples[: count * size].reshape(-1, size) * window, axis=1)))
    hz = np.fft.rfftfreq(size, 1 / rate_hz)
    scale = 2 / (size * float(np.sum(np.square(window))))
    bright = spectra[:, (hz > _LOWEST_HZ) & (hz < _HIGHEST_HZ)].sum(axis=1) * scale
    level = 10 * np.log10(bright + 1e-12)
    at = np.arange(3, count - 6)
    before = np.maximum(level[at - 3], level[at - 2])
    after = np.min([level[at + later] for later in (2, 3, 4, 5)], axis=0)
    loud = level[at] > speech_dbfs - _BELOW_SPEECH_DB
    last, clicks = -_ONE_CLICK_FRAMES, 0
    for frame in at[loud & (level[at] - before > _RISE_DB) & (level[at] - after > _RISE_DB)]:
        if frame - last >= _ONE_CLICK_FRAMES:
            clicks += 1
            last = int(frame)
    return clicks / (count * _FRAME_SECONDS)
