"""The machine's parts as the checks see them: Protocols, and what they exchange.

What a part measured comes back as figures (names with units to JSON values); the evidence
dataclass of the check that asked names and documents each of them. Loads no driver.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from readiness.core.model import Figures, Frame


class DeviceKind(StrEnum):
    """What a device is for."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SPEAKER = "speaker"


class Attachment(StrEnum):
    """How a device hangs on to the computer."""

    BUILT_IN = "built_in"
    USB = "usb"
    BLUETOOTH = "bluetooth"
    VIRTUAL = "virtual"
    UNKNOWN = "unknown"


class Problem(StrEnum):
    """Why a device could not be measured."""

    ABSENT = "absent"
    IN_USE = "in_use"
    DENIED = "denied"
    NO_FRAMES = "no_frames"
    REMOVED = "removed"
    REPLACED = "replaced"
    NO_BACKEND = "no_backend"
    """The system has no sound or camera layer that can be used."""
    UNREADABLE_FILE = "unreadable_file"
    HUNG = "hung"
    FAILED = "failed"


class DeviceError(Exception):
    """A device could not be measured; `detail` is for support (a program's name, an errno)."""

    def __init__(self, problem: Problem, detail: str = "") -> None:
        super().__init__(f"{problem.value}: {detail}")
        self.problem = problem
        self.detail = detail


@dataclass(frozen=True, kw_only=True)
class Device:
    """One camera, microphone or speaker: a stable id, and the name that people know."""

    id: str
    name: str
    kind: DeviceKind
    attachment: Attachment = Attachment.UNKNOWN
    is_default: bool = False


@dataclass(frozen=True, kw_only=True)
class Source:
    """What to measure: a device by name or id (None: the default), or a recording in its place."""

    device: str | None = None
    file: Path | None = None


class Camera(Protocol):
    """The camera of the computer. Methods raise DeviceError."""

    async def devices(self) -> Sequence[Device]:
        """Those that the system has now, the default first."""
        ...

    async def measure(
        self,
        source: Source,
        *,
        width: int,
        height: int,
        seconds: float,
        on_frame: Callable[[Frame, float], None],
    ) -> Figures:
        """Film for `seconds` at the size asked for; `on_frame` gets preview and fraction done.

        A recording is read as fast as possible, on its own time stamps, whole up to 30 s.
        """
        ...


class Microphone(Protocol):
    """The microphone. Methods raise DeviceError."""

    async def devices(self) -> Sequence[Device]:
        """Those that the system has now, the default first."""
        ...

    async def measure(
        self,
        source: Source,
        *,
        quiet_seconds: float,
        speech_seconds: float,
        on_level: Callable[[float, float], None],
    ) -> Figures:
        """Listen to the room, then to a voice; `on_level` gets level (dBFS) and fraction done."""
        ...

    async def compare(
        self, *, seconds: float, on_levels: Callable[[Mapping[str, float], float], None]
    ) -> Sequence[Figures]:
        """Listen with every microphone at once: the figures of each, or its `problem`.

        `on_levels` gets the levels now (dBFS, by device id) and fraction done.
        """
        ...

    async def play_back(self, device: str | None, *, on_fraction: Callable[[float], None]) -> Figures:
        """Play the voice that was measured last on a speaker; ABSENT where none is kept.

        It is kept in memory alone, until the next measurement, `forget`, or the end of the program.
        """
        ...

    async def forget(self) -> None:
        """Keep the voice no longer."""
        ...


class Speaker(Protocol):
    """The speaker. Methods raise DeviceError."""

    async def devices(self) -> Sequence[Device]:
        """Those that the system has now, the default first."""
        ...

    async def play(self, device: str | None, *, on_fraction: Callable[[float], None]) -> Figures:
        """Play a pleasant sound, left then right."""
        ...

    async def loop(
        self,
        device: str | None,
        microphone: Source,
        *,
        chime: bool = False,
        on_fraction: Callable[[float], None] = lambda _done: None,
    ) -> Figures:
        """Play a quiet sweep while the microphone listens, and tell how much of it came back.

        With `chime` the pleasant sound comes first. What the microphone heard before the sweep is
        `heard`, in the figures of `checks/microphone.py`.
        """
        ...


class Devices(Protocol):
    """What is plugged in."""

    async def watch(self, on_change: Callable[[Mapping[DeviceKind, Sequence[Device]]], None]) -> None:
        """Tell which devices there are, now and within a second of every change, until cancelled."""
        ...


class System(Protocol):
    """The operating system and the computer itself."""

    async def measure(self) -> Figures:
        """The figures of `checks/computer`."""
        ...


@dataclass(frozen=True, kw_only=True)
class Machine:
    """All parts of one computer."""

    camera: Camera
    microphone: Microphone
    speaker: Speaker
    system: System
    devices: Devices
