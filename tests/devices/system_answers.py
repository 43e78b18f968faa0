"""Answers of operating systems as they are recorded from real computers, for the tellers of the system."""

from __future__ import annotations

import plistlib
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from readiness.devices.system.windows_ports import Display, PowerStatus


class Registry:
    """A registry of keys such as `HKLM\\SOFTWARE\\...` with their values; upper and lower case are one."""

    def __init__(self, content: Mapping[str, Mapping[str, Any]]) -> None:
        self._content = {key.lower(): {n.lower(): v for n, v in row.items()} for key, row in content.items()}
        self._names = list(content)

    def value(self, hive: str, path: str, name: str) -> Any:
        return self._content.get(f"{hive}\\{path}".lower(), {}).get(name.lower())

    def keys(self, hive: str, path: str) -> list[str]:
        start = f"{hive}\\{path}\\".lower()
        below = [name[len(start) :] for name in self._names if name.lower().startswith(start)]
        return list(dict.fromkeys(name.partition("\\")[0] for name in below))


class Api:
    """Windows' functions with answers that are given; None is a function that fails."""

    def __init__(
        self,
        *,
        power: PowerStatus | None = None,
        displays: Sequence[Display] = (),
        remote: bool = False,
        processes: tuple[bytes, int] | None = None,
        firmware: bytes | None = None,
    ) -> None:
        self._power, self._displays, self._remote = power, displays, remote
        self._processes, self._firmware = processes, firmware

    def power_status(self) -> PowerStatus:
        return _or_fail(self._power)

    def displays(self) -> Sequence[Display]:
        return self._displays

    def is_remote(self) -> bool:
        return self._remote

    def processes(self) -> tuple[bytes, int]:
        return _or_fail(self._processes)

    def firmware(self) -> bytes:
        return _or_fail(self._firmware)


def _or_fail(answer: Any) -> Any:
    if answer is None:
        raise OSError(50, "The request is not supported")
    return answer


def process_list(rows: Sequence[tuple[int, int, str, float]], address: int) -> bytes:
    """NtQuerySystemInformation's answer as 64-bit Windows lays it out: number, parent, name, seconds."""
    answer = b""
    for place, (number, parent, name, seconds) in enumerate(rows):
        text = name.encode("utf-16-le")
        size = (256 + 80 * 2 + len(text) + 7) // 8 * 8  # threads stand between the row and its name
        following = size if place < len(rows) - 1 else 0
        at = size - (len(text) + 7) // 8 * 8
        user = int(seconds * 10_000_000)
        row = struct.pack(
            "<IIQIIQQQQHHIQi4xQQ",
            following, 2, 0, 0, 2, 0, 133_000_000_000_000_000, user // 2, user - user // 2,
            len(text), len(text) + 2, 0, address + len(answer) + at if text else 0, 8, number, parent,
        )  # fmt: skip
        answer += row.ljust(at, b"\0") + text.ljust(size - at, b"\0")
    return answer


def smbios(serial: str) -> bytes:
    """RawSMBIOSData with a BIOS and a system structure, as a laptop's firmware gives it."""
    bios = bytes([0, 24, 0, 0]) + bytes([1, 2]) + bytes(18) + b"LENOVO\0N2HET66W\0\0"
    strings = b"LENOVO\x0020QDS3D100\0ThinkPad X1 Carbon 7th\0" + serial.encode() + b"\0\0"
    system = bytes([1, 27, 12, 0]) + bytes([1, 2, 3, 4]) + bytes(19) + strings
    end = bytes([127, 4, 0, 0]) + b"\0\0"
    table = bios + system + end
    return struct.pack("<BBBBI", 0, 3, 2, 0, len(table)) + table


CURRENT = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
UNINSTALL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
UNINSTALL_32 = r"HKLM\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall"
UNINSTALL_USER = r"HKCU\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
PACKAGES = (
    r"HKCU\SOFTWARE\Classes\Local Settings\Software\Microsoft\Windows\CurrentVersion\AppModel"
    r"\Repository\Packages"
)
GRAPHICS = r"HKLM\SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"
WINDOWS_11: Mapping[str, Mapping[str, Any]] = {
    CURRENT: {
        "ProductName": "Windows 10 Enterprise", "CurrentBuild": "26100", "UBR": 4652, "DisplayVersion": "24H2",
        "EditionID": "Enterprise", "InstallationType": "Client",
    },
    r"HKLM\HARDWARE\DESCRIPTION\System\BIOS": {
        "SystemManufacturer": "LENOVO", "SystemProductName": "20QDS3D100",
    },
    r"HKLM\HARDWARE\DESCRIPTION\System\CentralProcessor\0": {
        "ProcessorNameString": "Intel(R) Core(TM) i5-8265U CPU @ 1.60GHz", "~MHz": 1800,
    },
    r"HKLM\SYSTEM\CurrentControlSet\Control\Power\User\PowerSchemes": {
        "ActivePowerScheme": "381b4222-f694-41f0-9685-ff5bb260df2e",
        "ActiveOverlayAcPowerScheme": "00000000-0000-0000-0000-000000000000",
        "ActiveOverlayDcPowerScheme": "961cc777-2547-4f9d-8174-7d86181b8a7a",
    },
    r"HKLM\SYSTEM\CurrentControlSet\Services\W32Time": {"Start": 3},
    r"HKLM\SYSTEM\CurrentControlSet\Services\W32Time\Parameters": {"Type": "NT5DS"},
    r"HKCU\SOFTWARE\Microsoft\Windows\Shell\Associations\UrlAssociations\https\UserChoice": {
        "ProgId": "MSEdgeHTM",
    },
    UNINSTALL + r"\{AC76BA86}": {"DisplayName": "Adobe Acrobat (64-bit)", "DisplayVersion": "24.1"},
    UNINSTALL + r"\Mozilla Firefox 128.5.0 ESR (x64 sv-SE)": {
        "DisplayName": "Mozilla Firefox ESR (x64 sv-SE)", "DisplayVersion": "128.5.0",
    },
    UNINSTALL + r"\{A3E1}": {"DisplayName": "Zoom Workplace (64-bit)", "DisplayVersion": "6.2.11.50939"},
    UNINSTALL + r"\{731F6BAA}": {"DisplayName": "Teams Machine-Wide Installer", "DisplayVersion": "1.5.0.30767"},
    UNINSTALL + r"\{A7AB73A3}": {
        "DisplayName": "Microsoft Teams Meeting Add-in for Microsoft Office", "DisplayVersion": "1.24.14501",
    },
    UNINSTALL_32 + r"\Microsoft Edge": {"DisplayName": "Microsoft Edge", "DisplayVersion": "131.0.2903.51"},
    UNINSTALL_32 + r"\Microsoft EdgeWebView": {
        "DisplayName": "Microsoft Edge WebView2 Runtime", "DisplayVersion": "131.0.2903.51",
    },
    PACKAGES + r"\MSTeams_24335.208.3315.1951_x64__8wekyb3d8bbwe": {},
    PACKAGES + r"\MicrosoftTeams_23285.3604.2469.4152_x64__8wekyb3d8bbwe": {},
    PACKAGES + r"\Microsoft.WindowsCalculator_11.2405.2.0_x64__8wekyb3d8bbwe": {},
    GRAPHICS + r"\0000": {
        "DriverDesc": "Intel(R) UHD Graphics 620", "DriverVersion": "31.0.101.2111",
        "ProviderName": "Intel Corporation",
    },
    GRAPHICS + r"\0001": {
        "DriverDesc": "Microsoft Remote Display Adapter", "DriverVersion": "10.0.26100.1",
        "ProviderName": "Microsoft",
    },
    GRAPHICS + r"\Properties": {},
}  # fmt: skip
"""A municipality's laptop: Windows 11 24H2 Enterprise with the new Teams from the store."""

MACOS: Mapping[tuple[str, ...], str] = {
    ("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"): "Apple M1\n",
    ("/usr/sbin/sysctl", "-n", "hw.model"): "MacBookAir10,1\n",
    ("/usr/bin/pmset", "-g", "batt"): "Now drawing from 'Battery Power'\n"
    " -InternalBattery-0 (id=21823587)\t85%; discharging; 9:32 remaining present: true\n",
    ("/usr/bin/pmset", "-g"): "System-wide power settings:\nCurrently in use:\n standby              1\n"
    " Sleep On Power Button 1\n hibernatefile        /var/vm/sleepimage\n powernap             1\n"
    " displaysleep         2\n lowpowermode         1\n womp                 0\n",
    ("/usr/sbin/ioreg", "-a", "-r", "-d", "1", "-c", "IOPlatformExpertDevice"): plistlib.dumps(
        [{"IOPlatformSerialNumber": "C02FK0AAQ6L4", "IORegistryEntryName": "J313AP", "model": b"MacBookAir10,1"}]
    ).decode(),
    ("/sbin/route", "-n", "get", "default"): "   route to: default\ndestination: default\n"
    "       mask: default\n    gateway: 192.168.1.1\n  interface: en0\n      flags: <UP,GATEWAY,DONE>\n",
    ("/usr/sbin/networksetup", "-getairportnetwork", "en0"): "Current Wi-Fi Network: Kommun Gäst\n",
    ("/usr/sbin/networksetup", "-listallhardwareports"): "\nHardware Port: Ethernet Adapter (en3)\nDevice: en3\n"
    "Ethernet Address: 1e:00:da:1b:2c:3d\n\nHardware Port: Wi-Fi\nDevice: en0\n"
    "Ethernet Address: 3c:22:fb:aa:bb:cc\n\nHardware Port: Thunderbolt Bridge\nDevice: bridge0\n",
}  # fmt: skip
"""What commands print on a MacBook Air that saves its battery."""


NETSH = """
Det finns 1 gränssnitt i systemet:

    Namn                   : Wi-Fi
    Beskrivning            : Intel(R) Wi-Fi 6 AX201 160MHz
    GUID                   : 6d1c2b7e-0000-0000-0000-000000000000
    Tillstånd              : ansluten
    SSID                   : Kommun Gäst
    BSSID                  : a0:b1:c2:d3:e4:f5
    Nätverkstyp            : Infrastruktur
"""
"""What `netsh wlan show interfaces` prints on a Swedish Windows."""


def run_from(answers: Mapping[tuple[str, ...], str]) -> Any:
    """A `Run` that gives these answers, and None for all other commands."""
    return lambda *command: answers.get(command)


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Files below `root`, with their folders."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def bundle(identifier: str, version: str) -> bytes:
    """The Info.plist of a program."""
    return plistlib.dumps({"CFBundleIdentifier": identifier, "CFBundleShortVersionString": version})


def edid(width_mm: int, height_mm: int) -> bytes:
    """The first block of an EDID whose first timing is 1920 x 1080 on a picture of this size."""
    block = bytearray(128)
    block[:8] = b"\x00\xff\xff\xff\xff\xff\xff\x00"
    block[21], block[22] = width_mm // 10 & 0xFF, height_mm // 10 & 0xFF
    block[54:56] = (14850).to_bytes(2, "little")
    block[66], block[67] = width_mm & 0xFF, height_mm & 0xFF
    block[68] = (width_mm >> 8) << 4 | height_mm >> 8
    block[127] = -sum(block) % 256
    return bytes(block)
