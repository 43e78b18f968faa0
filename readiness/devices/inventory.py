"""What the computer has, as the system lists it: no camera, microphone or speaker is opened for it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Mapping, Sequence

from readiness.core.inventory import Inventory
from readiness.devices.platforms import AccessControl, access_control
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
    """The names of the devices, from lists that the system keeps."""
    if sys.platform in ("win32", "darwin"):
        from readiness.devices.camera_list import cameras
        from readiness.devices.platforms import sound_system

        system = sound_system()
        return lambda kind: [
            device.name for device in (cameras() if kind is DeviceKind.CAMERA else system.endpoints(kind))
        ]
    from readiness.devices.linux.cameras import LinuxCameras
    from readiness.devices.linux.sound import LinuxSound

    # A V4L2 node and a mixer tell more when they are opened; that is left to the tests that people start.
    there, sound = LinuxCameras(opens=False), LinuxSound(opens=False)
    return lambda kind: [
        device.name for device in (there.cameras() if kind is DeviceKind.CAMERA else sound.endpoints(kind))
    ]


def _system(teller: Teller) -> str | None:
    """The system as people name it. A build's revision, which every month's update raises, is left out."""
    said = teller.version()
    version, release = said.get("system_version"), said.get("system_release")
    if not isinstance(version, str):
        return None
    if said.get("system_id") in ("windows", "windows_server") and isinstance(release, str):
        return version.replace(release, release.partition(".")[0])
    return version
