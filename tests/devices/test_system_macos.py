"""macOS' own answers, recorded, become figures. None of this was run on macOS."""

from __future__ import annotations

import ctypes
import plistlib
from pathlib import Path
from typing import Any

import pytest

from readiness.devices.system.macos import MacOS
from readiness.devices.system.macos_screens import Size, screens_of
from tests.devices import system_answers as answers


@pytest.fixture
def macos(tmp_path: Path) -> MacOS:
    home = tmp_path / "Users/anna"
    root = answers.write(
        tmp_path,
        {
            "System/Library/CoreServices/SystemVersion.plist": plistlib.dumps(
                {"ProductName": "macOS", "ProductVersion": "14.7.1", "ProductBuildVersion": "23H222"}
            ),
            "Applications/Microsoft Teams.app/Contents/Info.plist": answers.bundle(
                "com.microsoft.teams2", "24335.207.3315.1951"
            ),
            "Applications/Microsoft Teams classic.app/Contents/Info.plist": answers.bundle(
                "com.microsoft.teams", "1.7.00.3652"
            ),
            "Applications/zoom.us.app/Contents/Info.plist": answers.bundle("us.zoom.xos", "6.2.11 (43613)"),
            "Applications/Google Chrome.app/Contents/Info.plist": b"bplist00 broken",
            "Applications/Numbers.app/Contents/Info.plist": answers.bundle("com.apple.iWork.Numbers", "14"),
            "Users/anna/Applications/Firefox.app/Contents/Info.plist": answers.bundle(
                "org.mozilla.firefox", "133.0"
            ),
            "System/Cryptexes/App/System/Applications/Safari.app/Contents/Info.plist": answers.bundle(
                "com.apple.Safari", "18.1.1"
            ),
            "Users/anna/Library/Preferences/com.apple.LaunchServices/com.apple.launchservices.secure.plist": (
                plistlib.dumps(
                    {
                        "LSHandlers": [
                            {"LSHandlerURLScheme": "mailto", "LSHandlerRoleAll": "com.apple.mail"},
                            {"LSHandlerURLScheme": "https", "LSHandlerRoleAll": "org.mozilla.Firefox"},
                        ]
                    },
                    fmt=plistlib.FMT_BINARY,
                )
            ),
        },
    )
    return MacOS(root, home=home, run=answers.run_from(answers.MACOS), screens=lambda: ())


def silent(tmp_path: Path) -> MacOS:
    return MacOS(tmp_path, home=tmp_path, run=lambda *_: None, screens=lambda: ())


def test_the_version_and_the_processor(macos: MacOS) -> None:
    assert macos.version() == {
        "system_version": "macOS 14.7.1",
        "system_id": "macos",
        "system_release": "14.7.1",
    }
    assert macos.processor() == {"processor": "Apple M1", "processor_max_mhz": None}


def test_the_battery_and_low_power_mode(macos: MacOS) -> None:
    assert macos.power() == {
        "has_battery": True, "on_mains": False, "battery_percent": 85, "power_saving": True, "power_mode": "saver",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "mode"),
    [
        (" powermode 0\n", "balanced"),
        (" powermode            2\n", "performance"),
        (" powermode 1\n", "saver"),
    ],
)
def test_the_power_modes_of_newer_computers(tmp_path: Path, settings: str, mode: str) -> None:
    said = {
        ("/usr/bin/pmset", "-g", "batt"): "Now drawing from 'AC Power'\n",
        ("/usr/bin/pmset", "-g"): settings,
    }
    figures = MacOS(tmp_path, run=answers.run_from(said), screens=lambda: ()).power()
    assert figures["power_mode"] == mode
    assert figures["power_saving"] is (mode == "saver")
    assert (figures["has_battery"], figures["on_mains"], figures["battery_percent"]) == (False, True, None)


def test_programs_by_their_identifiers_wherever_they_lie(macos: MacOS) -> None:
    assert macos.programs() == {
        "teams": "24335.207.3315.1951", "teams_classic": "1.7.00.3652", "zoom": "6.2.11 (43613)",
        "firefox": "133.0", "safari": "18.1.1",
    }  # fmt: skip


def test_the_browser_that_opens_links(macos: MacOS) -> None:
    assert macos.session() == {"default_browser": "firefox"}


def test_the_report_names_model_serial_number_and_network(macos: MacOS) -> None:
    said = macos.description()
    assert (said.model, said.serial_number) == ("Apple MacBookAir10,1", "C02FK0AAQ6L4")


def test_a_computer_that_says_nothing_breaks_nothing(tmp_path: Path) -> None:
    macos = silent(tmp_path)
    assert macos.version()["system_release"] is None
    assert macos.power() == {}
    assert macos.programs() == {}
    assert macos.session() == {"default_browser": None}
    assert macos.description().model is None


class Graphics:
    """Core Graphics with a built-in Retina screen, and one whose mode cannot be had."""

    def __init__(self) -> None:
        self.released: list[int] = []

    def CGGetActiveDisplayList(self, most: int, numbers: int, count: int) -> int:
        (ctypes.c_uint32 * most).from_address(numbers)[0:2] = [1, 2]
        ctypes.c_uint32.from_address(count).value = 2
        return 0

    def CGDisplayCopyDisplayMode(self, number: int) -> int | None:
        return 77 if number == 1 else None

    def CGDisplayModeGetPixelWidth(self, mode: int) -> int:
        return 2560

    def CGDisplayModeGetPixelHeight(self, mode: int) -> int:
        return 1600

    def CGDisplayModeRelease(self, mode: int) -> None:
        self.released.append(mode)

    def CGDisplayScreenSize(self, number: int) -> Size:
        return Size(286.0, 179.0)

    def CGDisplayIsBuiltin(self, number: int) -> int:
        return 1


def test_screens_in_true_pixels() -> None:
    graphics = Graphics()
    expected: Any = [{"width_px": 2560, "height_px": 1600, "diagonal_inches": 13.3, "built_in": True}]
    assert screens_of(graphics) == expected
    assert graphics.released == [77]
