"""What is asked of Windows' own libraries, as a Protocol: a few functions and their answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class PowerStatus:
    """SYSTEM_POWER_STATUS of GetSystemPowerStatus; 255 is not known."""

    ac_line_status: int
    battery_flag: int
    battery_life_percent: int
    system_status_flag: int


@dataclass(frozen=True, kw_only=True)
class Display:
    """One active screen and its size now, in true pixels (EnumDisplaySettingsW)."""

    width_px: int
    height_px: int


class Api(Protocol):
    """Functions of kernel32, user32 and ntdll. They raise OSError where Windows says no."""

    def power_status(self) -> PowerStatus:
        """GetSystemPowerStatus."""
        ...

    def displays(self) -> Sequence[Display]:
        """EnumDisplayDevicesW and EnumDisplaySettingsW, of the screens that are part of the desktop."""
        ...

    def is_remote(self) -> bool:
        """GetSystemMetrics(SM_REMOTESESSION)."""
        ...

    def processes(self) -> tuple[bytes, int]:
        """NtQuerySystemInformation(SystemProcessInformation): the answer, and the address it lay at."""
        ...

    def firmware(self) -> bytes:
        """GetSystemFirmwareTable("RSMB"): RawSMBIOSData."""
        ...
