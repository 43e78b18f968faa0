"""A recording cut into short overlapping frames, and the power at each frequency in each of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.analysis.sound_level import Samples

FRAME_SECONDS = 0.032
HOP_SECONDS = 0.016
_MOST_AT_ONCE = 512


@dataclass(frozen=True, kw_only=True)
class Frames:
    """`power` is frames x frequencies: a row sums to the frame's mean square. `hz` is of the columns."""

    power: Samples
    hz: Samples
    rate_hz: int

    def seconds(self) -> Samples:
        """The middle of each frame."""
        middle: Samples = np.arange(self.power.shape[0]) * HOP_SECONDS + FRAME_SECONDS / 2
        return middle

    def levels(self) -> Samples:
        """The mean square of each frame."""
        return np.asarray(self.power.sum(axis=1))

    def banded(self, width_hz: float) -> tuple[Samples, Samples]:
        """Power in bands of about `width_hz`, and the middle of each band in Hz."""
        wide = min(self.power.shape[1], max(1, round(width_hz / float(self.hz[1]))))
        bands = self.power.shape[1] // wide
        cut = self.power[:, : bands * wide].reshape(-1, bands, wide).sum(axis=2)
        return cut, self.hz[: bands * wide].reshape(bands, wide).mean(axis=1)


def frames(samples: Samples, rate_hz: int) -> Frames:
    """The frames of mono `samples`, padded to at least one."""
    size = max(16, int(FRAME_SECONDS * rate_hz))
    hop = max(8, int(HOP_SECONDS * rate_hz))
    padded = np.pad(samples, (0, max(0, size - samples.size)))
    window = np.hanning(size + 1)[:-1]
    scale = 2 / (size * float(np.sum(np.square(window))))
    cut = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    power = np.empty((cut.shape[0], size // 2 + 1))
    for start in range(0, cut.shape[0], _MOST_AT_ONCE):
        spectrum = np.fft.rfft(cut[start : start + _MOST_AT_ONCE] * window, axis=1)
        power[start : start + _MOST_AT_ONCE] = np.square(np.abs(spectrum)) * scale
    return Frames(power=power, hz=np.fft.rfftfreq(size, 1 / rate_hz).astype(np.float64), rate_hz=rate_hz)
