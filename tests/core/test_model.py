from __future__ import annotations

import dataclasses
import inspect
from typing import Any

import pytest

from readiness.core import model
from readiness.core.model import Activity, Ending, FindingKind, Need, Verdict, severity
from readiness.core.text import Text

BLACK = FindingKind(
    code="camera.black",
    title=Text(sv="Bilden är svart", en="The picture is black"),
    activities=(Activity.BE_SEEN,),
    evidence=("mean_luma",),
    need=Need.CAMERA,
)


def test_a_kind_gives_its_finding_with_arguments() -> None:
    finding = BLACK.found(Verdict.NOT_READY, luma=3.0)
    assert finding.code == "camera.black"
    assert finding.activities == (Activity.BE_SEEN,)
    assert finding.arguments == {"luma": 3.0}
    assert finding.evidence == ("mean_luma",)


@pytest.mark.parametrize(
    ("verdict", "need"),
    [
        (Verdict.NOT_READY, Need.CAMERA),
        (Verdict.LIMITED, Need.CAMERA),
        (Verdict.READY, None),
        (Verdict.UNKNOWN, None),
    ],
)
def test_nothing_is_bought_for_what_is_good_or_not_known(verdict: Verdict, need: Need | None) -> None:
    assert BLACK.found(verdict).need is need


def test_an_argument_may_be_called_as_the_parameters_are() -> None:
    assert BLACK.found(Verdict.READY, verdict=1).arguments == {"verdict": 1}


def test_severity_orders_the_verdicts() -> None:
    assert sorted(Verdict, key=severity) == [
        Verdict.READY,
        Verdict.LIMITED,
        Verdict.UNKNOWN,
        Verdict.NOT_READY,
    ]


def test_the_words_that_travel_are_their_own_values() -> None:
    assert [verdict.value for verdict in Verdict] == [verdict.name for verdict in Verdict]
    assert [ending.value for ending in Ending] == [ending.name for ending in Ending]


def test_everything_is_frozen_and_keyword_only() -> None:
    kinds: list[Any] = [kind for _, kind in inspect.getmembers(model, dataclasses.is_dataclass)]
    assert len(kinds) > 10
    for kind in kinds:
        assert kind.__dataclass_params__.frozen, kind
        assert all(field.kw_only for field in dataclasses.fields(kind)), kind
