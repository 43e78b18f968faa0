"""The system asked part by part: what fails takes nothing along; who is busy, and what is ours of it."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import uuid
from collections import namedtuple
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from readiness.checks.computer import ComputerEvidence
from readiness.core.evidence import parse
from readiness.devices.system import LocalSystem
from readiness.devices.system.busy import shares
from readiness.devices.system.identity import identify
from readiness.devices.system.linux import Linux
from readiness.devices.system.local import busy_percent
from readiness.devices.system.reading import run
from readiness.devices.system.teller import Description, Usage


def usage(name: str, parent: int, seconds: float) -> Usage:
    return Usage(name=name, parent=parent, seconds=seconds)


def test_the_busiest_program_is_all_its_processes_together_and_never_ours() -> None:
    before = {
        1: usage("init", 0, 10), 10: usage("readiness", 1, 5), 11: usage("readiness", 10, 1),
        20: usage("firefox", 1, 100), 21: usage("firefox", 20, 50), 30: usage("backup", 1, 7),
    }  # fmt: skip
    after = {
        1: usage("init", 0, 10), 10: usage("readiness", 1, 5.5), 11: usage("readiness", 10, 2.5),
        12: usage("readiness", 11, 0.5), 20: usage("firefox", 1, 100.6), 21: usage("firefox", 20, 50.5),
        30: usage("backup", 1, 8), 40: usage("long before", 1, 900),
    }  # fmt: skip
    assert shares(before, after, own=10, capacity=4.0) == {
        "cpu_own_percent": 62.5,
        "busiest_program": "firefox",
        "busiest_program_percent": 27.5,
    }


def test_a_number_that_went_to_another_program_counts_for_neither() -> None:
    before, after = (
        {1: usage("us", 0, 0), 9: usage("old", 1, 500)},
        {1: usage("us", 0, 0), 9: usage("new", 0, 3)},
    )
    assert shares(before, after, own=1, capacity=2.0) == {"cpu_own_percent": 0.0}


def test_processes_that_are_each_others_parents_are_followed_no_further() -> None:
    ring = {1: usage("us", 0, 0), 2: usage("a", 3, 0), 3: usage("b", 2, 0)}
    assert shares(ring, ring, own=1, capacity=1.0) == {"cpu_own_percent": 0.0}


def test_without_ourselves_in_the_list_nothing_is_said() -> None:
    assert shares({}, {5: usage("x", 0, 1)}, own=1, capacity=1.0) == {}


class Broken:
    """A teller whose every part fails, but those that are given."""

    def __init__(self, **parts: Any) -> None:
        self._parts = parts

    def _part(self, name: str) -> Any:
        if name not in self._parts:
            raise PermissionError(13, f"no {name}")
        return self._parts[name]

    def version(self) -> Mapping[str, Any]:
        return self._part("version")

    def processor(self) -> Mapping[str, Any]:
        return self._part("processor")

    def power(self) -> Mapping[str, Any]:
        return self._part("power")

    def screens(self) -> Sequence[Mapping[str, Any]]:
        return self._part("screens")

    def programs(self) -> Mapping[str, str | None]:
        return self._part("programs")

    def session(self) -> Mapping[str, Any]:
        return self._part("session")

    def usage(self) -> Mapping[int, Usage]:
        return self._part("usage")

    def description(self) -> Description:
        return self._part("description")


def measured(teller: Any) -> ComputerEvidence:
    return parse(ComputerEvidence, asyncio.run(LocalSystem(teller, look_seconds=0.05).measure()))


def test_a_part_that_cannot_be_read_is_noted_and_takes_no_other_along() -> None:
    evidence = measured(Broken(version={"system_version": "Debian", "system_id": "debian"}))
    assert evidence.system_version == "Debian"
    assert evidence.cores
    assert evidence.memory_total_gib
    assert evidence.cpu_busy_percent is not None
    assert (evidence.programs, evidence.screens, evidence.on_mains) == (None, (), None)
    assert "screens: PermissionError 13" in evidence.unread
    assert not any("no screens" in line for line in evidence.unread), "a message may hold a person's name"


def test_the_largest_screen_counts_and_which_way_up_it_stands_does_not() -> None:
    screens = [{"width_px": 800, "height_px": 600}, {"width_px": 1080, "height_px": 1920}]
    evidence = measured(Broken(screens=screens))
    assert (evidence.screen_width_px, evidence.screen_height_px) == (1920, 1080)
    assert len(evidence.screens) == 2


def test_only_known_programs_are_named() -> None:
    evidence = measured(Broken(programs={"chrome": "131.0", "secret game": "1", "zoom": None}))
    assert evidence.programs is not None
    assert [(row.program, row.name, row.version) for row in evidence.programs] == [
        ("zoom", "Zoom", None),
        ("chrome", "Google Chrome", "131.0"),
    ]


def test_how_busy_the_processors_were_between_two_looks() -> None:
    times = namedtuple("times", "user nice system idle iowait guest")
    assert busy_percent(times(10, 0, 5, 80, 5, 0), times(12, 0, 6, 86, 6, 2)) == 30.0
    assert busy_percent(times(1, 0, 0, 1, 0, 0), times(1, 0, 0, 1, 0, 0)) is None
    assert busy_percent(times(5, 0, 0, 9, 0, 0), times(6, 0, 0, 8, 0, 0)) == 100.0  # idle may run backwards


def test_our_own_work_is_told_from_others() -> None:
    """This process works for a while during the look; its share is counted as ours."""

    async def look() -> Mapping[str, Any]:
        system = LocalSystem(look_seconds=0.6)
        task = asyncio.create_task(system.measure())
        used = psutil.Process().cpu_times()
        while psutil.Process().cpu_times().user - used.user < 0.2:
            await asyncio.sleep(0)
        return await task

    figures = asyncio.run(look())
    assert figures["cpu_own_percent"] > 0
    assert figures["unread"] == []
    json.dumps(figures)


def test_the_report_names_the_computer(tmp_path: Path) -> None:
    said = Description(
        model="LENOVO 20QD", serial_number=" PF1 ", drivers={f"driver {n}": "1" for n in range(50)}, wifi_name="Kommunnät"
    )  # fmt: skip
    teller = Broken(description=said, version={"system_version": "Windows 11 Pro 24H2 (26100.1)"})
    computer = identify(tmp_path, teller, "wifi")
    assert (computer.model, computer.serial_number, computer.network_kind) == ("LENOVO 20QD", "PF1", "wifi")
    assert computer.system == "Windows 11 Pro 24H2 (26100.1)"
    assert computer.wifi_name == "Kommunnät"
    assert len(computer.drivers) == 20
    assert uuid.UUID(computer.device_id)
    assert identify(tmp_path, teller).device_id == computer.device_id


def test_a_wifi_that_does_not_lead_out_is_not_named(tmp_path: Path) -> None:
    teller = Broken(description=Description(wifi_name="Grannens"), version={})
    assert identify(tmp_path, teller, "wired").wifi_name is None
    assert identify(tmp_path, teller).wifi_name is None


@pytest.mark.parametrize("serial", ["", "Default string", "To Be Filled By O.E.M.", "None"])
def test_what_a_firmware_says_in_place_of_a_serial_number_is_none(tmp_path: Path, serial: str) -> None:
    teller = Broken(description=Description(serial_number=serial), version={})
    assert identify(tmp_path, teller).serial_number is None


def test_a_computer_that_tells_nothing_of_itself_has_a_name_all_the_same(tmp_path: Path) -> None:
    computer = identify(tmp_path, Broken())
    assert computer.host_name
    assert computer.system
    assert computer.model is None


def test_a_broken_device_id_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "device-id").write_text("not one")
    made = identify(tmp_path, Broken()).device_id
    assert uuid.UUID(made)
    assert (tmp_path / "device-id").read_text() == made


def test_a_command_that_is_absent_fails_or_hangs_says_nothing() -> None:
    assert run("/no/such/program") is None
    assert run("false") is None
    assert run("sleep", "30") is None
    assert run("printf", "å") == "å"


def test_figures_and_evidence_have_the_same_names() -> None:
    figures = asyncio.run(LocalSystem(Linux(), look_seconds=0.05).measure())
    assert set(figures) <= {field.name for field in dataclasses.fields(ComputerEvidence)}
