"""The sound drivers, through PortAudio; runs inside the sound host."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from readiness.core.model import Figures
from readiness.devices.audio_list import Endpoint, attached_to, endpoints, portaudio, stream_device
from readiness.devices.choosing import chosen
from readiness.devices.hosting import Arguments, Line, Operation
from readiness.devices.ports import DeviceError, DeviceKind, Problem
from readiness.devices.voice import Voice

RATE_HZ = 48_000
"""What is asked for; a sound server resamples, a card may refuse and is then asked for its own."""
_FIRST_CALLBACK_SECONDS = 5.0
_NEXT_CALLBACK_SECONDS = 1.5
_NEXT_REQUEST_SECONDS = 4.0
"""A sound server may take two seconds of sound at once, and then asks for nothing for so long."""
_LEVEL_SECONDS = 0.06
_LOOK_SECONDS = 0.7
"""How often the system is asked whether the device is still the one that was chosen."""
_LONGEST_RECORDING_SECONDS = 30
_MOST_CHANNELS = 8


def operations() -> Mapping[str, Operation]:
    """What the host can do."""
    voice = Voice()
    return {
        "devices": _devices,
        "listen": functools.partial(_listen, voice),
        "play_back": functools.partial(_play_back, voice),
        "forget": functools.partial(_forget, voice),
        "play": _play,
        "loop": _loop,
    }


def warm() -> None:
    """Load PortAudio and the analysis; a missing PortAudio is told when it is needed."""
    import readiness.analysis.sound  # noqa: F401

    try:
        portaudio()
    except DeviceError:
        return


def _devices(arguments: Arguments, _line: Line) -> Figures:
    return {
        "devices": [
            {
                "id": endpoint.id,
                "name": endpoint.name,
                "attachment": endpoint.attachment,
                "is_default": endpoint.is_default,
            }
            for endpoint in endpoints(DeviceKind(arguments["kind"]))
        ]
    }


def _listen(voice: Voice, arguments: Arguments, line: Line) -> Figures:
    from readiness.analysis import sound

    voice.forget()
    quiet = arguments["quiet_seconds"]
    if arguments["file"]:
        samples, rate_hz = _recorded(Path(arguments["file"]))
        facts: dict[str, Any] = {"device_name": Path(arguments["file"]).name, "recording": True}
    else:
        endpoint = chosen(endpoints(DeviceKind.MICROPHONE), arguments["device"])
        seconds = quiet + arguments["speech_seconds"]
        with _Recorder(endpoint, line) as recorder:
            recorder.until(
                seconds,
                lambda level, done: line.progress(level_dbfs=level, fraction=min(1.0, done / seconds)),
            )
            samples, rate_hz = recorder.samples(), recorder.rate_hz
        facts = {
            **recorder.facts(),
            "quiet_dbfs": round(sound.rms_dbfs(samples[: int(quiet * rate_hz), 0]), 2),
        }
    # Without the room before the voice.
    voice.keep(samples[int(quiet * rate_hz) :], rate_hz)
    return {**facts, **sound.figures(samples, rate_hz)}


def _play_back(voice: Voice, arguments: Arguments, line: Line) -> Figures:
    voice.demand()
    endpoint = chosen(endpoints(DeviceKind.SPEAKER), arguments["device"])
    return _played(endpoint, voice.at_rate, line)


def _forget(voice: Voice, _arguments: Arguments, _line: Line) -> Figures:
    voice.forget()
    return {}


def _play(arguments: Arguments, line: Line) -> Figures:
    from readiness.analysis import signals

    endpoint = chosen(endpoints(DeviceKind.SPEAKER), arguments["device"])
    return _played(endpoint, signals.chime, line)


def _played(endpoint: Endpoint, make: Callable[[int], Any], line: Line) -> Figures:
    with _Player(endpoint, make, line) as player:
        while not player.done():
            player.wait()
            line.progress(fraction=player.fraction())
        player.drain()
    return player.facts()


def _loop(arguments: Arguments, line: Line) -> Figures:
    from readiness.analysis import signals, sound

    speaker = chosen(endpoints(DeviceKind.SPEAKER), arguments["device"])
    microphone = chosen(endpoints(DeviceKind.MICROPHONE), arguments["microphone"])
    with _Recorder(microphone, line) as recorder:
        recorder.until(0.3, lambda _level, _done: None)
        with _Player(speaker, signals.sweep, line) as player:
            while not player.done():
                player.wait()
            started = recorder.position_at(player.started_at)
            recorder.until(recorder.seconds() + 0.7, lambda _level, _done: None)
        samples, rate_hz = recorder.samples(), recorder.rate_hz
    found = signals.find_sweep(samples, rate_hz, started)
    heard = {**recorder.facts(), **sound.figures(samples[: max(1, started)], rate_hz)}
    return {**player.facts(), "loop_microphone_name": microphone.name, **found, "heard": heard}


class _Recorder:
    """Records from one microphone; `until` waits and watches, `samples` has all of it."""

    def __init__(self, endpoint: Endpoint, line: Line) -> None:
        self._endpoint = endpoint
        self._line = line
        self._blocks: list[Any] = []
        self._frames = 0
        self._overruns = 0
        self._last = time.monotonic()
        self._looked = self._last
        self._stream: Any = None
        self.rate_hz = RATE_HZ

    def __enter__(self) -> _Recorder:
        audio = portaudio()
        self._line.expect(_FIRST_CALLBACK_SECONDS + 3, Problem.HUNG)
        with _routed("PULSE_SOURCE", self._endpoint), _told(audio, self._endpoint):
            self._stream, self.rate_hz = _opened(
                audio.InputStream, self._endpoint, callback=self._take, dtype="float32"
            )
            self._stream.start()
        self._last = time.monotonic() + _FIRST_CALLBACK_SECONDS - _NEXT_CALLBACK_SECONDS
        return self

    def __exit__(self, *_: object) -> None:
        # Closing a stream whose card is gone can hang: the watchdog then ends this process.
        self._line.expect(2.0, Problem.REMOVED)
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)
        self._line.relax()

    def _take(self, block: Any, frames: int, _when: Any, status: Any) -> None:
        self._blocks.append(block.copy())
        self._frames += frames
        self._overruns += bool(status.input_overflow)
        self._last = time.monotonic()

    def seconds(self) -> float:
        """How much is recorded."""
        return self._frames / self.rate_hz

    def position_at(self, moment: float) -> int:
        """The number of the sample that was recorded at `moment` (time.monotonic), to a block."""
        return max(0, self._frames - round((time.monotonic() - moment) * self.rate_hz))

    def until(self, seconds: float, on_level: Callable[[float, float], None]) -> None:
        """Wait till so much is recorded. Raises DeviceError where the device goes away."""
        from readiness.analysis import sound

        while self.seconds() < seconds:
            self._line.expect(_FIRST_CALLBACK_SECONDS + 3, Problem.HUNG)
            time.sleep(_LEVEL_SECONDS)
            now = time.monotonic()
            if now - self._last > _NEXT_CALLBACK_SECONDS:
                raise DeviceError(Problem.HUNG if self._is_there() else Problem.REMOVED, self._endpoint.name)
            if now - self._looked > _LOOK_SECONDS:
                self._looked = now
                self._look()
            if self._blocks:
                on_level(round(sound.rms_dbfs(self._blocks[-1]), 1), self.seconds())
        self._look()

    def samples(self) -> Any:
        """All that was recorded: float64, time x channels."""
        import numpy as np

        return np.concatenate(self._blocks[:]).astype(np.float64)

    def facts(self) -> dict[str, Any]:
        """About the device, for the evidence."""
        return {**_facts(self._endpoint), "asked_rate_hz": RATE_HZ, "overruns": self._overruns}

    def _is_there(self) -> bool:
        return any(other.id == self._endpoint.id for other in endpoints(DeviceKind.MICROPHONE))

    def _look(self) -> None:
        """A sound server moves a stream whose microphone is gone, and tells nobody."""
        if self._endpoint.server_name is None:
            return
        if not self._is_there():
            raise DeviceError(Problem.REMOVED, self._endpoint.name)
        now = attached_to(DeviceKind.MICROPHONE, os.getpid())
        if now is not None and now != self._endpoint.server_name:
            raise DeviceError(Problem.REPLACED, now)


class _Player:
    """Plays a sound that `make(rate_hz)` gives (time x 2) on one speaker."""

    def __init__(self, endpoint: Endpoint, make: Callable[[int], Any], line: Line) -> None:
        self._endpoint = endpoint
        self._make = make
        self._line = line
        self._position = 0
        self._last = time.monotonic()
        self._samples: Any = None
        self._stream: Any = None
        self.started_at = 0.0

    def __enter__(self) -> _Player:
        audio = portaudio()
        self._line.expect(_FIRST_CALLBACK_SECONDS + 3, Problem.HUNG)
        with _routed("PULSE_SINK", self._endpoint), _told(audio, self._endpoint):
            self._stream, rate_hz = _opened(
                audio.OutputStream, self._endpoint, callback=self._give, dtype="float32"
            )
            self._samples = self._make(rate_hz).astype("float32")
            if self._endpoint.channels == 1:
                self._samples = self._samples.mean(axis=1, keepdims=True)
            self._stream.start()
        self._last = time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        self._line.expect(2.0, Problem.REMOVED)
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)
        self._line.relax()

    def _give(self, block: Any, frames: int, _when: Any, _status: Any) -> None:
        if self._samples is None:
            block.fill(0)
            return
        part = self._samples[self._position : self._position + frames]
        if self._position == 0:
            self.started_at = time.monotonic()
        block[: len(part)] = part
        block[len(part) :] = 0
        self._position += len(part)
        self._last = time.monotonic()

    def fraction(self) -> float:
        """How much of the sound the system has taken."""
        return round(self._position / len(self._samples), 3)

    def done(self) -> bool:
        """Whether the system has taken all of the sound."""
        return bool(self._position >= len(self._samples))

    def wait(self) -> None:
        """Wait a moment. Raises DeviceError where the device stopped asking for sound."""
        time.sleep(_LEVEL_SECONDS)
        if time.monotonic() - self._last > _NEXT_REQUEST_SECONDS:
            there = any(other.id == self._endpoint.id for other in endpoints(DeviceKind.SPEAKER))
            raise DeviceError(Problem.HUNG if there else Problem.REMOVED, self._endpoint.name)

    def drain(self) -> None:
        """Wait until what the system has taken has been heard."""
        time.sleep(min(1.0, float(self._stream.latency)))

    def facts(self) -> dict[str, Any]:
        """About the device, for the evidence."""
        return {**_facts(self._endpoint), "played": self.done()}


def _facts(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "device_name": endpoint.name,
        "device_id": endpoint.id,
        "attachment": endpoint.attachment,
        "system_muted": endpoint.muted,
        "system_volume_percent": endpoint.volume_percent,
    }


@contextmanager
def _routed(variable: str, endpoint: Endpoint) -> Iterator[None]:
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
def _told(audio: Any, endpoint: Endpoint) -> Iterator[None]:
    """PortAudio's errors on opening, in our words."""
    try:
        yield
    except audio.PortAudioError as error:
        words = str(error).casefold()
        if "unavailable" in words or "busy" in words or "in use" in words:
            raise DeviceError(Problem.IN_USE, endpoint.name) from error
        if "denied" in words or "permission" in words:
            raise DeviceError(Problem.DENIED, endpoint.name) from error
        raise DeviceError(Problem.FAILED, f"{endpoint.name}: {error}") from error


def _opened(make: Callable[..., Any], endpoint: Endpoint, **arguments: Any) -> tuple[Any, int]:
    """A stream at RATE_HZ, or at the card's own rate where it refuses that; and its rate."""
    audio = portaudio()
    device = stream_device(endpoint)
    own = int(audio.query_devices(device)["default_samplerate"])
    for rate_hz in dict.fromkeys((RATE_HZ, own)):
        try:
            stream = make(device=device, channels=endpoint.channels, samplerate=rate_hz, **arguments)
        except audio.PortAudioError as error:
            if "sample rate" in str(error).casefold() and rate_hz != own:
                continue
            raise
        return stream, round(stream.samplerate)
    raise DeviceError(Problem.FAILED, "no sample rate")


def _recorded(file: Path) -> tuple[Any, int]:
    """The first 30 s of a recording, float64, time x channels, and its rate."""
    import numpy as np
    import soundfile

    try:
        with soundfile.SoundFile(str(file)) as recording:
            if not 1 <= recording.channels <= _MOST_CHANNELS:
                raise DeviceError(Problem.UNREADABLE_FILE, f"{recording.channels} channels")
            wanted = _LONGEST_RECORDING_SECONDS * recording.samplerate
            samples = recording.read(wanted, dtype="float64", always_2d=True)
            rate_hz = int(recording.samplerate)
    except (soundfile.LibsndfileError, OSError, ValueError) as error:
        raise DeviceError(Problem.UNREADABLE_FILE, f"{file.name}: {error}") from error
    if not samples.size:
        raise DeviceError(Problem.UNREADABLE_FILE, f"{file.name}: no sound in it")
    if not np.isfinite(samples).all():
        raise DeviceError(Problem.UNREADABLE_FILE, f"{file.name}: samples that are no numbers")
    return samples, rate_hz
