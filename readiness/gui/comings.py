"""Devices that come and go while the window is open, told by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from readiness.core.text import Text
from readiness.devices.ports import Device, DeviceKind

PLUGGED_IN = Text(sv="{name} är inkopplad.", en="{name} is plugged in.")
PULLED_OUT = Text(sv="{name} är urkopplad.", en="{name} is unplugged.")


class Comings:
    """Remembers what was there. The first look is no news."""

    def __init__(self) -> None:
        self._names: Mapping[str, str] | None = None

    def see(self, found: Mapping[DeviceKind, Sequence[Device]]) -> tuple[tuple[Text, str], ...]:
        """What is news in `found`, and the device's name; a headset, which is two devices, is told once."""
        names = {device.id: device.name for devices in found.values() for device in devices}
        before, self._names = self._names, names
        if before is None:
            return ()
        news = [(PLUGGED_IN, names[key]) for key in names if key not in before]
        news += [(PULLED_OUT, before[key]) for key in before if key not in names]
        return tuple(dict.fromkeys(news))
