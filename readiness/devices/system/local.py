"""The system that this program runs on, asked part by part."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import psutil

from readiness.core.demands import PROGRAM_NAMES
from readiness.core.model import Figures
from readiness.devices.system.busy import shares
from readiness.devices.system.teller import Teller, Usage

_GIB = 1024**3
_LOOK_SECONDS = 1.3
_MOST_SCREENS = 8
PartT = TypeVar("PartT")


def this_teller() -> Teller:
    """The teller of the operating system that we run on."""
    teller: Teller
    if sys.platform == "win32":
        from readiness.devices.system.windows import Windows
        from readiness.devices.system.windows_api import LocalApi
        from readiness.devices.windows.registry import WindowsRegistry

        teller = Windows(WindowsRegistry(), LocalApi())
    elif sys.platform == "darwin":
        from readiness.devices.system.macos import MacOS

        teller = MacOS()
    else:
        from readiness.devices.system.linux import Linux

        teller = Linux()
    return teller


class LocalSystem:
    """The computer as its operating system describes it."""

    def __init__(self, teller: Teller | None = None, *, look_seconds: float = _LOOK_SECONDS) -> None:
        self._teller = teller or this_teller()
        self._look_seconds = look_seconds

    async def measure(self) -> Figures:
        """Look at the computer for a second or so; see `checks/computer` for the figures."""
        unread: list[str] = []
        usage = self._teller.usage
        before = await asyncio.to_thread(_told, "usage", usage, unread)
        started, worked = time.monotonic(), psutil.cpu_times()
        figures, _ = await asyncio.gather(
            asyncio.to_thread(self._standing, unread), asyncio.sleep(self._look_seconds)
        )
        busy, seconds = busy_percent(worked, psutil.cpu_times()), time.monotonic() - started
        after = await asyncio.to_thread(_told, "usage", usage, unread)
        return {
            **figures,
            "cpu_busy_percent": busy,
            **_shares(before, after, seconds),
            "unread": unread,
        }

    def _standing(self, unread: list[str]) -> dict[str, Any]:
        """What does not change while one looks."""
        teller = self._teller
        figures: dict[str, Any] = {
            "system": platform.system() or None,
            "machine": platform.machine() or None,
            "clock_utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        parts: dict[str, Callable[[], Figures]] = {
            "version": teller.version,
            "processor": teller.processor,
            "cores": _cores,
            "memory": _memory,
            "disk": _disk,
            "power": teller.power,
            "screens": lambda: _screens(teller.screens()),
            "programs": lambda: {"programs": list(_programs(teller.programs()))},
            "session": teller.session,
        }
        for name, part in parts.items():
            figures |= _told(name, part, unread) or {}
        return figures


def busy_percent(before: Any, after: Any) -> float | None:
    """How much of the time between two looks at psutil.cpu_times the processors worked."""
    # psutil.cpu_percent would do this too, but it remembers who asked last for the whole program.
    spent = {name: max(0.0, getattr(after, name) - getattr(before, name)) for name in after._fields}
    for inside in ("guest", "guest_nice"):  # counted once more in user and nice
        spent.pop(inside, None)
    total = sum(spent.values())
    idle = spent.get("idle", 0.0) + spent.get("iowait", 0.0)
    return round(100 * (total - idle) / total, 1) if total > 0 else None


def _told(name: str, part: Callable[[], PartT], unread: list[str]) -> PartT | None:
    """What one part says. A part that cannot be read is noted, and takes no other along."""
    try:
        return part()
    except Exception as error:
        # Never the message itself: it may hold a path, and with it the person's user name.
        number = getattr(error, "winerror", None) or getattr(error, "errno", None)
        unread.append(f"{name}: {type(error).__name__}" + (f" {number}" if number else ""))
        return None


def _shares(before: Mapping[int, Usage] | None, after: Mapping[int, Usage] | None, seconds: float) -> Figures:
    if before is None or after is None:
        return {}
    return shares(before, after, own=os.getpid(), capacity=seconds * (psutil.cpu_count() or 1))


def _cores() -> Figures:
    return {"cores": psutil.cpu_count(logical=False) or psutil.cpu_count(), "threads": psutil.cpu_count()}


def _memory() -> Figures:
    memory = psutil.virtual_memory()
    return {
        "memory_total_gib": round(memory.total / _GIB, 2),
        "memory_free_gib": round(memory.available / _GIB, 2),
    }


def _disk() -> Figures:
    return {"disk_free_gib": round(shutil.disk_usage(Path.home()).free / _GIB, 2)}


def _screens(screens: Sequence[Figures]) -> Figures:
    """All screens, and the size of the largest as long and short side."""
    if not screens:
        return {}
    sides = [sorted((int(screen["width_px"]), int(screen["height_px"]))) for screen in screens]
    short, long = max(sides, key=lambda side: side[0] * side[1])
    return {"screens": list(screens)[:_MOST_SCREENS], "screen_width_px": long, "screen_height_px": short}


def _programs(found: Mapping[str, str | None]) -> Iterator[Figures]:
    for program, name in PROGRAM_NAMES.items():
        if program in found:
            version = found[program]
            yield {"program": program, "name": name, "version": version[:40] if version else None}
