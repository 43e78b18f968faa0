"""A machine whose camera, microphone and speaker cannot be used: for what runs by itself.

Who asks one of them for anything gets an error: it is certain that nothing is filmed, recorded or played.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from readiness.core.model import Figures
from readiness.devices.ports import Device, DeviceError, DeviceKind, Machine, Problem
from readiness.devices.system import LocalSystem


class Unopened:
    """Camera, microphone, speaker and the watch over them, none of which may be used."""

    def _refuse(self, *_arguments: Any, **_more: Any) -> NoReturn:
        raise DeviceError(Problem.DENIED, "nothing is opened without a person")

    async def devices(self) -> Sequence[Device]:
        """Refused."""
        self._refuse()

    async def measure(self, *_arguments: Any, **_more: Any) -> Figures:
        """Refused."""
        self._refuse()

    async def compare(self, **_more: Any) -> Sequence[Figures]:
        """Refused."""
        self._refuse()

    async def play_back(self, *_arguments: Any, **_more: Any) -> Figures:
        """Refused."""
        self._refuse()

    async def forget(self) -> None:
        """Nothing was kept."""

    async def play(self, *_arguments: Any, **_more: Any) -> Figures:
        """Refused."""
        self._refuse()

    async def loop(self, *_arguments: Any, **_more: Any) -> Figures:
        """Refused."""
        self._refuse()

    async def watch(self, _on_change: Callable[[Mapping[DeviceKind, Sequence[Device]]], None]) -> None:
        """Refused."""
        self._refuse()


def unopened_machine() -> Machine:
    """The computer without its camera, microphone and speaker."""
    nothing = Unopened()
    return Machine(camera=nothing, microphone=nothing, speaker=nothing, system=LocalSystem(), devices=nothing)
