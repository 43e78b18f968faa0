from __future__ import annotations

import dataclasses
import datetime

import pytest

from readiness.checks import CHECKS
from readiness.core.model import Ending, Result, Verdict
from readiness.core.profile import Limit
from readiness.core.profile_loading import load_profile
from readiness.core.text import LANGUAGES
from readiness.gui.widgets.figure_words import NAMES
from readiness.gui.widgets.figures import (
    UNBROKEN,
    duration_words,
    figure_rows,
    figure_table,
    number_words,
    source_words,
)
from readiness.gui.widgets.source_words import title_words
from readiness.settings import places


@pytest.mark.parametrize("check", CHECKS, ids=[check.id for check in CHECKS])
def test_every_figure_of_every_check_has_words(check: object) -> None:
    names = {field.name for field in dataclasses.fields(check.evidence)} - {"hosts"}
    assert names <= NAMES.keys()


def test_values_have_units_and_the_languages_own_signs() -> None:
    evidence = {"peak_dbfs": -9.25, "seconds": 6.0, "on_mains": True, "attachment": "built_in"}
    assert figure_rows(evidence, "sv") == (
        ("Högsta toppen", f"−9,25{UNBROKEN}dBFS"),
        ("Mätt under", f"6{UNBROKEN}s"),
        ("Laddaren i", "ja"),
        ("Anslutning", "inbyggd"),
    )
    assert figure_rows(evidence, "en")[0] == ("Highest peak", f"−9.25{UNBROKEN}dBFS")


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
        ("teams.example:443", f"name lookup 12{UNBROKEN}ms"),
        ("Brand new", f"4.5{UNBROKEN}%"),
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
    assert rate.limit == f"minst 5, helst minst 15{UNBROKEN}Hz (1); helst högst 60,5{UNBROKEN}Hz (2)"
    assert rate.verdict is Verdict.LIMITED
    assert (rate.value, rate.before) == (f"9{UNBROKEN}Hz", f"30{UNBROKEN}Hz")
    assert (frames.limit, frames.verdict, frames.before) == ("", None, "–")
    assert sources == limits
    assert source_words(limits[0], "sv") == "A guide. Läst 23 nov 2026. Någon annans erfarenhet."
    assert source_words(limits[1], "en") == "Our own choice. Set 23 Nov 2026."


ENGLISH = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "and",
        "or",
        "is",
        "are",
        "in",
        "on",
        "for",
        "what",
        "how",
        "than",
        "our",
        "own",
        "less",
        "below",
        "above",
        "as",
        "with",
    ]
)


@pytest.mark.parametrize("profile_id", sorted(file.stem for file in places().profiles.glob("*.toml")))
def test_every_source_has_a_title_in_swedish(profile_id: str) -> None:
    profile = load_profile(profile_id, places().profiles)
    rows = (*profile.limits, *profile.hosts, *profile.openings, *profile.systems, *profile.programs)
    for row in rows:
        said = title_words(row.source, row.confidence, "sv")
        assert not ENGLISH & set(said.lower().split()), f"{row.source} -> {said}"
        assert "tests/" not in title_words(row.source, row.confidence, "en")


def test_a_source_without_a_title_stands_as_it_is_written() -> None:
    for language in LANGUAGES:
        assert (
            title_words("Kommunens IT-handbok, s. 12.", "official", language) == "Kommunens IT-handbok, s. 12"
        )


@pytest.mark.parametrize(
    ("value", "swedish", "english"),
    [
        (48000, f"48{UNBROKEN}000", "48,000"),
        (4800.0, "4800", "4800"),
        (-12.5, "−12,5", "−12.5"),
        (0.00012, "0,00012", "0.00012"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(value: float, swedish: str, english: str) -> None:
    assert number_words(value, "sv") == swedish
    assert number_words(value, "en") == english


@pytest.mark.parametrize(
    ("seconds", "swedish", "english"),
    [(35.2, "35 s", "35 s"), (240, "4 min", "4 min"), (7500, "2 tim 5 min", "2 h 5 min")],
)
def test_durations_are_as_exact_as_anybody_needs(seconds: float, swedish: str, english: str) -> None:
    assert duration_words(seconds, "sv").replace(UNBROKEN, " ") == swedish
    assert duration_words(seconds, "en").replace(UNBROKEN, " ") == english
