"""An echo of the voice itself, as a loudspeaker or somebody else's computer sends it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from readiness.analysis.sound_level import Samples
from readiness.analysis.sound_room import ROOM_RATE_HZ

_SECONDS = (0.08, 0.6)
_LATE_SECONDS = 0.2
"""Whoever says a sound again, or makes it from frames of 10 or 20 ms, is alike to himself before, not after."""
_BAND_HZ = (200.0, 7000.0)
_PIECE_SECONDS = 0.15
_MOST_ALIKE_SHARE, _LOUD_SHARE = 0.25, 0.05
"""A word said again fills less than a quarter of the time in which somebody speaks: has this share of the power of the
loudest fifth."""
_CANDIDATES = 4
_FARTHEST_OUT = 12.0
_APART = 16
_BESIDE, _AWAY = 800, 32
"""Beside an echo are the lags up to 50 ms away, but for the echo's own 2 ms."""


@dataclass(frozen=True, kw_only=True)
class Echo:
    """The strongest echo, 0-1, and its delay; of the late ones, however faint, the one that stands out most.

    `late_prominence`: how many times stronger it is than what is alike by chance at the lags beside it
    (their root mean square); 0 where nothing late was found.
    """

    strength: float = 0.0
    delay_ms: float = 0.0
    late_prominence: float = 0.0
    late_delay_ms: float = 0.0


def echo(samples: Samples) -> Echo:
    """The echo in mono `samples` at 16 kHz.

    The strength is a peak of the autocorrelation of the whitened sound, 80 to 600 ms away. An echo goes
    along all the time; a word or a synthesiser's sound that is said again is alike at one place only. So
    the places that are most alike do not count.
    """
    if samples.size < ROOM_RATE_HZ:
        return Echo()
    sound, alike = _whitened(samples)
    first, late, last = (int(edge * ROOM_RATE_HZ) for edge in (_SECONDS[0], _LATE_SECONDS, _SECONDS[1]))
    last = min(last, samples.size // 2)
    strength, lag = max(_candidates(sound, alike, first, last), default=(0.0, 0))
    prominence, late_lag = max(
        ((strength / _beside(alike, lag), lag) for strength, lag in _candidates(sound, alike, late, last)),
        default=(0.0, 0),
    )
    return Echo(
        strength=strength,
        delay_ms=1000 * lag / ROOM_RATE_HZ,
        late_prominence=max(0.0, prominence),
        late_delay_ms=1000 * late_lag / ROOM_RATE_HZ,
    )


def _whitened(samples: Samples) -> tuple[Samples, Samples]:
    """The sound with all frequencies alike, and how alike it is to itself at each lag, 1 at none."""
    size = 1 << (2 * samples.size - 1).bit_length()
    spectrum = np.fft.rfft(samples, size)
    power = np.square(np.abs(spectrum))
    wide = max(1, size // 256)
    summed = np.cumsum(np.concatenate((np.zeros(1), np.pad(power, wide, "reflect"))))
    smooth = (summed[2 * wide + 1 :] - summed[: -2 * wide - 1]) / (2 * wide + 1)
    smooth = np.maximum(smooth, 1e-12 * float(smooth.max()) + 1e-30)
    hz = np.fft.rfftfreq(size, 1 / ROOM_RATE_HZ)
    outside = (hz < _BAND_HZ[0]) | (hz > _BAND_HZ[1])
    # A tone would be alike to itself at any time: nothing stands out farther than a voice does.
    white = np.minimum(power / smooth, _FARTHEST_OUT)
    white[outside] = 0
    lags = np.fft.irfft(white, size)
    spectrum *= np.sqrt(white / np.maximum(power, 1e-30))
    spectrum[outside] = 0
    return np.fft.irfft(spectrum, size)[: samples.size], lags / max(float(lags[0]), 1e-30)


def _candidates(sound: Samples, alike: Samples, first: int, last: int) -> Iterator[tuple[float, int]]:
    """The lags from `first` to `last` at which `sound` is most alike to itself, with how much it is all along."""
    part = alike[first:last].copy()
    for _ in range(_CANDIDATES if part.size else 0):
        at = int(np.argmax(np.abs(part)))
        turned = float(np.sign(part[at]))  # an echo may come back upside down
        yield min(turned * float(part[at]), _all_along(sound, first + at, turned)), first + at
        part[max(0, at - _APART) : at + _APART] = 0


def _beside(alike: Samples, lag: int) -> float:
    """How alike the sound is to itself by chance at the lags beside `lag`: the root of the mean square."""
    beside = np.concatenate((alike[lag - _BESIDE : lag - _AWAY], alike[lag + _AWAY + 1 : lag + _BESIDE + 1]))
    return max(1e-9, float(np.sqrt(np.mean(np.square(beside)))))


def _all_along(white: Samples, lag: int, turned: float) -> float:
    """How alike `white` is to itself `lag` samples before, without the places where it is so most; upside down
    where `turned` is -1."""
    piece = int(_PIECE_SECONDS * ROOM_RATE_HZ)
    now, before = white[lag:], white[: white.size - lag]
    count = now.size // piece
    now, before = (one[: count * piece].reshape(count, piece) for one in (now, before))
    alike = turned * (now * before).sum(axis=1)
    spoken = np.square(before).sum(axis=1)
    energy = (np.square(now).sum(axis=1) + spoken) / 2
    loudest = float(np.sort(spoken)[-max(1, count // 5) :].mean())
    speaking = int((spoken > _LOUD_SHARE * loudest).sum())
    kept = np.argsort(alike)[: count - round(_MOST_ALIKE_SHARE * speaking)]
    return float(alike[kept].sum()) / max(float(energy[kept].sum()), 1e-30)
