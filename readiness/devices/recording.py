"""Recording from one microphone, watched: it may hang, flood, go away or be replaced."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
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

_MICROPHONE = DeviceKind.MICROPHONE
_FIRST_CALLBACK_SECONDS = 5.0
_NEXT_CALLBACK_SECONDS = 1.5
_THERE_SECONDS = 0.7
"""How often the system is asked whether the device is still the one that was chosen."""
_TOO_FAST = 3.0
"""A driver that gives so many times the sound that the clock allows is faulty, and would fill memory."""
_LONGEST_FILE_SECONDS = 30
_SHORTEST_FILE_SECONDS = 0.3
_LOWEST_RATE_HZ = 4_000
_HIGHEST_RATE_HZ = 768_000
_LARGEST_SAMPLE = 1000.0
"""Full scale is 1; floats may go beyond, but whole numbers written as floats are no level of anything."""
_MOST_CHANNELS = 8
_MOST_VALUES = 12_000_000
"""Of all channels together, about 30 s of stereo at 192 kHz: so much memory may a recording take."""


class Recorder:
    """Records from one microphone; `until` waits and watches, `samples` has all of it."""

    def __init__(self, system: SoundSystem, endpoint: Endpoint, line: Line) -> None:
        self._system = system
        self._endpoint = endpoint
        self._line = line
        self._blocks: list[Any] = []
        self._frames = 0
        self._overruns = 0
        self._opened_at = self._last = self._looked = time.monotonic()
        self._stream: Any = None
        self.rate_hz = RATE_HZ
        self.pace = Pace()

    def __enter__(self) -> Recorder:
        self._line.expect(OPENING_SECONDS, Problem.HUNG)
        with routed("PULSE_SOURCE", self._endpoint), told(self._system, self._endpoint, _MICROPHONE):
            self._stream, self.rate_hz = opened(
                self._system, "InputStream", self._endpoint, _MICROPHONE, callback=self._take
            )
            self._opened_at = time.monotonic()
            self._stream.start()
        self._last = time.monotonic() + _FIRST_CALLBACK_SECONDS - _NEXT_CALLBACK_SECONDS
        return self

    def __exit__(self, *_: object) -> None:
        closed(self._stream, self._line)

    def _take(self, block: Any, frames: int, _when: Any, status: Any) -> None:
        if self._floods():
            return
        self._blocks.append(block.copy())
        self._frames += frames
        self._overruns += bool(status.input_overflow)
        self._last = time.monotonic()
        self.pace.passed(self._frames, self.rate_hz)

    def _floods(self) -> bool:
        allowed = _TOO_FAST * self.rate_hz * (time.monotonic() - self._opened_at + 1.0)
        return self._frames > allowed

    def level_dbfs(self) -> float:
        """The level of the newest block."""
        from readiness.analysis import sound

        return round(sound.rms_dbfs(self._blocks[-1]), 1) if self._blocks else sound.FLOOR_DBFS

    def seconds(self) -> float:
        """How much is recorded."""
        return self._frames / self.rate_hz

    def until(self, seconds: float, on_level: Callable[[float, float], None]) -> None:
        """Wait till so much is recorded. Raises DeviceError where the device goes away."""
        while self.seconds() < seconds:
            self._line.expect(OPENING_SECONDS, Problem.HUNG)
            time.sleep(LOOK_SECONDS)
            self.watch()
            if self._blocks:
                on_level(self.level_dbfs(), self.seconds())
        self.watch(now=True)

    def watch(self, *, now: bool = False) -> None:
        """Raises DeviceError where the device stopped, floods, went away or was replaced."""
        if self._floods():
            raise DeviceError(Problem.FAILED, f"{self._endpoint.name}: more sound than time")
        moment = time.monotonic()
        if moment - self._last > _NEXT_CALLBACK_SECONDS:
            raise DeviceError(Problem.HUNG if self._is_there() else Problem.REMOVED, self._endpoint.name)
        if now or moment - self._looked > _THERE_SECONDS:
            self._looked = moment
            self._look()

    def samples(self) -> Any:
        """All that was recorded: float64, time x channels."""
        import numpy as np

        return np.concatenate(self._blocks[:]).astype(np.float64)

    def facts(self) -> dict[str, Any]:
        """About the device, for the evidence."""
        return {**facts(self._endpoint), "asked_rate_hz": RATE_HZ, "overruns": self._overruns}

    def _is_there(self) -> bool:
        return any(other.id == self._endpoint.id for other in self._system.endpoints(_MICROPHONE))

    def _look(self) -> None:
        """A sound server moves a stream whose microphone is gone, and tells nobody."""
        if not self._is_there():
            raise DeviceError(Problem.REMOVED, self._endpoint.name)
        if self._endpoint.server_name is None:
            return
        now = self._system.attached_to(_MICROPHONE, os.getpid())
        if now and self._endpoint.server_name not in now:
            raise DeviceError(Problem.REPLACED, now[0])


def recorded(file: Path) -> tuple[Any, int]:
    """The first 30 s of a recording, float64, time x channels, and its rate."""
    import numpy as np
    import soundfile

    try:
        with soundfile.SoundFile(str(file)) as recording:
            if not 1 <= recording.channels <= _MOST_CHANNELS:
                raise DeviceError(Problem.UNREADABLE_FILE, f"{recording.channels} channels")
            if not _LOWEST_RATE_HZ <= recording.samplerate <= _HIGHEST_RATE_HZ:
                raise DeviceError(Problem.UNREADABLE_FILE, f"{recording.samplerate} samples a second")
            wanted = min(_LONGEST_FILE_SECONDS * recording.samplerate, _MOST_VALUES // recording.channels)
            samples = recording.read(wanted, dtype="float64", always_2d=True)
            rate_hz = int(recording.samplerate)
    except (soundfile.LibsndfileError, OSError, ValueError) as error:
        raise DeviceError(Problem.UNREADABLE_FILE, f"{file.name}: {error}") from error
    if not samples.size:
        raise DeviceError(Problem.UNREADABLE_FILE, f"{file.name}: no sound in it")
    if len(samples) < _SHORTEST_FILE_SECONDS * rate_hz:
        raise DeviceError(
            Problem.UNREADABLE_FILE, f"{file.name}: {len(samples) / rate_hz:.2f} s is too short"
        )
    if not np.isfinite(samples).all():
        raise DeviceError(Problem.UNREADABLE_FILE, f"{file.name}: samples that are no numbers")
    if np.abs(samples).max() > _LARGEST_SAMPLE:
        raise DeviceError(Problem.UNREADABLE_FILE, f"{file.name}: samples far beyond full scale")
    return samples, rate_hz
