from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from readiness.checks import CHECKS
from readiness.checks.remedies import ASK_IT
from readiness.collector.figure_words import figure_name
from readiness.collector.figures import label
from readiness.collector.views import ReportView, rated_under, read, report_view
from readiness.core.model import Owner, Verdict
from readiness.core.profile_loading import load_profile
from readiness.core.text import Language
from tests.collector import samples

PROFILES = Path("resources/profiles").resolve()
GOLDEN = Path(__file__).parent.parent / "golden" / "reports"


def view_of(body: bytes, language: Language = "sv") -> ReportView:
    report = read(body)
    assert report is not None
    return report_view(report, language, PROFILES)


def test_every_finding_that_we_know_can_be_shown_without_arguments_and_with_odd_ones() -> None:
    codes = [kind.code for check in CHECKS for kind in check.kinds]
    for arguments in ({}, {"x": None}, dict.fromkeys(("cores", "memory", "level", "wanted"), 10**400)):
        document = samples.document()
        document["results"][0]["findings"] = [
            {"code": code, "verdict": "LIMITED", "arguments": arguments} for code in codes
        ]
        view = view_of(json.dumps(document).encode())
        assert [finding.code for finding in view.results[0].findings] == codes
        assert all(finding.title for finding in view.results[0].findings)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_it_is_not_told_to_contact_it(language: Language) -> None:
    document = samples.document()
    document["results"][0]["findings"] = [
        {"code": code, "verdict": "NOT_READY", "arguments": {}} for code in ("camera.failed", "camera.denied")
    ]
    failed, denied = view_of(json.dumps(document).encode(), language).results[0].findings
    contact = (Owner.IT, ASK_IT.text.say(language))
    assert failed.remedies
    assert contact not in failed.remedies
    assert contact not in denied.remedies


def test_a_finding_of_a_newer_version_is_shown_as_code_and_figures() -> None:
    view = view_of(samples.body(), "en")
    newer = view.results[0].findings[1]
    assert (newer.title, newer.arguments) == (None, (("Level", "−12.5\N{NO-BREAK SPACE}dBFS"),))


def test_what_decided_is_told_in_words() -> None:
    view = view_of(samples.body())
    assert view.deciding == ("Datorn hittar ingen kamera", "Mikrofon: blev inte klart i tid")
    assert view.results[1].verdict is Verdict.UNKNOWN


def test_profiles_have_their_names_unless_they_are_unknown() -> None:
    document = samples.document()
    document["services"][0]["profile_id"] = "../../settings"
    view = view_of(json.dumps(document).encode())
    assert [name for name, _ in view.ratings] == ["Organisationen", "../../settings"]


def test_what_is_no_report_has_no_view() -> None:
    assert read(b"{}") is None


def test_a_report_is_rated_by_other_requirements_from_its_figures() -> None:
    report = read((GOLDEN / "windows-ready.json").read_bytes())
    assert report is not None
    teams = load_profile("teams", PROFILES)
    strict = replace(teams, limits=tuple(replace(limit, required=99, recommended=99) if limit.figure == "computer.cores" else limit for limit in teams.limits))  # fmt: skip
    again = rated_under(report, strict)
    assert again.rating.overall is Verdict.NOT_READY
    assert rated_under(report, teams).rating.overall is Verdict.READY
    view = report_view(again, "sv", PROFILES, strict)
    (computer,) = (result for result in view.results if result.check_id == "computer")
    assert computer.verdict is Verdict.NOT_READY
    worst = computer.measured[0]
    assert (worst.label, worst.verdict, worst.limit.required) == ("Processorkärnor", Verdict.NOT_READY, 99)
    assert worst.limit.source


def test_a_part_of_the_checks_is_rated_as_a_part() -> None:
    report = read((GOLDEN / "partial-microphone.json").read_bytes())
    assert report is not None
    assert rated_under(report, load_profile("teams", PROFILES)).rating.partial


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_figures_of_any_report_are_held_against_the_limits(path: Path) -> None:
    report = read(path.read_bytes())
    assert report is not None
    for profile_id in ("organisation", "teams", "visiba"):
        profile = load_profile(profile_id, PROFILES)
        for result in report_view(rated_under(report, profile), "en", PROFILES, profile).results:
            for row in result.measured:
                assert row.limit.figure.startswith(f"{result.check_id}.")
                assert row.value


def test_the_rounds_of_a_run_through_all_devices_are_told() -> None:
    document = samples.document()
    document["trials"] = [
        {"devices": {"camera": "cam-1"}, "results": document["results"][:1]},
        {"devices": {"camera": "cam-2"}, "results": document["results"][1:]},
    ]
    view = view_of(json.dumps(document).encode())
    assert [trial.devices for trial in view.trials] == [(("Kamera", "cam-1"),), (("Kamera", "cam-2"),)]
    assert view.trials[0].results[0].findings[0].title == "Datorn hittar ingen kamera"


def test_every_figure_with_a_limit_has_a_name_in_words() -> None:
    figures = {limit.figure for path in PROFILES.glob("*.toml") for limit in load_profile(path.stem, PROFILES).limits}  # fmt: skip
    for figure in figures:
        own = label(figure.partition(".")[2])
        assert figure_name(figure, "sv") != own, figure
        assert figure_name(figure, "en")
    assert figure_name("media_path.loss_percent_up", "sv") == "Förlorade paket, från datorn"
    assert figure_name("camera.of_tomorrow_hz", "sv") == "Of tomorrow"
