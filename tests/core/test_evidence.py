from __future__ import annotations

import dataclasses
import json
import math
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from readiness.core.evidence import encode, parse


class Power(StrEnum):
    MAINS = "mains"
    BATTERY = "battery"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Disk:
    free_gib: float | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Evidence:
    cores: int | None = None
    loss_percent: float | None = None
    name: str | None = None
    power: Power | None = None
    is_muted: bool | None = None
    levels_dbfs: tuple[float, ...] = ()
    disk: Disk | None = None


FULL = Evidence(
    cores=4,
    loss_percent=1.5,
    name="Kamera å",
    power=Power.BATTERY,
    is_muted=False,
    levels_dbfs=(-20.0, -30.5),
    disk=Disk(free_gib=1.25),
)


def test_there_and_back() -> None:
    figures = json.loads(json.dumps(encode(FULL)))
    assert parse(Evidence, figures) == FULL


def test_numbers_that_are_none_become_unknown() -> None:
    figures = encode(Evidence(loss_percent=math.nan, levels_dbfs=(math.inf, -1.0)))
    assert figures["loss_percent"] is None
    assert figures["levels_dbfs"] == [None, -1.0]
    json.dumps(figures, allow_nan=False)


@pytest.mark.parametrize(
    "figures",
    [
        {"cores": "many", "loss_percent": 1.5},
        {"cores": [], "loss_percent": 1.5, "power": "steam", "disk": 7},
        {"cores": 1.5, "loss_percent": 1.5, "levels_dbfs": "loud"},
        {"loss_percent": 1.5, "name": {"a": 1}, "is_muted": "perhaps", "from_a_newer_version": 9},
    ],
)
def test_what_does_not_fit_is_unknown_and_the_rest_is_kept(figures: dict[str, Any]) -> None:
    assert parse(Evidence, figures) == Evidence(loss_percent=1.5)


@pytest.mark.parametrize("word", [math.nan, math.inf, "nan", "inf", "-Infinity"])
def test_no_number_is_not_a_number(word: object) -> None:
    assert parse(Evidence, {"loss_percent": word, "cores": 2}) == Evidence(cores=2)


def test_a_field_without_a_default_is_a_fault_of_the_program() -> None:
    @dataclasses.dataclass(frozen=True, kw_only=True)
    class Wrong:
        needed: int

    with pytest.raises(ValidationError):
        parse(Wrong, {})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from([field.name for field in dataclasses.fields(Evidence)] + ["unknown"]), JSON
    )
)
def test_whatever_comes_in_parses_and_can_be_written_again(figures: dict[str, Any]) -> None:
    json.dumps(encode(parse(Evidence, figures)), allow_nan=False)
