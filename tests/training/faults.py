"""Faults that are no tears, however much they jump: what the network must learn to leave alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, fftconvolve, lfilter, resample_poly

from tests.material import noises, shaping
from tests.material.shaping import Samples
from tests.material.torn import Random

_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Faults:
    """Keys and knocks, a minute of each, to take pieces of."""

    rate: int
    noises: tuple[Samples, ...]

    @classmethod
    def heard(cls, rate: int, random: Random) -> Faults:
        """Made once, since keys are slow to read."""
        made = (noise(_SECONDS * rate, rate, random) for noise in (noises.keyboard, noises.knocks))
        return cls(rate=rate, noises=tuple(noise / np.abs(noise).max() for noise in made))

    def one(self, voice: Samples, random: Random) -> Samples:
        """`voice` with any of the faults."""
        kinds: tuple[Callable[[Samples, Random], Samples], ...] = (
            self._noisy,
            self._noisy,
            self._too_loud,
            self._too_loud,
            self._clipped,
            self._telephone,
            self._humming,
            self._echoing,
            self._in_a_hall,
        )
        return kinds[int(random.integers(len(kinds)))](voice, random)

    def _noisy(self, voice: Samples, random: Random) -> Samples:
        noise = self.noises[int(random.integers(len(self.noises)))]
        start = int(random.integers(noise.size - voice.size))
        return voice + noise[start : start + voice.size] * np.abs(voice).max() * random.uniform(0.05, 1.5)

    def _too_loud(self, voice: Samples, random: Random) -> Samples:
        """A limiter, or a compressor of the whole wave."""
        whole = voice / np.abs(voice).max()
        if random.random() < 0.6:
            return shaping.limited(whole, self.rate, random.uniform(0.1, 0.5))
        level = np.sqrt(lfilter([0.002], [1, -0.998], whole**2)) + 1e-3
        return whole * level ** (-random.uniform(0.3, 0.8))

    def _clipped(self, voice: Samples, random: Random) -> Samples:
        most = np.abs(voice).max() * random.uniform(0.08, 0.7)
        if random.random() < 0.3:
            return np.tanh(voice / most) * most
        return np.clip(voice, -most, most if random.random() < 0.7 else None)

    def _telephone(self, voice: Samples, random: Random) -> Samples:
        narrow = resample_poly(voice, 1, self.rate // 8000)
        subtype = (None, "ALAW", "GSM610", "GSM610")[int(random.integers(4))]
        if subtype is not None:
            narrow = shaping.coded(narrow * 0.7 / np.abs(narrow).max(), 8000, "WAV", subtype)
        wide = resample_poly(narrow, self.rate // 8000, 1)[: voice.size]
        return np.pad(wide, (0, voice.size - wide.size))

    def _humming(self, voice: Samples, random: Random) -> Samples:
        """The mains' tones, or a dimmer's steps."""
        base = float(random.choice((50, 60)))
        if random.random() < 0.6:
            tones = noises.hum(voice.size, self.rate, random, base, int(random.integers(2, 30)))
        else:
            along = (np.arange(voice.size) * 2 * base / self.rate + random.random()) % 1
            tones = lfilter(*butter(1, 200, "high", fs=self.rate), along > random.uniform(0.2, 0.8))
        wanted = np.sqrt(shaping.power(voice)) * 10 ** (-random.uniform(0, 20) / 20)
        return voice + tones * wanted / np.sqrt(shaping.power(tones))

    def _echoing(self, voice: Samples, random: Random) -> Samples:
        said = voice.copy()
        late, times = int(random.uniform(0.06, 0.4) * self.rate), int(random.integers(1, 4))
        strength = 10 ** (-random.uniform(2, 10) / 20)
        for number in range(1, times + 1):
            if number * late < voice.size:
                said[number * late :] += strength**number * voice[: voice.size - number * late]
        return said

    def _in_a_hall(self, voice: Samples, random: Random) -> Samples:
        room = noises.tail_room(self.rate, random, random.uniform(0.5, 1.6), random.uniform(-12, 2))
        return fftconvolve(voice, room[: self.rate])[: voice.size]
