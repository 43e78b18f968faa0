from __future__ import annotations

import datetime
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.core.model import Activity, Verdict, severity
from readiness.core.profile import Limit, Profile
from readiness.core.profile_file import ProfileError
from readiness.core.profile_loading import load_profile, load_profiles

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
OPENING = """
[[openings]]
hosts = ["*.a.example", "192.0.2.0/24"]
ports = ["443", "10000"]
transport = "udp"
source = "s"
retrieved = 2026-11-23
confidence = "own_choice"
"""
PROGRAM = """
[[programs]]
program = "chrome"
required = "72"
recommended = "96"
source = "s"
retrieved = 2026-11-23
confidence = "own_choice"
"""
AMBASSADOR = """
[[ambassadors]]
unit = "Hemtjänsten"
name = "Kim"
mail = "a@b.example"
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
    assert profile.limits == (found,)


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
        ("this is no TOML", "line 4: the file is no TOML"),
        ("colour = 1\n", "line 4 (colour): there is no key “colour”. Choose among id, version"),
        ("extend = 'q'\n", "line 4 (extend): there is no key “extend”. Write “extends”"),
        (LIMIT + "recommend = 1\n", "line 14 (limits 1, recommend): there is no key “recommend”. Write “recommended”"),
        ('[[hosts]]\nhost = "a.example"\nport = 1\nports = 2\n', "line 7 (hosts 1, ports): there is no key “ports”. Write “port”"),
        ('[helpdesk]\nemail = "a@b.example"\n', "line 5 (helpdesk, email): there is no key “email”. Write “mail”"),
        ("limits = 7\n", "line 4 (limits): the value is of the wrong kind. Write for example [[limits]]"),
        ("limits = [7]\n", "line 4 (limits 1)"),
        ('needs = ["fly"]\n', "line 4 (needs 1): there is no value “fly”. Choose among listen, talk, be_seen"),
        ('needs = ["listn"]\n', "Write “listen”"),
        ("needs = []\n", "the list is empty"),
        ('needs = ["talk", "talk"]\n', "something stands twice"),
        ('services = ["p"]\n', "remove “p”"),
        (LIMIT.replace("= 5", '= "five"'), "line 9 (limits 1, required): the value is no number. Write for example required = 300"),
        (LIMIT.replace("= 5", '= "5"'), "the value is no number"),
        (LIMIT.replace("= 5", "= true"), "the value is no number"),
        (LIMIT.replace("= 5", "= 50"), "line 10 (limits 1, recommended): required and recommended are reversed. With at_least, recommended is at least required"),
        (LIMIT.replace("at_least", "at_most"), "reversed. With at_most, recommended is at most required"),
        (LIMIT.replace("at_least", "atleast"), "line 7 (limits 1, direction): there is no value “atleast”. Write “at_least”"),
        (LIMIT.replace("= 5", "= nan"), "line 9 (limits 1, required): write a finite number"),
        (LIMIT.replace("= 15", "= inf"), "finite"),
        (LIMIT + LIMIT, "line 15 (limits 2): there are two limits of this figure"),
        (LIMIT + LIMIT.replace("at_least", "at_most").replace("= 5", "= 4").replace("= 15", "= 3"), "exclude each other"),
        (LIMIT.replace('"Hz"', '"fps"'), "line 8 (limits 1, unit): the unit “fps” does not fit the figure. Write unit = \"Hz\""),
        (LIMIT.replace("camera.frame_rate_hz", "camera.black_percent").replace("Hz", "%").replace("= 15", "= 150"), "from 0 to 100"),
        (LIMIT.replace("camera.frame_rate_hz", "frame_rate_hz"), "write check.figure"),
        (LIMIT.replace('"s"', '" "'), "the source is empty"),
        (LIMIT.replace("required = 5\nrecommended = 15\n", ""), "line 5 (limits 1): the limit says nothing. Write required, recommended or both"),
        (LIMIT.replace("2026-11-23", '"yesterday"'), "line 12 (limits 1, retrieved): the value is of the wrong kind. Write for example retrieved = 2026-11-24"),
        (LIMIT.replace('source = "s"\n', ""), "line 5 (limits 1, source): the key “source” is missing"),
        (LIMIT.replace("own_choice", "offical"), "Write “official”"),
        ('[[hosts]]\nhost = "https://a.example/x"\nport = 443\n', "line 5 (hosts 1, host): “https://a.example/x” is no host name. Write the name alone, for example a.example"),
        ('[[hosts]]\nhost = "a.example\\n"\nport = 443\n', "is no host name"),
        ('[[hosts]]\nhost = "*.a.example"\nport = 443\n', "is no host name"),
        ('[[hosts]]\nhost = ""\nport = 443\n', "is no host name"),
        ('[[hosts]]\nhost = "a.example"\nport = 70000\n', "line 6 (hosts 1, port): write a port"),
        ('[[hosts]]\nhost = "a.example"\nport = 1\ntransport = "https"\n', "there is no value “https”"),
        (OPENING.replace("10000", "10000-9000"), "write ports from 1"),
        (OPENING.replace("10000", "0"), "write ports from 1"),
        (OPENING.replace("*.a.example", "a/b"), "is no host name or network"),
        (PROGRAM.replace("chrome", "crome"), "line 6 (programs 1, program): there is no program “crome”. Write “chrome”"),
        (PROGRAM.replace('"96"', '"old"'), "line 5 (programs 1): write a version"),
        (PROGRAM.replace('"72"', '"97"'), "required and recommended are reversed"),
        ('[[systems]]\nsystem = "linux"\nname = "L"\nends = {}\n' + PROGRAM.split('"96"')[1], "write releases such as"),
        ('[[known_pages]]\nurl = "https://a.example"\n', "line 5 (known_pages 1, url): write an address with http://"),
        ('units = ["Skolan"]\n' + AMBASSADOR, "line 7 (ambassadors 1, unit): there is no unit “Hemtjänsten”"),
        (AMBASSADOR + AMBASSADOR, "has an ambassador already"),
        (AMBASSADOR.replace('mail = "a@b.example"', ""), "write phone, mail or both"),
        ('[helpdesk]\nmail = "nobody"\n', "write a mail address"),
        ('extends = "p"\n', "line 4 (extends): it extends itself"),
        ('extends = "absent"\n', "There is no profile “absent”"),
        ('services = ["absent"]\n', "There is no profile “absent”"),
    ],
)  # fmt: skip
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


def test_a_limit_that_leaves_nothing_good_beside_the_inherited_one(tmp_path: Path) -> None:
    most = LIMIT.replace("at_least", "at_most").replace("= 5", "= 4").replace("= 15", "= 3")
    write(tmp_path, "base", LIMIT)
    write(tmp_path, "p", 'extends = "base"\n' + most)
    assert "line 6 (limits 1): “camera.frame_rate_hz” cannot meet both" in refused(tmp_path)
    write(tmp_path, "p", 'extends = "base"\n' + most + LIMIT.replace("= 5", "= 1").replace("= 15", "= 2"))
    assert len(load_profile("p", tmp_path).limits) == 2


def test_people_who_help(tmp_path: Path) -> None:
    write(tmp_path, "p", AMBASSADOR + '[helpdesk]\nphone = "1"\nhours = "8-16"\n')
    profile = load_profile("p", tmp_path)
    assert (profile.helpdesk.phone, profile.helpdesk.hours) == ("1", "8-16")
    kim = profile.ambassador("Hemtjänsten")
    assert kim is not None
    assert kim.name == "Kim"
    assert profile.ambassador("Skolan") is None
    assert profile.ambassador(None) is None
