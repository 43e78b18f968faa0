"""The computer judged: golden cases from real computers' shapes, and what each figure alone does."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.checks import kind
from readiness.checks.computer import ComputerEvidence, ProgramEvidence, judge, measure
from readiness.core.demands import PROGRAM_NAMES, ProgramDemand, version_key
from readiness.core.evidence import parse
from readiness.core.model import Finding, Verdict, severity
from readiness.core.profile import Profile
from readiness.core.profile_loading import load_profile
from readiness.core.text import LANGUAGES
from readiness.settings import places

GOLDEN = sorted((Path(__file__).parents[1] / "golden" / "computer").glob("*.json"))
ORGANISATION = load_profile("organisation", places().profiles)
TEAMS = load_profile("teams", places().profiles)
GOOD = ComputerEvidence(
    system_version="Windows 11 Pro 25H2 (26200.1)", system_id="windows", system_release="26200.1",
    system_edition="Professional", processor_max_mhz=2400, cores=4, memory_total_gib=8, memory_free_gib=4,
    disk_free_gib=50, cpu_busy_percent=20, cpu_own_percent=10, on_mains=True, battery_percent=90,
    power_saving=False, screen_width_px=1920, screen_height_px=1080, clock_utc="2026-11-24T08:00:00Z",
    programs=(ProgramEvidence(program="edge", name="Microsoft Edge", version="131.0"),),
)  # fmt: skip


def found(profile: Profile = ORGANISATION, **changes: Any) -> list[tuple[str, str]]:
    findings = judge(dataclasses.replace(GOOD, **changes), profile)
    return [(finding.code.removeprefix("computer."), finding.verdict.value) for finding in findings]


def weight(findings: Any) -> int:
    return max(severity(finding.verdict) for finding in findings)


@pytest.mark.parametrize("case", GOLDEN, ids=lambda path: path.stem)
def test_real_computers(case: Path) -> None:
    document = json.loads(case.read_text("utf-8"))
    evidence = parse(ComputerEvidence, document["evidence"])
    for profile, expected in document["findings"].items():
        findings = judge(evidence, load_profile(profile, places().profiles))
        assert [[finding.code, finding.verdict.value] for finding in findings] == expected, profile
        for finding in findings:
            _is_said_in_full(finding)


def _is_said_in_full(finding: Finding) -> None:
    declared = kind(finding.code)
    assert declared is not None
    for language in LANGUAGES:
        texts = [
            declared.title,
            *([declared.detail] if declared.detail else []),
            *(r.text for r in declared.remedies),
        ]
        for text in texts:
            said = text.say(language, finding.arguments)
            assert "{" not in said
            assert "–" not in said, said


def test_there_are_golden_cases() -> None:
    assert len(GOLDEN) >= 10


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"processor_max_mhz": 800.0}, ("slow_processor", "LIMITED")),
        ({"power_saving": True}, ("power_saving", "LIMITED")),
        ({"on_mains": False, "battery_percent": 12.0}, ("battery_low", "LIMITED")),
        ({"screen_width_px": 1024, "screen_height_px": 600}, ("small_screen", "LIMITED")),
        ({"system_release": "22631.1"}, ("system_unsupported", "LIMITED")),
        ({"clock_utc": "2027-10-12T23:59:59Z"}, ("works", "READY")),  # the last day still counts
        ({"clock_utc": "2027-10-13T00:00:00Z"}, ("system_unsupported", "LIMITED")),
    ],
)
def test_each_figure_alone(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert found(**changes)[0] == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"processor_max_mhz": None}, {"power_saving": None}, {"on_mains": None, "battery_percent": None},
        {"on_mains": True, "battery_percent": 3.0}, {"screen_width_px": None, "screen_height_px": None},
        {"programs": None}, {"programs": ()}, {"clock_utc": None}, {"clock_utc": "yesterday"},
        {"system_id": None}, {"cpu_busy_percent": None}, {"disk_free_gib": None}, {"memory_free_gib": None},
        {"screen_width_px": 1366, "screen_height_px": 768}, {"system_release": "30000.1"},
        {"cpu_busy_percent": 99.0, "cpu_own_percent": 60.0},
        {"programs": (ProgramEvidence(program="chrome", name="Google Chrome"),)},
        {"programs": (ProgramEvidence(program="of a newer version", name="x", version="0.1"),)},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_known_or_good_enough_lowers_nothing(changes: dict[str, Any]) -> None:
    assert {verdict for _, verdict in found(**changes)} == {"READY"}


def test_notes_lower_nothing() -> None:
    notes = found(clock_automatic=False, remote_session=True, system_id="arch", on_mains=False)
    assert notes[0] == ("works", "READY")
    assert {code for code, _ in notes} == {
        "works",
        "clock_manual",
        "remote_session",
        "support_unknown",
        "on_battery",
    }
    assert {verdict for _, verdict in notes} == {"READY"}


def test_that_support_ends_soon_is_a_note_half_a_year_ahead() -> None:
    assert ("support_ends_soon", "READY") in found(clock_utc="2027-09-01T00:00:00Z")
    assert ("support_ends_soon", "READY") not in found(clock_utc="2027-01-01T00:00:00Z")


def test_a_busy_processor_names_the_program_that_takes_most() -> None:
    busy = {"cpu_busy_percent": 97.0, "cpu_own_percent": 5.0}
    evidence = dataclasses.replace(GOOD, **busy, busiest_program="backup", busiest_program_percent=70.0)
    (finding,) = judge(evidence, ORGANISATION)
    assert finding.code == "computer.busy_with_program"
    declared = kind(finding.code)
    assert declared is not None
    assert declared.detail is not None
    assert declared.detail.say("sv", finding.arguments) == (
        "Andra program tar 92 procent av processorn. backup tar mest, 70 procent."
    )
    assert found(**busy, busiest_program="many", busiest_program_percent=9.0) == [("busy", "LIMITED")]
    assert found(**busy) == [("busy", "LIMITED")]


def demand(program: str, **asked: Any) -> ProgramDemand:
    day = datetime.date(2026, 1, 1)
    return ProgramDemand(program=program, source="s", retrieved=day, confidence="own_choice", **asked)


def asking(*demands: ProgramDemand) -> Profile:
    return dataclasses.replace(ORGANISATION, programs=(*demands, *ORGANISATION.programs))


def installed(**versions: str | None) -> dict[str, Any]:
    rows = [ProgramEvidence(program=p, name=PROGRAM_NAMES[p], version=v) for p, v in versions.items()]
    return {"programs": tuple(rows)}


@pytest.mark.parametrize(
    ("demands", "programs", "expected"),
    [
        ((), {"firefox": "60.0"}, [("browser_old", "NOT_READY")]),
        ((), {"firefox": "90.0"}, [("browser_old", "LIMITED")]),
        # The best way into a meeting decides; what is worse beside it is told.
        ((), {"firefox": "60.0", "chrome": "90.0"}, [("browser_old", "LIMITED")] * 2),
        ((), {"firefox": "60.0", "chrome": "131.0"}, [("works", "READY"), ("old_program_beside", "READY")]),
        ((demand("zoom", required="5.5.1"),), {"zoom": "5.4.9"}, [("program_old", "NOT_READY")]),
        ((demand("zoom", required="5.5.1"),), {"zoom": "5.10.0"}, [("works", "READY")]),
        ((demand("zoom", required="5.5.1"),), {"zoom": None, "firefox": "60"}, [("works", "READY"), ("old_program_beside", "READY")]),
        ((demand("teams", presence="required"),), {"edge": "131"}, [("program_missing", "NOT_READY")]),
        ((demand("teams", presence="recommended"),), {"edge": "131"}, [("program_missing", "LIMITED")]),
        ((demand("teams", presence="required"),), {"teams": "24335", "edge": "131"}, [("works", "READY")]),
        ((demand("teams", presence="required", required="25"),), {"teams": "24.1", "edge": "131"}, [("program_old", "NOT_READY")]),
        ((demand("teams_classic", retired=datetime.date(2025, 7, 1)),), {"teams_classic": "1.7"}, [("program_retired", "NOT_READY")]),
    ],
    ids=str,
)  # fmt: skip
def test_programs_against_the_profile(
    demands: tuple[ProgramDemand, ...], programs: dict[str, str | None], expected: list[tuple[str, str]]
) -> None:
    assert found(asking(*demands), **installed(**programs)) == expected


def test_an_old_browser_that_opens_links_is_not_passed_over() -> None:
    both = installed(firefox="60.0", chrome="131.0")
    assert found(**both, default_browser="firefox")[0] == ("browser_old", "LIMITED")
    assert found(**both, default_browser="chrome")[0] == ("works", "READY")


def test_nobody_looked_for_programs_so_none_is_missing() -> None:
    assert found(asking(demand("teams", presence="required")), programs=None) == [("works", "READY")]


def test_before_its_last_day_the_classic_teams_does() -> None:
    early = {**installed(teams_classic="1.7"), "clock_utc": "2025-06-30T10:00:00Z"}
    assert ("program_retired", "NOT_READY") not in found(TEAMS, **early)


@given(
    st.from_regex(r"[1-9][0-9]{0,2}(\.[0-9]{1,3}){0,2}", fullmatch=True),
    st.sampled_from(sorted(PROGRAM_NAMES)),
)
def test_an_older_version_is_never_better(version: str, program: str) -> None:
    newer = str((version_key(version) or (0,))[0] + 1)
    weights = [
        weight(judge(dataclasses.replace(GOOD, **installed(**{program: v})), ORGANISATION))
        for v in (version, newer)
    ]
    assert weights[0] >= weights[1]


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2040, 1, 1)), st.integers(0, 4000))
def test_a_system_never_gets_better_with_time(day: datetime.date, later: int) -> None:
    days = (day, day + datetime.timedelta(days=later))
    weights = [
        weight(judge(dataclasses.replace(GOOD, clock_utc=f"{d}T00:00:00Z"), ORGANISATION)) for d in days
    ]
    assert weights[0] <= weights[1]


@given(
    st.dictionaries(
        st.sampled_from([field.name for field in dataclasses.fields(ComputerEvidence)]),
        st.one_of(
            st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.lists(st.text(max_size=5)),
            st.lists(st.dictionaries(st.sampled_from(["program", "version", "width_px"]), st.text(max_size=9)), max_size=3),
        ),
    )
)  # fmt: skip
def test_no_evidence_from_outside_is_a_fault(figures: dict[str, Any]) -> None:
    findings = judge(parse(ComputerEvidence, figures), ORGANISATION)
    assert findings
    assert [severity(f.verdict) for f in findings] == sorted(
        (severity(f.verdict) for f in findings), reverse=True
    )


def test_the_busiest_program_is_kept_only_where_it_matters() -> None:
    def evidence_of(figures: dict[str, Any]) -> ComputerEvidence:
        class System:
            async def measure(self) -> dict[str, Any]:
                return figures

        context: Any = SimpleNamespace(machine=SimpleNamespace(system=System()), profiles=(ORGANISATION,))
        return asyncio.run(measure(context))

    used = {"busiest_program": "solitaire", "busiest_program_percent": 30.0, "cpu_own_percent": 4.0}
    assert evidence_of({**used, "cpu_busy_percent": 40.0}).busiest_program is None
    assert evidence_of({**used, "cpu_busy_percent": 95.0}).busiest_program == "solitaire"


def test_a_computer_that_cannot_be_asked_is_unknown_and_its_other_faults_are_told() -> None:
    findings = judge(dataclasses.replace(GOOD, cores=None, disk_free_gib=0.1), ORGANISATION)
    assert [finding.verdict for finding in findings] == [Verdict.UNKNOWN, Verdict.LIMITED]
