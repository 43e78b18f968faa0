"""The privacy settings of Windows. Not run on Windows yet."""

from __future__ import annotations

import sys

from readiness.devices.ports import DeviceKind
from readiness.devices.windows.consent import denied_by, used_by
from readiness.devices.windows.registry import Registry, WindowsRegistry


class WindowsAccess:
    """See `access.AccessControl`."""

    def __init__(self, registry: Registry | None = None) -> None:
        self._registry = registry or WindowsRegistry()

    def denied_by(self, kind: DeviceKind) -> str | None:
        """The capability access manager's answer."""
        return denied_by(self._registry, kind)

    def used_by(self, kind: DeviceKind) -> list[str]:
        """Those that have begun and not stopped."""
        return used_by(self._registry, kind, own=sys.executable)
