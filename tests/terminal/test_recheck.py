"""`readiness recheck` and `readiness check --summary`: what runs without a person."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from readiness.checks import CHECKS
from readiness.core.check import Context, Options, Resource
from readiness.core.inventory import Inventory
from readiness.core.model import (
    Activity,
    Computer,
    Ending,
    Finished,
    Lift,
    Need,
    Rating,
    Report,
    Result,
    Verdict,
)
from readiness.core.profile_loading import load_profile
from readiness.core.runner import run
from readiness.devices.inventory import take
from readiness.devices.ports import DeviceError, DeviceKind, Source
from readiness.devices.system.notifying import notify
from readiness.devices.system.teller import Description
from readiness.devices.unopened import unopened_machine
from readiness.settings import Places, Settings, places
from readiness.submission.delivery import Delivery
from readiness.submission.known_states import KnownStates
from readiness.submission.outbox import State
from readiness.terminal import recheck as terminal_recheck
from readiness.terminal import summary as terminal_summary
from tests.submission.samples import a_report

AT_HOME = Inventory(
    system="Debian 12",
    drivers={"snd": "6.1"},
    devices={"camera": ("Anna Bergs kamera",), "speaker": ("Inbyggd",)},
)
NEWER = dataclasses.replace(AT_HOME, drivers={"snd": "6.2"}, denied={"camera": "/dev/video0"})


@pytest.fixture
def where(tmp_path: Path) -> Places:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "organisation.toml").write_text(
        'id = "organisation"\nversion = "1"\nname = "Test"\n', "utf-8"
    )
    return Places(
        settings_file=tmp_path / "settings.toml",
        machine_settings_file=None,
        data=tmp_path / "data",
        resources=tmp_path,
    )


def looked(where: Places, inventory: Inventory) -> terminal_recheck.Looked:
    return asyncio.run(terminal_recheck.look(Settings(), where, inventory=lambda: inventory))


def test_never_tested_then_tested_then_changed(where: Places) -> None:
    first = looked(where, AT_HOME)
    assert (first.changes, first.asks, first.asked_now) == (None, True, True)
    assert terminal_recheck.is_issue(first)
    assert not looked(where, AT_HOME).asked_now, "asked once"

    KnownStates(where.data).record(AT_HOME, a_report())
    same = looked(where, AT_HOME)
    assert (same.changes, same.asks) == ((), False)
    assert not terminal_recheck.is_issue(dataclasses.replace(same, line=Verdict.READY))

    changed = looked(where, NEWER)
    assert [change.kind.value for change in changed.changes or ()] == ["driver", "permission"]
    assert changed.asked_now
    assert not looked(where, NEWER).asked_now
    assert not looked(where, AT_HOME).asks, "and back again nothing is asked"
    assert looked(where, NEWER).asked_now, "but a new change is asked for anew"


def test_what_was_not_ready_stays_an_issue(where: Places) -> None:
    report = a_report()
    bad = dataclasses.replace(report, rating=dataclasses.replace(report.rating, overall=Verdict.NOT_READY))
    KnownStates(where.data).record(AT_HOME, bad)
    found = looked(where, AT_HOME)
    assert not found.asks
    assert terminal_recheck.is_issue(found)
    assert "result=NOT_READY" in terminal_recheck.summary(found)


def test_the_line_for_management_names_nobody(where: Places) -> None:
    KnownStates(where.data).record(AT_HOME, a_report())
    line = terminal_recheck.summary(looked(where, NEWER))
    assert "state=changed changes=driver:1,permission:1" in line
    assert "cameras=1 microphones=unknown speakers=1 denied=camera" in line
    assert "Anna" not in line
    assert "/dev" not in line
    assert "\n" not in line
    assert len(line) < 300


def test_in_words(where: Places, capsys: pytest.CaptureFixture[str]) -> None:
    KnownStates(where.data).record(AT_HOME, a_report())
    terminal_recheck.show(looked(where, NEWER), "en")
    said = capsys.readouterr().out
    assert "Cameras: Anna Bergs kamera (programs may not use them)" in said
    assert "Microphones: could not be listed" in said
    assert "The driver snd is now 6.2." in said
    assert "test again" in said
    assert "were not opened" in said
    terminal_recheck.show(looked(where, AT_HOME), "sv")
    assert "Datorn är som när den testades 2026-11-24. Resultatet var: Redo." in capsys.readouterr().out


def test_the_machine_that_runs_by_itself_refuses_every_camera_microphone_and_speaker(where: Places) -> None:
    machine = unopened_machine()
    calls = (
        machine.camera.devices(),
        machine.camera.measure(Source(), width=1, height=1, seconds=1, on_frame=lambda *_: None),
        machine.microphone.devices(),
        machine.microphone.measure(Source(), quiet_seconds=1, speech_seconds=1, on_level=lambda *_: None),
        machine.microphone.compare(seconds=1, on_levels=lambda *_: None),
        machine.speaker.play(None, on_fraction=lambda _: None),
        machine.speaker.loop(None, Source()),
        machine.devices.watch(lambda _: None),
    )
    for call in calls:
        with pytest.raises(DeviceError, match="nothing is opened"):
            asyncio.run(call)

    async def all_checks_of_devices() -> list[Result]:
        context = Context(
            machine=machine,
            profile=load_profile("organisation", where.profiles),
            profiles=(load_profile("organisation", where.profiles),),
            options=Options(unattended=True),
        )
        chosen = [check for check in CHECKS if check.uses & {Resource.CAMERA, Resource.SOUND}]
        assert {check.id for check in chosen} == {"camera", "microphone", "speaker"}
        return [
            event.result
            async for event in run(chosen, context, asyncio.Event())
            if isinstance(event, Finished)
        ]

    for result in asyncio.run(all_checks_of_devices()):
        assert not any(finding.verdict is Verdict.READY for finding in result.findings)


WATCHED = """
import json, sys
seen = []
def note(event, arguments):
    if event in ("open", "ctypes.dlopen", "import", "subprocess.Popen"):
        seen.append((event, repr(arguments[:2])))
sys.addaudithook(note)
from readiness.cli import run
status = run(["recheck", "--json"])
print(json.dumps({"status": status, "seen": seen, "loaded": sorted(sys.modules)}), file=sys.stderr)
"""


def test_the_program_itself_opens_no_device_and_loads_no_driver(tmp_path: Path) -> None:
    """As a process, with Python's audit events: what it opens, loads and starts."""
    done = subprocess.run(
        [sys.executable, "-c", WATCHED],
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stderr.splitlines()[-1])
    assert answer["status"] == 10
    assert json.loads(done.stdout)["asks"] is True
    happened = [f"{event} {what}" for event, what in answer["seen"]]
    assert any(line.startswith("open") for line in happened)
    for forbidden in (
        "/dev/video",
        "/dev/snd",
        "--device-host",
        "portaudio",
        "libasound",
    ):
        assert not [line for line in happened if forbidden in line], forbidden
    assert not [line for line in happened if line.startswith("subprocess") and "readiness.devices" in line]
    assert not [line for line in happened if line.startswith("subprocess") and "readiness.devices" in line]
    assert not {"cv2", "sounddevice", "soundfile"} & set(answer["loaded"])


class Teller:
    """A system that tells what the test says."""

    def __init__(self, version: Mapping[str, object], description: Description | Exception) -> None:
        self._version, self._description = version, description

    def version(self) -> Mapping[str, object]:
        return self._version

    def description(self) -> Description:
        if isinstance(self._description, Exception):
            raise self._description
        return self._description


class Access:
    """Camera denied."""

    def denied_by(self, kind: DeviceKind) -> str | None:
        return "policy" if kind is DeviceKind.CAMERA else None

    def used_by(self, _kind: DeviceKind, /) -> list[str]:
        raise AssertionError("nobody asks who uses it")


def names_of(found: Mapping[str, list[str]]) -> Callable[[DeviceKind], Sequence[str]]:
    def names(kind: DeviceKind) -> Sequence[str]:
        if kind.value not in found:
            raise DeviceError(kind.value, "no driver")  # type: ignore[arg-type]
        return found[kind.value]

    return names


def test_the_inventory_holds_what_each_part_tells() -> None:
    windows = {
        "system_version": "Windows 11 Pro 24H2 (26100.2033)",
        "system_id": "windows",
        "system_release": "26100.2033",
    }
    taken = take(
        Teller(windows, Description(drivers={"Realtek": "6.0"})),  # type: ignore[arg-type]
        names_of({"camera": ["B", "A"], "speaker": []}),
        Access(),
    )
    assert taken == Inventory(
        system="Windows 11 Pro 24H2 (26100)",
        drivers={"Realtek": "6.0"},
        devices={"camera": ("A", "B"), "speaker": ()},
        denied={"camera": "policy"},
    )
    broken = take(Teller({}, RuntimeError("driver")), names_of({}), Access())  # type: ignore[arg-type]
    assert broken == Inventory(denied={"camera": "policy"})


@pytest.mark.parametrize(("platform", "program"), [("win32", "powershell.exe"), ("darwin", "osascript")])
def test_a_notice_travels_as_data(platform: str, program: str) -> None:
    started: list[tuple[Sequence[str], Mapping[str, str]]] = []

    def start(command: Sequence[str], more: Mapping[str, str]) -> bool:
        started.append((command, more))
        return True

    evil = "'; $(rm) \"` \n"
    assert notify(evil, evil, platform=platform, start=start)
    ((command, more),) = started
    assert command[0] == program
    assert evil not in " ".join(command)
    assert more["MOTESKLAR_TITLE"] == more["MOTESKLAR_TEXT"] == evil


def test_a_notice_on_linux_is_tried_two_ways() -> None:
    started: list[Sequence[str]] = []

    def start(command: Sequence[str], more: Mapping[str, str]) -> bool:
        started.append(command)
        return False

    assert not notify("Titel", "it's \\ ok", platform="linux", start=start)
    assert [command[0] for command in started] == ["notify-send", "gdbus"]
    assert started[0][-2:] == ["Titel", "it's \\ ok"]
    assert "'it\\'s \\\\ ok'" in started[1]


def test_off_is_off(tmp_path: Path) -> None:
    folder = tmp_path / "motesklar"
    folder.mkdir()
    (folder / "settings.toml").write_text("recheck = false\n")
    done = subprocess.run(
        [sys.executable, "-m", "readiness", "recheck", "--summary"],
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, "Motesklar state=off\n")
    assert not (folder / "tested.json").exists()


def a_run(overall: Verdict, deciding: tuple[str, ...] = ("microphone.absent",)) -> Report:
    rating = Rating(
        profile_id="organisation",
        profile_version="1",
        overall=overall,
        activities={Activity.TALK: overall, Activity.LISTEN: Verdict.READY},
        deciding=deciding,
        lifts=(Lift(verdict=Verdict.READY, needs=(Need.HEADSET,)),),
    )
    return dataclasses.replace(
        a_report(),
        computer=Computer(device_id="secret-id", host_name="ANNAS-DATOR", system="x", user_name="anna.berg"),
        rating=rating,
        results=(Result(check_id="camera", ending=Ending.TIMED_OUT, started_utc="", seconds=1.0),),
    )


@pytest.mark.parametrize(
    ("overall", "status"),
    [(Verdict.READY, 0), (Verdict.LIMITED, 0), (Verdict.NOT_READY, 1), (Verdict.UNKNOWN, 1)],
)
def test_a_run_in_one_line(overall: Verdict, status: int) -> None:
    report = a_run(overall)
    line = terminal_summary.summary(report, Delivery(report_id="r", state=State.WAITING))
    assert f"overall={overall.value} talk={overall.value} listen=READY" in line
    assert "unfinished=camera needs=headset report=waiting" in line
    assert line.endswith("deciding=microphone.absent")
    assert not any(word in line for word in ("anna", "ANNAS", "secret"))
    assert terminal_summary.exit_status(report) == status


def test_the_line_is_never_longer_than_intune_keeps() -> None:
    line = terminal_summary.summary(
        a_run(Verdict.NOT_READY, tuple(f"camera.fault_{number}" for number in range(400))), None
    )
    assert len(line) == 2048
    assert "\n" not in line


def test_as_a_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "readiness", "check", "--only", "computer", "--unattended", "--summary"],
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode in (0, 1)
    (line,) = done.stdout.splitlines()
    assert line.startswith("Motesklar ")
    assert f"overall={'NOT_READY' if done.returncode else ''}" in line


def test_a_whole_check_is_remembered_as_tested(where: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    from readiness.terminal import check as terminal_check

    monkeypatch.setattr(terminal_check.inventory, "take", lambda: AT_HOME)
    monkeypatch.setattr(terminal_check, "CHECKS", tuple(check for check in CHECKS if check.id == "computer"))
    wish = terminal_check.Wish(options=Options(unattended=True), as_json=True)
    asyncio.run(terminal_check.check_computer(Settings(), where, wish))
    (state,) = KnownStates(where.data).states()
    assert state.inventory == AT_HOME
    part = dataclasses.replace(wish, only=("computer",))
    KnownStates(where.data).ask((), "2026-01-01T00:00:00Z")
    asyncio.run(terminal_check.check_computer(Settings(), where, part))
    assert KnownStates(where.data).asked() is not None, "a part is not the whole"


def test_the_shipped_places_have_what_a_recheck_needs() -> None:
    assert (places().profiles / "organisation.toml").is_file()
