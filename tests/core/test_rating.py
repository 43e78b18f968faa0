from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.core.check import Check, Context
from readiness.core.model import Activity, Ending, Finding, FindingKind, Lift, Need, Result, Verdict, severity
from readiness.core.profile import Profile
from readiness.core.rating import by_importance, judged, lift, rate, verdict_of, worst
from readiness.core.text import Text


@dataclasses.dataclass(frozen=True, kw_only=True)
class Evidence:
    """Evidence that says itself what it means: verdicts by activity."""

    verdicts: dict[str, str] | None = None


async def measure(_context: Context[Any]) -> Evidence:
    raise AssertionError("a rating measures nothing")


def a_check(check_id: str, *activities: Activity) -> Check[Any, Any]:
    def judge(evidence: Evidence, _profile: Profile) -> list[Finding]:
        if evidence.verdicts is None:
            raise ZeroDivisionError
        return [
            FindingKind(
                code=f"{check_id}.{activity}", title=Text(sv="", en=""), activities=(Activity(activity),)
            ).found(Verdict(verdict))
            for activity, verdict in evidence.verdicts.items()
        ]

    return Check(
        id=check_id,
        title=Text(sv=check_id, en=check_id),
        evidence=Evidence,
        measure=measure,
        judge=judge,
        kinds=(),
        activities=activities,
        deadline_seconds=1,
        typical_seconds=1,
    )


def a_result(check_id: str, ending: Ending = Ending.COMPLETED, **verdicts: Verdict) -> Result:
    return Result(
        check_id=check_id,
        ending=ending,
        started_utc="2026-11-24T08:00:00Z",
        seconds=1.0,
        evidence={"verdicts": {activity: verdict.value for activity, verdict in verdicts.items()}},
    )


CAMERA = a_check("camera", Activity.BE_SEEN)
SOUND = a_check("sound", Activity.TALK, Activity.LISTEN)
LINE = a_check("line", *Activity)
CHECKS = (CAMERA, SOUND, LINE)
ALL = Profile(id="p", version="1", name="P")
LISTENER = Profile(id="l", version="1", name="L", needs=(Activity.LISTEN,))
GOOD = (a_result("camera"), a_result("sound"), a_result("line"))


def test_all_good_is_ready_and_nothing_decided_it() -> None:
    rating = rate(GOOD, CHECKS, ALL)
    assert rating.overall is Verdict.READY
    assert set(rating.activities) == set(Activity)
    assert rating.deciding == ()
    assert not rating.partial


@pytest.mark.parametrize("heavy", list(Verdict))
@pytest.mark.parametrize("light", list(Verdict))
def test_precedence(heavy: Verdict, light: Verdict) -> None:
    if severity(heavy) < severity(light):
        heavy, light = light, heavy
    assert worst([heavy, light]) is worst([light, heavy]) is heavy
    results = (a_result("camera", be_seen=heavy), a_result("sound", talk=light), a_result("line"))
    rating = rate(results, CHECKS, ALL)
    assert rating.overall is heavy
    assert rating.activities[Activity.BE_SEEN] is heavy
    assert rating.activities[Activity.TALK] is light
    assert rating.activities[Activity.LISTEN] is Verdict.READY


@pytest.mark.parametrize("ending", [ending for ending in Ending if ending is not Ending.COMPLETED])
def test_what_did_not_finish_is_unknown_whatever_it_left(ending: Ending) -> None:
    results = (*GOOD[1:], a_result("camera", ending, be_seen=Verdict.NOT_READY))
    rating = rate(results, CHECKS, ALL)
    assert rating.overall is Verdict.UNKNOWN
    assert rating.activities[Activity.BE_SEEN] is Verdict.UNKNOWN
    assert rating.activities[Activity.TALK] is Verdict.READY
    assert rating.deciding == ("camera",)
    assert verdict_of(results[-1]) is Verdict.UNKNOWN
    assert judged(results[-1], CAMERA, ALL) == ()


def test_a_missing_result_is_unknown() -> None:
    assert rate(GOOD[:2], CHECKS, ALL).overall is Verdict.UNKNOWN


def test_what_failed_weighs_more_than_what_is_not_known() -> None:
    results = (a_result("camera", Ending.CRASHED), a_result("sound", talk=Verdict.NOT_READY), GOOD[2])
    rating = rate(results, CHECKS, ALL)
    assert rating.overall is Verdict.NOT_READY
    assert rating.deciding == ("sound.talk",)


def test_what_the_profile_does_not_need_decides_nothing() -> None:
    results = (a_result("camera", be_seen=Verdict.NOT_READY), *GOOD[1:])
    rating = rate(results, CHECKS, LISTENER)
    assert rating.overall is Verdict.READY
    assert rating.activities[Activity.BE_SEEN] is Verdict.NOT_READY


def test_a_need_that_no_check_looks_at_is_not_known_to_be_good() -> None:
    rating = rate(GOOD[:2], CHECKS[:2], ALL)
    assert rating.activities[Activity.SHARE_SCREEN] is Verdict.UNKNOWN
    assert rating.overall is Verdict.UNKNOWN
    assert rating.deciding == ("share_screen",)


def test_a_choice_of_checks_is_partial_and_covers_their_activities_alone() -> None:
    rating = rate(GOOD[:1], CHECKS, ALL, chosen=["camera"])
    assert rating.partial
    assert rating.activities == {Activity.BE_SEEN: Verdict.READY}
    assert rating.overall is Verdict.READY


def test_a_chosen_check_without_a_result_is_unknown() -> None:
    assert rate((), CHECKS, ALL, chosen=["camera"]).overall is Verdict.UNKNOWN


def test_choosing_what_the_profile_does_not_need_still_gives_a_verdict() -> None:
    results = (a_result("camera", be_seen=Verdict.LIMITED),)
    assert rate(results, CHECKS, LISTENER, chosen=["camera"]).overall is Verdict.LIMITED


@pytest.mark.parametrize("chosen", [[], ["no such check"]])
def test_no_check_is_no_verdict(chosen: list[str]) -> None:
    rating = rate(GOOD, CHECKS, ALL, chosen=chosen)
    assert rating.overall is Verdict.UNKNOWN
    assert rating.partial


def test_evidence_that_the_judge_cannot_read_is_unknown_and_spoils_nothing_else() -> None:
    unreadable = dataclasses.replace(GOOD[0], evidence={"verdicts": "from another century"})
    rating = rate((unreadable, a_result("sound", talk=Verdict.LIMITED), GOOD[2]), CHECKS, ALL)
    assert rating.activities[Activity.BE_SEEN] is Verdict.UNKNOWN
    assert rating.activities[Activity.TALK] is Verdict.LIMITED


def test_the_latest_result_of_a_check_counts() -> None:
    again = (*GOOD, a_result("camera", be_seen=Verdict.LIMITED))
    assert rate(again, CHECKS, ALL).overall is Verdict.LIMITED


def test_findings_by_importance_keep_the_checks_order_among_equals() -> None:
    kinds = [Finding(code=code, verdict=Verdict[verdict]) for code, verdict in
             (("a", "READY"), ("b", "LIMITED"), ("c", "NOT_READY"), ("d", "LIMITED"), ("e", "UNKNOWN"))]  # fmt: skip
    assert [finding.code for finding in by_importance(kinds)] == ["c", "e", "b", "d", "a"]


VERDICTS = st.dictionaries(
    st.sampled_from([activity.value for activity in Activity]), st.sampled_from(Verdict)
)
RESULTS = st.fixed_dictionaries(
    {
        check.id: st.tuples(st.sampled_from([Ending.COMPLETED, Ending.COMPLETED, Ending.CRASHED]), VERDICTS)
        for check in CHECKS
    }
)
NEEDS = st.lists(st.sampled_from(Activity), unique=True, min_size=1).map(tuple)


def made(results: dict[str, tuple[Ending, dict[str, Verdict]]]) -> tuple[Result, ...]:
    return tuple(a_result(check_id, ending, **verdicts) for check_id, (ending, verdicts) in results.items())


@given(RESULTS, NEEDS)
def test_the_overall_verdict_is_the_worst_of_what_is_needed(
    results: Any, needs: tuple[Activity, ...]
) -> None:
    profile = Profile(id="p", version="1", name="P", needs=needs)
    rating = rate(made(results), CHECKS, profile)
    assert rating.overall is worst([rating.activities[activity] for activity in needs])
    assert (rating.deciding == ()) is (rating.overall is Verdict.READY)


@given(RESULTS, NEEDS, st.sampled_from(CHECKS), st.sampled_from(Activity), st.sampled_from(Verdict))
def test_one_more_finding_never_makes_it_better(
    results: Any, needs: tuple[Activity, ...], check: Check[Any, Any], activity: Activity, verdict: Verdict
) -> None:
    profile = Profile(id="p", version="1", name="P", needs=needs)
    before = rate(made(results), CHECKS, profile)
    ending, verdicts = results[check.id]
    known = verdicts.get(activity.value, Verdict.READY)
    worse = {**results, check.id: (ending, {**verdicts, activity.value: worst([known, verdict])})}
    after = rate(made(worse), CHECKS, profile)
    assert severity(after.overall) >= severity(before.overall)
    for each in Activity:
        assert severity(after.activities[each]) >= severity(before.activities[each])


@given(RESULTS, NEEDS, st.sampled_from(CHECKS))
def test_a_check_that_did_not_finish_is_never_green(
    results: Any, needs: tuple[Activity, ...], check: Check[Any, Any]
) -> None:
    profile = Profile(id="p", version="1", name="P", needs=needs)
    rating = rate(made({**results, check.id: (Ending.TIMED_OUT, {})}), CHECKS, profile)
    for activity in check.activities:
        assert rating.activities[activity] in (Verdict.UNKNOWN, Verdict.NOT_READY)


def needing(code: str, verdict: Verdict, need: Need | None, *activities: Activity, **more: Any) -> Finding:
    return Finding(code=code, verdict=verdict, need=need, activities=activities, **more)


def test_what_would_lift_the_verdict() -> None:
    findings = (
        needing("microphone.absent", Verdict.NOT_READY, Need.HEADSET, Activity.TALK),
        needing("speaker.leaks", Verdict.LIMITED, Need.HEADSET, Activity.LISTEN),
        needing("camera.dark", Verdict.LIMITED, Need.KNOWLEDGE, Activity.BE_SEEN),
    )
    found = lift(findings, (Activity.TALK, Activity.LISTEN))
    assert found == Lift(verdict=Verdict.READY, needs=(Need.HEADSET,), codes=("microphone.absent",))
    found = lift(findings, tuple(Activity))
    assert found == Lift(verdict=Verdict.LIMITED, needs=(Need.HEADSET,), codes=("microphone.absent",))
    assert lift(findings[2:], (Activity.TALK,)) is None
    assert lift((), tuple(Activity)) is None


def test_what_is_unknown_is_lifted_by_knowing() -> None:
    results = (a_result("camera", Ending.CRASHED), *GOOD[1:])
    rating = rate(results, CHECKS, ALL)
    assert rating.lifts == (
        Lift(verdict=Verdict.READY, codes=("camera",)),
        Lift(activity=Activity.BE_SEEN, verdict=Verdict.READY, codes=("camera",)),
    )


def test_what_weighs_on_most_activities_decides_first() -> None:
    bad = Verdict.NOT_READY
    results = (a_result("camera", be_seen=bad), GOOD[1], a_result("line", listen=bad, talk=bad))
    findings = [found for check in CHECKS for found in judged({r.check_id: r for r in results}[check.id], check, ALL)]  # fmt: skip
    assert len(findings) == 3
    both = Finding(code="line.down", verdict=bad, activities=tuple(Activity))
    found = lift((*findings, both), tuple(Activity))
    assert found is not None
    assert found.codes[0] == "line.down"


def test_a_verdict_that_rests_on_figures_near_a_limit_says_so() -> None:
    def check_giving(*findings: Finding) -> Check[Any, Any]:
        return dataclasses.replace(CAMERA, judge=lambda _evidence, _profile: list(findings))

    near = needing("a", Verdict.LIMITED, None, Activity.BE_SEEN, borderline=True)
    clear = needing("b", Verdict.LIMITED, None, Activity.BE_SEEN)
    results = (a_result("camera"),)
    assert rate(results, (check_giving(near),), ALL, chosen=["camera"]).borderline
    assert not rate(results, (check_giving(near, clear),), ALL, chosen=["camera"]).borderline
    assert not rate(results, (check_giving(),), ALL, chosen=["camera"]).borderline


@given(RESULTS, NEEDS)
def test_every_verdict_that_is_not_ready_says_what_would_lift_it(
    results: Any, needs: tuple[Activity, ...]
) -> None:
    profile = Profile(id="p", version="1", name="P", needs=needs)
    rating = rate(made(results), CHECKS, profile)
    verdicts = {None: rating.overall, **rating.activities}
    assert {found.activity for found in rating.lifts} == {
        activity for activity, verdict in verdicts.items() if verdict is not Verdict.READY
    }
    for found in rating.lifts:
        assert severity(found.verdict) < severity(verdicts[found.activity])
        assert found.codes
