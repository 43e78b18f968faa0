"""Choosing a device by id or by name, and names that tell devices apart."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from readiness.devices.ports import DeviceError, Problem


class _Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


NamedT = TypeVar("NamedT", bound=_Named)


def chosen(devices: Sequence[NamedT], wanted: str | None) -> NamedT:
    """The device with the id or name `wanted`, or the first (the default) of `devices`.

    A name fits whole, or as the part of one name only, in capitals or not. Raises DeviceError
    (absent) where there is none.
    """
    if wanted is None:
        if not devices:
            raise DeviceError(Problem.ABSENT)
        return devices[0]
    for device in devices:
        if wanted == device.id:
            return device
    folded = wanted.casefold()
    for matches in (
        [device for device in devices if device.name.casefold() == folded],
        [device for device in devices if folded in device.name.casefold()],
    ):
        if len(matches) >= 1 and all(match.name == matches[0].name for match in matches):
            return matches[0]
    raise DeviceError(Problem.ABSENT, wanted)


def told_apart(devices: Sequence[NamedT]) -> list[NamedT]:
    """The devices (dataclasses), the second of two with the same name being called `name (2)`."""
    seen: collections.Counter[str] = collections.Counter()
    result: list[NamedT] = []
    for device in devices:
        seen[device.name] += 1
        number = seen[device.name]
        named: Any = device
        result.append(device if number == 1 else dataclasses.replace(named, name=f"{device.name} ({number})"))
    return result
