"""What was not measured is UNKNOWN: no finding says that something is wrong because a figure is missing."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.checks import CHECKS
from readiness.core.check import Check
from readiness.core.evidence import parse
from readiness.core.model import Verdict
from readiness.core.profile import Profile
from tests.checks.judgements import PROFILES
from tests.checks.test_judging import GOOD

WRONG = (Verdict.NOT_READY, Verdict.LIMITED)
every_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
every_profile = pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.id)


@every_check
@every_profile
def test_no_evidence_at_all_says_nothing_bad(check: Check[Any, Any], profile: Profile) -> None:
    assert [found.code for found in check.judge(check.evidence(), profile) if found.verdict in WRONG] == []


@every_check
def test_a_figure_that_is_missing_from_good_evidence_says_nothing_bad(check: Check[Any, Any]) -> None:
    for field in dataclasses.fields(check.evidence):
        lacking = dataclasses.replace(GOOD[check.id], **{field.name: field.default})
        for profile in PROFILES:
            wrong = [found.code for found in check.judge(lacking, profile) if found.verdict in WRONG]
            assert wrong == [], f"without {field.name} under {profile.id}"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["nan", "inf", "-inf", "1e999", "7"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@every_check
@given(data=st.data())
def test_evidence_of_any_shape_is_read_and_judged(check: Check[Any, Any], data: st.DataObject) -> None:
    """Fields of any kind, missing and extra ones, NaN and infinities: a judgement, never an exception."""
    names = [field.name for field in dataclasses.fields(check.evidence)]
    figures = data.draw(st.dictionaries(st.sampled_from([*names, "of_a_newer_version"]), JSON, max_size=8))
    evidence = parse(check.evidence, figures)
    for found in check.judge(evidence, data.draw(st.sampled_from(PROFILES))):
        assert found.code in {declared.code for declared in check.kinds}
