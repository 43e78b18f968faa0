"""The profiles that come with the program: rows with sources, and figures that the checks judge."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from readiness.checks.explaining import known_figures
from readiness.core.limits import unit_of
from readiness.core.model import Activity
from readiness.core.profile import Profile
from readiness.core.profile_loading import load_profile, load_profiles

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "resources" / "profiles"
IDS = sorted(path.stem for path in FOLDER.glob("*.toml"))
SERVICES = ("teams", "zoom", "meet", "webex", "jitsi")
EMPTY = ("visiba", "compodium")
PROFILES = {profile_id: load_profile(profile_id, FOLDER) for profile_id in IDS}


def own_figures(profile_id: str) -> set[str]:
    return set(re.findall(r'^figure = "(.*)"', (FOLDER / f"{profile_id}.toml").read_text("utf-8"), re.M))


@pytest.mark.parametrize("profile_id", IDS)
def test_every_row_names_its_source_and_how_far_it_can_be_trusted(profile_id: str) -> None:
    profile = PROFILES[profile_id]
    for row in (*profile.limits, *profile.openings, *profile.hosts, *profile.systems, *profile.programs):
        assert row.source.strip()
        assert row.retrieved is not None
        assert row.confidence in ("official", "third_party", "unverified", "own_choice")


@pytest.mark.parametrize("profile_id", IDS)
def test_what_is_recalled_or_copied_is_not_called_official(profile_id: str) -> None:
    for row in (*PROFILES[profile_id].limits, *PROFILES[profile_id].openings):
        if row.confidence == "official":
            assert not re.search(r"recall|copy|blog|\.net\b|atlassian", row.source), row


@pytest.mark.parametrize("profile_id", IDS)
def test_every_figure_is_one_that_its_check_judges(profile_id: str) -> None:
    """A misspelt figure would never decide anything, which is green by silence."""
    for limit in PROFILES[profile_id].limits:
        assert limit.figure in known_figures(), "name it in JUDGED_BY of checks/explaining.py"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_requirements_of_its_own_or_says_that_there_are_none(service: str) -> None:
    profile = PROFILES[service]
    assert own_figures(service)
    assert profile.note is not None
    assert profile.openings
    assert profile.services == ()


@pytest.mark.parametrize("service", EMPTY)
def test_a_service_without_published_requirements_has_no_rows_and_says_so(service: str) -> None:
    profile = PROFILES[service]
    assert own_figures(service) == set()
    assert profile.limits == PROFILES["common"].limits
    assert profile.note is not None
    assert "No requirements" in profile.note.en
    assert "Inga krav" in profile.note.sv


def test_a_picture_wants_a_wider_line_than_a_voice() -> None:
    teams = PROFILES["teams"]
    figure = "capacity.capacity_kbps_up"
    assert teams.grade(figure, "at_least", 100, Activity.TALK).value == "READY"
    assert teams.grade(figure, "at_least", 100, Activity.BE_SEEN).value == "NOT_READY"
    assert teams.grade(figure, "at_least", 100, Activity.LISTEN).value == "READY"


@pytest.mark.parametrize("profile_id", IDS)
def test_units_are_those_of_the_figures(profile_id: str) -> None:
    for limit in PROFILES[profile_id].limits:
        assert unit_of(limit.figure) in (None, limit.unit)


def test_the_example_of_a_municipality_loads_with_every_mark_taken_away(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (FOLDER / "organisation.toml").read_text("utf-8")
    text = text.replace("units = []\n", "", 1)
    text = re.sub(r"^# (?=\[\[|(units|name|phone|mail|hours|unit|program|presence|required|source|retrieved|confidence) = )", "", text, flags=re.M)  # fmt: skip
    (tmp_path / "organisation.toml").write_text(text, "utf-8")
    profile, *services = load_profiles("organisation", tmp_path)
    assert profile.units == ("Hemtjänsten", "Skolan", "Kontaktcenter")
    assert profile.helpdesk.phone == "0123-45 67 89"
    kim = profile.ambassador("Hemtjänsten")
    assert kim is not None
    assert kim.mail == "kim.karlsson@example.se"
    assert profile.demand("teams") is not None
    assert all(isinstance(service, Profile) for service in services)
