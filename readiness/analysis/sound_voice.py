"""Where in a recording somebody speaks, by the Silero voice detector.

The detector is a small neural network (`sound_silero`). Where its file is missing or is not what it should
be, nothing is known about speech: the answers are None.
"""

from __future__ import annotations

import functools
import logging

import numpy as np

from readiness.analysis import sound_silero
from readiness.analysis.sound_level import Samples, resampled

VOICE_RATE_HZ = 16_000
_TELEPHONE_RATE_HZ = 8_000
WINDOW = 512
"""Samples at VOICE_RATE_HZ that get one answer."""
_WARM_UP_WINDOWS = 31
_USUAL_RMS = 0.05
_LOUDEST_GAIN = 10**4.5

_log = logging.getLogger(__name__)


def voice_probability(samples: Samples) -> Samples | None:
    """How likely speech is (0-1) in each 32 ms of mono `samples` at 16 kHz; None: cannot be told.

    The level does not matter: a copy at a usual level is listened to, so that a faint voice is still
    a voice.
    """
    at_full_rate, at_telephone_rate = _detector(VOICE_RATE_HZ), _detector(_TELEPHONE_RATE_HZ)
    if at_full_rate is None or at_telephone_rate is None:
        return None
    loud = np.sqrt(np.mean(np.sort(np.square(samples))[-max(1, samples.size // 4) :])) if samples.size else 0
    if loud <= 0:
        return np.zeros(samples.size // WINDOW)
    gain = min(_USUAL_RMS / float(loud), _LOUDEST_GAIN)
    usual = np.clip(gain * samples[: samples.size // WINDOW * WINDOW], -1, 1)
    try:
        wide = _asked(at_full_rate, usual)
        # A telephone's voice is better known to the detector at the telephone's rate.
        narrow = resampled(usual, VOICE_RATE_HZ, _TELEPHONE_RATE_HZ)[: usual.size // 2]
        return np.maximum(wide, _asked(at_telephone_rate, narrow))
    except (ValueError, IndexError) as error:  # weights of other shapes
        _log.warning("the voice detector failed: %s", error)
        return None


def _asked(detector: sound_silero.Silero, usual: Samples) -> Samples:
    """The detector's answers. It needs a moment to find its way, and a recording may begin amid a word:
    it hears the first second twice, and what it was surer of counts."""
    first = min(_WARM_UP_WINDOWS, usual.size // detector.window)
    heard = detector.speech(np.concatenate((usual[: first * detector.window], usual)))
    answers = heard[first:]
    answers[:first] = np.maximum(answers[:first], heard[:first])
    return answers


@functools.cache
def _detector(rate_hz: int) -> sound_silero.Silero | None:
    try:
        return sound_silero.read(rate_hz)
    except (OSError, ValueError) as error:
        _log.warning("no voice detector: %s", error)
        return None
