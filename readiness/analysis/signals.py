"""The sounds that we play, made here, and finding our own probe in what a microphone heard.

The probe is a quiet sweep upwards on the left and one downwards on the right (logarithmic sweeps,
Farina 2000, equation 2), so that the two sides are told apart and the second is found by itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from readiness.analysis.sound import decibels

Samples: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"

LEAD_SECONDS = 0.2
"""Silence first: a speaker that wakes up swallows the beginning."""
CHIME_SECONDS = 1.4
SWEEP_SECONDS = 0.5
RIGHT_AFTER_SECONDS = 0.55
"""The right side's sweep begins so long after the left side's."""
PROBE_SECONDS = RIGHT_AFTER_SECONDS + SWEEP_SECONDS
_SWEEP_FROM_HZ = 300.0
_SWEEP_TO_HZ = 6000.0
_SWEEP_AMPLITUDE = 0.12
_EARLIEST_SECONDS = 0.1
_LONGEST_DELAY_SECONDS = 0.6
_SAME_SWEEP = 0.05
"""Upwards and downwards are alike to a fiftieth of a filter's peak: below this it is the other side's."""
_ROOM_SECONDS = 0.15
"""What arrives so long after the strongest part is the room's, and leaks as well."""


def chime(rate_hz: int) -> Samples:
    """Two soft bell tones, the first on the left, the second on the right: time x 2."""
    left, right = _bell(523.25, rate_hz), _bell(783.99, rate_hz)  # c'' and g''
    silence = np.zeros(left.size)
    return np.concatenate(
        (_lead(rate_hz), np.stack((left, silence), axis=1), np.stack((silence, right), axis=1))
    )


def probe(rate_hz: int) -> Samples:
    """A quiet sweep upwards on the left, then one downwards on the right, after the lead: time x 2."""
    return np.concatenate((_lead(rate_hz), _sweeps(rate_hz)))


def chime_and_probe(rate_hz: int) -> Samples:
    """The lead, the chime, then the probe's sweeps, after LEAD_SECONDS + CHIME_SECONDS: time x 2."""
    return np.concatenate((chime(rate_hz), _sweeps(rate_hz)))


def _lead(rate_hz: int) -> Samples:
    return np.zeros((round(LEAD_SECONDS * rate_hz), 2))


def _sweeps(rate_hz: int) -> Samples:
    up = _sweep(rate_hz)
    right_at = round(RIGHT_AFTER_SECONDS * rate_hz)
    both = np.zeros((right_at + up.size, 2))
    both[: up.size, 0] = up
    both[right_at:, 1] = up[::-1]
    return both


def find_probe(samples: Samples, rate_hz: int, started: int) -> dict[str, Any]:
    """Look for the probe in `samples` (time x channels); its sweeps were handed over at sample `started`.

    `loop_peak_db` is how far the stronger side's matched filter stands above its level elsewhere (its
    median magnitude); `loop_delay_ms` the time from the driver's taking a sample to its giving it back
    (None: not heard, or heard before it was handed over, since a driver that ran dry tells no delay);
    `loop_gain_db` the level heard to the level played on both sides, echoes of the room included, and
    `loop_left_gain_db`, `loop_right_gain_db` that of each side (None: not heard);
    `loop_side_difference_db` is how much stronger one side's peak is than the other's.
    """
    up = _sweep(rate_hz)
    right_at = started + round(RIGHT_AFTER_SECONDS * rate_hz)
    left = _loudest(samples, up, rate_hz, started)
    right = _loudest(samples, up[::-1], rate_hz, right_at)
    strongest = max(left, right, key=lambda side: side.peak)
    heard = [side for side in (left, right) if side.peak > _SAME_SWEEP * strongest.peak]
    gains = [side.gain_db for side in heard if side.gain_db is not None]
    difference = decibels(right.peak / left.peak) if left.peak > 0 and right.peak > 0 else None
    return {
        "loop_peak_db": strongest.peak_db,
        "loop_delay_ms": round(strongest.delay_ms, 1) if gains and strongest.delay_ms >= 0 else None,
        # Speech sounds on both sides at once: their amplitudes add up at most.
        "loop_gain_db": round(20 * math.log10(sum(10 ** (gain / 20) for gain in gains)), 1)
        if gains
        else None,
        "loop_left_gain_db": left.gain_db if left in heard else None,
        "loop_right_gain_db": right.gain_db if right in heard else None,
        "loop_side_difference_db": None if difference is None else round(abs(2 * difference), 1),
    }


@dataclass(frozen=True, kw_only=True)
class _Side:
    """One side's sweep in a recording: the filter's peak, its height, when it came and how loud."""

    peak: float = 0.0
    peak_db: float = 0.0
    delay_ms: float = 0.0
    gain_db: float | None = None


def _loudest(samples: Samples, reference: Samples, rate_hz: int, started: int) -> _Side:
    """Where the sweep is heard best among the channels."""
    sides = [_found(channel, reference, rate_hz, started) for channel in samples.T]
    return max(sides, key=lambda side: side.peak)


def _found(mono: Samples, reference: Samples, rate_hz: int, started: int) -> _Side:
    if not mono.size:
        return _Side()
    mono = mono - np.mean(mono)
    size = 1 << (mono.size + reference.size).bit_length()
    spectrum = np.conj(np.fft.rfft(reference, size))
    matched = np.abs(np.fft.irfft(np.fft.rfft(mono, size) * spectrum, size)[: mono.size])
    first = max(0, started - round(_EARLIEST_SECONDS * rate_hz))
    window = matched[first : started + round(_LONGEST_DELAY_SECONDS * rate_hz)]
    floor = float(np.median(matched)) if matched.size else 0.0
    if not window.size or floor <= 0:
        return _Side()
    at = first + int(np.argmax(window))
    room = round(_ROOM_SECONDS * rate_hz)
    before = rate_hz // 200  # 5 ms: what precedes the peak of the filter itself
    part = np.square(matched[max(0, at - before) : at + room])
    elsewhere = np.square(np.concatenate((matched[: max(0, at - room)], matched[at + room :])))
    noise = float(np.median(elsewhere)) * part.size if elsewhere.size else 0.0
    own = np.abs(np.fft.irfft(np.abs(spectrum) ** 2, size))
    own_energy = float(np.sum(np.square(own[:room])) + np.sum(np.square(own[-before:])))
    energy = float(np.sum(part)) - noise
    return _Side(
        peak=float(matched[at]),
        peak_db=round(2 * decibels(matched[at] / floor), 1),
        delay_ms=1000 * (at - started) / rate_hz,
        gain_db=round(decibels(energy / own_energy), 1) if energy > 0 else None,
    )


def _sweep(rate_hz: int) -> Samples:
    time = np.arange(int(SWEEP_SECONDS * rate_hz)) / rate_hz
    growth = np.log(_SWEEP_TO_HZ / _SWEEP_FROM_HZ)
    phase = 2 * np.pi * _SWEEP_FROM_HZ * SWEEP_SECONDS / growth * np.expm1(time / SWEEP_SECONDS * growth)
    return _SWEEP_AMPLITUDE * _faded(np.sin(phase), rate_hz)


def _bell(frequency_hz: float, rate_hz: int) -> Samples:
    time = np.arange(round(CHIME_SECONDS / 2 * rate_hz)) / rate_hz
    partials = ((1.0, 1.0, 5.0), (2.0, 0.4, 8.0), (2.99, 0.15, 12.0))
    tone = sum(
        weight * np.sin(2 * np.pi * frequency_hz * multiple * time) * np.exp(-decay * time)
        for multiple, weight, decay in partials
    )
    return 0.2 * _faded(np.asarray(tone), rate_hz)


def _faded(samples: Samples, rate_hz: int) -> Samples:
    """Without a click at either end: 10 ms of raised cosine."""
    edge = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, rate_hz // 100))
    samples[: edge.size] *= edge
    samples[-edge.size :] *= edge[::-1]
    return samples
