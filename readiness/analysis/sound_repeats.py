"""Sound that is said twice, as a packet is that stands in for a lost one.

Where nothing came after, the block is the very same as one before, which no voice's next period is. What a
coder made merely alike is found as a joint, see sound_splices.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from readiness.analysis.sound_level import Samples

_BLOCK_SECONDS = 0.008
_FARTHEST_REPEAT_SECONDS = 0.13
_NEAREST_REPEAT_SECONDS = 0.0096
"""Packets hold 10 ms at least; a voice's own pitch is mostly above 100 Hz."""
_LOOKED_AT_SECONDS = 0.001
_OTHER, _OTHER_FADED = 2e-3, 1e-2
_WHOLE_SHARE, _WHOLE_SHARE_FADED = 0.95, 0.7
_SAME = 0.9995
_APART_SECONDS = 0.001
_TOLD_APART = 12.0
"""A block said again is so many times less unlike than any other; a voice's next period but one is not."""
_SAME_STEPS = 2e-5
_FADED_AT_MOST = 0.9
_LONGEST_PITCH_SECONDS = 0.019
_SAME_WITHIN_PITCH = 0.99998
"""A synthesiser's deep voice repeats itself as well as 0.99996; a packet of 10 ms is the very same."""
_EVEN_SIZE = 640
"""Multiples of it have small factors only, which a Fourier transform is quick with."""
_AT_ONCE = 64


def repeats(samples: Samples, rate_hz: int, speech_dbfs: float) -> list[float]:
    """Where, in seconds, blocks of 8 ms in mono `samples` are the very same as what stood 10-130 ms before."""
    # Differences, so that a hum, which does repeat, weighs little.
    step = np.diff(samples)
    block = int(_BLOCK_SECONDS * rate_hz)
    far = int(_FARTHEST_REPEAT_SECONDS * rate_hz)
    near = int(_NEAREST_REPEAT_SECONDS * rate_hz)
    pitch = int(_LONGEST_PITCH_SECONDS * rate_hz)
    apart = int(_APART_SECONDS * rate_hz)
    found: list[float] = []
    last = -far
    starts = _loud(samples, np.arange(far, step.size - block, block // 2 + 1), block, speech_dbfs)
    for start, likeness, energies, energy in _likenesses(step, starts, far, near, block):
        at = start - far
        best = int(np.argmax(likeness))
        same = _SAME if far - best > pitch else _SAME_WITHIN_PITCH
        faded = not _is_as_loud(energies[best], energy)
        if faded:
            # What fills in for a lost packet is the packet before, fading away.
            if energy > energies[best] or likeness[best] <= _FADED_AT_MOST:
                continue
            likeness[best] = _fading_likeness(samples, step, start, at + best, block)
        if likeness[best] > same:
            beside = np.delete(likeness, slice(max(0, best - apart), best + apart))
            # A voice's own pitch, a synthesiser's above all, makes it as good as the same at several places.
            if beside.size and _TOLD_APART * max(1 - likeness[best], _SAME_STEPS) > 1 - float(beside.max()):
                continue
            if not _is_whole(step, start, block, far - best, rate_hz, faded=faded):
                continue
            if start - last > 4 * block:
                found.append(float(start) / rate_hz)
            last = start
    return found


def _loud(
    samples: Samples, starts: np.ndarray[Any, np.dtype[np.int64]], block: int, speech_dbfs: float
) -> list[int]:
    """Those of `starts` where the `block` samples from there on are loud."""
    power = np.concatenate(([0.0], np.cumsum(np.square(samples))))
    loud = 10 ** ((speech_dbfs - 12) / 10) * block
    return [int(start) for start in starts[power[starts + block] - power[starts] > loud]]


def _is_as_loud(before: float, now: float) -> bool:
    return abs(before / max(now, 1e-20) - 1) < 0.01


def _fading_likeness(samples: Samples, step: Samples, start: int, before: int, block: int) -> float:
    """How alike the steps at `start` are to those at `before` when that fades evenly, 1 being the same."""
    now, then = step[start : start + block], step[before : before + block]
    ramp = np.linspace(-1, 1, block)
    parts = np.stack((then, then * ramp, samples[before : before + block]))
    products = parts @ parts.T
    products[range(3), range(3)] *= 1 + 1e-9
    left = now - np.linalg.solve(products + 1e-20 * np.eye(3), parts @ now) @ parts
    return float(np.sqrt(max(0.0, 1 - float(left @ left) / max(float(now @ now), 1e-20))))


def _is_whole(step: Samples, start: int, block: int, lag: int, rate_hz: int, *, faded: bool) -> bool:
    """Whether all of the `lag` samples about `start` are those before them, as a packet played twice is.

    A synthesiser takes the same breath again as well, but with a beginning or an end of its own."""
    first, last = max(lag, start - lag), min(step.size, start + block + lag)
    now, before = step[first:last], step[first - lag : last - lag]
    wide = np.ones(max(1, int(_LOOKED_AT_SECONDS * rate_hz)))
    energy = np.convolve(np.square(now), wide, "same")
    if faded:
        # However much it has faded there: what goes along with it is the same.
        along, own = (np.convolve(part, wide, "same") for part in (now * before, np.square(before)))
        other = energy - np.square(along) / np.maximum(own, 1e-20)
    else:
        other = np.convolve(np.square(now - before), wide, "same")
    differs = np.flatnonzero(other > (_OTHER_FADED if faded else _OTHER) * energy)
    middle = start + block // 2 - first
    at = int(np.searchsorted(differs, middle))
    begin = int(differs[at - 1]) + 1 if at else 0
    end = int(differs[at]) if at < differs.size else now.size
    return end - begin + wide.size >= (_WHOLE_SHARE_FADED if faded else _WHOLE_SHARE) * lag


def _likenesses(
    step: Samples, starts: list[int], far: int, near: int, block: int
) -> Iterator[tuple[int, Samples, Samples, float]]:
    """For each of `starts`: itself, how alike (-1 to 1) the block there is to those from `far` to `near` samples
    before, their energies, and its own."""
    squares = np.concatenate(([0.0], np.cumsum(np.square(step))))
    for start, dots in zip(starts, _dots(step, starts, far, near, block), strict=True):
        energy = squares[start + block] - squares[start]
        first = start - far
        energies = squares[first + block : first + block + dots.size] - squares[first : first + dots.size]
        yield start, dots / np.sqrt(np.maximum(energies * energy, 1e-20)), energies, energy


def _dots(step: Samples, starts: list[int], far: int, near: int, block: int) -> Iterator[Samples]:
    """For each of `starts` the products of the block there with those from `far` to `near` samples before."""
    if not starts:
        return
    past = np.lib.stride_tricks.sliding_window_view(step, far - near + block)
    blocks = np.lib.stride_tricks.sliding_window_view(step, block)
    # Not longer than the past: what the transform lays around lies beyond the products that are read.
    size = -(-past.shape[1] // _EVEN_SIZE) * _EVEN_SIZE
    for first in range(0, len(starts), _AT_ONCE):
        some = np.array(starts[first : first + _AT_ONCE])
        spectra = np.fft.rfft(past[some - far], size, axis=1)
        spectra *= np.conj(np.fft.rfft(blocks[some], size, axis=1))
        yield from np.fft.irfft(spectra, size, axis=1)[:, : far - near + 1]
