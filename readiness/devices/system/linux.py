"""Linux: what /proc, /sys and /etc tell, and a few short commands."""

from __future__ import annotations

import ctypes
import math
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from readiness.core.model import Figures
from readiness.devices.system import linux_programs
from readiness.devices.system.edid import millimetres
from readiness.devices.system.linux_wifi import wifi_name
from readiness.devices.system.reading import Run, entries_of, number_of, run, text_of
from readiness.devices.system.teller import Description, Usage

_TIME_ERROR = 5  # what adjtimex(2) answers while nothing keeps the clock right
_MODES = {
    "power-saver": "saver", "low-power": "saver",
    "balanced": "balanced", "balanced-performance": "balanced", "performance": "performance",
}  # fmt: skip
"""Profiles of power-profiles-daemon and of the kernel's platform_profile, in our words."""
_DRIVERS_OF = ("drm/card[0-9]", "sound/card[0-9]", "video4linux/video[0-9]*", "net/*")
_REMOTE = ("XRDP_SESSION", "VNCDESKTOP", "X2GO_SESSION", "NX_SESSION_ID")
_TICKS = 100  # USER_HZ: what /proc counts a second in, on every architecture we run on


def _adjtimex() -> int:
    """The state of the kernel's clock, by adjtimex(2) that changes nothing; -1 where it is forbidden."""
    library = ctypes.CDLL(None)
    return int(library.adjtimex(ctypes.create_string_buffer(512)))


class Linux:
    """A computer with Linux. `root` is where its files are."""

    def __init__(
        self,
        root: Path = Path("/"),
        *,
        home: Path | None = None,
        run: Run = run,
        clock_state: Callable[[], int] = _adjtimex,
        environment: Mapping[str, str] = os.environ,
        wifi_name: Callable[[str], str | None] = wifi_name,
    ) -> None:
        self._root = root
        self._home = home or Path.home()
        self._run = run
        self._clock_state = clock_state
        self._environment = environment
        self._wifi_name = wifi_name

    def version(self) -> Figures:
        """The distribution, from os-release."""
        release: dict[str, str] = {}
        for name in ("etc/os-release", "usr/lib/os-release"):
            text = text_of(self._root / name)
            if text is not None:
                release = _assignments(text)
                break
        kernel = text_of(self._root / "proc/sys/kernel/osrelease") or platform.release()
        return {
            "system_version": release.get("PRETTY_NAME") or f"Linux {kernel}",
            "system_id": release.get("ID") or "linux",
            "system_release": release.get("VERSION_ID"),
            "system_edition": release.get("VARIANT_ID"),
        }

    def processor(self) -> Figures:
        """The processor's name, and its highest rate where the kernel steers it."""
        fields = _colons(text_of(self._root / "proc/cpuinfo") or "")
        khz = number_of(self._root / "sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq")
        return {
            "processor": fields.get("model name") or fields.get("Model") or fields.get("Hardware"),
            "processor_max_mhz": khz / 1000 if khz else None,
        }

    def power(self) -> Figures:
        """Batteries and mains of /sys/class/power_supply; the battery of a mouse is none of these."""
        batteries, mains = [], []
        for supply in entries_of(self._root / "sys/class/power_supply"):
            kind, scope = text_of(supply / "type"), text_of(supply / "scope")
            if kind == "Battery" and scope != "Device" and text_of(supply / "present") != "0":
                batteries.append(supply)
            elif kind is not None and kind != "Battery" and scope != "Device":
                online = number_of(supply / "online")
                mains += [] if online is None else [online > 0]
        charges = [charge for battery in batteries if (charge := number_of(battery / "capacity")) is not None]
        states = [text_of(battery / "status") for battery in batteries]
        on_mains = any(mains) if mains else "Discharging" not in states if batteries else None
        mode = self._power_mode()
        return {
            "has_battery": bool(batteries),
            "on_mains": on_mains,
            "battery_percent": round(sum(charges) / len(charges)) if charges else None,
            "power_mode": mode,
            "power_saving": mode == "saver" if mode else None,
        }

    def _power_mode(self) -> str | None:
        """saver, balanced or performance; by the desktop's own switch, else as the kernel has it."""
        name = "net.hadess.PowerProfiles"
        if (self._root / "run/dbus/system_bus_socket").exists():
            path = "/" + name.replace(".", "/")
            question = ("get-property", name, path, name, "ActiveProfile")
            said = self._run("busctl", "--system", "--timeout=1", "--auto-start=no", *question) or ""
            said = said.partition(" ")[2].strip().strip('"')
            if said in _MODES:
                return _MODES[said]
        profile = text_of(self._root / "sys/firmware/acpi/platform_profile")
        if profile in _MODES:
            return _MODES[profile]
        steering = self._root / "sys/devices/system/cpu/cpu0/cpufreq"
        if text_of(steering / "energy_performance_preference") == "power":
            return "saver"
        # With the drivers of Intel and AMD, "powersave" is the everyday governor and saves nothing.
        active = (text_of(steering / "scaling_driver") or "").startswith(
            ("intel_pstate", "amd-pstate", "amd_pstate")
        )
        return "saver" if text_of(steering / "scaling_governor") == "powersave" and not active else None

    def screens(self) -> Sequence[Figures]:
        """What is connected to the graphics cards, at its best size."""
        return [screen for folder in entries_of(self._root / "sys/class/drm") for screen in _screen(folder)]

    def programs(self) -> Mapping[str, str | None]:
        """From packages, flatpaks, snaps, and folders of their own."""
        return linux_programs.installed(self._root, self._home, self._run)

    def session(self) -> Figures:
        """The default browser, whether something keeps the clock right, and a screen from afar."""
        state = self._clock_state()
        return {
            "default_browser": linux_programs.default_browser(self._root, self._home),
            "clock_automatic": state != _TIME_ERROR if state >= 0 else None,
            "remote_session": any(self._environment.get(name) for name in _REMOTE),
        }

    def usage(self) -> Mapping[int, Usage]:
        """All processes, by /proc/PID/stat; a program goes by its file where that may be read."""
        found = {}
        for name in os.listdir(self._root / "proc"):  # noqa: PTH208 - hundreds of names, twice in a run
            if name.isdigit() and (usage := self._usage(name)):
                found[int(name)] = usage
        return found

    def _usage(self, number: str) -> Usage | None:
        folder = f"{self._root}/proc/{number}"
        try:
            with open(f"{folder}/stat", "rb") as file:  # noqa: PTH123 - as above
                before, _, after = file.read(4096).rpartition(b")")
            fields = after.split()
            name = before.partition(b"(")[2].decode("utf-8", "replace")
            parent, seconds = int(fields[1]), (int(fields[11]) + int(fields[12])) / _TICKS
        except (OSError, ValueError, IndexError):
            return None  # it ended, or may not be looked at
        try:
            path = os.readlink(f"{folder}/exe")  # noqa: PTH115 - as above
            name = path.removesuffix(" (deleted)").rpartition("/")[2] or name
        except OSError:
            pass
        return Usage(name=name, parent=parent, seconds=seconds)

    def description(self) -> Description:
        """From the firmware's tables and the kernel's drivers."""
        dmi = self._root / "sys/class/dmi/id"
        parts = [text_of(dmi / name) for name in ("sys_vendor", "product_name")]
        board = text_of(self._root / "proc/device-tree/model")
        way_out = self._way_out()
        return Description(
            model=" ".join(part for part in parts if part) or board or None,
            serial_number=text_of(dmi / "product_serial"),  # root alone may read it
            drivers=self._drivers(),
            wifi_name=self._wifi_name(way_out) if way_out else None,
        )

    def _drivers(self) -> dict[str, str]:
        kernel = text_of(self._root / "proc/sys/kernel/osrelease") or ""
        drivers = {}
        for pattern in _DRIVERS_OF:
            for folder in sorted((self._root / "sys/class").glob(pattern)):
                try:
                    name = (folder / "device/driver").readlink().name
                except OSError:
                    continue  # no hardware behind it
                drivers[name] = text_of(self._root / "sys/module" / name / "version") or kernel
        return drivers

    def _way_out(self) -> str | None:
        """The interface that the default route goes through."""
        for line in (text_of(self._root / "proc/net/route") or "").splitlines()[1:]:
            fields = line.split()
            if len(fields) > 7 and fields[1] == fields[7] == "00000000":
                return fields[0]
        return None


def _screen(folder: Path) -> Iterator[Figures]:
    """The screen on one connector, if there is one and it is known how large it is."""
    if text_of(folder / "status") != "connected" or text_of(folder / "enabled") == "disabled":
        return
    modes = (text_of(folder / "modes") or "").split()
    if not modes:
        return
    width, _, height = modes[0].rstrip("i").partition("x")
    if not (width.isdigit() and height.isdigit()):
        return
    try:
        size = millimetres((folder / "edid").read_bytes()[:4096])
    except OSError:
        size = None
    yield {
        "width_px": int(width),
        "height_px": int(height),
        "diagonal_inches": round(math.hypot(*size) / 25.4, 1) if size else None,
        "built_in": any(kind in folder.name for kind in ("-eDP-", "-LVDS-", "-DSI-")),
    }


def _assignments(text: str) -> dict[str, str]:
    """The lines NAME=value, without their quotes."""
    pairs = (line.partition("=") for line in text.splitlines() if not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, equals, value in pairs if equals}


def _colons(text: str) -> dict[str, str]:
    """The lines name: value, the first of each name."""
    pairs = [line.partition(":") for line in text.splitlines()]
    return {name.strip(): value.strip() for name, colon, value in reversed(pairs) if colon}
