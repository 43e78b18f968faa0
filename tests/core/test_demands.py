"""Versions as numbers, the last day of support, and what a profile may demand."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.core.demands import SystemSupport, support_of, version_key
from readiness.core.profile_file import ProfileError
from readiness.core.profile_loading import load_profile
from readiness.settings import places

COMMON = load_profile("common", places().profiles)


@pytest.mark.parametrize(
    ("version", "key"),
    [
        ("131.0.6778.85-1", (131, 0, 6778, 85)),
        ("1:1.2.13.dfsg-1", (1, 2, 13)),
        ("128.5.0esr-1~deb12u1", (128, 5)),
        ("6.2.11 (43613)", (6, 2, 11)),
        ("24335.208.3315.1951", (24335, 208, 3315, 1951)),
        ("v14", (14,)),
        ("", ()),
        ("unknown", ()),
        ("0.0", ()),
    ],
)
def test_versions_as_numbers(version: str, key: tuple[int, ...]) -> None:
    assert version_key(version) == key


@given(st.text(max_size=200))
def test_no_version_is_a_fault(version: str) -> None:
    assert all(isinstance(part, int) for part in version_key(version))


@given(
    st.lists(st.integers(0, 9999), min_size=1, max_size=5),
    st.lists(st.integers(0, 9999), min_size=1, max_size=5),
)
def test_versions_are_compared_number_by_number(one: list[int], other: list[int]) -> None:
    width = max(len(one), len(other))
    padded = [part + [0] * (width - len(part)) for part in (one, other)]
    keys = [version_key(".".join(map(str, part))) for part in (one, other)]
    assert (keys[0] < keys[1]) == (padded[0] < padded[1])


@pytest.mark.parametrize(
    ("system", "release", "edition", "last_day"),
    [
        ("windows", "19045.4529", "Professional", "2025-10-14"),
        ("windows", "19045.6600", "Professional", "2028-10-10"),  # pays for updates: it has them
        ("windows", "22631.4460", "Core", "2025-11-11"),
        ("windows", "22631.4460", "Enterprise", "2026-11-10"),
        ("windows", "26100.4652", "Education", "2027-10-12"),
        ("windows", "19044.5131", "EnterpriseS", "2027-01-12"),
        ("windows", "19044.5131", "IoTEnterpriseS", "2032-01-13"),
        ("windows", "6002", "Professional", "2020-01-14"),  # Vista: no later than 7
        ("windows_server", "17763.6532", "ServerStandard", "2029-01-09"),
        ("macos", "12.7.6", None, "2024-09-16"),
        ("macos", "10.15.7", None, "2022-09-12"),
        ("debian", "12", None, "2028-06-30"),
        ("ubuntu", "22.04", None, "2027-06-01"),
        ("fedora", "41", None, "2025-12-15"),
        ("linuxmint", "21.3", None, "2027-04-30"),
        ("rhel", "9.4", None, "2032-05-31"),
    ],
)
def test_the_last_day_of_support(system: str, release: str, edition: str | None, last_day: str) -> None:
    assert support_of(COMMON.systems, system, release, edition) == datetime.date.fromisoformat(last_day)


@pytest.mark.parametrize(
    ("system", "release"),
    [
        ("windows", "29000.1"),
        ("macos", "27.1"),
        ("debian", "14"),
        ("arch", "1"),
        ("debian", "sid"),
        ("ubuntu", "30.04"),
    ],
)
def test_what_is_newer_than_the_list_or_not_in_it_has_no_last_day(system: str, release: str) -> None:
    assert support_of(COMMON.systems, system, release, None) is None


def test_a_row_of_ones_own_stands_in_front() -> None:
    own = SystemSupport(
        system="debian", name="x", ends={"11": datetime.date(2031, 6, 30)}, source="an agreement",
        retrieved=datetime.date(2026, 1, 1), confidence="own_choice",
    )  # fmt: skip
    assert support_of((own, *COMMON.systems), "debian", "11", None) == datetime.date(2031, 6, 30)


def test_every_row_names_its_source_and_every_windows_date_is_a_patch_tuesday() -> None:
    for row in COMMON.systems:
        assert row.source
        assert row.ends
        if row.system == "windows":
            assert {last_day.weekday() for last_day in row.ends.values()} == {1}, row.name


ROW = '\n[[programs]]\nsource = "s"\nretrieved = 2026-01-01\nconfidence = "own_choice"\n'


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (ROW + 'program = "chorme"', "no program “chorme”"),
        (ROW + 'program = "chrome"\nrequired = "new"', "write a version"),
        (ROW + 'program = "chrome"\nrequired = "99"\nrecommended = "98"', "reversed"),
        (ROW + 'program = "chrome"\npresence = "always"', "presence"),
        (ROW + 'program = "chrome"\nminimum = "99"', "no key “minimum”"),
        (ROW.replace("programs", "systems") + 'system = "x"\nname = "x"', "write releases"),
        (
            ROW.replace("programs", "systems") + 'system = "x"\nname = "x"\nends = {sid = 2027-01-01}',
            "write releases",
        ),
    ],
)
def test_a_wrong_row_is_told_with_its_place(tmp_path: Path, rows: str, complaint: str) -> None:
    (tmp_path / "ours.toml").write_text('id = "ours"\nversion = "1"\nname = "Ours"\n' + rows, "utf-8")
    with pytest.raises(ProfileError, match=complaint) as raised:
        load_profile("ours", tmp_path)
    assert "ours.toml" in raised.value.text.sv


def test_rows_are_inherited_and_ones_own_stand_first(tmp_path: Path) -> None:
    for name, extends, version in (("base", "", "72"), ("ours", 'extends = "base"\n', "99")):
        text = f'id = "{name}"\nversion = "1"\nname = "x"\n{extends}{ROW}program = "chrome"\nrequired = "{version}"'
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    profile = load_profile("ours", tmp_path)
    assert [demand.required for demand in profile.programs] == ["99", "72"]
    chosen = profile.demand("chrome")
    assert chosen is not None
    assert chosen.required == "99"
    assert profile.demand("zoom") is None
