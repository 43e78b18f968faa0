"""IT's pages: what they name is there, and the numbers they state are those of the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from installer.managed import ROOT
from installer.windows.definition import PROPERTIES
from readiness.collector.choices import Choices
from readiness.submission.history import KEPT as RUNS
from readiness.submission.known_states import KEPT as STATES
from readiness.submission.outbox import DELIVERED_KEPT
from readiness.terminal.summary import LONGEST

DOCUMENTS = sorted((ROOT / "resources" / "docs").glob("*.md"))


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "README.md"], ids=lambda file: file.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text("utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_every_file_that_is_named_is_there(document: Path) -> None:
    for name in re.findall(r"`(installer/[\w./-]+)`", document.read_text("utf-8")):
        assert (ROOT / name).exists(), name


def test_what_is_said_of_the_package_is_so() -> None:
    page = (ROOT / "resources" / "docs" / "it.md").read_text("utf-8")
    (line,) = re.findall(r"msiexec /i \S+ /qn (.*?)`", page)
    assert [part.partition("=")[0] for part in line.split()] == list(PROPERTIES)
    assert f"högst {LONGEST} tecken" in page


def test_how_long_things_are_kept_is_so() -> None:
    page = (ROOT / "resources" / "docs" / "privacy.md").read_text("utf-8")
    assert f"{Choices().keep_reports.days} dagar från början" in page
    assert f"{Choices().keep_log.days} dagar från början" in page
    assert f"senaste {RUNS} testerna" in page
    assert f"{STATES} senaste lägena" in page
    assert f"{DELIVERED_KEPT} senaste skickade" in page


def test_every_file_that_the_program_keeps_is_on_the_privacy_page() -> None:
    page = (ROOT / "resources" / "docs" / "privacy.md").read_text("utf-8")
    kept = set[str]()
    for file in (ROOT / "readiness").rglob("*.py"):
        if "collector" not in file.parts:
            kept |= set(re.findall(r"""(?:data|_name\() ?/? ?"([\w-]+\.jsonl?)\"""", file.read_text("utf-8")))
    assert {"tested.json", "handed-out.jsonl", "window.json", "tokens.json"} <= kept
    assert {name for name in kept if f"`{name}`" not in page} == set()


def test_the_drafts_say_that_they_are_drafts() -> None:
    said = (ROOT / "resources" / "docs" / "accessibility.md").read_text("utf-8")
    assert "utkast" in said.lower()
    assert "Vad som inte är prövat" in said
