from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from readiness.collector import figures

NARROW = "\N{NARROW NO-BREAK SPACE}"
SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("name", "value", "label", "swedish", "english"),
    [
        ("peak_dbfs", -12.34, "Peak", f"−12,34{SPACE}dBFS", f"−12.34{SPACE}dBFS"),
        ("loss_percent", 0.5, "Loss", f"0,5{SPACE}%", f"0.5{SPACE}%"),
        ("frame_rate_hz", 30, "Frame rate", f"30{SPACE}Hz", f"30{SPACE}Hz"),
        ("disk_bytes", 1_500_000, "Disk", f"1,5{SPACE}MB", f"1.5{SPACE}MB"),
        ("count", 12345, "Count", f"12{NARROW}345", "12,345"),
        ("dark", True, "Dark", "ja", "yes"),
        ("sizes", [1, 2.5], "Sizes", "1, 2,5", "1, 2.5"),
        ("long_seconds", math.inf, "Long", "–", "–"),
        ("tiny_seconds", -0.00001, "Tiny", f"0{SPACE}s", f"0{SPACE}s"),
        ("a", {"b_ms": 3}, "A · B", f"3{SPACE}ms", f"3{SPACE}ms"),
    ],
)
def test_figures_are_written_as_the_language_writes_them(
    name: str, value: Any, label: str, swedish: str, english: str
) -> None:
    assert figures.rows({name: value}, "sv") == ((label, swedish),)
    assert figures.rows({name: value}, "en") == ((label, english),)


def test_what_was_not_measured_is_named_apart() -> None:
    measured = {"peak_dbfs": None, "name": "", "level_dbfs": -3}
    assert [label for label, _ in figures.rows(measured, "sv")] == ["Level"]
    assert figures.missing(measured) == ("Peak", "Name")


def test_a_row_of_numbers_over_time_is_told_by_its_ends() -> None:
    evidence = {"level_dbfs": [-60.0, -20.5, *[-30.0] * 118]}
    ((label, value),) = figures.rows(evidence, "sv")
    assert (label, value) == ("Level", f"120 värden, −60{SPACE}dBFS till −20,5{SPACE}dBFS")


def test_much_is_cut_short() -> None:
    many = figures.rows({f"n{number}": "x" * 10_000 for number in range(1000)}, "sv")
    assert len(many) == figures.MOST_ROWS + 1
    assert len(many[0][1]) == figures.LONGEST_VALUE + 1


json_values = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner),
    max_leaves=20,
)


@settings(deadline=None)  # machines are shared
@given(some.dictionaries(some.text() | some.sampled_from(["a_bytes", "a_ms", "_ms", "_"]), json_values))
def test_whatever_a_report_holds_can_be_shown(evidence: dict[str, Any]) -> None:
    for language in ("sv", "en"):
        for label, value in figures.rows(evidence, language):
            assert isinstance(label, str)
            assert isinstance(value, str)
    assert all(isinstance(label, str) for label in figures.missing(evidence))
