"""The computer itself: system, processor, memory, disk, power, screens, programs; and its name."""

from readiness.devices.system.identity import device_id, identity
from readiness.devices.system.local import LocalSystem

__all__ = ["LocalSystem", "device_id", "identity"]
