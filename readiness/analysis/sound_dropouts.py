"""Holes in a voice: sound that stops dead and comes back, and sound that is said twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.analysis.sound_level import Samples, resampled

_SHORTEST_HOLE_SECONDS = 0.002
_LONGEST_HOLE_SECONDS = 0.35
_BESIDE_SECONDS = 0.005
_BESIDE_DB = -20.0
_JUMP = 0.12
_BOTH_JUMP = 0.08
_BLOCK_SECONDS = 0.008
_FARTHEST_REPEAT_SECONDS = 0.13
_NEAREST_REPEAT_SECONDS = 0.006
_SAME = 0.9995
_HIGHEST_RATE_HZ = 48_000


@dataclass(frozen=True, kw_only=True)
class Dropouts:
    """`holes`: constant runs amid speech. `repeats`: places where a block is said again.

    `at_seconds` is where each of them is.
    """

    holes: int
    repeats: int
    at_seconds: tuple[float, ...]


def dropouts(samples: Samples, rate_hz: int, speech_dbfs: float) -> Dropouts:
    """The dropouts in mono `samples` whose speech has the level `speech_dbfs`."""
    holes = _holes(samples, rate_hz, speech_dbfs)
    slower = min(rate_hz, _HIGHEST_RATE_HZ)
    repeats = _repeats(resampled(samples, rate_hz, slower), slower, speech_dbfs)
    # A value that is held on is a hole, not something said again.
    own = [at for at in repeats if all(abs(at - hole) > 0.1 for hole in holes)]
    return Dropouts(holes=len(holes), repeats=len(own), at_seconds=tuple(sorted(holes + own)))


def _holes(samples: Samples, rate_hz: int, speech_dbfs: float) -> list[float]:
    """Runs of one value, with a loud voice right before and right after, and a jump at an end.

    A noise gate closes when the voice has faded and opens as it sets in, so it is not loud on both sides.
    Silence that was made along with the voice (a synthesiser's closed lips) joins it smoothly at one end
    at least: a run of the recording's own rest must jump at both. A value held on jumps only at its end.
    """
    same = np.concatenate(([False], np.abs(np.diff(samples)) <= 1e-9, [False])).astype(np.int8)
    edges = np.flatnonzero(np.diff(same))
    starts, ends = edges[::2], edges[1::2] + 1
    long = (ends - starts >= _SHORTEST_HOLE_SECONDS * rate_hz) & (
        ends - starts <= _LONGEST_HOLE_SECONDS * rate_hz
    )
    beside = max(4, int(_BESIDE_SECONDS * rate_hz))
    speech = 10 ** (speech_dbfs / 20)
    loud = 10 ** (_BESIDE_DB / 10) * speech**2
    low, high = (float(samples.min()), float(samples.max())) if samples.size else (0.0, 0.0)
    rest = float(np.median(samples[starts[long]])) if long.any() else 0.0
    found = []
    for start, end in zip(starts[long], ends[long], strict=True):
        if start < beside or end + beside > samples.size:
            continue
        if not 0.98 * low < samples[start] < 0.98 * high:
            continue  # the flat top of a cut-off peak
        before, after = samples[start - beside : start], samples[end : end + beside]
        jumps = abs(samples[start] - samples[start - 1]), abs(samples[end] - samples[end - 1])
        smooth = abs(samples[start] - rest) <= 1e-9 and min(jumps) <= _BOTH_JUMP * speech
        if min(np.mean(before**2), np.mean(after**2)) > loud and max(jumps) > _JUMP * speech and not smooth:
            found.append(float(start) / rate_hz)
    return found


def _repeats(samples: Samples, rate_hz: int, speech_dbfs: float) -> list[float]:
    """Blocks of 8 ms that are the very same as what stood 6-130 ms before."""
    # Differences, so that a hum, which does repeat, weighs little.
    step = np.diff(samples)
    block = int(_BLOCK_SECONDS * rate_hz)
    far = int(_FARTHEST_REPEAT_SECONDS * rate_hz)
    near = int(_NEAREST_REPEAT_SECONDS * rate_hz)
    size = 1 << (far + 2 * block).bit_length()
    power = np.concatenate(([0.0], np.cumsum(np.square(samples))))
    squares = np.concatenate(([0.0], np.cumsum(np.square(step))))
    loud = 10 ** ((speech_dbfs - 12) / 10) * block
    found: list[float] = []
    last = -far
    starts = np.arange(far, step.size - block, block // 2 + 1)
    if not starts.size:
        return found
    for start in starts[power[starts + block] - power[starts] > loud]:
        energy = squares[start + block] - squares[start]
        at = start - far
        spectrum = np.fft.rfft(step[at : start - near + block], size)
        dots = np.fft.irfft(spectrum * np.conj(np.fft.rfft(step[start : start + block], size)), size)[
            : far - near + 1
        ]
        energies = squares[at + block : at + block + dots.size] - squares[at : at + dots.size]
        likeness = dots / np.sqrt(np.maximum(energies * energy, 1e-20))
        best = int(np.argmax(likeness))
        if likeness[best] > _SAME and abs(energies[best] / max(energy, 1e-20) - 1) < 0.01:
            if start - last > 4 * block:
                found.append(float(start) / rate_hz)
            last = start
    return found
