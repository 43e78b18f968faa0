from __future__ import annotations

import json
from pathlib import Path

from readiness.checks import CHECKS
from readiness.collector.views import report_view
from readiness.core.model import Verdict
from tests.collector import samples

PROFILES = Path("resources/profiles").resolve()


def test_every_finding_that_we_know_can_be_shown_without_arguments_and_with_odd_ones() -> None:
    codes = [kind.code for check in CHECKS for kind in check.kinds]
    for arguments in ({}, {"x": None}, dict.fromkeys(("cores", "memory", "level", "wanted"), 10**400)):
        document = samples.document()
        document["results"][0]["findings"] = [
            {"code": code, "verdict": "LIMITED", "arguments": arguments} for code in codes
        ]
        view = report_view(json.dumps(document).encode(), "sv", PROFILES)
        assert view is not None
        assert [finding.code for finding in view.results[0].findings] == codes
        assert all(finding.title for finding in view.results[0].findings)


def test_a_finding_of_a_newer_version_is_shown_as_code_and_figures() -> None:
    view = report_view(samples.body(), "en", PROFILES)
    assert view is not None
    newer = view.results[0].findings[1]
    assert (newer.title, newer.arguments) == (None, (("Level", "−12.5\N{NO-BREAK SPACE}dBFS"),))


def test_what_decided_is_told_in_words() -> None:
    view = report_view(samples.body(), "sv", PROFILES)
    assert view is not None
    assert view.deciding == ("Datorn hittar ingen kamera", "Mikrofon: blev inte klart i tid")
    assert view.results[1].verdict is Verdict.UNKNOWN


def test_profiles_have_their_names_unless_they_are_unknown() -> None:
    document = samples.document()
    document["services"][0]["profile_id"] = "../../settings"
    view = report_view(json.dumps(document).encode(), "sv", PROFILES)
    assert view is not None
    assert [name for name, _ in view.ratings] == ["Organisationen", "../../settings"]


def test_what_is_no_report_has_no_view() -> None:
    assert report_view(b"{}", "sv", PROFILES) is None
