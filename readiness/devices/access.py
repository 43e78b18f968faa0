"""Whether the system lets programs use cameras and microphones, and which program does so now."""

from __future__ import annotations

import sys
from typing import Protocol

from readiness.devices.ports import DeviceKind


class AccessControl(Protocol):
    """The privacy settings of one operating system."""

    def denied_by(self, kind: DeviceKind) -> str | None:
        """What keeps this program from devices of `kind`; None where nothing is known to."""
        ...

    def used_by(self, kind: DeviceKind, /) -> list[str]:
        """The other programs that use a device of `kind` now, as far as the system tells."""
        ...


def access_control() -> AccessControl:
    """That of this computer."""
    if sys.platform == "win32":
        from readiness.devices.windows.access import WindowsAccess

        return WindowsAccess()
    if sys.platform == "darwin":
        from readiness.devices.macos.access import MacAccess

        return MacAccess()
    from readiness.devices.linux.access import LinuxAccess

    return LinuxAccess()
