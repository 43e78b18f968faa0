"""Reverberation: by how slowly sounds die away, and by the signal score of DNSMOS P.835 (Reddy 2022),
a small network in the package speechmos, run by OpenCV. Where that is missing or does not load, the
answer is None.
"""

from __future__ import annotations

import functools
import importlib.util
import itertools
import logging
from pathlib import Path
from typing import Any

import numpy as np

from readiness.analysis.sound_level import Samples

ROOM_RATE_HZ = 16_000
_MODEL = Path("dnsmos_models", "sig_bak_ovr.onnx")
_LISTENED = 144_160
"""Samples that the network takes: 9.01 s."""
_USUAL_RMS = 10 ** (-26 / 20)
_DECAY_SIZE, _DECAY_HOP = 256, 128
_DECAY_FRAMES = 12
"""96 ms: longer than a sound takes to end in a dry room, shorter than what hides the end in a bare one."""
_DECAY_BANDS_HZ = (300.0, 4000.0, 10)
_DECAY_BELOW_LOUDEST_DB = 15.0
_STEEPEST = 0.1

_log = logging.getLogger(__name__)


def scores(samples: Samples, speech_dbfs: float) -> tuple[float, float] | None:
    """DNSMOS P.835 of mono `samples` at 16 kHz: signal and background, raw, about 1-5; None: unknown.

    Shorter recordings are repeated, of longer ones the middle is taken.
    """
    network = _network()
    if network is None or not samples.size:
        return None
    start = max(0, (samples.size - _LISTENED) // 2)
    heard = np.resize(samples[start : start + _LISTENED], _LISTENED)
    heard = np.clip(heard * 10 ** ((-26 - speech_dbfs) / 20), -1, 1)
    try:
        network.setInput(heard.astype(np.float32)[None])
        signal, background, _overall = (float(score) for score in network.forward()[0])
    except Exception as error:
        _log.warning("the model of reverberation failed: %s", error)
        return None
    return signal, background


@functools.cache
def _network() -> Any:
    try:
        import cv2

        found = importlib.util.find_spec("speechmos")
        if found is None or not found.submodule_search_locations:
            raise FileNotFoundError("speechmos")
        return cv2.dnn.readNetFromONNX(str(Path(found.submodule_search_locations[0]) / _MODEL))
    except Exception as error:
        _log.warning("no model of reverberation: %s", error)
        return None


def decay(samples: Samples) -> float | None:
    """How far the sounds in mono `samples` at 16 kHz fall in 0.1 s where they do so fastest, in dB.

    The fall of the level over 96 ms in ten bands, wherever the band is loud first; the steepest tenth.
    A room lets nothing fall faster than its own tail does (the distribution of decay rates, Wen,
    Habets and Naylor 2008), which noise and knocks are not bound by. None: too short to tell.
    """
    if samples.size < _DECAY_SIZE + 2 * _DECAY_FRAMES * _DECAY_HOP:
        return None
    window = np.hanning(_DECAY_SIZE + 1)[:-1]
    cut = np.lib.stride_tricks.sliding_window_view(samples, _DECAY_SIZE)[::_DECAY_HOP] * window
    power = np.square(np.abs(np.fft.rfft(cut, axis=1)))
    hz = np.fft.rfftfreq(_DECAY_SIZE, 1 / ROOM_RATE_HZ)
    low, high, count = _DECAY_BANDS_HZ
    edges = np.geomspace(low, high, count + 1)
    time = np.arange(_DECAY_FRAMES) - (_DECAY_FRAMES - 1) / 2
    slopes = []
    for below, above in itertools.pairwise(edges):
        level = 10 * np.log10(power[:, (hz >= below) & (hz < above)].sum(axis=1) + 1e-12)
        parts = np.lib.stride_tricks.sliding_window_view(level, _DECAY_FRAMES)
        loud = parts[:, 0] > np.quantile(level, 0.95) - _DECAY_BELOW_LOUDEST_DB
        slopes.append(parts[loud] @ time / float(time @ time))
    steepest = float(np.quantile(np.concatenate(slopes), _STEEPEST))
    return -steepest * 0.1 * ROOM_RATE_HZ / _DECAY_HOP
