"""Stored reports of every kind, rated under today's profiles: what changes is meant to change.

`renew.py` writes expected.json anew and prints what changed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from readiness.core.model import Verdict
from readiness.core.report import SCHEMA, from_json, to_document
from tests.golden.renew import EXPECTED, PROFILES, REPORTS, rated

EXPECTATIONS: dict[str, dict[str, Any]] = json.loads(EXPECTED.read_text("utf-8"))
every_report = pytest.mark.parametrize("file", REPORTS, ids=lambda file: file.stem)


@every_report
def test_a_stored_report_is_rated_as_expected(file: Path) -> None:
    assert rated(file) == EXPECTATIONS[file.stem], "if this is meant: tests/golden/renew.py"


@every_report
def test_a_stored_report_survives_reading_and_writing(file: Path) -> None:
    """Whatever its schema: the fields that nobody knows here are kept."""
    stored = json.loads(file.read_text("utf-8"))
    written = to_document(from_json(file.read_bytes()))
    assert _within(stored, written)


def test_the_collection_has_every_verdict_system_and_schema() -> None:
    reports = [from_json(file.read_bytes()) for file in REPORTS]
    assert set(EXPECTATIONS) == {file.stem for file in REPORTS}
    overall = {verdicts["organisation"]["overall"] for verdicts in EXPECTATIONS.values()}
    assert overall == {verdict.value for verdict in Verdict}
    for activity in ("listen", "talk", "be_seen", "share_screen"):
        seen = {verdicts["organisation"]["activities"].get(activity) for verdicts in EXPECTATIONS.values()}
        assert {verdict.value for verdict in Verdict} <= seen, activity
    systems = " ".join(report.computer.system for report in reports)
    assert all(name in systems for name in ("Windows 10", "Windows 11", "macOS", "Debian", "Ubuntu"))
    assert {report.schema for report in reports} >= {1, SCHEMA}
    assert max(report.schema for report in reports) > SCHEMA
    assert any(report.rating.partial for report in reports)


def test_the_services_differ_where_their_requirements_do() -> None:
    near = EXPECTATIONS["windows-near-limit"]
    assert "capacity.too_low_up" in near["teams"]["deciding"]
    assert "capacity.too_low_up" not in near["organisation"]["deciding"]
    blocked = EXPECTATIONS["linux-service-blocked"]
    assert blocked["zoom"]["overall"] == "NOT_READY"
    assert blocked["teams"]["overall"] != "NOT_READY"


def test_wild_evidence_is_unknown_and_never_a_guess() -> None:
    for profile_id in PROFILES:
        assert EXPECTATIONS["wild-evidence"][profile_id]["overall"] == "UNKNOWN"


def test_what_is_missing_is_added_up() -> None:
    assert EXPECTATIONS["windows-no-headset"]["organisation"]["needs"] == ["headset"]
    assert EXPECTATIONS["macos-camera-denied"]["organisation"]["needs"] == ["permission"]


def _within(stored: Any, written: Any) -> bool:
    """Is all of `stored` in `written`? Defaults may have come besides."""
    if isinstance(stored, dict):
        return all(name in written and _within(value, written[name]) for name, value in stored.items())
    if isinstance(stored, list):
        return len(stored) == len(written) and all(map(_within, stored, written))
    return bool(stored == written)
