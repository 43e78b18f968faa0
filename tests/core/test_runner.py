"""The runner with real asyncio tasks. Deadlines are short, waits are bounded, nothing is patched."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import itertools
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from readiness.core.check import Check, Context, Resource, SkipCheck
from readiness.core.model import (
    Activity,
    Ending,
    Event,
    Finding,
    Finished,
    Notice,
    Progress,
    Result,
    Started,
    Verdict,
)
from readiness.core.profile import Profile
from readiness.core.runner import run
from readiness.core.text import Text

LONG = 60.0
"""Seconds that no test waits out."""

Measure = Callable[[Context[Any]], Awaitable[Any]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Evidence:
    value: int | None = None


def judged_ready(_evidence: Evidence, _profile: Profile) -> list[Finding]:
    return [Finding(code="x.fine", verdict=Verdict.READY)]


def a_check(check_id: str, measure: Measure, **changes: Any) -> Check[Any, Any]:
    values: dict[str, Any] = {
        "id": check_id,
        "title": Text(sv=check_id, en=check_id),
        "evidence": Evidence,
        "measure": measure,
        "judge": judged_ready,
        "kinds": (),
        "activities": (Activity.TALK,),
        "deadline_seconds": LONG,
        "typical_seconds": 1.0,
    }
    return Check(**(values | changes))


def a_context(**changes: Any) -> Context[Any]:
    profile = Profile(id="p", version="1", name="P")
    return Context(machine=None, profile=profile, profiles=(profile,), **changes)


async def quick(_context: Context[Any]) -> Evidence:
    return Evidence(value=1)


async def hang(_context: Context[Any]) -> Evidence:
    await asyncio.sleep(LONG)
    raise AssertionError("slept")


class Stubborn:
    """A measure that swallows every cancellation, until the test lets it go."""

    def __init__(self) -> None:
        self.cancelled = 0
        self.released = asyncio.Event()
        self.ended = asyncio.Event()

    async def __call__(self, context: Context[Any]) -> Evidence:
        while not self.released.is_set():
            try:
                await self.released.wait()
            except asyncio.CancelledError:
                self.cancelled += 1
        context.tell(Notice(fraction=1.0))
        self.ended.set()
        raise OSError("too late for anybody to hear")


async def all_of(
    checks: Sequence[Check[Any, Any]], context: Context[Any] | None = None, stop: asyncio.Event | None = None
) -> list[Event]:
    events = [event async for event in run(checks, context or a_context(), stop)]
    finished = [event.result.check_id for event in events if isinstance(event, Finished)]
    assert sorted(finished) == sorted(check.id for check in checks), "exactly one Finished each"
    for check in checks:
        about = [event for event in events if about_check(event) == check.id]
        assert isinstance(about[-1], Finished), "nothing after the end"
        assert sum(isinstance(event, Started) for event in about) <= 1
        assert len(about) == 1 or isinstance(about[0], Started), "nothing before the start"
    return events


def about_check(event: Event) -> str:
    return event.result.check_id if isinstance(event, Finished) else event.check_id


def results(events: Sequence[Event]) -> dict[str, Result]:
    return {event.result.check_id: event.result for event in events if isinstance(event, Finished)}


def others() -> set[asyncio.Task[Any]]:
    return asyncio.all_tasks() - {asyncio.current_task()}


@pytest.fixture
def complaints(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What asyncio complained about: exceptions never retrieved, tasks destroyed while pending."""

    def collected() -> list[str]:
        gc.collect()
        return [record.getMessage() for record in caplog.records if record.name == "asyncio"]

    return collected


def test_a_check_is_measured_and_judged() -> None:
    events = asyncio.run(all_of([a_check("a", quick)]))
    assert [type(event) for event in events] == [Started, Finished]
    result = results(events)["a"]
    assert result.ending is Ending.COMPLETED
    assert result.evidence == {"value": 1}
    assert [finding.code for finding in result.findings] == ["x.fine"]
    assert result.started_utc.endswith("Z")
    assert 0 <= result.seconds < LONG


def test_no_checks_no_events() -> None:
    assert asyncio.run(all_of([])) == []


def test_progress_is_passed_on() -> None:
    async def measure(context: Context[Any]) -> Evidence:
        context.tell(Notice(fraction=0.5))
        return Evidence()

    events = asyncio.run(all_of([a_check("a", measure)]))
    assert Progress(check_id="a", notice=Notice(fraction=0.5)) in events


def test_a_deadline_ends_one_check_and_the_others_go_on() -> None:
    checks = [a_check("slow", hang, deadline_seconds=0.05), a_check("a", quick)]
    ended = results(asyncio.run(all_of(checks)))
    assert ended["slow"].ending is Ending.TIMED_OUT
    assert ended["slow"].findings == ()
    assert 0.05 <= ended["slow"].seconds < 0.5
    assert ended["a"].ending is Ending.COMPLETED


class Panic(BaseException):
    """As native code raises it."""


def raising(fault: BaseException) -> Measure:
    async def measure(_context: Context[Any]) -> Evidence:
        raise fault

    return measure


def before_it_is_awaited(_context: Context[Any]) -> Awaitable[Any]:
    raise TypeError("at once")


def no_awaitable(_context: Context[Any]) -> Any:
    return 7


@pytest.mark.parametrize(
    ("measure", "reason"),
    [
        (raising(OSError("no device")), "OSError: no device"),
        (raising(Panic("rust")), "Panic: rust"),
        (raising(asyncio.CancelledError()), "CancelledError: "),
        (raising(TimeoutError()), "TimeoutError: "),
        (before_it_is_awaited, "TypeError: at once"),
        (no_awaitable, "TypeError"),
    ],
)
def test_whatever_a_measure_raises_it_crashed_and_the_others_go_on(measure: Measure, reason: str) -> None:
    ended = results(asyncio.run(all_of([a_check("bad", measure), a_check("a", quick, after=("bad",))])))
    assert ended["bad"].ending is Ending.CRASHED
    assert ended["bad"].reason is not None
    assert ended["bad"].reason.startswith(reason)
    assert ended["a"].ending is Ending.COMPLETED


def test_a_judge_that_raises_leaves_the_evidence_for_support() -> None:
    def judge(_evidence: Evidence, _profile: Profile) -> list[Finding]:
        raise KeyError("gone")

    result = results(asyncio.run(all_of([a_check("a", quick, judge=judge)])))["a"]
    assert result.ending is Ending.CRASHED
    assert result.reason == "KeyError: 'gone'"
    assert result.evidence == {"value": 1}
    assert result.findings == ()


def test_skipped_says_why() -> None:
    result = results(asyncio.run(all_of([a_check("a", raising(SkipCheck("no battery")))])))["a"]
    assert (result.ending, result.reason) == (Ending.SKIPPED, "no battery")


def test_a_measure_that_swallows_cancellation_is_left_behind(complaints: Callable[[], list[str]]) -> None:
    async def scenario() -> None:
        stubborn = Stubborn()
        checks = [
            a_check("stubborn", stubborn, deadline_seconds=0.05, uses=frozenset({Resource.CAMERA})),
            a_check("next", quick, uses=frozenset({Resource.CAMERA})),
            a_check("beside", quick),
        ]
        started = time.monotonic()
        ended = results(await all_of(checks))
        assert time.monotonic() - started < 0.05 + 0.5
        assert ended["stubborn"].ending is Ending.TIMED_OUT
        assert ended["next"].ending is ended["beside"].ending is Ending.COMPLETED
        assert stubborn.cancelled
        # What it says and raises afterwards disturbs nobody.
        stubborn.released.set()
        await asyncio.wait_for(stubborn.ended.wait(), 5)
        await until(lambda: not others())

    asyncio.run(scenario())
    assert complaints() == []


def test_stop_cancels_everything_within_half_a_second(complaints: Callable[[], list[str]]) -> None:
    async def scenario() -> None:
        stop = asyncio.Event()
        stubborn = Stubborn()
        one_at_a_time = frozenset({Resource.SOUND})
        checks = [
            a_check("hangs", hang, uses=one_at_a_time),
            a_check("waits", quick, uses=one_at_a_time),
            a_check("after", quick, after=("hangs",)),
            a_check("stubborn", stubborn),
            a_check("done", quick),
        ]
        events: list[Event] = []
        pressed = 0.0
        async for event in run(checks, a_context(), stop):
            events.append(event)
            if "done" in results(events) and not pressed:
                pressed = time.monotonic()
                stop.set()
        assert time.monotonic() - pressed < 0.5
        endings = {check_id: result.ending for check_id, result in results(events).items()}
        assert endings.pop("done") is Ending.COMPLETED
        assert endings == dict.fromkeys(("hangs", "waits", "after", "stubborn"), Ending.CANCELLED)
        assert {event.check_id for event in events if isinstance(event, Started)} == {
            *("hangs", "stubborn", "done")
        }
        stubborn.released.set()
        await until(lambda: not others())

    asyncio.run(scenario())
    assert complaints() == []


def test_stopped_before_it_began() -> None:
    async def scenario() -> list[Event]:
        stop = asyncio.Event()
        stop.set()
        return await all_of([a_check("a", hang)], stop=stop)

    events = asyncio.run(scenario())
    assert [type(event) for event in events] == [Finished]
    assert results(events)["a"].ending is Ending.CANCELLED


def test_the_callers_stop_is_left_alone_and_serves_again() -> None:
    async def scenario() -> None:
        stop = asyncio.Event()
        for _ in range(2):
            assert results(await all_of([a_check("a", quick)], stop=stop))["a"].ending is Ending.COMPLETED
            assert not stop.is_set()
        assert not others()

    asyncio.run(scenario())


def test_checks_that_share_a_resource_run_in_turn_and_others_at_once() -> None:
    running: set[str] = set()
    seen_together: set[frozenset[str]] = set()
    order: list[str] = []

    def measure(check_id: str) -> Measure:
        async def measured(_context: Context[Any]) -> Evidence:
            running.add(check_id)
            order.append(check_id)
            for _ in range(20):
                seen_together.update(frozenset(pair) for pair in itertools.combinations(sorted(running), 2))
                await asyncio.sleep(0)
            running.discard(check_id)
            return Evidence()

        return measured

    uses = {
        "camera": {Resource.CAMERA},
        "voice": {Resource.SOUND},
        "sweep": {Resource.SOUND, Resource.LINE},
        "line": {Resource.LINE},
    }
    checks = [a_check(check_id, measure(check_id), uses=frozenset(used)) for check_id, used in uses.items()]
    asyncio.run(all_of(checks))
    assert frozenset({"voice", "sweep"}) not in seen_together
    assert frozenset({"sweep", "line"}) not in seen_together
    assert frozenset({"camera", "voice"}) in seen_together
    assert order.index("voice") < order.index("sweep") < order.index("line")


def test_one_that_releases_what_it_uses_lets_the_next_begin_and_the_next_may_ask_for_its_evidence() -> None:
    order: list[str] = []

    async def first(context: Context[Any]) -> Evidence:
        order.append("first")
        context.release()
        while "second" not in order:
            await asyncio.sleep(0)
        order.append("first ends")
        return Evidence(value=1)

    async def second(context: Context[Any]) -> Evidence:
        order.append("second")
        assert "first" not in context.earlier
        await context.room_beside("first")
        await context.room_beside("no such check")
        found = await context.evidence_of("first")
        order.append("second ends")
        return Evidence(value=found.value + 1)

    async def third(context: Context[Any]) -> Evidence:
        order.append("third")
        assert await context.evidence_of("no such check") is None
        return Evidence()

    line = frozenset((Resource.LINE,))
    checks = [
        a_check("first", first, uses=line),
        a_check("third", third, uses=line, after=("first", "second")),
        a_check("second", second, uses=line),
    ]
    found = results(asyncio.run(all_of(checks)))
    assert {one.ending for one in found.values()} == {Ending.COMPLETED}
    assert found["second"].evidence == {"value": 2}
    assert order == ["first", "second", "first ends", "second ends", "third"]


def test_the_evidence_of_one_that_failed_is_none() -> None:
    async def fails(_context: Context[Any]) -> Evidence:
        raise RuntimeError("no")

    async def asks(context: Context[Any]) -> Evidence:
        return Evidence(value=0 if await context.evidence_of("a") is None else 1)

    found = results(asyncio.run(all_of([a_check("a", fails), a_check("b", asks)])))
    assert found["b"].evidence == {"value": 0}


def test_after_waits_and_gives_the_earlier_evidence() -> None:
    seen: dict[str, Any] = {}

    async def measure(context: Context[Any]) -> Evidence:
        seen.update(context.earlier)
        with pytest.raises(TypeError):
            context.earlier["a"] = None  # type: ignore[index]
        return Evidence(value=2)

    async def slow(_context: Context[Any]) -> Evidence:
        await asyncio.sleep(0.02)
        return Evidence(value=1)

    checks = [a_check("b", measure, after=("a", "not in this run")), a_check("a", slow)]
    events = asyncio.run(all_of(checks, a_context(earlier={"old": Evidence(value=0)})))
    assert seen == {"old": Evidence(value=0), "a": Evidence(value=1)}
    assert [about_check(event) for event in events if isinstance(event, Finished)] == ["a", "b"]


def test_after_one_that_failed_goes_on_without_its_evidence() -> None:
    seen: dict[str, Any] = {"not": "called"}

    async def measure(context: Context[Any]) -> Evidence:
        seen.clear()
        seen.update(context.earlier)
        return Evidence()

    asyncio.run(all_of([a_check("a", raising(OSError())), a_check("b", measure, after=("a",))]))
    assert seen == {}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_order_and_sharing_never_make_checks_wait_for_each_other(order: tuple[int, ...]) -> None:
    """The one that comes after may stand first, and share with the one it waits for."""
    sound = frozenset({Resource.SOUND})
    checks = [
        a_check("a", quick, after=("c",), uses=sound),
        a_check("b", quick, uses=sound | {Resource.LINE}),
        a_check("c", quick, uses=frozenset({Resource.LINE})),
    ]

    async def scenario() -> list[Event]:
        async with asyncio.timeout(10):
            return await all_of([checks[place] for place in order])

    finished = [about_check(event) for event in asyncio.run(scenario()) if isinstance(event, Finished)]
    assert finished.index("c") < finished.index("a")


@pytest.mark.parametrize(
    "checks",
    [
        [a_check("a", quick, after=("b",)), a_check("b", quick, after=("a",))],
        [a_check("a", quick, after=("a",))],
        [a_check("a", quick), a_check("a", hang)],
    ],
)
def test_checks_that_contradict_each_other_are_refused(checks: list[Check[Any, Any]]) -> None:
    async def scenario() -> None:
        with pytest.raises(ValueError, match="check"):
            await all_of(checks)
        assert not others()

    asyncio.run(scenario())


def test_breaking_off_the_generator_leaves_no_task(complaints: Callable[[], list[str]]) -> None:
    async def scenario() -> None:
        events = run([a_check("a", hang), a_check("b", hang, after=("a",))], a_context(), asyncio.Event())
        async for _ in events:
            break
        await events.aclose()  # type: ignore[attr-defined]
        assert not others()

    asyncio.run(scenario())
    assert complaints() == []


def test_forgetting_the_generator_leaves_no_task(complaints: Callable[[], list[str]]) -> None:
    async def scenario() -> None:
        async for _ in run([a_check("a", hang)], a_context()):
            break
        gc.collect()
        await until(lambda: not others())

    asyncio.run(scenario())
    assert complaints() == []


def test_cancelling_the_listener_leaves_no_task(complaints: Callable[[], list[str]]) -> None:
    async def scenario() -> None:
        listener = asyncio.create_task(all_of([a_check("a", hang), a_check("b", hang)]))
        await until(lambda: len(others()) > 3)
        started = time.monotonic()
        listener.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listener
        assert time.monotonic() - started < 0.5
        await until(lambda: not others())

    asyncio.run(scenario())
    assert complaints() == []


async def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.005)
