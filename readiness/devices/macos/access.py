"""The privacy settings of macOS. Not run on macOS yet."""

from __future__ import annotations

from collections.abc import Callable

from readiness.devices.macos.authorization import Authorization, authorization
from readiness.devices.ports import DeviceKind


class MacAccess:
    """See `access.AccessControl`."""

    def __init__(self, status: Callable[[DeviceKind], Authorization] = authorization) -> None:
        self._status = status

    def denied_by(self, kind: DeviceKind) -> str | None:
        """Denied by the person, or restricted by whoever manages the computer."""
        status = self._status(kind)
        return status.value if status in (Authorization.DENIED, Authorization.RESTRICTED) else None

    def used_by(self, _kind: DeviceKind, /) -> list[str]:
        """macOS shows it in the menu bar, and tells no program."""
        return []
