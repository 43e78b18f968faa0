"""The computer itself: system, processor, memory, disk, power; and the name a report gives it."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import socket
import time
import uuid
from pathlib import Path
from typing import Any

import psutil

from readiness.core.model import Computer, Figures

_GIB = 1024**3
_LOOK_SECONDS = 1.0


class LocalSystem:
    """The system that this program runs on."""

    async def measure(self) -> Figures:
        """Look at the computer for a second; see `checks/computer.py` for the figures."""
        psutil.cpu_percent()  # the first call only starts the measurement
        await asyncio.sleep(_LOOK_SECONDS)
        return await asyncio.to_thread(_figures)


def _figures() -> dict[str, Any]:
    memory = psutil.virtual_memory()
    battery = getattr(psutil, "sensors_battery", lambda: None)()
    return {
        "system": platform.system() or None,
        "system_version": _system_version(),
        "machine": platform.machine() or None,
        "processor": _processor(),
        "cores": psutil.cpu_count(logical=False) or psutil.cpu_count(),
        "threads": psutil.cpu_count(),
        "cpu_busy_percent": psutil.cpu_percent(),
        "memory_total_gib": round(memory.total / _GIB, 2),
        "memory_free_gib": round(memory.available / _GIB, 2),
        "disk_free_gib": round(shutil.disk_usage(Path.home()).free / _GIB, 2),
        "has_battery": battery is not None,
        "on_mains": battery.power_plugged if battery else None,
        "battery_percent": round(battery.percent, 0) if battery else None,
        "clock_utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


async def identity(data: Path) -> Computer:
    """What a report names this computer by.

    The device id is random, made the first time and kept in the folder `data`. The user's name is
    an optional field: it is left out of a report unless the person chooses otherwise.
    """
    return await asyncio.to_thread(_identity, data)


def _identity(data: Path) -> Computer:
    return Computer(
        device_id=_device_id(data / "device-id"),
        host_name=socket.gethostname(),
        system=_system_version(),
        model=_model(),
        user_name=os.environ.get("USERNAME") or os.environ.get("USER"),
    )


def _device_id(file: Path) -> str:
    """The id in `file`; made anew where there is none, or none that can be used."""
    try:
        return str(uuid.UUID(file.read_text("ascii").strip()))
    except (OSError, ValueError):
        made = str(uuid.uuid4())
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(made, "ascii")
    except OSError:
        return made  # a full or read-only disk: this run has an id of its own
    return made


def _system_version() -> str:
    if platform.system() == "Linux":
        try:
            release = platform.freedesktop_os_release()
        except OSError:
            return f"Linux {platform.release()}"
        return release.get("PRETTY_NAME", "Linux")
    if platform.system() == "Darwin":
        return f"macOS {platform.mac_ver()[0]}"
    return f"{platform.system()} {platform.release()} ({platform.version()})"


def _processor() -> str | None:
    if platform.system() != "Linux":
        return platform.processor() or None
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8", "replace")
    except OSError:
        return None
    for line in text.splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return None


def _model() -> str | None:
    """The maker's name for the computer. On Windows and macOS not read yet."""
    parts = []
    for name in ("sys_vendor", "product_name"):
        try:
            parts.append(Path("/sys/class/dmi/id", name).read_text("utf-8", "replace").strip())
        except OSError:
            continue
    return " ".join(part for part in parts if part) or None
