"""The voice that was measured last, for whoever wants to hear it; inside the sound host's memory alone."""

from __future__ import annotations

from typing import Any

from readiness.devices.ports import DeviceError, Problem


class Voice:
    """Kept until the next measurement, until it is forgotten, or until the process ends; never on a disk."""

    def __init__(self) -> None:
        self._samples: Any = None
        self._rate_hz = 0

    def keep(self, samples: Any, rate_hz: int) -> None:
        """`samples`: time x channels, -1 to 1."""
        self._samples, self._rate_hz = samples, rate_hz

    def forget(self) -> None:
        """Nothing is kept any more."""
        self._samples = None

    def at_rate(self, rate_hz: int) -> Any:
        """The voice at a speaker's rate, as loud as it was, the same in both ears: time x 2."""
        import numpy as np

        heard = self._samples.mean(axis=1)
        moments = np.arange(0, len(heard), self._rate_hz / rate_hz)
        return np.repeat(np.interp(moments, np.arange(len(heard)), heard)[:, None], 2, axis=1)

    def demand(self) -> None:
        """Raises DeviceError where nothing is kept."""
        if self._samples is None or not len(self._samples):
            raise DeviceError(Problem.ABSENT, "no voice is kept")
