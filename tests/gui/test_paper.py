from __future__ import annotations

import dataclasses
import os
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from readiness.checks import kind
from readiness.core.model import Ending, Report
from readiness.core.text import Language
from readiness.gui import paper
from readiness.gui.reading import Reading
from tests.gui.scripted import GOOD_MICROPHONE, Script, profiles
from tests.gui.test_compare import report_of


def _page(report: Report, language: Language = "sv") -> str:
    codes = {finding.code for result in report.results for finding in result.findings}
    reading = Reading(
        titles={check.id: check.title for check in Script().checks()},
        kinds={code: found for code in codes if (found := kind(code))},
        services={profile.id: profile.name for profile in profiles()},
        limits=profiles()[0].limits,
        language=language,
    )
    return paper.page(report, reading)


def test_the_page_says_verdict_findings_figures_limits_and_sources() -> None:
    script = Script()
    script.microphone.figures = {**GOOD_MICROPHONE, "system_muted": True}
    said = _page(report_of(script))
    for part in (
        "Datorn är inte redo än",
        "LAPTOP-4711",
        "Mikrofonen är avstängd",
        "−24\N{NO-BREAK SPACE}dBFS",
        "minst",
        "Bestämt 2",
    ):
        assert part in said
    assert "anna.berg" not in said, "optional fields are not on paper unless they are in the report"


@pytest.mark.parametrize(("ending", "begins"), [("pdf", b"%PDF-"), ("png", b"\x89PNG")])
def test_a_page_is_printed_whole_or_what_was_there_stays(
    ending: str, begins: bytes, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / f"test.{ending}"
    paper.print_page(_page(report_of(Script())), file)
    printed = file.read_bytes()
    assert printed.startswith(begins)

    def full(_descriptor: int, _content: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        paper.print_page("<p>another</p>", file)
    assert file.read_bytes() == printed
    assert list(tmp_path.iterdir()) == [file]


def test_names_from_outside_are_text_and_nothing_else() -> None:
    report = report_of(Script())
    hostile = "<img src=x onerror=alert(1)>&\"'"
    broken = dataclasses.replace(report.results[0], ending=Ending.CRASHED, reason=hostile)
    said = _page(
        dataclasses.replace(
            report,
            computer=dataclasses.replace(report.computer, host_name=hostile, drivers={hostile: hostile}),
            results=(
                broken,
                dataclasses.replace(report.results[1], check_id=hostile, evidence={"device_name": hostile}),
            ),
        )
    )
    tags: set[str] = set()

    class Look(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.add(tag)

    Look().feed(said)
    assert "img" not in tags
    assert "&lt;img" in said
