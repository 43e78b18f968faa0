"""Filters, resampling and codecs for the test material; numpy and libsndfile alone."""

from __future__ import annotations

import io
import math
from typing import Any, TypeAlias

import numpy as np
import soundfile

Samples: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"


def power(samples: Samples) -> float:
    return float(np.mean(np.square(samples)))


def gain(samples: Samples, decibels: float) -> Samples:
    return samples * 10 ** (decibels / 20)


def resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    """By cutting or padding the spectrum."""
    if rate == wanted:
        return samples
    step = rate // math.gcd(rate, wanted)
    whole = np.pad(samples, (0, -samples.size % step))
    size = whole.size * wanted // rate
    spectrum = np.fft.rfft(whole)
    kept = np.zeros(size // 2 + 1, complex)
    shared = min(kept.size, spectrum.size)
    kept[:shared] = spectrum[:shared]
    return np.fft.irfft(kept, size) * wanted / rate


def filtered(samples: Samples, rate: int, response: Any) -> Samples:
    """Through a zero-phase filter; `response(hz)` gives its gain."""
    size = 1 << (samples.size + rate // 2).bit_length()
    spectrum = np.fft.rfft(samples, size)
    return np.fft.irfft(spectrum * response(np.fft.rfftfreq(size, 1 / rate)), size)[: samples.size]


def low_pass(samples: Samples, rate: int, edge: float, width: float = 300.0) -> Samples:
    """A raised cosine that is half down at `edge`, with a stop band at -70 dB."""

    def response(hz: Samples) -> Samples:
        along = np.clip((hz - edge + width / 2) / width, 0, 1)
        return np.maximum(0.5 + 0.5 * np.cos(np.pi * along), 3e-4)

    return filtered(samples, rate, response)


def high_pass(samples: Samples, rate: int, edge: float) -> Samples:
    return filtered(samples, rate, lambda hz: 1 / np.sqrt(1 + (edge / np.maximum(hz, 0.1)) ** 8))


def convolved(samples: Samples, response: Samples) -> Samples:
    size = 1 << (samples.size + response.size).bit_length()
    return np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(response, size), size)[: samples.size]


def coded(samples: Samples, rate: int, container: str, subtype: str, quality: float | None = None) -> Samples:
    """Written by libsndfile as `container`/`subtype` and read again."""
    file = io.BytesIO()
    how = {} if quality is None else {"compression_level": quality}
    soundfile.write(file, np.clip(samples, -1, 1), rate, format=container, subtype=subtype, **how)
    file.seek(0)
    decoded, _ = soundfile.read(file, dtype="float64")
    return decoded[: samples.size]


def in_steps(samples: Samples, bits: int = 16) -> Samples:
    """Rounded to whole steps of `bits` bits, and cut off at full scale."""
    steps = 2.0 ** (bits - 1)
    return np.clip(np.round(samples * steps), -steps, steps - 1) / steps


def limited(samples: Samples, rate: int, level: float) -> Samples:
    """A limiter that turns the gain down around each peak, slowly enough to leave the wave whole."""
    size = max(1, rate // 200)
    frames = np.pad(np.abs(samples), (0, -samples.size % size)).reshape(-1, size).max(axis=1)
    held = np.max([np.roll(frames, shift) for shift in range(-4, 5)], axis=0)
    wanted = np.minimum(1, level / np.maximum(held, 1e-9))
    smooth = np.convolve(np.pad(wanted, 2, "edge"), np.ones(5) / 5, "valid")
    at = np.interp(np.arange(samples.size), (np.arange(smooth.size) + 0.5) * size, smooth)
    return samples * at
