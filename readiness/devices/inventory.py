"""What the computer has, as the system lists it: no camera, microphone or speaker is opened for it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Mapping, Sequence

from readiness.core.inventory import Inventory
from readiness.devices.choosing import told_apart
from readiness.devices.platforms import (
    AccessControl,
    CameraSystem,
    SoundSystem,
    access_control,
    camera_system,
    sound_system,
)
from readiness.devices.ports import DeviceKind
from readiness.devices.system.local import this_teller
from readiness.devices.system.teller import Teller

_KINDS = (DeviceKind.CAMERA, DeviceKind.MICROPHONE, DeviceKind.SPEAKER)
_MOST = 64
_LONGEST = 120

Names = Callable[[DeviceKind], Sequence[str]]


def take(
    teller: Teller | None = None, names: Names | None = None, access: AccessControl | None = None
) -> Inventory:
    """The inventory of this computer; a part that the system does not tell is left out.

    Calls the system and may take some seconds: not on an event loop.
    """
    teller, names = teller or this_teller(), names or listed_names()
    access = access or access_control()
    system: str | None = None
    drivers: Mapping[str, str] = {}
    with contextlib.suppress(Exception):  # whatever a part of the system does, the others are told
        system = _system(teller)
    with contextlib.suppress(Exception):
        drivers = teller.description().drivers
    devices: dict[str, tuple[str, ...]] = {}
    denied: dict[str, str] = {}
    for kind in _KINDS:
        with contextlib.suppress(Exception):
            devices[kind.value] = tuple(sorted(name[:_LONGEST] for name in names(kind)[:_MOST]))
        with contextlib.suppress(Exception):
            if refusal := access.denied_by(kind):
                denied[kind.value] = refusal[:_LONGEST]
    return Inventory(
        system=system[:_LONGEST] if system else None,
        drivers={name[:_LONGEST]: version[:40] for name, version in list(drivers.items())[:_MOST]},
        devices=devices,
        denied=denied,
    )


def listed_names() -> Names:
    """The names of the devices, from lists that the system keeps.

    On Linux a V4L2 node and a mixer tell more when they are opened; that is left to the tests that people start.
    """
    there: CameraSystem
    sound: SoundSystem
    if sys.platform in ("win32", "darwin"):
        there, sound = camera_system(), sound_system()
    else:
        from readiness.devices.linux.cameras import LinuxCameras
        from readiness.devices.linux.sound import LinuxSound

        there, sound = LinuxCameras(opens=False), LinuxSound(opens=False)

    def names(kind: DeviceKind) -> list[str]:
        devices = told_apart(there.cameras()) if kind is DeviceKind.CAMERA else sound.endpoints(kind)
        return [device.name for device in devices]

    return names


def _system(teller: Teller) -> str | None:
    """The system as people name it. A build's revision, which every month's update raises, is left out."""
    said = teller.version()
    version, release = said.get("system_version"), said.get("system_release")
    if not isinstance(version, str):
        return None
    if said.get("system_id") in ("windows", "windows_server") and isinstance(release, str):
        return version.replace(release, release.partition(".")[0])
    return version
