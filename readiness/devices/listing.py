"""Lists of devices on their way from a device host to the rest of the program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from readiness.devices.ports import Attachment, Device, DeviceKind

_MOST = 64
"""No computer has more of one kind; a driver that lists more is not believed further."""


class _Listed(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def attachment(self) -> Attachment: ...


def rows(listed: Iterable[_Listed]) -> list[dict[str, Any]]:
    """Devices as JSON values; the first is the default unless one says that it is."""
    found = list(listed)[:_MOST]
    return [
        {
            "id": device.id,
            "name": device.name,
            "attachment": device.attachment,
            "is_default": getattr(device, "is_default", position == 0),
        }
        for position, device in enumerate(found)
    ]


def devices(kind: DeviceKind, rows: Iterable[Mapping[str, Any]]) -> tuple[Device, ...]:
    """The reverse of `rows`."""
    return tuple(
        Device(
            id=row["id"],
            name=row["name"],
            kind=kind,
            attachment=Attachment(row["attachment"]),
            is_default=row["is_default"],
        )
        for row in rows
    )
