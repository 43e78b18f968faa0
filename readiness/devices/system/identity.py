"""What a report names this computer by."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import platform
import socket
import uuid
from pathlib import Path

from readiness.core.model import Computer
from readiness.devices.system.local import this_teller
from readiness.devices.system.teller import Description, Teller

_MOST_DRIVERS = 20
_NO_SERIALS = {
    "",
    "none",
    "default string",
    "to be filled by o.e.m.",
    "system serial number",
    "0",
    "not specified",
}


async def identity(data: Path, network_kind: str | None) -> Computer:
    """What a report names this computer by; `network_kind` is wired, wifi, mobile or vpn, if it is known.

    The device id is random, made the first time and kept in the folder `data`. The user's name,
    the Wi-Fi's name and the serial number are optional fields: they are left out of a report unless the person chooses
    otherwise.
    """
    return await asyncio.to_thread(identify, data, this_teller(), network_kind)


def identify(data: Path, teller: Teller, network_kind: str | None = None) -> Computer:
    """As `identity`, on the system that `teller` speaks for."""
    said, version = Description(), None
    with contextlib.suppress(Exception):  # a computer that tells nothing of itself still has its results
        said = teller.description()
    with contextlib.suppress(Exception):
        version = teller.version().get("system_version")
    serial = (said.serial_number or "").strip()
    return Computer(
        device_id=_device_id(data / "device-id"),
        host_name=socket.gethostname(),
        system=version or f"{platform.system()} {platform.release()}",
        model=said.model[:100] if said.model else None,
        drivers={name[:80]: version[:40] for name, version in list(said.drivers.items())[:_MOST_DRIVERS]},
        network_kind=network_kind,
        wifi_name=said.wifi_name[:60] if said.wifi_name and network_kind == "wifi" else None,
        user_name=os.environ.get("USERNAME") or os.environ.get("USER"),
        serial_number=serial[:60] if serial.lower() not in _NO_SERIALS else None,
    )


def device_id(data: Path) -> str:
    """This computer's id, made at the first use. Blocks a little."""
    return _device_id(data / "device-id")


@functools.cache
def _new_id(_file: Path) -> str:
    # The same for all of this process, also where the disk does not keep it.
    return str(uuid.uuid4())


def _device_id(file: Path) -> str:
    """The id in `file`; made anew where there is none, or none that can be used."""
    try:
        return str(uuid.UUID(file.read_text("ascii").strip()))
    except (OSError, ValueError):
        made = _new_id(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(made, "ascii")
    except OSError:
        return made  # a full or read-only disk: this run has an id of its own
    return made
