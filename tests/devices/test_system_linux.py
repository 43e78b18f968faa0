"""Linux: files of /proc, /sys and /etc as real computers have them become figures."""

from __future__ import annotations

import ctypes
import os
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.devices.system.edid import millimetres
from readiness.devices.system.linux import Linux
from readiness.devices.system.linux_wifi import Ioctl, wifi_name
from tests.devices import system_answers as answers

UBUNTU = {
    "etc/os-release": 'PRETTY_NAME="Ubuntu 22.04.5 LTS"\nNAME="Ubuntu"\nVERSION_ID="22.04"\nID=ubuntu\nID_LIKE=debian\n',
    "proc/cpuinfo": "processor\t: 0\nmodel name\t: AMD Ryzen 5 PRO 4650U\n\nprocessor\t: 1\nmodel name\t: other\n",
    "proc/sys/kernel/osrelease": "6.8.0-49-generic\n",
    "sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq": "4006000\n",
    "sys/class/power_supply/AC/type": "Mains\n",
    "sys/class/power_supply/AC/online": "0\n",
    "sys/class/power_supply/BAT0/type": "Battery\n",
    "sys/class/power_supply/BAT0/present": "1\n",
    "sys/class/power_supply/BAT0/capacity": "42\n",
    "sys/class/power_supply/BAT0/status": "Discharging\n",
    "sys/class/power_supply/hidpp_battery_0/type": "Battery\n",
    "sys/class/power_supply/hidpp_battery_0/scope": "Device\n",
    "sys/class/power_supply/hidpp_battery_0/capacity": "5\n",
    "sys/class/dmi/id/sys_vendor": "LENOVO\n",
    "sys/class/dmi/id/product_name": "20UD0013MX\n",
    "sys/class/dmi/id/product_serial": "PF2ABCDE\n",
    "sys/class/drm/card0-eDP-1/status": "connected\n",
    "sys/class/drm/card0-eDP-1/enabled": "enabled\n",
    "sys/class/drm/card0-eDP-1/modes": "1920x1080\n1920x1080\n1280x720\n",
    "sys/class/drm/card0-eDP-1/edid": answers.edid(309, 174),
    "sys/class/drm/card0-HDMI-A-1/status": "disconnected\n",
    "sys/class/drm/card0-HDMI-A-1/modes": "",
    "sys/class/net/wlp3s0/wireless/.keep": "",
    "sys/module/iwlwifi/.keep": "",
    "proc/net/route": "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
    "wlp3s0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
    "wlp3s0\t0001A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0\n",
}


def linux(root: Path, files: dict[str, str | bytes], **how: Any) -> Linux:
    how = {"run": lambda *_: None, "clock_state": lambda: 0, "environment": {}, "wifi_name": str.upper, **how}
    return Linux(answers.write(root, files), home=root / "home/anna", **how)


@pytest.fixture
def ubuntu(tmp_path: Path) -> Linux:
    return linux(tmp_path, dict(UBUNTU))


def test_the_distribution_and_the_processor(ubuntu: Linux) -> None:
    version = ubuntu.version()
    assert (version["system_version"], version["system_id"], version["system_release"]) == (
        "Ubuntu 22.04.5 LTS", "ubuntu", "22.04",
    )  # fmt: skip
    assert ubuntu.processor() == {"processor": "AMD Ryzen 5 PRO 4650U", "processor_max_mhz": 4006.0}


def test_the_computers_own_battery_and_not_that_of_a_mouse(ubuntu: Linux) -> None:
    power = ubuntu.power()
    assert (power["has_battery"], power["on_mains"], power["battery_percent"]) == (True, False, 42)


def test_charged_over_usb_is_on_mains(tmp_path: Path) -> None:
    files = {
        **UBUNTU,
        "sys/class/power_supply/ucsi/type": "USB\n",
        "sys/class/power_supply/ucsi/online": "1\n",
    }
    assert linux(tmp_path, files).power()["on_mains"] is True


def test_a_computer_without_batteries_says_nothing_of_mains(tmp_path: Path) -> None:
    power = linux(tmp_path, {"proc/x": ""}).power()
    assert (power["has_battery"], power["on_mains"], power["power_saving"]) == (False, None, None)


@pytest.mark.parametrize(
    ("files", "mode"),
    [
        ({"sys/firmware/acpi/platform_profile": "low-power\n"}, "saver"),
        ({"sys/firmware/acpi/platform_profile": "performance\n"}, "performance"),
        ({"scaling_driver": "intel_pstate\n", "scaling_governor": "powersave\n"}, None),
        ({"scaling_driver": "amd-pstate-epp\n", "scaling_governor": "powersave\n"}, None),
        ({"scaling_driver": "acpi-cpufreq\n", "scaling_governor": "powersave\n"}, "saver"),
        ({"scaling_driver": "intel_pstate\n", "energy_performance_preference": "power\n"}, "saver"),
        ({"scaling_driver": "intel_pstate\n", "energy_performance_preference": "balance_power\n"}, None),
    ],
)
def test_saving_modes_and_the_everyday_governor(
    tmp_path: Path, files: dict[str, str], mode: str | None
) -> None:
    folder = "sys/devices/system/cpu/cpu0/cpufreq/"
    power = linux(tmp_path, {n if "/" in n else folder + n: text for n, text in files.items()}).power()
    assert power["power_mode"] == mode
    assert power["power_saving"] is (None if mode is None else mode == "saver")


def test_the_desktops_own_switch_stands_above_the_kernels(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "run/dbus/system_bus_socket": "",
        "sys/firmware/acpi/platform_profile": "balanced\n",
    }
    system = linux(tmp_path, files, run=lambda *words: 's "power-saver"\n' if words[0] == "busctl" else None)
    assert system.power()["power_saving"] is True


def test_screens_that_are_connected_with_their_size(ubuntu: Linux) -> None:
    assert ubuntu.screens() == [
        {"width_px": 1920, "height_px": 1080, "diagonal_inches": 14.0, "built_in": True}
    ]


def test_no_graphics_card_is_no_screen(tmp_path: Path) -> None:
    assert linux(tmp_path, {"proc/x": ""}).screens() == []


def test_the_report_names_model_serial_number_drivers_and_network(ubuntu: Linux, tmp_path: Path) -> None:
    for device, driver in (
        ("net/wlp3s0", "iwlwifi"),
        ("drm/card0", "amdgpu"),
        ("sound/card0", "snd_hda_intel"),
    ):
        (tmp_path / f"sys/drivers/{driver}").mkdir(parents=True)
        folder = tmp_path / f"sys/class/{device}/device"
        folder.mkdir(parents=True)
        (folder / "driver").symlink_to(tmp_path / f"sys/drivers/{driver}")
    answers.write(tmp_path, {"sys/module/iwlwifi/version": "7.1\n"})
    said = ubuntu.description()
    assert (said.model, said.serial_number) == ("LENOVO 20UD0013MX", "PF2ABCDE")
    assert said.wifi_name == "WLP3S0"
    assert said.drivers == {
        "iwlwifi": "7.1",
        "amdgpu": "6.8.0-49-generic",
        "snd_hda_intel": "6.8.0-49-generic",
    }


def test_the_name_of_the_wifi_is_read_where_the_kernel_wrote_it() -> None:
    def answers_that(name: bytes, length: int) -> Ioctl:
        def ioctl(descriptor: int, number: int, request: bytearray) -> None:
            interface, where, room, _ = struct.unpack_from("16sPHH", request)
            assert (interface.rstrip(b"\0"), number, room) == (b"wlp3s0", 0x8B1B, 32)
            ctypes.memmove(where, name, len(name))
            struct.pack_into("H", request, 24, length)

        return ioctl

    assert wifi_name("wlp3s0", answers_that("Kommunnät ✓".encode(), 14)) == "Kommunnät ✓"
    assert wifi_name("wlp3s0", answers_that(b"x" * 32, 60000)) == "x" * 32
    assert wifi_name("wlp3s0", answers_that(b"", 0)) is None
    assert wifi_name("lo") is None


def test_without_a_way_out_there_is_no_wifi(tmp_path: Path) -> None:
    assert linux(tmp_path, {"proc/net/route": "Iface\tDestination\n"}).description().wifi_name is None


@pytest.mark.parametrize(("state", "expected"), [(0, True), (1, True), (5, False), (-1, None)])
def test_the_clock_is_kept_right_or_not_or_nobody_may_ask(
    tmp_path: Path, state: int, expected: bool | None
) -> None:
    session = linux(tmp_path, {"proc/x": ""}, clock_state=lambda: state).session()
    assert session["clock_automatic"] is expected


def test_a_desktop_from_afar(tmp_path: Path) -> None:
    assert (
        linux(tmp_path, {"proc/x": ""}, environment={"XRDP_SESSION": "1"}).session()["remote_session"] is True
    )
    assert linux(tmp_path, {"proc/x": ""}).session()["remote_session"] is False


DPKG = """Package: zlib1g
Status: install ok installed
Version: 1:1.2.13.dfsg-1

Package: firefox-esr
Status: install ok installed
Priority: optional
Version: 128.5.0esr-1~deb12u1

Package: chromium
Status: deinstall ok config-files
Version: 90.0.4430.212-1

Package: google-chrome-stable
Status: install ok installed
Version: 131.0.6778.85-1

Package: firefox
Status: install ok installed
Version: 1:1snap1-0ubuntu5

Package: zoom
Status: install ok installed
Version: 6.2.11.5069
"""


def test_programs_from_debian_packages(tmp_path: Path) -> None:
    """What was removed, and Ubuntu's empty packages that point to the snap, are not installed."""
    assert linux(tmp_path, {"var/lib/dpkg/status": DPKG}).programs() == {
        "firefox": "128.5.0esr-1~deb12u1", "chrome": "131.0.6778.85-1", "zoom": "6.2.11.5069",
    }  # fmt: skip


def test_programs_from_snaps_flatpaks_and_folders_and_the_newest_counts(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "snap/firefox/current/meta/snap.yaml": "name: firefox\nversion: 133.0-1\nsummary: x\n",
        "snap/hello/current/meta/snap.yaml": "name: hello\nversion: 2\n",
        "opt/firefox/application.ini": "[App]\nName=Firefox\nVersion=102.3.0\n",
        "opt/zoom/zoom": "",
        "var/lib/flatpak/app/com.google.Chrome/current/active/files/share/metainfo/com.google.Chrome.metainfo.xml": (
            '<component><releases><release version="131.0.6778.85" date="2024-11-19"/>'
            '<release version="130.0"/></releases></component>'
        ),
        "home/anna/.local/share/flatpak/app/com.github.IsmaelMartinez.teams_for_linux/current/active/files/share"
        "/appdata/com.github.IsmaelMartinez.teams_for_linux.appdata.xml": "<release date='x' version='1.12.0'>",
    }
    assert linux(tmp_path, files).programs() == {
        "firefox": "133.0-1", "zoom": None, "chrome": "131.0.6778.85", "teams": "1.12.0",
    }  # fmt: skip


def test_programs_from_red_hat_packages(tmp_path: Path) -> None:
    said = "firefox 128.5.0\nbash 5.2\ngoogle-chrome-stable 131.0.6778.85\n"
    system = linux(tmp_path, {"usr/lib/sysimage/rpm/rpmdb.sqlite": ""}, run=lambda *_: said)
    assert system.programs() == {"firefox": "128.5.0", "chrome": "131.0.6778.85"}


def test_programs_from_arch_packages(tmp_path: Path) -> None:
    names = ("firefox-133.0-1", "firefox-i18n-sv-se-133.0-1", "ALPM_DB_VERSION")
    files: dict[str, str | bytes] = {f"var/lib/pacman/local/{name}/desc": "" for name in names}
    assert linux(tmp_path, files).programs() == {"firefox": "133.0"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"home/anna/.config/mimeapps.list": "[Default Applications]\nx-scheme-handler/https=firefox.desktop;\n"}, "firefox"),
        ({"usr/share/applications/mimeapps.list": "x-scheme-handler/https=google-chrome.desktop\n"}, "chrome"),
        ({"etc/xdg/mimeapps.list": "x-scheme-handler/https=org.unknown.desktop\n"}, None),
        ({"proc/x": ""}, None),
    ],
)  # fmt: skip
def test_the_browser_that_opens_links(
    tmp_path: Path, files: dict[str, str | bytes], expected: str | None
) -> None:
    assert linux(tmp_path, files).session()["default_browser"] == expected


def test_debians_alternative_is_the_browser_where_nobody_chose(tmp_path: Path) -> None:
    (tmp_path / "etc/alternatives").mkdir(parents=True)
    (tmp_path / "etc/alternatives/x-www-browser").symlink_to("/usr/bin/chromium")
    assert linux(tmp_path, {"proc/x": ""}).session()["default_browser"] == "chromium"


def test_processes_by_their_programs_file_or_their_name(tmp_path: Path) -> None:
    fields = "S 1 1 1 0 -1 4194560 0 0 0 0 250 50 0 0 20 0 1 0 100 0 0"
    files: dict[str, str | bytes] = {
        "proc/1/stat": f"1 (systemd) {fields.replace('S 1', 'S 0', 1)}",
        "proc/77/stat": f"77 (Isolated (Web) C) {fields}",
        "proc/78/stat": "78 (cut",
        "proc/meminfo": "",
    }
    system = linux(tmp_path, files)
    (tmp_path / "proc/77/exe").symlink_to("/usr/lib/firefox/firefox (deleted)")
    found = system.usage()
    assert {number: (usage.name, usage.parent, usage.seconds) for number, usage in found.items()} == {
        1: ("systemd", 0, 3.0),
        77: ("firefox", 1, 3.0),
    }


def test_an_empty_computer_breaks_nothing(tmp_path: Path) -> None:
    system = linux(tmp_path, {"proc/x": ""})
    assert system.version()["system_id"] == "linux"
    assert system.processor() == {"processor": None, "processor_max_mhz": None}
    assert system.programs() == {}
    assert system.usage() == {}
    assert system.description().drivers == {}


def test_this_computer_tells_itself() -> None:
    system = Linux()
    assert system.version()["system_version"]
    assert os.getpid() in system.usage()
    assert system.session()["clock_automatic"] in (True, False, None)


@pytest.mark.parametrize(("width", "height"), [(309, 174), (531, 299), (1600, 900)])
def test_the_size_of_a_screen(width: int, height: int) -> None:
    assert millimetres(answers.edid(width, height)) == (width, height)


def test_a_projector_and_a_damaged_edid_have_no_size() -> None:
    assert millimetres(answers.edid(0, 0)) is None
    damaged = bytearray(answers.edid(309, 174))
    damaged[70] ^= 1
    assert millimetres(bytes(damaged)) is None


@given(st.binary(max_size=300))
def test_no_edid_is_a_fault(edid: bytes) -> None:
    millimetres(edid)
