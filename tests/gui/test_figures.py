from __future__ import annotations

import dataclasses
import datetime

import pytest

from readiness.checks import CHECKS
from readiness.core.model import Ending, Result, Verdict
from readiness.core.profile import Limit
from readiness.gui.widgets.figure_words import NAMES
from readiness.gui.widgets.figures import figure_rows, figure_table, source_words


@pytest.mark.parametrize("check", CHECKS, ids=[check.id for check in CHECKS])
def test_every_figure_of_every_check_has_words(check: object) -> None:
    names = {field.name for field in dataclasses.fields(check.evidence)} - {"hosts"}
    assert names <= NAMES.keys()


def test_values_have_units_and_the_languages_own_signs() -> None:
    evidence = {"peak_dbfs": -9.25, "seconds": 6.0, "on_mains": True, "attachment": "built_in"}
    assert figure_rows(evidence, "sv") == (
        ("Högsta toppen", "−9,25 dBFS"),
        ("Mätt under", "6 s"),
        ("Laddaren i", "ja"),
        ("Anslutning", "inbyggd"),
    )
    assert figure_rows(evidence, "en")[0] == ("Highest peak", "−9.25 dBFS")


def test_small_numbers_keep_their_digits_and_unknown_ones_are_left_out() -> None:
    assert figure_rows({"dc_offset": 0.00012, "snr_db": None, "device_id": ""}, "en") == (
        ("DC offset (1 is full)", "0.00012"),
    )


def test_a_host_is_a_row_and_a_figure_of_a_newer_version_stands_as_its_name() -> None:
    evidence = {
        "hosts": [{"host": "teams.example", "port": 443, "dns_ms": 12.0, "error": None}],
        "brand_new_percent": 4.5,
    }
    assert figure_rows(evidence, "en") == (
        ("teams.example:443", "name lookup 12 ms"),
        ("Brand new", "4.5 %"),
    )


def test_a_program_is_a_row_under_its_name_with_its_version() -> None:
    programs = [
        {"program": "chrome", "name": "Google Chrome", "version": "131.0.6778.85"},
        {"program": "zoom", "name": "Zoom", "version": None},
    ]
    assert figure_rows({"programs": programs}, "sv") == (
        ("Google Chrome", "version 131.0.6778.85"),
        ("Zoom", "okänd"),
    )


def test_a_flood_of_figures_is_cut() -> None:
    assert len(figure_rows({f"figure_{number}": number for number in range(500)}, "sv")) == 81


LIMIT = {"figure": "camera.frame_rate_hz", "unit": "Hz", "retrieved": datetime.date(2026, 11, 23)}


def test_a_figure_stands_beside_its_limit_in_words_and_the_limit_beside_its_source() -> None:
    limits = (
        Limit(
            **LIMIT,
            direction="at_least",
            required=5,
            recommended=15,
            source="A guide.",
            confidence="third_party",
        ),
        Limit(**LIMIT, direction="at_most", recommended=60.5, source="Another", confidence="own_choice"),
    )
    result = Result(
        check_id="camera",
        ending=Ending.COMPLETED,
        started_utc="",
        seconds=1.0,
        evidence={"frame_rate_hz": 9.0, "frames": 3},
    )
    (rate, frames), sources = figure_table(result, {"frame_rate_hz": 30.0}, limits, "sv")
    assert rate.limit == "minst 5, helst minst 15 Hz (1); helst högst 60,5 Hz (2)"
    assert rate.verdict is Verdict.LIMITED
    assert (rate.value, rate.before) == ("9 Hz", "30 Hz")
    assert (frames.limit, frames.verdict, frames.before) == ("", None, "–")
    assert sources == limits
    assert source_words(limits[0], "sv") == "A guide. Läst 2026-11-23. Någon annans erfarenhet."
    assert source_words(limits[1], "en") == "Another. Read 2026-11-23. Our own choice."
