"""Playing a sound on one speaker, watched: it may hang, go away or be replaced."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from readiness.devices.endpoint import Endpoint
from readiness.devices.hosting import Line
from readiness.devices.platforms import SoundSystem
from readiness.devices.ports import DeviceError, DeviceKind, Problem
from readiness.devices.streams import (
    LOOK_SECONDS,
    OPENING_SECONDS,
    RATE_HZ,
    Pace,
    closed,
    facts,
    opened,
    routed,
    told,
)

_SPEAKER = DeviceKind.SPEAKER
_NEXT_REQUEST_SECONDS = 4.0
"""A sound server may take two seconds of sound at once, and then asks for nothing for so long."""


class Player:
    """Plays a sound that `make(rate_hz)` gives (time x 2) on one speaker."""

    def __init__(
        self, system: SoundSystem, endpoint: Endpoint, make: Callable[[int], Any], line: Line
    ) -> None:
        self._system = system
        self._endpoint = endpoint
        self._make = make
        self._line = line
        self._position = 0
        self._last = time.monotonic()
        self._samples: Any = None
        self._stream: Any = None
        self.rate_hz = RATE_HZ
        self.pace = Pace()

    def __enter__(self) -> Player:
        self._line.expect(OPENING_SECONDS, Problem.HUNG)
        with routed("PULSE_SINK", self._endpoint), told(self._system, self._endpoint, _SPEAKER):
            self._stream, self.rate_hz = opened(
                self._system, "OutputStream", self._endpoint, _SPEAKER, callback=self._give
            )
            samples = self._make(self.rate_hz).astype("float32")
            if self._stream.channels == 1:
                samples = samples.mean(axis=1, keepdims=True)
            self._samples = samples
            self._stream.start()
        self._last = time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        closed(self._stream, self._line)

    def _give(self, block: Any, frames: int, _when: Any, _status: Any) -> None:
        self._last = time.monotonic()
        if self._samples is None:
            block.fill(0)
            return
        self.pace.passed(self._position, self.rate_hz)
        part = self._samples[self._position : self._position + frames]
        block[: len(part)] = part
        block[len(part) :] = 0
        self._position += frames

    @property
    def channels(self) -> int:
        """How many channels the speaker is played on."""
        return int(self._stream.channels)

    def fraction(self) -> float:
        """How much of the sound the system has taken."""
        return round(min(1.0, self._position / len(self._samples)), 3)

    def done(self) -> bool:
        """Whether the system has taken all of the sound."""
        return bool(self._position >= len(self._samples))

    def wait(self) -> None:
        """Wait a moment. Raises DeviceError where the device stopped asking for sound."""
        self._line.expect(OPENING_SECONDS, Problem.HUNG)
        time.sleep(LOOK_SECONDS)
        if time.monotonic() - self._last > _NEXT_REQUEST_SECONDS:
            raise DeviceError(Problem.HUNG if self._is_there() else Problem.REMOVED, self._endpoint.name)

    def drain(self) -> None:
        """Wait until what the system has taken has been heard. Raises DeviceError where it went away."""
        time.sleep(min(1.0, float(self._stream.latency)))
        self.look()

    def look(self) -> None:
        """Raises DeviceError where the speaker is gone, or the sound went elsewhere."""
        if not self._is_there():
            raise DeviceError(Problem.REMOVED, self._endpoint.name)
        if self._endpoint.server_name is None:
            return
        now = self._system.attached_to(_SPEAKER, os.getpid())
        if now and self._endpoint.server_name not in now:
            raise DeviceError(Problem.REPLACED, now[0])

    def facts(self) -> dict[str, Any]:
        """About the device, for the evidence."""
        return {**facts(self._endpoint), "played": self.done()}

    def _is_there(self) -> bool:
        return any(other.id == self._endpoint.id for other in self._system.endpoints(_SPEAKER))
