"""What the terminal says of a report: what would lift it, the one thing to do, its steps, and who helps."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from readiness.checks import CHECKS
from readiness.core.model import Computer, Ending, Report, Result, System, Verdict
from readiness.core.people import Ambassador, Helpdesk
from readiness.core.profile import Profile
from readiness.core.report import compose, new_id
from readiness.in_force import InForce
from readiness.settings import Settings
from readiness.terminal import verdict as terminal_verdict

PROFILE = Profile(
    id="p",
    version="1",
    name="P",
    helpdesk=Helpdesk(name="IT-supporten", phone="0123-45"),
    ambassadors=(Ambassador(unit="Skolan", name="Kim", mail="kim@example.se"),),
)
TEAMS = Profile(id="teams", version="1", name="Microsoft Teams")


def a_report(evidence: dict[str, Any], unit: str | None = None) -> Report:
    (camera,) = (check for check in CHECKS if check.id == "camera")
    parsed = camera.evidence(**evidence)
    result = Result(
        check_id="camera",
        ending=Ending.COMPLETED,
        started_utc="2026-11-24T08:00:00Z",
        seconds=1.0,
        evidence=evidence,
        findings=tuple(camera.judge(parsed, PROFILE)),
    )
    return compose(
        report_id=new_id(),
        created_utc="2026-11-24T08:00:00Z",
        app_version="0.1.0",
        computer=Computer(device_id="d", host_name="h", system="Linux", unit=unit),
        results=(result,),
        checks=CHECKS,
        profiles=(PROFILE, TEAMS),
        chosen=["camera"],
    )


def said(report: Report, capsys: pytest.CaptureFixture[str], **settings: Any) -> str:
    terminal_verdict.print_verdict(report, None, Settings(**settings), InForce(profiles=(PROFILE, TEAMS)))
    return capsys.readouterr().out


def test_what_would_lift_the_verdict_stands_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    words = said(a_report({"problem": "absent"}), capsys, language="en")
    assert "With a camera: ready." in words
    assert "Microsoft Teams: Not ready. With a camera: ready." in words


def test_who_helps_appears_where_a_remedy_needs_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    words = said(a_report({"problem": "absent"}, unit="Skolan"), capsys, helpdesk_hours="8-16")
    assert "Hjälper det inte? Fråga:" in words
    assert "Digital ambassadör: Kim, mejl kim@example.se" in words
    assert "IT-supporten: telefon 0123-45, 8-16" in words
    assert words.index("Kim") < words.index("IT-supporten")
    other = said(a_report({"problem": "absent"}, unit="Köket"), capsys)
    assert "Kim" not in other


@pytest.mark.parametrize("system", list(System))
def test_the_steps_are_those_of_this_system(
    system: System, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal_verdict, "this_system", lambda: system)
    words = said(a_report({"problem": "denied"}), capsys, language="en")
    assert "    1. " in words
    assert ("Privacy & security" in words) is (system is System.WINDOWS)


def test_a_finding_near_its_limit_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    report = a_report({"problem": "absent"})
    near = dataclasses.replace(report.results[0].findings[0], verdict=Verdict.LIMITED, borderline=True)
    report = dataclasses.replace(
        report,
        rating=dataclasses.replace(report.rating, borderline=True),
        results=(dataclasses.replace(report.results[0], findings=(near,)),),
    )
    words = said(report, capsys, language="en")
    assert "(near the limit)" in words
    assert "Another test may give another answer." in words


def test_where_nobody_is_named_nobody_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    report = a_report({"problem": "absent"})
    terminal_verdict.print_verdict(report, None, Settings(language="en"), InForce(profiles=(TEAMS, PROFILE)))
    assert "Ask:" not in capsys.readouterr().out
