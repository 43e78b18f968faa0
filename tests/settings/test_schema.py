from __future__ import annotations

import dataclasses
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.core.text import LANGUAGES
from readiness.settings import ENVIRONMENT, Settings
from readiness.settings.schema import BY_NAME, SETTINGS, Kind, Setting
from tests.checks.plain import long_sentences


def test_the_schema_and_the_settings_are_the_same() -> None:
    hints = get_type_hints(Settings)
    assert [setting.name for setting in SETTINGS if setting.name in hints] == list(BY_NAME)
    assert {field.name for field in dataclasses.fields(Settings)} == set(BY_NAME)
    for field in dataclasses.fields(Settings):
        setting = BY_NAME[field.name]
        assert setting.default == field.default
        assert (setting.kind is Kind.TRUTH) == (hints[field.name] is bool)
        assert setting.default is None or setting.fits(setting.default)
        assert (field.repr is False) == setting.secret, "a secret is not printed with the rest"
    assert set(get_args(hints["language"])) == set(BY_NAME["language"].allowed) == set(LANGUAGES)


def test_names_are_distinct_in_every_source() -> None:
    assert len({setting.key.casefold() for setting in SETTINGS}) == len(SETTINGS)
    assert len(set(ENVIRONMENT.values())) == len(ENVIRONMENT)
    assert BY_NAME["collector_url"].key == "CollectorUrl"


def test_no_policy_holds_a_secret_nor_what_a_person_chooses_to_send() -> None:
    by_policy = {setting.name for setting in SETTINGS if setting.by_policy}
    assert not by_policy & {setting.name for setting in SETTINGS if setting.secret}
    assert not by_policy & {name for name in BY_NAME if name.startswith("send_")}
    assert {"collector_url", "profile", "unit", "recheck"} <= by_policy


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_has_plain_words_in_both_languages(setting: Setting) -> None:
    for text in (setting.title, setting.help, setting.expected):
        assert text.sv
        assert text.en
        assert long_sentences(text) == []


@given(st.sampled_from(SETTINGS), st.one_of(st.none(), st.integers(), st.floats(), st.binary(), st.text(), st.booleans(), st.lists(st.text())))  # fmt: skip
def test_only_what_is_of_its_kind_fits(setting: Setting, value: object) -> None:
    if setting.fits(value):
        assert isinstance(value, bool if setting.kind is Kind.TRUTH else str)
        if isinstance(value, str):
            assert len(value) <= setting.longest
            assert "\n" not in value
            assert "\0" not in value
