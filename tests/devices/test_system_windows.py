"""Windows' own answers, recorded, become figures. None of this was run on Windows."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.devices.system import windows_api, windows_tables
from readiness.devices.system.windows import Windows
from readiness.devices.system.windows_ports import Display, PowerStatus
from tests.devices import system_answers as answers

BASE = 0x2_0000_0000
LAPTOP = PowerStatus(ac_line_status=0, battery_flag=1, battery_life_percent=64, system_status_flag=0)
DESKTOP = PowerStatus(ac_line_status=1, battery_flag=128, battery_life_percent=255, system_status_flag=0)


def windows(changes: dict[str, dict[str, Any]] | None = None, **api: Any) -> Windows:
    registry = answers.Registry({**answers.WINDOWS_11, **(changes or {})})
    netsh = answers.run_from({("netsh", "wlan", "show", "interfaces"): answers.NETSH})
    return Windows(registry, answers.Api(**api), run=netsh)


def test_windows_11_is_told_from_10_by_its_build() -> None:
    assert windows().version() == {
        "system_version": "Windows 11 Enterprise 24H2 (26100.4652)",
        "system_id": "windows",
        "system_release": "26100.4652",
        "system_edition": "Enterprise",
    }
    ten = {
        answers.CURRENT: {
            **answers.WINDOWS_11[answers.CURRENT],
            "CurrentBuild": "19045",
            "DisplayVersion": "22H2",
        }
    }
    assert windows(ten).version()["system_version"] == "Windows 10 Enterprise 22H2 (19045.4652)"
    server = {answers.CURRENT: {**answers.WINDOWS_11[answers.CURRENT], "InstallationType": "Server"}}
    assert windows(server).version()["system_id"] == "windows_server"


def test_processor_and_its_rate() -> None:
    assert windows().processor() == {
        "processor": "Intel(R) Core(TM) i5-8265U CPU @ 1.60GHz",
        "processor_max_mhz": 1800.0,
    }


def test_a_laptop_on_its_battery_and_a_computer_without_one() -> None:
    assert windows(power=LAPTOP).power() == {
        "has_battery": True, "on_mains": False, "battery_percent": 64, "power_mode": "saver", "power_saving": False,
    }  # fmt: skip
    assert windows(power=DESKTOP).power() == {
        "has_battery": False, "on_mains": True, "battery_percent": None, "power_mode": "balanced",
        "power_saving": False,
    }  # fmt: skip


def test_the_energy_saver_and_the_saving_plan_save() -> None:
    saver = PowerStatus(ac_line_status=0, battery_flag=2, battery_life_percent=18, system_status_flag=1)
    assert windows(power=saver).power()["power_saving"] is True
    schemes = r"HKLM\SYSTEM\CurrentControlSet\Control\Power\User\PowerSchemes"
    plan = {schemes: {"ActivePowerScheme": "A1841308-3541-4FAB-BC81-F71556F20B4A"}}
    figures = windows(plan, power=DESKTOP).power()
    assert (figures["power_saving"], figures["power_mode"]) == (True, "saver")


def test_screens_that_show_nothing_are_none() -> None:
    shown = windows(
        displays=(Display(width_px=1920, height_px=1080), Display(width_px=0, height_px=0))
    ).screens()
    assert shown == [{"width_px": 1920, "height_px": 1080}]


def test_programs_are_known_by_their_whole_names() -> None:
    assert windows().programs() == {
        "teams": "24335.208.3315.1951", "firefox": "128.5.0", "zoom": "6.2.11.50939", "edge": "131.0.2903.51",
    }  # fmt: skip


def test_the_classic_teams_is_another_program_and_the_newest_version_counts() -> None:
    more = {
        answers.UNINSTALL_USER + r"\Teams": {
            "DisplayName": "Microsoft Teams classic", "DisplayVersion": "1.7.00.7956",
        },
        answers.UNINSTALL_USER + r"\Google Chrome": {"DisplayName": "Google Chrome", "DisplayVersion": "99.0.1"},
        r"HKCU\SOFTWARE\Google\Chrome\BLBeacon": {"version": "131.0.6778.86"},
        answers.PACKAGES + r"\MSTeams_24295.605.3225.8804_x64__8wekyb3d8bbwe": {},
    }  # fmt: skip
    programs = windows(more).programs()
    assert programs["teams_classic"] == "1.7.00.7956"
    assert programs["teams"] == "24335.208.3315.1951"
    assert programs["chrome"] == "131.0.6778.86"


def test_a_program_that_stands_in_the_paths_alone_has_no_version() -> None:
    path = {r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\chrome.exe": {"": r"C:\chrome.exe"}}
    assert windows(path).programs()["chrome"] is None


@pytest.mark.parametrize(
    ("start", "fetching", "expected"),
    [(3, "NT5DS", True), (2, "NTP", True), (3, "NoSync", False), (4, "NTP", False)],
)
def test_the_clock_is_kept_right_unless_it_was_turned_off(start: int, fetching: str, expected: bool) -> None:
    time = r"HKLM\SYSTEM\CurrentControlSet\Services\W32Time"
    session = windows(
        {time: {"Start": start}, rf"{time}\Parameters": {"Type": fetching}}, remote=True
    ).session()
    assert session == {"default_browser": "edge", "clock_automatic": expected, "remote_session": True}


def test_the_report_names_model_serial_number_drivers_and_network() -> None:
    said = windows(firmware=answers.smbios("PF1ABCDE")).description()
    assert said.model == "LENOVO 20QDS3D100"
    assert said.serial_number == "PF1ABCDE"
    assert said.drivers == {"Intel(R) UHD Graphics 620": "31.0.101.2111"}
    assert said.wifi_name == "Kommun Gäst"


def test_what_windows_refuses_is_left_out() -> None:
    said = windows().description()
    assert said.model == "LENOVO 20QDS3D100"
    assert said.serial_number is None


def test_an_empty_registry_tells_nothing_and_breaks_nothing() -> None:
    empty = Windows(answers.Registry({}), answers.Api(power=DESKTOP))
    assert empty.version()["system_release"] is None
    assert empty.processor() == {"processor": None, "processor_max_mhz": None}
    assert empty.programs() == {}
    assert empty.session()["clock_automatic"] is None


def test_all_processes_in_one_answer() -> None:
    rows = [
        (0, 0, "", 5000.0),
        (4, 0, "System", 60.0),
        (812, 4, "MsMpEng.exe", 90.5),
        (5000, 812, "é.EXE", 1.0),
    ]
    answer = (answers.process_list(rows, BASE), BASE)
    found = windows(processes=answer).usage()
    assert {number: (usage.name, usage.parent, usage.seconds) for number, usage in found.items()} == {
        4: ("System", 0, 60.0),
        812: ("MsMpEng", 4, 90.5),
        5000: ("é", 812, 1.0),
    }


@given(st.binary(max_size=600), st.integers(0, 2**64 - 1))
def test_no_answer_of_the_process_list_is_a_fault(answer: bytes, address: int) -> None:
    windows_tables.processes_in(answer, address)


@given(st.binary(max_size=400))
def test_no_firmware_table_is_a_fault(table: bytes) -> None:
    serial = windows_tables.serial_number(table)
    assert serial is None or serial


@given(st.integers(0, 300))
def test_a_firmware_table_cut_anywhere_tells_the_whole_number_or_none(cut: int) -> None:
    table = answers.smbios("PF1ABCDE")
    assert windows_tables.serial_number(table[:cut]) in (None, "PF1ABCDE")


def test_the_structures_have_the_sizes_of_windows() -> None:
    """Those of the 64-bit headers: a wrong field would shift all that follow it."""
    assert ctypes.sizeof(windows_api.SystemPowerStatus) == 12
    assert ctypes.sizeof(windows_api.DisplayDevice) == 840
    assert ctypes.sizeof(windows_api.DevMode) == 220
    assert windows_api.DevMode.dmPelsWidth.offset == 172
