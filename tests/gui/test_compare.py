from __future__ import annotations

import asyncio
import dataclasses
import datetime

from readiness.core.check import Options
from readiness.core.model import Question, Report
from readiness.gui.compare import (
    COMPUTER,
    DEVICES,
    FIGURES,
    LINK,
    SETTINGS,
    VERDICTS,
    Group,
    compare,
)
from readiness.gui.outcome import Labels
from readiness.gui.times import local_time
from readiness.gui.widgets.figures import UNBROKEN
from readiness.gui.work import Work
from tests.gui.scripted import GOOD_CAMERA, GOOD_MICROPHONE, Script, loads, profiles

LIMITS = profiles()[0].limits


def report_of(script: Script) -> Report:
    """A run of `script`, with everything heard."""

    async def yes(question: Question) -> str | None:
        return question.choices[0].id

    async def way() -> Report:
        work = Work(parts=await loads(script)(), ask=yes, on_event=lambda _event: None)
        await work.run(Options(), None)
        return (await work.letter(Labels())).report

    return asyncio.run(way())


def groups(before: Report, now: Report) -> dict[str, Group]:
    titles = {check.id: check.title for check in Script().checks()}
    return {group.title.sv: group for group in compare(before, now, titles, LIMITS, "sv")}


def test_two_runs_of_the_same_computer_differ_in_nothing() -> None:
    assert groups(report_of(Script()), report_of(Script())) == {}


def test_what_changed_is_told_by_kind() -> None:
    before, script = report_of(Script()), Script()
    script.camera.figures = {**GOOD_CAMERA, "device_name": "Integrated Camera", "frame_rate_hz": 4.0}
    script.microphone.figures = {**GOOD_MICROPHONE, "system_muted": True}
    now = report_of(script)
    now = dataclasses.replace(
        now,
        computer=dataclasses.replace(
            now.computer, network_kind="Ethernet", drivers={"camera": "2.0"}, system="Windows 11 25H2"
        ),
    )
    before = dataclasses.replace(
        before, computer=dataclasses.replace(before.computer, drivers={"camera": "1.0"})
    )
    found = groups(before, now)
    rows = {
        (kind, change.name): (change.before, change.now, change.better)
        for kind, group in found.items()
        for change in group.changes
    }
    assert rows[DEVICES.sv, "Kamera: Enhet"] == ("Logitech BRIO", "Integrated Camera", None)
    assert rows[COMPUTER.sv, "camera"] == ("1.0", "2.0", None)
    assert rows[COMPUTER.sv, "Operativsystem"] == ("Windows 11 24H2", "Windows 11 25H2", None)
    assert rows[LINK.sv, "Typ av nätverk"] == ("Wi-Fi", "Ethernet", None)
    assert rows[SETTINGS.sv, "Mikrofon: Avstängd i systemet"][1] == "ja"
    assert rows[VERDICTS.sv, "Kamera"] == ("Fungerar", "Fungerar inte än", False)
    assert rows[FIGURES.sv, "Kamera: Bilder per sekund"] == (f"30{UNBROKEN}Hz", f"4{UNBROKEN}Hz", False)
    back = {change.name: change.better for change in groups(now, before)[VERDICTS.sv].changes}
    assert back["Kamera"] is True


def test_a_report_of_another_version_is_compared_as_far_as_both_go() -> None:
    before = report_of(Script())
    strange = dataclasses.replace(
        before.results[0], check_id="from_the_future", evidence={"x": [1, {"y": 2}]}
    )
    now = dataclasses.replace(before, results=(*before.results[1:], strange))
    assert groups(before, now) == {}
    odd = dataclasses.replace(before.results[1], evidence={"frame_rate_hz": "fast", "device_name": 7})
    assert FIGURES.sv not in groups(before, dataclasses.replace(before, results=(odd,)))


def test_times_are_written_as_people_do() -> None:
    zone = datetime.timezone(datetime.timedelta(hours=1))
    assert local_time("2026-11-24T09:05:00Z", "sv", zone) == "24 nov 2026 kl. 10:05"
    assert local_time("2026-11-24T09:05:00Z", "en", zone) == "24 Nov 2026 at 10:05"
    assert local_time("yesterday", "en") == "yesterday"
