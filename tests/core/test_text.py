from __future__ import annotations

import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.core.text import LANGUAGES, Language, Text

COUNTED = Text(sv="{loss:.1f} procent av {count:,} paket", en="{loss:.1f} percent of {count:,} packets")


def test_numbers_are_written_as_the_language_writes_them() -> None:
    arguments = {"loss": 2.25, "count": 12000}
    assert COUNTED.say("sv", arguments) == "2,2 procent av 12\N{NO-BREAK SPACE}000 paket"
    assert COUNTED.say("en", arguments) == "2.2 percent of 12,000 packets"


def test_minus_is_a_minus_sign_in_numbers_alone() -> None:
    text = Text(sv="{name}: {level:.0f} dBFS", en="{name}: {level:.0f} dBFS")
    assert text.say("sv", {"name": "USB-mikrofon", "level": -32.4}) == "USB-mikrofon: −32 dBFS"


def test_nothing_is_not_less_than_nothing() -> None:
    text = Text(sv="{n:.1f}", en="{n:.1f}")
    assert text.say("sv", {"n": -0.01}) == "0,0"
    assert text.say("en", {"n": -0.06}) == "−0.1"


@pytest.mark.parametrize(
    "arguments", [{}, {"loss": None}, {"loss": math.nan}, {"loss": math.inf}, {"other": 1}]
)
def test_what_is_missing_is_a_dash(arguments: dict[str, object]) -> None:
    assert Text(sv="{loss:.1f} procent", en="{loss:.1f} percent").say("sv", arguments) == "– procent"


def test_a_value_whose_format_does_not_fit_is_shown_as_it_is() -> None:
    assert COUNTED.say("en", {"loss": "many", "count": [1]}) == "many percent of [1] packets"
    assert COUNTED.say("en", {"loss": 10**400, "count": 1}).startswith("1000")


def test_without_arguments_a_sentence_stands_as_it_is() -> None:
    """An address or a path in it may hold braces."""
    for words in (r"C:\Users\x\{3f2a}\settings.toml", "a { b", "a } b", "{{}}"):
        assert Text(sv=words, en=words).say("sv") == words


def test_braces_that_are_no_place_for_an_argument_are_no_fault() -> None:
    assert Text(sv="{ {loss}", en="}").say("sv", {"loss": 1}) == "{ {loss}"


def test_a_text_as_argument_is_said_in_the_same_language() -> None:
    outer = Text(sv="Kameran: {what}", en="The camera: {what}")
    assert outer.say("sv", {"what": Text(sv="svart", en="black")}) == "Kameran: svart"


def test_arguments_cannot_reach_into_objects() -> None:
    text = Text(sv="{a.__class__} {a[0]} {0} {1}", en="{}")
    assert text.say("sv", {"a": "secret"}) == "– – – –"
    assert text.say("en", {"a": "secret"}) == "–"


@given(
    template=st.text(alphabet=string.ascii_letters + "{}:.!,0f ", max_size=40),
    arguments=st.dictionaries(
        st.sampled_from(["a", "b", "f"]),
        st.none() | st.integers() | st.floats() | st.text(max_size=5) | st.booleans(),
    ),
    language=st.sampled_from(LANGUAGES),
)
def test_whatever_comes_in_is_said_without_a_fault(
    template: str, arguments: dict[str, object], language: Language
) -> None:
    assert isinstance(Text(sv=template, en=template).say(language, arguments), str)
