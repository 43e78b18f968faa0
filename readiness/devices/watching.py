"""The watch over what is plugged in; runs inside a host of its own, which sleeps until something changes.

No driver is opened for it: the lists come from the system.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from readiness.core.model import Figures
from readiness.devices.camera_list import cameras
from readiness.devices.hosting import Arguments, Line, Operation
from readiness.devices.listing import rows
from readiness.devices.platforms import Changes, changes, sound_system
from readiness.devices.ports import DeviceError, DeviceKind, Problem

_QUIET_SECONDS = 0.15
"""A device comes in parts, and its rights after it: they are listed when nothing more has happened for so long."""
_LONGEST_SECONDS = 0.6
"""But never later than this after the first sign."""
_LISTING_SECONDS = 5.0


def operations() -> Mapping[str, Operation]:
    """What the host can do."""
    return {"watch": watch}


def warm() -> None:
    """Nothing is loaded beforehand."""


def watch(
    _arguments: Arguments,
    line: Line,
    signs: Changes | None = None,
    listed: Callable[[], Mapping[str, Any]] | None = None,
    rounds: int | None = None,
) -> Figures:
    """List the devices, and again at every change; for ever, or for so many `rounds`."""
    changed = threading.Event()
    (signs or changes()).start(changed.set)
    told: Mapping[str, Any] | None = None
    while rounds is None or rounds > 0:
        line.expect(_LISTING_SECONDS, Problem.HUNG)
        found = (listed or list_devices)()
        line.relax()
        if found != told:
            told = found
            line.progress(devices=found)
        changed.wait()
        _settle(changed)
        rounds = None if rounds is None else rounds - 1
    return {}


def list_devices() -> Mapping[str, Any]:
    """The devices of every kind, as rows; none of a kind that cannot be listed."""
    system = sound_system()
    found: dict[str, Any] = {DeviceKind.CAMERA: rows(cameras())}
    for kind in (DeviceKind.MICROPHONE, DeviceKind.SPEAKER):
        try:
            found[kind] = rows(system.endpoints(kind))
        except DeviceError:
            found[kind] = []
    return found


def _settle(changed: threading.Event) -> None:
    """Wait until nothing more happens."""
    first = time.monotonic()
    while changed.is_set() and time.monotonic() - first < _LONGEST_SECONDS:
        changed.clear()
        changed.wait(_QUIET_SECONDS)
    changed.clear()
