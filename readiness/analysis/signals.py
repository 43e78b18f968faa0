"""The sounds that we play, made here, and finding our own sweep in what a microphone heard."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from readiness.analysis.sound import decibels

Samples: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"

SWEEP_SECONDS = 0.8
_SWEEP_FROM_HZ = 300.0
_SWEEP_TO_HZ = 6000.0
_SWEEP_AMPLITUDE = 0.12
_LONGEST_DELAY_SECONDS = 0.6


def chime(rate_hz: int) -> Samples:
    """Two soft bell tones, the first on the left, the second on the right: time x 2."""
    left, right = _bell(523.25, rate_hz), _bell(783.99, rate_hz)  # c'' and g''
    silence = np.zeros(left.size)
    return np.concatenate((np.stack((left, silence), axis=1), np.stack((silence, right), axis=1)))


def sweep(rate_hz: int) -> Samples:
    """A quiet logarithmic sweep on both sides: time x 2 (Farina 2000, equation 2)."""
    mono = _sweep(rate_hz)
    return np.stack((mono, mono), axis=1)


def find_sweep(samples: Samples, rate_hz: int, started: int) -> dict[str, Any]:
    """Look for the sweep in `samples` (time x channels), played about sample `started`.

    `loop_peak_db` is how far the matched filter's peak stands above its level elsewhere (its
    median magnitude), `loop_gain_db` the level of the sweep heard to the one played.
    """
    reference = _sweep(rate_hz)
    mono = samples[:, int(np.argmax(np.mean(np.square(samples), axis=0)))]
    mono = mono - np.mean(mono)
    size = 1 << (mono.size + reference.size).bit_length()
    spectrum = np.fft.rfft(mono, size) * np.conj(np.fft.rfft(reference, size))
    matched = np.abs(np.fft.irfft(spectrum, size)[: mono.size])
    first = max(0, started - rate_hz // 10)
    window = matched[first : started + int(_LONGEST_DELAY_SECONDS * rate_hz)]
    floor = float(np.median(matched))
    if not window.size or floor <= 0:
        return {"loop_peak_db": 0.0, "loop_gain_db": None, "loop_delay_ms": None}
    at = int(np.argmax(window))
    peak = float(window[at])
    energy = float(np.sum(np.square(reference)))
    return {
        "loop_peak_db": round(2 * decibels(peak / floor), 1),
        "loop_gain_db": round(2 * decibels(peak / energy), 1),
        "loop_delay_ms": round(1000 * (first + at - started) / rate_hz, 1),
    }


def _sweep(rate_hz: int) -> Samples:
    time = np.arange(int(SWEEP_SECONDS * rate_hz)) / rate_hz
    growth = np.log(_SWEEP_TO_HZ / _SWEEP_FROM_HZ)
    phase = 2 * np.pi * _SWEEP_FROM_HZ * SWEEP_SECONDS / growth * np.expm1(time / SWEEP_SECONDS * growth)
    return _SWEEP_AMPLITUDE * _faded(np.sin(phase), rate_hz)


def _bell(frequency_hz: float, rate_hz: int) -> Samples:
    time = np.arange(int(0.7 * rate_hz)) / rate_hz
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
