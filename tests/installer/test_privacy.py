"""The privacy page against what is really sent: a field that nobody explained fails here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from installer import privacy
from installer.managed import ROOT
from readiness.checks import CHECKS
from readiness.core.report import OPTIONAL_FIELDS, from_json, json_schema, to_document
from tests.submission.samples import a_report

PAGE = (ROOT / "resources" / "docs" / "report-fields.md").read_text("utf-8")
NAMED = set(re.findall(r"`([a-z0-9_.]+)`", PAGE))


def test_every_field_of_the_reports_schema_is_explained() -> None:
    schema = json_schema()
    names = {name for kind in (schema, *schema["$defs"].values()) for name in kind.get("properties", {})}
    assert len(names) > 30
    assert names - NAMED == set()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_figure_of_a_check_is_explained(check: Any) -> None:
    fields = dict(privacy.measured(check.evidence))
    assert len(fields) > 10
    assert set(fields) - NAMED == set()
    assert privacy.PURPOSES[check.id] in PAGE


def test_every_text_has_words_of_its_own_and_none_is_left_over() -> None:
    texts = {
        name.rpartition(".")[2] for check in CHECKS for name, text in privacy.measured(check.evidence) if text
    }
    assert set(privacy.TEXTS) == texts


def test_what_is_optional_is_marked() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (ja|nej) \|", PAGE, re.MULTILINE))
    assert {name for name, optional in rows.items() if optional == "ja"} == set(OPTIONAL_FIELDS)


def test_what_a_real_report_holds_is_on_the_page() -> None:
    document = to_document(a_report())
    sent = {*document, *document["computer"], *document["rating"]}
    assert sent - NAMED == set()


def golden() -> list[Path]:
    return sorted((ROOT / "tests" / "golden" / "reports").glob("*.json"))


def test_stored_reports_hold_nothing_else_of_a_computer() -> None:
    assert golden()
    for file in golden():
        report = from_json(file.read_bytes())
        document = to_document(report)
        known = set(document["computer"]) - set(report.computer.extra)
        assert known - NAMED == set(), file.name
