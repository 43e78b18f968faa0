"""What a value, or an interval, means against its limits: no gaps, monotone, never rounded."""

from __future__ import annotations

import dataclasses
import datetime
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.core.limits import Limit, empty_band, in_force, unit_of
from readiness.core.model import Activity, FindingKind, Grade, Need, Verdict, severity
from readiness.core.profile import Profile
from readiness.core.text import Text

BE_SEEN, TALK, LISTEN = Activity.BE_SEEN, Activity.TALK, Activity.LISTEN
READY, LIMITED, NOT_READY, UNKNOWN = Verdict.READY, Verdict.LIMITED, Verdict.NOT_READY, Verdict.UNKNOWN
numbers = st.floats(-1e6, 1e6)
edges = st.none() | st.floats(-100, 100)
directions = st.sampled_from(["at_least", "at_most"])


def limit(**changes: Any) -> Limit:
    values: dict[str, Any] = {
        "figure": "line.rate_kbps",
        "direction": "at_least",
        "unit": "kbit/s",
        "required": 100,
        "recommended": 500,
        "source": "s",
        "retrieved": datetime.date(2026, 11, 23),
        "confidence": "own_choice",
    }
    return Limit(**(values | changes))


def profile(*limits: Limit) -> Profile:
    return Profile(id="p", version="1", name="P", limits=limits)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Evidence:
    rate_kbps: float | None = None
    rate_kbps_low: float | None = None
    rate_kbps_high: float | None = None


@given(directions, st.floats(-100, 100), st.floats(-100, 100), numbers)
def test_every_number_has_a_verdict_and_no_band_has_a_gap(
    direction: Any, one: float, other: float, value: float
) -> None:
    low, high = sorted((one, other))
    required, recommended = (low, high) if direction == "at_least" else (high, low)
    edges = limit(direction=direction, required=required, recommended=recommended)
    assert edges.grade(value) is not UNKNOWN
    assert edges.grade(required) is not NOT_READY
    assert edges.grade(recommended) is READY
    outwards = -math.inf if direction == "at_least" else math.inf
    assert edges.grade(math.nextafter(required, outwards)) is NOT_READY
    if required != recommended:
        assert edges.grade(math.nextafter(recommended, outwards)) is LIMITED


@given(st.lists(st.floats(-100, 100), min_size=4, max_size=4).map(sorted), numbers, numbers)
def test_a_two_sided_figure_worsens_away_from_its_band(band: list[float], one: float, other: float) -> None:
    lowest, low, high, highest = band
    both = profile(
        limit(direction="at_least", required=lowest, recommended=low),
        limit(direction="at_most", required=highest, recommended=high),
    )

    def weight(value: float) -> int:
        return max(
            severity(both.grade("line.rate_kbps", "at_least", value)),
            severity(both.grade("line.rate_kbps", "at_most", value)),
        )

    assert weight(low) == weight(high) == weight((low + high) / 2) == 0
    for nearer, further in ((one, other), (other, one)):
        if low >= nearer >= further or high <= nearer <= further:
            assert weight(nearer) <= weight(further)


@given(directions, edges, edges, numbers, numbers, numbers)
def test_an_interval_is_graded_by_its_ends_and_never_rounded(
    direction: Any, required: float | None, recommended: float | None, one: float, other: float, value: float
) -> None:
    limits = limit(direction=direction, required=required, recommended=recommended)
    low, value, high = sorted((one, other, value))
    grade = limits.grade_interval(value, low, high)
    ends = {limits.grade(low), limits.grade(high)}
    if len(ends) == 1:
        assert grade == Grade(verdict=ends.pop())
    else:
        assert grade == Grade(verdict=LIMITED, borderline=True)


@given(directions, numbers, numbers, numbers, st.floats(0, 1000))
def test_a_worse_interval_is_never_graded_better(
    direction: Any, low: float, width: float, other: float, shift: float
) -> None:
    limits = limit(direction=direction, required=0, recommended=50 if direction == "at_least" else -50)
    low, high = sorted((low, low + width))
    worse = -shift if direction == "at_least" else shift
    before = limits.grade_interval(None, low, high)
    after = limits.grade_interval(None, low + worse, high + worse)
    assert severity(after.verdict) >= severity(before.verdict)


@pytest.mark.parametrize("missing", [None, math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_unknown(missing: float | None) -> None:
    assert limit().grade(missing) is UNKNOWN
    assert limit().grade_interval(missing, missing, missing) == Grade(verdict=UNKNOWN)
    assert limit().grade_interval(600, missing, missing) == Grade(verdict=READY)
    assert limit().grade_interval(600, 400, missing) == Grade(verdict=LIMITED, borderline=True)
    assert limit().grade_interval(missing, 50, 600) == Grade(verdict=LIMITED, borderline=True)


def test_the_bounds_stand_beside_the_figure_in_the_evidence() -> None:
    asked = profile(limit())
    grade = asked.grade_measured("line.rate_kbps", "at_least", Evidence(rate_kbps=120))
    assert grade == Grade(verdict=LIMITED)
    near = Evidence(rate_kbps=120, rate_kbps_low=90, rate_kbps_high=150)
    assert asked.grade_measured("line.rate_kbps", "at_least", near) == Grade(verdict=LIMITED, borderline=True)
    assert asked.grade_measured("line.rate_kbps", "at_least", Evidence()) == Grade(verdict=UNKNOWN)
    assert asked.grade_measured("line.other", "at_least", Evidence()) == Grade(verdict=READY)


def test_a_finding_says_that_it_is_borderline_and_on_what_it_weighs() -> None:
    kind = FindingKind(code="line.slow", title=Text(sv="", en=""), activities=(BE_SEEN, TALK), need=Need.NETWORK_LINE)  # fmt: skip
    found = kind.found(Grade(verdict=LIMITED, borderline=True), rate=1).on((TALK,))
    assert found.borderline
    assert found.activities == (TALK,)
    assert found.need is Need.NETWORK_LINE
    assert not kind.found(LIMITED).borderline
    assert kind.found(UNKNOWN).need is None


def test_a_limit_of_one_activity_holds_for_it_alone() -> None:
    asked = profile(
        limit(activity=TALK, required=10, recommended=60), limit(activity=BE_SEEN, required=150), limit()
    )
    assert asked.grade("line.rate_kbps", "at_least", 100, TALK) is READY
    assert asked.grade("line.rate_kbps", "at_least", 100, BE_SEEN) is NOT_READY
    assert asked.grade("line.rate_kbps", "at_least", 100, LISTEN) is LIMITED
    assert asked.grade("line.rate_kbps", "at_least", 100) is LIMITED


def test_with_limits_of_single_activities_alone_a_plain_question_gets_the_strictest() -> None:
    asked = profile(
        limit(activity=TALK, required=10, recommended=60), limit(activity=BE_SEEN, required=150, recommended=500)
    )  # fmt: skip
    assert asked.grade("line.rate_kbps", "at_least", 100) is NOT_READY
    assert asked.grade("line.rate_kbps", "at_least", 100, LISTEN) is READY
    mirrored = profile(
        limit(direction="at_most", activity=TALK, required=90, recommended=60),
        limit(direction="at_most", activity=BE_SEEN, required=500, recommended=400),
    )
    assert mirrored.grade("line.rate_kbps", "at_most", 100) is NOT_READY


def test_grades_tell_apart_the_activities() -> None:
    asked = profile(limit(activity=TALK, required=10, recommended=60), limit(activity=BE_SEEN, required=150))
    graded = asked.grades("line.rate_kbps", "at_least", Evidence(rate_kbps=100), (LISTEN, TALK, BE_SEEN))
    assert graded == ((Grade(verdict=READY), (LISTEN, TALK)), (Grade(verdict=NOT_READY), (BE_SEEN,)))
    assert asked.grades("line.rate_kbps", "at_least", Evidence(), ()) == ()


def test_an_own_limit_takes_the_place_of_the_inherited() -> None:
    general, special = limit(), limit(activity=TALK, required=1, recommended=2)
    other = limit(direction="at_most", required=9000, recommended=8000)
    assert in_force((limit(required=7),), (general, special, other)) == (limit(required=7), other)
    own = limit(activity=TALK, required=5)
    assert in_force((own,), (general, special, other)) == (own, general, other)


def test_an_empty_band_is_seen() -> None:
    assert empty_band(limit(required=5, recommended=9), limit(direction="at_most", required=8, recommended=4))
    assert not empty_band(limit(), limit(direction="at_most", required=None, recommended=500))


@pytest.mark.parametrize(
    ("figure", "unit"),
    [
        ("media_path.rtt_ms_p50", "ms"),
        ("media_path.loss_percent_up", "%"),
        ("capacity.capacity_kbps_down", "kbit/s"),
        ("microphone.active_level_dbfs", "dBFS"),
        ("camera.frame_rate_hz", "Hz"),
        ("computer.memory_total_gib", "GiB"),
        ("microphone.swing_p999", None),
        ("camera.height", None),
    ],
)
def test_the_name_of_a_figure_tells_its_unit(figure: str, unit: str | None) -> None:
    assert unit_of(figure) == unit
