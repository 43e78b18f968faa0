"""Profiles of any shape: loaded, or refused in words with file and cure; never an exception of another kind."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from readiness.core.profile import Profile
from readiness.core.profile_file import ProfileError
from readiness.core.profile_loading import load_profile

FOLDER = Path(__file__).parents[2] / "resources" / "profiles"
ORGANISATION = (FOLDER / "organisation.toml").read_text("utf-8")
VALUES = ("true", "-1", "1e999", "nan", "inf", '""', '"x"', "[]", "[1]", "{}", "{ a = 1 }", "2026-11-23", '"å\\n"',
          "9" * 60, '"talk"', "0x1F", '"at_least"', "[[]]", "'''\n'''")  # fmt: skip


def loaded(folder: Path, text: str | bytes) -> Profile | None:
    """The profile in `text`, or None where it is refused as it should be."""
    for base in ("common", "computer", "teams", "zoom", "meet", "webex", "jitsi"):
        if not (folder / f"{base}.toml").exists():
            (folder / f"{base}.toml").write_bytes((FOLDER / f"{base}.toml").read_bytes())
    (folder / "organisation.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    refusal: ProfileError | None = None
    try:
        return load_profile("organisation", folder)
    except ProfileError as error:
        refusal = error
    said = refusal.text
    assert said.sv != said.en
    assert "organisation" in said.en or "There is no profile" in said.en
    assert 10 < len(said.sv) < 1000
    return None


def sound(profile: Profile) -> None:
    """Whatever was loaded can be used: every limit grades every number."""
    for limit in profile.limits:
        for edge in (limit.required, limit.recommended):
            assert edge is None or math.isfinite(edge)
        for value in (-1e9, 0.0, 1e9):
            limit.grade(value)
        assert limit.unit.strip()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("profiles")


LINES = [number for number, line in enumerate(ORGANISATION.splitlines()) if re.match(r"\w+ = ", line)]


@given(line=st.sampled_from(LINES), value=st.sampled_from(VALUES))
def test_one_value_of_another_kind(folder: Path, line: int, value: str) -> None:
    lines = ORGANISATION.splitlines()
    key = lines[line].split(" = ")[0]
    lines[line] = f"{key} = {value}"
    if profile := loaded(folder, "\n".join(lines)):
        sound(profile)


@given(line=st.sampled_from(LINES), change=st.sampled_from(["twice", "gone", "misspelt", "moved"]))
def test_a_line_twice_gone_misspelt_or_moved(folder: Path, line: int, change: str) -> None:
    lines = ORGANISATION.splitlines()
    if change == "twice":
        lines.insert(line, lines[line])
    elif change == "gone":
        del lines[line]
    elif change == "misspelt":
        lines[line] = f"x{lines[line]}"
    else:
        lines.append(lines.pop(line))
    if profile := loaded(folder, "\n".join(lines)):
        sound(profile)


@given(cut=st.integers(0, len(ORGANISATION)), tail=st.binary(max_size=30))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_file_that_was_cut_off_and_something_else_written_there(
    folder: Path, cut: int, tail: bytes
) -> None:
    if profile := loaded(folder, ORGANISATION[:cut].encode() + tail):
        sound(profile)


EDGES = st.none() | st.sampled_from([0, 1, 50, 100, -1, 101, 1e300, math.inf, math.nan])


@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "figure": st.sampled_from(["camera.black_percent", "line.rtt_ms", "camera.height"]),
                "direction": st.sampled_from(["at_least", "at_most"]),
                "unit": st.sampled_from(["%", "ms", "px"]),
                "required": EDGES,
                "recommended": EDGES,
                "activity": st.none() | st.sampled_from(["talk", "be_seen"]),
            }
        ),
        max_size=4,
    )
)
def test_limits_that_contradict_each_other_are_never_loaded(folder: Path, rows: list[dict[str, Any]]) -> None:
    """What is loaded leaves, for each figure and activity, a value that is good."""
    text = 'id = "organisation"\nversion = "1"\nname = "O"\n'
    for row in rows:
        text += "[[limits]]\nsource = 's'\nretrieved = 2026-11-23\nconfidence = 'own_choice'\n"
        text += "".join(f"{key} = {value!r}\n" for key, value in row.items() if value is not None)
    profile = loaded(folder, text)
    if profile is None:
        return
    for limit in profile.limits:
        band = [profile.limit(limit.figure, side, limit.activity) for side in ("at_least", "at_most")]  # type: ignore[arg-type]
        edges = [edge for one in band if one for edge in (one.required, one.recommended) if edge is not None]
        assert any(all(one is None or one.grade(edge).value == "READY" for one in band) for edge in edges)
