"""macOS: what its property lists and a few short commands tell. Not run on macOS; tested on their answers."""

from __future__ import annotations

import plistlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from readiness.core.demands import version_key
from readiness.core.model import Figures
from readiness.devices.system.macos_screens import local_screens
from readiness.devices.system.reading import Run, entries_of, run
from readiness.devices.system.teller import Description, Usage

_MOST_PLIST_BYTES = 8 * 1024 * 1024
_PROGRAMS = {
    "com.microsoft.teams2": "teams", "com.microsoft.teams": "teams_classic", "us.zoom.xos": "zoom",
    "Cisco-Systems.Spark": "webex", "com.webex.meetingmanager": "webex", "com.microsoft.edgemac": "edge",
    "com.google.Chrome": "chrome", "org.chromium.Chromium": "chromium", "org.mozilla.firefox": "firefox",
    "com.apple.Safari": "safari",
}  # fmt: skip
"""Programs by their bundle identifiers."""
_BUNDLES = re.compile(
    r"(Microsoft Teams|zoom\.us|Webex|Cisco Webex|Microsoft Edge|Google Chrome|Chromium|Firefox|Safari)"
)
_FOLDERS = ("Applications", "System/Cryptexes/App/System/Applications")
_HANDLERS = "Library/Preferences/com.apple.LaunchServices/com.apple.launchservices.secure.plist"


class MacOS:
    """A computer with macOS. `root` is where its files are."""

    def __init__(
        self,
        root: Path = Path("/"),
        *,
        home: Path | None = None,
        run: Run = run,
        screens: Callable[[], Sequence[Figures]] = local_screens,
    ) -> None:
        self._root = root
        self._home = home or Path.home()
        self._run = run
        self._screens = screens

    def version(self) -> Figures:
        """From SystemVersion.plist, which tells the truth to old programs too."""
        version = _plist(self._root / "System/Library/CoreServices/SystemVersion.plist").get("ProductVersion")
        return {
            "system_version": f"macOS {version}" if version else "macOS",
            "system_id": "macos",
            "system_release": str(version) if version else None,
        }

    def processor(self) -> Figures:
        """The processor's name; its rate on Intel alone."""
        hertz = self._sysctl("hw.cpufrequency_max")
        return {
            "processor": self._sysctl("machdep.cpu.brand_string"),
            "processor_max_mhz": int(hertz) / 1e6 if hertz and hertz.isdigit() and int(hertz) else None,
        }

    def power(self) -> Figures:
        """From pmset: the battery, and low power mode (`powermode 1` on newer computers)."""
        battery = self._run("/usr/bin/pmset", "-g", "batt")
        settings = self._run("/usr/bin/pmset", "-g")
        figures: dict[str, Any] = {}
        if battery is not None:
            charge = re.search(r"InternalBattery.*?(\d+)%", battery)
            source = re.search(r"Now drawing from '([^']+)'", battery)
            figures = {
                "has_battery": "InternalBattery" in battery,
                "on_mains": source.group(1) == "AC Power" if source else None,
                "battery_percent": int(charge.group(1)) if charge else None,
            }
        modes = dict(re.findall(r"^\s*(lowpowermode|powermode)\s+(\d)", settings or "", re.M))
        if modes:
            saving = modes.get("powermode") == "1" or modes.get("lowpowermode") == "1"
            high = modes.get("powermode") == "2"
            figures["power_saving"] = saving
            figures["power_mode"] = "saver" if saving else "performance" if high else "balanced"
        return figures

    def screens(self) -> Sequence[Figures]:
        """From Core Graphics."""
        return self._screens()

    def programs(self) -> Mapping[str, str | None]:
        """From the bundles in the folders for programs."""
        found: dict[str, str | None] = {}
        for folder in (*(self._root / name for name in _FOLDERS), self._home / "Applications"):
            for bundle in entries_of(folder):
                if not (bundle.suffix == ".app" and _BUNDLES.match(bundle.name)):
                    continue
                about = _plist(bundle / "Contents/Info.plist")
                program = _PROGRAMS.get(str(about.get("CFBundleIdentifier")))
                version = about.get("CFBundleShortVersionString")
                if program and version_key(str(version or "")) >= version_key(found.get(program) or ""):
                    found[program] = str(version) if version else None
        return found

    def session(self) -> Figures:
        """The default browser, where one was chosen. Who keeps the clock right, only root may ask."""
        handlers = _plist(self._home / _HANDLERS).get("LSHandlers", [])
        chosen = [
            str(row.get("LSHandlerRoleAll", ""))
            for row in (handlers if isinstance(handlers, list) else [])
            if isinstance(row, dict) and row.get("LSHandlerURLScheme") == "https"
        ]
        known = {identifier.lower(): program for identifier, program in _PROGRAMS.items()}
        return {"default_browser": known.get(chosen[0].lower()) if chosen else None}

    def usage(self) -> Mapping[int, Usage]:
        """The processes that may be looked at: those of this user."""
        found: dict[int, Usage] = {}
        for process in psutil.process_iter(["ppid", "name", "cpu_times"]):
            told = process.info
            if times := told["cpu_times"]:
                name, parent = told["name"] or "?", told["ppid"] or 0
                found[process.pid] = Usage(name=name, parent=parent, seconds=times.user + times.system)
        return found

    def description(self) -> Description:
        """The drivers come with the system, so that its version says which they are."""
        model = self._sysctl("hw.model")
        return Description(
            model=f"Apple {model}" if model else None,
            serial_number=self._serial_number(),
            wifi_name=self._wifi_name(),
        )

    def _serial_number(self) -> str | None:
        said = self._run("/usr/sbin/ioreg", "-a", "-r", "-d", "1", "-c", "IOPlatformExpertDevice") or ""
        rows = _parsed(said.encode())
        number = rows[0].get("IOPlatformSerialNumber") if isinstance(rows, list) and rows else None
        return str(number) if number else None

    def _wifi_name(self) -> str | None:
        """The name of the Wi-Fi that leads out, where macOS tells it."""
        route = re.search(r"interface: (\S+)", self._run("/sbin/route", "-n", "get", "default") or "")
        if route is None:
            return None
        said = self._run("/usr/sbin/networksetup", "-getairportnetwork", route.group(1)) or ""
        name = re.search(r"^Current (?:Wi-Fi|AirPort) Network: (.+)$", said, re.M)
        return name.group(1) if name else None

    def _sysctl(self, name: str) -> str | None:
        return (self._run("/usr/sbin/sysctl", "-n", name) or "").strip() or None


def _plist(file: Path) -> dict[str, Any]:
    """A property list that is a dictionary; empty where it cannot be read."""
    try:
        with file.open("rb") as opened:
            content = _parsed(opened.read(_MOST_PLIST_BYTES))
    except OSError:
        return {}
    return content if isinstance(content, dict) else {}


def _parsed(content: bytes) -> Any:
    try:
        return plistlib.loads(content)
    except Exception:  # plistlib lets through whatever its parsers raise
        return None
