from __future__ import annotations

import datetime
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.core.model import Activity, Verdict, severity
from readiness.core.profile import Limit, Profile, ProfileError, load_profile, load_profiles

HEAD = 'id = "{id}"\nversion = "1"\nname = "P"\n'
LIMIT = """
[[limits]]
figure = "camera.frame_rate_hz"
direction = "at_least"
unit = "Hz"
required = 5
recommended = 15
source = "s"
retrieved = 2026-11-23
confidence = "own_choice"
"""


def write(folder: Path, profile_id: str, rest: str = "") -> Path:
    path = folder / f"{profile_id}.toml"
    path.write_text(HEAD.format(id=profile_id) + rest, "utf-8")
    return path


def refused(folder: Path, profile_id: str = "p") -> str:
    with pytest.raises(ProfileError) as caught:
        load_profiles(profile_id, folder)
    assert caught.value.text.sv != caught.value.text.en
    return caught.value.text.en


def limit(**changes: Any) -> Limit:
    values: dict[str, Any] = {
        "figure": "f",
        "direction": "at_least",
        "unit": "Hz",
        "required": 5,
        "recommended": 15,
        "source": "s",
        "retrieved": datetime.date(2026, 11, 23),
        "confidence": "own_choice",
    }
    return Limit(**(values | changes))


def test_loads_what_the_file_says(tmp_path: Path) -> None:
    write(tmp_path, "p", 'needs = ["talk"]\n' + LIMIT + '[[hosts]]\nhost = "a.example"\nport = 443\n')
    profile = load_profile("p", tmp_path)
    assert profile.needs == (Activity.TALK,)
    assert profile.limits[0].required == 5
    assert profile.limits[0].retrieved == datetime.date(2026, 11, 23)
    assert profile.hosts[0].transport == "tls"


def test_own_limits_stand_before_the_inherited(tmp_path: Path) -> None:
    write(tmp_path, "base", LIMIT)
    write(tmp_path, "p", 'extends = "base"\n' + LIMIT.replace("= 15", "= 24"))
    profile = load_profile("p", tmp_path)
    found = profile.limit("camera.frame_rate_hz", "at_least")
    assert found is not None
    assert found.recommended == 24
    assert len(profile.limits) == 2


def test_the_chosen_profile_first_then_its_services(tmp_path: Path) -> None:
    write(tmp_path, "a")
    write(tmp_path, "b")
    write(tmp_path, "p", 'services = ["b", "a"]\n')
    assert [profile.id for profile in load_profiles("p", tmp_path)] == ["p", "b", "a"]


def test_a_mark_in_front_as_notepad_writes_it_does_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, "p")
    path.write_text(path.read_text("utf-8"), "utf-8-sig")
    assert load_profile("p", tmp_path).id == "p"


def test_a_missing_profile_names_those_that_exist(tmp_path: Path) -> None:
    write(tmp_path, "a")
    write(tmp_path, "b")
    assert "a, b" in refused(tmp_path, "c")


@pytest.mark.parametrize("profile_id", ["../p", "p\n", "", "P", "p/../p", "\0"])
def test_an_id_is_no_path(tmp_path: Path, profile_id: str) -> None:
    write(tmp_path, "p")
    assert "There is no profile" in refused(tmp_path, profile_id)


def test_no_profiles_at_all(tmp_path: Path) -> None:
    assert "no profiles in" in refused(tmp_path / "absent")


@pytest.mark.parametrize(
    ("rest", "says"),
    [
        ("this is no TOML", "it is no TOML"),
        ("colour = 1\n", "profile.colour: unknown key"),
        (LIMIT + "colour = 1\n", "limits[0].colour: unknown key"),
        ('[[hosts]]\nhost = "a.example"\nport = 1\nports = 2\n', "hosts[0].ports: unknown key"),
        ("limits = 7\n", "limits"),
        ("limits = [7]\n", "limits.0"),
        ('needs = ["fly"]\n', "needs.0"),
        (LIMIT.replace("= 5", '= "five"'), "limits.0.required"),
        (LIMIT.replace("= 5", "= 50"), "reversed"),
        (LIMIT.replace("at_least", "at_most"), "reversed"),
        (LIMIT.replace("= 5", "= nan"), "finite"),
        (LIMIT.replace("= 15", "= inf"), "finite"),
        (LIMIT + LIMIT, "two limits"),
        (LIMIT.replace("2026-11-23", '"yesterday"'), "retrieved"),
        ('[[hosts]]\nhost = "https://a.example"\nport = 443\n', "host name and a port"),
        ('[[hosts]]\nhost = "a.example\\n"\nport = 443\n', "host name and a port"),
        ('[[hosts]]\nhost = "a.example"\nport = 70000\n', "host name and a port"),
        ('extends = "p"\n', "extends itself"),
        ('extends = "absent"\n', "no profile"),
        ('services = ["absent"]\n', "no profile"),
    ],
)
def test_a_faulty_profile_says_where(tmp_path: Path, rest: str, says: str) -> None:
    write(tmp_path, "p", rest)
    assert says in refused(tmp_path)


def test_profiles_that_build_on_each_other(tmp_path: Path) -> None:
    write(tmp_path, "p", 'extends = "q"\n')
    write(tmp_path, "q", 'extends = "p"\n')
    assert "extends itself" in refused(tmp_path)


def test_another_id_inside(tmp_path: Path) -> None:
    write(tmp_path, "q").rename(tmp_path / "p.toml")
    assert "write “p”" in refused(tmp_path)


def test_unreadable_files(tmp_path: Path) -> None:
    (tmp_path / "p.toml").mkdir()
    assert "p.toml" in refused(tmp_path)
    (tmp_path / "q.toml").write_bytes(b"\xff\xfe")
    assert "no TOML" in refused(tmp_path, "q")
    (tmp_path / "r.toml").write_text("#" * (256 * 1024 + 1))
    assert "larger" in refused(tmp_path, "r")


def test_a_figure_without_a_limit_is_ready_and_without_a_value_unknown() -> None:
    profile = Profile(id="p", version="1", name="P", limits=(limit(),))
    assert profile.grade("other", "at_least", None) is Verdict.READY
    assert profile.grade("f", "at_most", 1.0) is Verdict.READY
    assert profile.grade("f", "at_least", None) is Verdict.UNKNOWN
    assert profile.grade("f", "at_least", math.nan) is Verdict.UNKNOWN
    assert profile.grade("f", "at_least", 4.99) is Verdict.NOT_READY
    assert profile.grade("f", "at_least", 5) is Verdict.LIMITED
    assert profile.grade("f", "at_least", 15) is Verdict.READY


@given(
    st.sampled_from(["at_least", "at_most"]),
    st.none() | st.floats(-100, 100),
    st.none() | st.floats(-100, 100),
    st.floats(-200, 200),
    st.floats(-200, 200),
)
def test_more_is_never_worse_than_less(
    direction: Any, required: float | None, recommended: float | None, one: float, other: float
) -> None:
    edges = limit(direction=direction, required=required, recommended=recommended)
    low, high = sorted((severity(edges.grade(value)) for value in sorted((one, other))), reverse=True)
    worse, better = sorted((one, other), reverse=direction == "at_most")
    assert severity(edges.grade(worse)) == low
    assert severity(edges.grade(better)) == high


def test_the_profiles_that_come_with_the_program_load() -> None:
    folder = Path(__file__).parents[2] / "resources" / "profiles"
    loaded = [load_profiles(path.stem, folder) for path in sorted(folder.glob("*.toml"))]
    assert {"organisation", "teams", "zoom", "meet", "webex", "jitsi"} <= {some[0].id for some in loaded}
    for profiles in loaded:
        for number in profiles[0].limits:
            assert number.source, f"{profiles[0].id}: {number.figure} has no source"
