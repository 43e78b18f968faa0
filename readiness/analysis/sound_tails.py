"""A voice without a room's tails, so that words that run into one another are heard as words again."""

from __future__ import annotations

import numpy as np

from readiness.analysis.sound_level import Samples
from readiness.analysis.sound_voice import VOICE_RATE_HZ

_SIZE, _HOP = 512, 128
_LATE_FRAMES = 6
"""48 ms: what comes later is the room and no longer the sound itself (late reverberation, Lebart, Boucher
and Denbigh 2001)."""
_DYING_SECONDS = 2.0
"""To -60 dB; so long does a great bare hall ring, and where a smaller one is meant less is taken off."""
_LEAST_LEFT = 0.03


def without_tails(samples: Samples) -> Samples:
    """Mono `samples` at 16 kHz without what may be the tail of a louder moment before, in each frequency."""
    window = np.sqrt(np.hanning(_SIZE + 1)[:-1])
    padded = np.pad(samples, (_SIZE, _SIZE + (-samples.size) % _HOP))
    spectra = np.fft.rfft(np.lib.stride_tricks.sliding_window_view(padded, _SIZE)[::_HOP] * window, axis=1)
    power = np.square(np.abs(spectra))
    power[1:] = (power[1:] + power[:-1]) / 2
    fall = 10 ** (-6 * _HOP / VOICE_RATE_HZ / _DYING_SECONDS)
    tail = np.zeros(power.shape[1])
    for n in range(_LATE_FRAMES, power.shape[0]):
        tail = np.maximum(tail * fall, power[n - _LATE_FRAMES] * fall**_LATE_FRAMES)
        spectra[n] *= np.maximum(_LEAST_LEFT, 1 - tail / np.maximum(power[n], 1e-20))
    parts = np.fft.irfft(spectra, axis=1) * window
    dry = np.zeros(padded.size)
    for n, part in enumerate(parts):
        dry[n * _HOP : n * _HOP + _SIZE] += part
    return dry[_SIZE : _SIZE + samples.size] * (2 * _HOP / _SIZE)
