"""The sounds that we play, made here, and finding our own probe in what a microphone heard.

The probe is a quiet sweep upwards on the left and one downwards on the right (logarithmic sweeps,
Farina 2000, equation 2), so that the two sides are told apart and the second is found by itself.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np

from readiness.analysis.sound import decibels

Samples: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"

CHIME_SECONDS = 1.4
SWEEP_SECONDS = 0.5
RIGHT_AFTER_SECONDS = 0.55
"""The right side's sweep begins so long after the left side's."""
_SWEEP_FROM_HZ = 300.0
_SWEEP_TO_HZ = 6000.0
_SWEEP_AMPLITUDE = 0.12
_EARLIEST_SECONDS = 0.1
_LONGEST_DELAY_SECONDS = 0.6
_ROOM_SECONDS = 0.15
"""What arrives so long after the strongest part is the room's, and leaks as well."""


def chime(rate_hz: int) -> Samples:
    """Two soft bell tones, the first on the left, the second on the right: time x 2."""
    left, right = _bell(523.25, rate_hz), _bell(783.99, rate_hz)  # c'' and g''
    silence = np.zeros(left.size)
    return np.concatenate((np.stack((left, silence), axis=1), np.stack((silence, right), axis=1)))


def probe(rate_hz: int) -> Samples:
    """A quiet sweep upwards on the left, then one downwards on the right: time x 2."""
    up = _sweep(rate_hz)
    right_at = round(RIGHT_AFTER_SECONDS * rate_hz)
    both = np.zeros((right_at + up.size, 2))
    both[: up.size, 0] = up
    both[right_at:, 1] = up[::-1]
    return both


def chime_and_probe(rate_hz: int) -> Samples:
    """The chime, then the probe, which begins at CHIME_SECONDS: time x 2."""
    return np.concatenate((chime(rate_hz), probe(rate_hz)))


def find_probe(samples: Samples, rate_hz: int, started: int) -> dict[str, Any]:
    """Look for the probe in `samples` (time x channels), handed to the driver at sample `started`.

    `loop_peak_db` is how far the stronger side's matched filter stands above its level elsewhere (its
    median magnitude); `loop_delay_ms` the time from the driver's taking a sample to its giving it back;
    `loop_gain_db` the level heard to the level played on both sides, echoes of the room included, and
    `loop_left_gain_db`, `loop_right_gain_db` that of each side (None: not heard), and
    `loop_side_difference_db` how much louder one side is than the other.
    """
    mono = samples[:, int(np.argmax(np.mean(np.square(samples), axis=0)))]
    mono = mono - np.mean(mono)
    up = _sweep(rate_hz)
    right_at = started + round(RIGHT_AFTER_SECONDS * rate_hz)
    left = _found(mono, up, rate_hz, started)
    right = _found(mono, up[::-1], rate_hz, right_at)
    peak_db, delay_ms, _ = max(left, right, key=lambda side: side[0])
    gains = [side[2] for side in (left, right) if side[2] is not None]
    return {
        "loop_peak_db": peak_db,
        "loop_delay_ms": delay_ms if gains else None,
        # Speech sounds on both sides at once: their amplitudes add up at most.
        "loop_gain_db": round(20 * math.log10(sum(10 ** (gain / 20) for gain in gains)), 1)
        if gains
        else None,
        "loop_left_gain_db": left[2],
        "loop_right_gain_db": right[2],
        "loop_side_difference_db": round(max(gains) - min(gains), 1) if len(gains) == 2 else None,
    }


def _found(
    mono: Samples, reference: Samples, rate_hz: int, started: int
) -> tuple[float, float | None, float | None]:
    """Peak in dB, delay in ms and gain in dB of one side's sweep."""
    size = 1 << (mono.size + reference.size).bit_length()
    spectrum = np.conj(np.fft.rfft(reference, size))
    matched = np.abs(np.fft.irfft(np.fft.rfft(mono, size) * spectrum, size)[: mono.size])
    first = max(0, started - round(_EARLIEST_SECONDS * rate_hz))
    window = matched[first : started + round(_LONGEST_DELAY_SECONDS * rate_hz)]
    floor = float(np.median(matched)) if matched.size else 0.0
    if not window.size or floor <= 0:
        return 0.0, None, None
    at = first + int(np.argmax(window))
    room = round(_ROOM_SECONDS * rate_hz)
    before = rate_hz // 200  # 5 ms: what precedes the peak of the filter itself
    part = np.square(matched[max(0, at - before) : at + room])
    elsewhere = np.square(np.concatenate((matched[: max(0, at - room)], matched[at + room :])))
    noise = float(np.median(elsewhere)) * part.size if elsewhere.size else 0.0
    own = np.abs(np.fft.irfft(np.abs(spectrum) ** 2, size))
    own_energy = float(np.sum(np.square(own[:room])) + np.sum(np.square(own[-before:])))
    energy = float(np.sum(part)) - noise
    return (
        round(2 * decibels(matched[at] / floor), 1),
        round(1000 * (at - started) / rate_hz, 1),
        round(decibels(energy / own_energy), 1) if energy > 0 else None,
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
