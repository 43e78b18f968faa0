"""What the room does to a voice: reverberation, and an echo of the voice itself.

Reverberation is told by how slowly sounds die away, and by the signal score of DNSMOS P.835 (Reddy 2022),
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
_ECHO_SECONDS = (0.08, 0.6)
_ECHO_PIECE_SECONDS = 0.15
_MOST_ALIKE_SHARE = 0.25
"""A word said again fills less than a quarter of the time."""
_ECHO_CANDIDATES = 4
_FARTHEST_OUT = 12.0
_ECHO_APART = 16
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


def echo(samples: Samples) -> tuple[float, float]:
    """The strongest echo in mono `samples` at 16 kHz: its strength (0-1) and delay in ms.

    The strength is a peak of the autocorrelation of the whitened sound, 80 to 600 ms away. An echo goes
    along all the time; a word or a synthesiser's sound that is said again is alike at one place only. So
    the places that are most alike do not count.
    """
    if samples.size < ROOM_RATE_HZ:
        return 0.0, 0.0
    size = 1 << (2 * samples.size - 1).bit_length()
    spectrum = np.fft.rfft(samples, size)
    power = np.square(np.abs(spectrum))
    wide = max(1, size // 256)
    summed = np.cumsum(np.concatenate((np.zeros(1), np.pad(power, wide, "reflect"))))
    smooth = (summed[2 * wide + 1 :] - summed[: -2 * wide - 1]) / (2 * wide + 1)
    smooth = np.maximum(smooth, 1e-12 * float(smooth.max()) + 1e-30)
    hz = np.fft.rfftfreq(size, 1 / ROOM_RATE_HZ)
    outside = (hz < 200) | (hz > 7000)
    # A tone would be alike to itself at any time: nothing stands out farther than a voice does.
    white = np.minimum(power / smooth, _FARTHEST_OUT)
    white[outside] = 0
    lags = np.fft.irfft(white, size)
    first, last = (int(edge * ROOM_RATE_HZ) for edge in _ECHO_SECONDS)
    part = lags[first : min(last, samples.size // 2)] / max(float(lags[0]), 1e-30)
    if not part.size:
        return 0.0, 0.0
    spectrum *= np.sqrt(white / np.maximum(power, 1e-30))
    spectrum[outside] = 0
    sound = np.fft.irfft(spectrum, size)[: samples.size]
    found = []
    for _ in range(_ECHO_CANDIDATES):
        at = int(np.argmax(np.abs(part)))
        turned = float(np.sign(part[at]))  # an echo may come back upside down
        found.append((min(turned * float(part[at]), _all_along(sound, first + at, turned)), first + at))
        part[max(0, at - _ECHO_APART) : at + _ECHO_APART] = 0
    strength, lag = max(found)
    return strength, 1000 * lag / ROOM_RATE_HZ


def _all_along(white: Samples, lag: int, turned: float) -> float:
    """How alike `white` is to itself `lag` samples before, without the places where it is so most; upside down
    where `turned` is -1."""
    piece = int(_ECHO_PIECE_SECONDS * ROOM_RATE_HZ)
    now, before = white[lag:], white[: white.size - lag]
    count = now.size // piece
    now, before = (one[: count * piece].reshape(count, piece) for one in (now, before))
    alike = turned * (now * before).sum(axis=1)
    energy = (np.square(now).sum(axis=1) + np.square(before).sum(axis=1)) / 2
    kept = np.argsort(alike)[: count - round(_MOST_ALIKE_SHARE * count)]
    return float(alike[kept].sum()) / max(float(energy[kept].sum()), 1e-30)
