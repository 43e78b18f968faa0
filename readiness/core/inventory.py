"""What a computer has without opening anything of it, and what is new since it was tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from readiness.core.text import Text


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """System, drivers with their versions, devices by kind, and what keeps programs from them.

    A kind that is absent from `devices` could not be listed; one absent from `denied` is allowed.
    `system` has no revision in it: what every month's update brings is no new system.
    """

    system: str | None = None
    drivers: Mapping[str, str] = field(default_factory=dict)
    devices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    denied: Mapping[str, str] = field(default_factory=dict)


class ChangeKind(StrEnum):
    """What has changed."""

    SYSTEM = "system"
    DRIVER = "driver"
    DEVICE = "device"
    PERMISSION = "permission"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that differs from when the computer was tested, in words."""

    kind: ChangeKind
    text: Text


_KINDS = {
    "camera": Text(sv="kameran", en="the camera"),
    "microphone": Text(sv="mikrofonen", en="the microphone"),
    "speaker": Text(sv="högtalaren", en="the speaker"),
}


def changes(before: Inventory, now: Inventory) -> tuple[Change, ...]:
    """What is new, gone or of another version; what could not be listed either time is no change."""
    found: list[Change] = []
    if before.system and now.system and before.system != now.system:
        text = Text(sv=f"Systemet är nu {now.system}.", en=f"The system is now {now.system}.")
        found.append(Change(kind=ChangeKind.SYSTEM, text=text))
    for name in sorted(before.drivers.keys() & now.drivers.keys()):
        if before.drivers[name] != now.drivers[name]:
            text = Text(
                sv=f"Drivrutinen {name} är nu {now.drivers[name]}.",
                en=f"The driver {name} is now {now.drivers[name]}.",
            )
            found.append(Change(kind=ChangeKind.DRIVER, text=text))
    if before.drivers and now.drivers:
        for name in sorted(now.drivers.keys() - before.drivers.keys()):
            text = Text(sv=f"Drivrutinen {name} är ny.", en=f"The driver {name} is new.")
            found.append(Change(kind=ChangeKind.DRIVER, text=text))
    for kind in sorted(before.devices.keys() & now.devices.keys()):
        had, has = set(before.devices[kind]), set(now.devices[kind])
        new = (Text(sv=f"{name} är ny.", en=f"{name} is new.") for name in sorted(has - had))
        gone = (Text(sv=f"{name} är borta.", en=f"{name} is gone.") for name in sorted(had - has))
        found += [Change(kind=ChangeKind.DEVICE, text=text) for text in (*new, *gone)]
    for kind in sorted(before.denied.keys() ^ now.denied.keys()):
        named = _KINDS.get(kind, Text(sv=kind, en=kind))
        text = (
            Text(
                sv=f"Program får inte längre använda {named.sv}.",
                en=f"Programs may no longer use {named.en}.",
            )
            if kind in now.denied
            else Text(sv=f"Program får nu använda {named.sv}.", en=f"Programs may now use {named.en}.")
        )
        found.append(Change(kind=ChangeKind.PERMISSION, text=text))
    return tuple(found)


def least_changes(tested: Sequence[Inventory], now: Inventory) -> tuple[Change, ...] | None:
    """What differs from the most alike of the states that were tested; None where none was.

    A computer that goes between two docks was tested at both, and asks for nothing at either.
    """
    if not tested:
        return None
    return min((changes(before, now) for before in reversed(tested)), key=len)
