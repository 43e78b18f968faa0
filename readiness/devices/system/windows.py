"""Windows: what the registry and a few functions tell. Not run on Windows; tested on its answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from readiness.core.demands import version_key
from readiness.core.model import Figures
from readiness.devices.system.reading import Run, run
from readiness.devices.system.teller import Description, Usage
from readiness.devices.system.windows_ports import Api
from readiness.devices.system.windows_tables import processes_in, serial_number
from readiness.devices.windows.registry import Registry

_CURRENT = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
_BIOS = r"HKLM\HARDWARE\DESCRIPTION\System\BIOS"
_PROCESSOR = r"HKLM\HARDWARE\DESCRIPTION\System\CentralProcessor\0"
_SCHEMES = r"HKLM\SYSTEM\CurrentControlSet\Control\Power\User\PowerSchemes"
_TIME = r"HKLM\SYSTEM\CurrentControlSet\Services\W32Time"
_LINKS = r"HKCU\SOFTWARE\Microsoft\Windows\Shell\Associations\UrlAssociations\https\UserChoice"
_CLASSES = r"HKLM\SYSTEM\CurrentControlSet\Control\Class"
_UNINSTALL = (
    r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall",
    r"HKLM\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall",
    r"HKCU\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall",
)
_APP_PATHS = (
    r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths",
    r"HKCU\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths",
)
_STORE = (
    r"HKCU\SOFTWARE\Classes\Local Settings\Software\Microsoft\Windows\CurrentVersion\AppModel\Repository\Packages",
    r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Appx\AppxAllUserStore\Applications",
)
_NAMES = (
    ("teams_classic", re.compile(r"Microsoft Teams( classic)?")),
    ("zoom", re.compile(r"Zoom( Workplace)?( \((32|64)-bit\))?")),
    ("webex", re.compile(r"(Cisco )?Webex( Meetings)?")),
    ("edge", re.compile(r"Microsoft Edge")),
    ("chrome", re.compile(r"Google Chrome")),
    ("firefox", re.compile(r"Mozilla Firefox( ESR)?( [0-9.]+)?( ESR)?( \([^)]*\))?")),
)
"""Whole names in the list of installed programs. What only stands beside a program is none of these."""
_PACKAGES = {"MSTeams": "teams", "Mozilla.Firefox": "firefox", "CiscoSystems.Webex": "webex"}
"""Names of packages from the store, which stand before their version."""
_FILES = {"chrome.exe": "chrome", "msedge.exe": "edge", "firefox.exe": "firefox", "zoom.exe": "zoom"}
_BEACONS = {
    "chrome": r"HKCU\SOFTWARE\Google\Chrome\BLBeacon",
    "edge": r"HKCU\SOFTWARE\Microsoft\Edge\BLBeacon",
}
_DEFAULTS = {
    "ChromeHTML": "chrome", "MSEdgeHTM": "edge", "FirefoxURL": "firefox", "ChromiumHTM": "chromium",
}  # fmt: skip
_SAVER_PLAN = "a1841308-3541-4fab-bc81-f71556f20b4a"
_OVERLAYS = {
    "961cc777-2547-4f9d-8174-7d86181b8a7a": "saver",  # "best power efficiency"
    "00000000-0000-0000-0000-000000000000": "balanced",
    "3af9b8d9-7c97-431d-ad78-34a8bfea439f": "balanced",  # "better performance"
    "ded574b5-45a0-4f42-8737-46345c09c238": "performance",
}
_DRIVER_CLASSES = (
    "{4d36e968-e325-11ce-bfc1-08002be10318}",  # graphics
    "{4d36e96c-e325-11ce-bfc1-08002be10318}",  # sound
    "{ca3e7ab9-b4c3-4ae6-8251-579ef933890f}",  # cameras
    "{6bdd1fc6-810f-11d0-bec7-08002be2092f}",  # cameras, as older drivers have it
    "{4d36e972-e325-11ce-bfc1-08002be10318}",  # network
)
_OURS = re.compile(r"microsoft|windows", re.I)


class _Values:
    """The values of one key of the registry, whose name begins with its hive."""

    def __init__(self, registry: Registry, key: str) -> None:
        self._registry = registry
        self._hive, _, self._path = key.partition("\\")

    def get(self, name: str, default: Any = None) -> Any:
        value = self._registry.value(self._hive, self._path, name)
        return default if value is None else value


class Windows:
    """A computer with Windows."""

    def __init__(self, registry: Registry, api: Api, *, run: Run = run) -> None:
        self._registry = registry
        self._api = api
        self._run = run

    def _at(self, key: str) -> _Values:
        return _Values(self._registry, key)

    def _keys(self, key: str) -> Sequence[str]:
        hive, _, path = key.partition("\\")
        return self._registry.keys(hive, path)

    def version(self) -> Figures:
        """Name, edition, version and build. The registry calls Windows 11 Windows 10: the build decides."""
        values = self._at(_CURRENT)
        build, revision = str(values.get("CurrentBuild", "")), values.get("UBR")
        name = str(values.get("ProductName", "Windows"))
        if build.isdigit() and int(build) >= 22000:
            name = name.replace("Windows 10", "Windows 11")
        release = f"{build}.{revision}" if build and isinstance(revision, int) else build
        shown = values.get("DisplayVersion") or values.get("ReleaseId") or values.get("CSDVersion")
        server = values.get("InstallationType") in ("Server", "Server Core")
        return {
            "system_version": " ".join(
                part for part in (name, shown, f"({release})" if release else "") if part
            ),
            "system_id": "windows_server" if server else "windows",
            "system_release": release or None,
            "system_edition": values.get("EditionID"),
        }

    def processor(self) -> Figures:
        """The processor's name and the rate it is sold at."""
        values = self._at(_PROCESSOR)
        rate = values.get("~MHz")
        return {
            "processor": str(values.get("ProcessorNameString", "")).strip() or None,
            "processor_max_mhz": float(rate) if isinstance(rate, int) and rate > 0 else None,
        }

    def power(self) -> Figures:
        """Battery and mains; a saving mode is the energy saver, or the plan of that name."""
        status = self._api.power_status()
        known = status.battery_flag != 255
        has_battery = not status.battery_flag & 128 if known else None
        on_mains = {0: False, 1: True}.get(status.ac_line_status)
        values = self._at(_SCHEMES)
        plan = str(values.get("ActivePowerScheme", "")).lower()
        overlay = values.get("ActiveOverlayAcPowerScheme" if on_mains else "ActiveOverlayDcPowerScheme")
        saving = status.system_status_flag == 1 or plan == _SAVER_PLAN
        return {
            "has_battery": has_battery,
            "on_mains": on_mains,
            "battery_percent": status.battery_life_percent
            if has_battery and status.battery_life_percent <= 100
            else None,
            "power_mode": "saver" if saving else _OVERLAYS.get(str(overlay).lower()),
            "power_saving": saving,
        }

    def screens(self) -> Sequence[Figures]:
        """The screens that the desktop is on."""
        return [
            {"width_px": display.width_px, "height_px": display.height_px}
            for display in self._api.displays()
            if display.width_px and display.height_px
        ]

    def programs(self) -> Mapping[str, str | None]:
        """From the store's packages, the list of installed programs, and the paths of programs."""
        found: dict[str, str | None] = {}
        for program, version in (*self._from_store(), *self._from_list(), *self._from_beacons()):
            if program not in found or version_key(version or "") > version_key(found[program] or ""):
                found[program] = version
        for folder in _APP_PATHS:
            for name in self._keys(folder):
                if program_there := _FILES.get(name.lower()):
                    found.setdefault(program_there, None)
        return found

    def _from_store(self) -> list[tuple[str, str | None]]:
        found: list[tuple[str, str | None]] = []
        for folder in _STORE:
            for name in self._keys(folder):
                package, _, rest = name.partition("_")
                if package in _PACKAGES and rest:
                    found.append((_PACKAGES[package], rest.partition("_")[0]))
        return found

    def _from_list(self) -> list[tuple[str, str | None]]:
        found: list[tuple[str, str | None]] = []
        for folder in _UNINSTALL:
            for key in self._keys(folder):
                values = self._at(f"{folder}\\{key}")
                name, version = str(values.get("DisplayName", "")), values.get("DisplayVersion")
                for program, pattern in _NAMES:
                    if pattern.fullmatch(name):
                        found.append((program, str(version) if version else None))
        return found

    def _from_beacons(self) -> list[tuple[str, str | None]]:
        versions = {program: self._at(key).get("version") for program, key in _BEACONS.items()}
        return [(program, str(version)) for program, version in versions.items() if version]

    def session(self) -> Figures:
        """The default browser, whether Windows fetches the time, and a screen from afar."""
        chosen = str(self._at(_LINKS).get("ProgId", ""))
        start = self._at(_TIME).get("Start")
        fetching = self._at(f"{_TIME}\\Parameters").get("Type")
        return {
            "default_browser": next((p for known, p in _DEFAULTS.items() if chosen.startswith(known)), None),
            "clock_automatic": None
            if start is None or fetching is None
            else start != 4 and fetching != "NoSync",
            "remote_session": self._api.is_remote(),
        }

    def usage(self) -> Mapping[int, Usage]:
        """All processes, in one question."""
        return processes_in(*self._api.processes())

    def description(self) -> Description:
        """From the firmware's tables, and the drivers of others than Microsoft."""
        bios = self._at(_BIOS)
        parts = (bios.get("SystemManufacturer"), bios.get("SystemProductName"))
        return Description(
            model=" ".join(str(part).strip() for part in parts if part) or None,
            serial_number=self._serial_number(),
            drivers=self._drivers(),
            wifi_name=self._wifi_name(),
        )

    def _serial_number(self) -> str | None:
        try:
            return serial_number(self._api.firmware())
        except OSError:
            return None

    def _drivers(self) -> dict[str, str]:
        drivers: dict[str, str] = {}
        for name in _DRIVER_CLASSES:
            for key in self._keys(f"{_CLASSES}\\{name}"):
                if not key.isdigit():
                    continue
                values = self._at(f"{_CLASSES}\\{name}\\{key}")
                described, version = values.get("DriverDesc"), values.get("DriverVersion")
                if described and version and not _OURS.match(str(values.get("ProviderName", "Microsoft"))):
                    drivers[str(described)] = str(version)
        return drivers

    def _wifi_name(self) -> str | None:
        """From netsh, whose label SSID is the same in every language; since 24H2 only where location is on."""
        name = re.search(
            r"^\s*SSID\s*: (.+?)\s*$", self._run("netsh", "wlan", "show", "interfaces") or "", re.M
        )
        return name.group(1) if name else None
