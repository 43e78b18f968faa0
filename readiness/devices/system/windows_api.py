"""Windows' own functions by ctypes: nothing is interpreted here. Not run on Windows."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Sequence

from readiness.devices.system.windows_ports import Display, PowerStatus


class SystemPowerStatus(ctypes.Structure):
    """SYSTEM_POWER_STATUS (winbase.h)."""

    _fields_ = [
        ("ACLineStatus", ctypes.c_uint8),
        ("BatteryFlag", ctypes.c_uint8),
        ("BatteryLifePercent", ctypes.c_uint8),
        ("SystemStatusFlag", ctypes.c_uint8),
        ("BatteryLifeTime", ctypes.c_uint32),
        ("BatteryFullLifeTime", ctypes.c_uint32),
    ]


class DisplayDevice(ctypes.Structure):
    """DISPLAY_DEVICEW (wingdi.h); characters as UTF-16 code units."""

    _fields_ = [
        ("cb", ctypes.c_uint32),
        ("DeviceName", ctypes.c_uint16 * 32),
        ("DeviceString", ctypes.c_uint16 * 128),
        ("StateFlags", ctypes.c_uint32),
        ("DeviceID", ctypes.c_uint16 * 128),
        ("DeviceKey", ctypes.c_uint16 * 128),
    ]


class DevMode(ctypes.Structure):
    """DEVMODEW (wingdi.h), the variant of displays."""

    _fields_ = [
        ("dmDeviceName", ctypes.c_uint16 * 32),
        ("dmSpecVersion", ctypes.c_uint16),
        ("dmDriverVersion", ctypes.c_uint16),
        ("dmSize", ctypes.c_uint16),
        ("dmDriverExtra", ctypes.c_uint16),
        ("dmFields", ctypes.c_uint32),
        ("dmPosition", ctypes.c_int32 * 2),
        ("dmDisplayOrientation", ctypes.c_uint32),
        ("dmDisplayFixedOutput", ctypes.c_uint32),
        ("dmColor", ctypes.c_int16 * 5),
        ("dmFormName", ctypes.c_uint16 * 32),
        ("dmLogPixels", ctypes.c_uint16),
        ("dmBitsPerPel", ctypes.c_uint32),
        ("dmPelsWidth", ctypes.c_uint32),
        ("dmPelsHeight", ctypes.c_uint32),
        ("dmRest", ctypes.c_uint32 * 10),
    ]


_ATTACHED_TO_DESKTOP = 1
_CURRENT_SETTINGS = 0xFFFFFFFF
_SM_REMOTESESSION = 0x1000
_PROCESS_INFORMATION = 5
_TOO_SHORT = 0xC0000004  # STATUS_INFO_LENGTH_MISMATCH
_RSMB = 0x52534D42
_MOST_BYTES = 16 * 1024 * 1024

if sys.platform == "win32":

    class LocalApi:
        """The functions of this computer's Windows."""

        def power_status(self) -> PowerStatus:
            """See `Api`."""
            status = SystemPowerStatus()
            if not ctypes.windll.kernel32.GetSystemPowerStatus(ctypes.byref(status)):
                raise ctypes.WinError()
            return PowerStatus(
                ac_line_status=status.ACLineStatus,
                battery_flag=status.BatteryFlag,
                battery_life_percent=status.BatteryLifePercent,
                system_status_flag=status.SystemStatusFlag,
            )

        def displays(self) -> Sequence[Display]:
            """See `Api`."""
            found: list[Display] = []
            user32 = ctypes.windll.user32
            for number in range(16):
                device = DisplayDevice(cb=ctypes.sizeof(DisplayDevice))
                if not user32.EnumDisplayDevicesW(None, number, ctypes.byref(device), 0):
                    break
                mode = DevMode(dmSize=ctypes.sizeof(DevMode))
                name = ctypes.byref(device, DisplayDevice.DeviceName.offset)
                if device.StateFlags & _ATTACHED_TO_DESKTOP and user32.EnumDisplaySettingsW(
                    name, _CURRENT_SETTINGS, ctypes.byref(mode)
                ):
                    found.append(Display(width_px=mode.dmPelsWidth, height_px=mode.dmPelsHeight))
            return found

        def is_remote(self) -> bool:
            """See `Api`."""
            return bool(ctypes.windll.user32.GetSystemMetrics(_SM_REMOTESESSION))

        def processes(self) -> tuple[bytes, int]:
            """See `Api`."""
            size = 512 * 1024
            while size <= _MOST_BYTES:
                buffer = ctypes.create_string_buffer(size)
                needed = ctypes.c_uint32()
                status = ctypes.windll.ntdll.NtQuerySystemInformation(
                    _PROCESS_INFORMATION, buffer, size, ctypes.byref(needed)
                )
                if status & 0xFFFFFFFF != _TOO_SHORT:
                    if status:
                        raise OSError(f"NtQuerySystemInformation: {status & 0xFFFFFFFF:#x}")
                    return buffer.raw[: needed.value or size], ctypes.addressof(buffer)
                size = max(size * 2, needed.value + 64 * 1024)
            raise OSError("NtQuerySystemInformation asks for too much memory")

        def firmware(self) -> bytes:
            """See `Api`."""
            table = ctypes.windll.kernel32.GetSystemFirmwareTable
            size = table(_RSMB, 0, None, 0)
            if not 0 < size <= _MOST_BYTES:
                raise ctypes.WinError()
            buffer = ctypes.create_string_buffer(size)
            return buffer.raw[: table(_RSMB, 0, buffer, size)]
