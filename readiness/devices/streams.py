"""Streams of sound through PortAudio: what recording and playing share."""

from __future__ import annotations

import math
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from readiness.devices.endpoint import Endpoint, portaudio
from readiness.devices.hosting import Line
from readiness.devices.platforms import SoundSystem, access_control
from readiness.devices.ports import DeviceError, DeviceKind, Problem

RATE_HZ = 48_000
"""What is asked for; a sound server resamples, a card may refuse and is then asked for its own."""
_OTHER_RATES_HZ = (44_100, 32_000, 16_000, 8_000)
"""Tried where a card takes neither that nor what PortAudio holds for its own."""
OPENING_SECONDS = 8.0
"""A driver that has not opened a device by then, or has not given anything since, hangs."""
LOOK_SECONDS = 0.06
"""How often a stream is looked at."""


class Pace:
    """When samples pass, from the moments at which the driver came for a block or with one.

    The median over the blocks that matter: a driver fills its buffer in a burst when it starts, and is
    late now and then when the computer is busy; neither moves the median. A driver that runs dry goes on
    later than it should: what was passed before is told by the blocks before.
    """

    def __init__(self) -> None:
        self._blocks: list[tuple[float, float]] = []

    def passed(self, samples: int, rate_hz: int) -> None:
        """Now sample number `samples` passes."""
        seconds = samples / rate_hz
        self._blocks.append((seconds, time.monotonic() - seconds))

    def start(self, first: float = 0.0, last: float = math.inf) -> float | None:
        """When sample 0 passed, or would have at the pace of seconds `first` to `last` of the sound
        (time.monotonic); of all of it where no block begins in them. None before the first block."""
        blocks = self._blocks[:]
        near = [offset for seconds, offset in blocks if first <= seconds <= last]
        offsets = near or [offset for _, offset in blocks]
        return statistics.median(offsets) if offsets else None


def facts(endpoint: Endpoint) -> dict[str, Any]:
    """What the system says of a device, for the evidence."""
    return {
        "device_name": endpoint.name,
        "device_id": endpoint.id,
        "attachment": endpoint.attachment,
        "system_muted": endpoint.muted,
        "system_volume_percent": endpoint.volume_percent,
        "hardware_muted": endpoint.hardware_muted,
        "plugged_in": endpoint.plugged_in,
        "call_mode": endpoint.call_mode,
    }


@contextmanager
def routed(variable: str, endpoint: Endpoint) -> Iterator[None]:
    """ALSA's way to the sound server reads from the environment which device is meant."""
    if endpoint.server_name is None:
        yield
        return
    os.environ[variable] = endpoint.server_name
    try:
        yield
    finally:
        del os.environ[variable]


@contextmanager
def told(system: SoundSystem, endpoint: Endpoint, kind: DeviceKind) -> Iterator[None]:
    """PortAudio's errors on opening, in our words: what the system itself says weighs most."""
    audio = portaudio()
    try:
        yield
    except audio.PortAudioError as error:
        if all(other.id != endpoint.id for other in system.endpoints(kind)):
            raise DeviceError(Problem.REMOVED, endpoint.name) from error
        if denied := access_control().denied_by(kind):
            raise DeviceError(Problem.DENIED, denied) from error
        words = str(error).casefold()
        holder = system.holder(endpoint, kind)
        if holder or "unavailable" in words or "busy" in words or "in use" in words:
            raise DeviceError(Problem.IN_USE, holder or endpoint.name) from error
        if "denied" in words or "permission" in words:
            raise DeviceError(Problem.DENIED, endpoint.name) from error
        raise DeviceError(Problem.FAILED, f"{endpoint.name}: {error}") from error


def opened(
    system: SoundSystem, kind_of_stream: str, endpoint: Endpoint, kind: DeviceKind, **arguments: Any
) -> tuple[Any, int]:
    """A stream at RATE_HZ, or at another that the card takes where it refuses that; and its rate."""
    audio = portaudio()
    device = system.stream_device(endpoint, kind)
    described = audio.query_devices(device)
    own = int(described["default_samplerate"])
    most = described["max_input_channels" if kind is DeviceKind.MICROPHONE else "max_output_channels"]
    if sys.platform == "win32":  # WASAPI in shared mode takes other rates only if it may convert
        arguments["extra_settings"] = audio.WasapiSettings(auto_convert=True)
    for rate_hz in dict.fromkeys((RATE_HZ, own, *_OTHER_RATES_HZ)):
        try:
            stream = getattr(audio, kind_of_stream)(
                device=device,
                channels=max(1, min(endpoint.channels, most)),
                samplerate=rate_hz,
                dtype="float32",
                **arguments,
            )
        except audio.PortAudioError as error:
            if "sample rate" in str(error).casefold():
                continue
            raise
        return stream, round(stream.samplerate)
    raise DeviceError(Problem.FAILED, "no sample rate")


def closed(stream: Any, line: Line) -> None:
    """Closing a stream whose card is gone can hang: the watchdog then ends this process."""
    line.expect(2.0, Problem.REMOVED)
    stream.abort(ignore_errors=True)
    stream.close(ignore_errors=True)
    line.relax()
