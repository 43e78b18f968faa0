from __future__ import annotations

import asyncio
import dataclasses

import pytest

from readiness.core.check import Options
from readiness.core.model import Event, Question
from readiness.gui.outcome import Labels, Outcome, Shipment
from readiness.gui.stations import expected_seconds
from readiness.gui.work import Work, with_choices
from readiness.in_force import InForce, Origin
from tests.gui.scripted import Script, ScriptedPost, loads


def test_a_report_that_was_kept_is_never_changed() -> None:
    async def way() -> tuple[ScriptedPost, list[Shipment]]:
        post = ScriptedPost(answers=[Shipment(), Shipment(receipt="ABC-DEFG")])
        work = await _work(post)
        await work.run(Options(), None)
        letter = await work.letter(Labels())
        without = with_choices(letter.report, frozenset(), None)
        shipments = [await work.send(without), await work.send(without)]
        named = with_choices(letter.report, frozenset({"user_name"}), None)
        shipments.append(await work.send(named))
        return post, shipments

    post, shipments = asyncio.run(way())
    assert [shipment.receipt for shipment in shipments] == [None, "ABC-DEFG", "ABC-DEFG"]
    first, second = post.kept
    assert first.id != second.id
    assert first.computer.user_name is None
    assert second.computer.user_name == "anna.berg"
    assert dataclasses.replace(second, id=first.id, computer=first.computer) == first


def test_the_reports_id_is_made_before_the_run() -> None:
    async def way() -> tuple[str, str]:
        ids: list[str] = []
        work = await _work(on_event=lambda _event: ids.append(work._report_id))
        await work.run(Options(), None)
        return ids[0], (await work.letter(Labels())).report.id

    before, after = asyncio.run(way())
    assert before
    assert before == after


def test_a_repeat_before_sending_is_the_same_report_with_all_results() -> None:
    async def way() -> tuple[Outcome, str, str, int]:
        work = await _work()
        await work.run(Options(), None)
        first = (await work.letter(Labels())).report.id
        outcome = await work.run(Options(), "camera")
        letter = await work.letter(Labels())
        return outcome, first, letter.report.id, len(letter.report.results)

    outcome, first, second, results = asyncio.run(way())
    assert first == second
    assert results == len(Script().checks())
    assert set(outcome.before) == {"camera"}
    assert not outcome.stopped


def test_every_service_is_rated_from_the_same_run() -> None:
    async def way() -> Outcome:
        return await (await _work()).run(Options(), None)

    outcome = asyncio.run(way())
    assert {service.rating.profile_id for service in outcome.services} == {
        "teams",
        "zoom",
        "meet",
        "webex",
        "jitsi",
    }


def test_the_time_expected_counts_what_shares_a_thing_in_turn() -> None:
    checks = Script().checks()
    by_id = {check.id: check.typical_seconds for check in checks}
    assert expected_seconds(checks) == by_id["microphone"] + by_id["speaker"]
    assert expected_seconds(()) == 0.0


async def _work(post: ScriptedPost | None = None, on_event: object = None) -> Work:
    async def yes(question: Question) -> str | None:
        return question.choices[0].id

    def nobody(event: Event) -> None:
        """Nobody watches."""

    parts = await loads(Script(), post)()
    return Work(parts=parts, ask=yes, on_event=on_event or nobody)


def test_a_run_is_rated_by_what_the_server_says_and_names_it() -> None:
    asked: list[int] = []

    async def way() -> tuple[Outcome, Outcome, Outcome]:
        work = await _work()
        chosen, *others = work.parts.profiles
        newest = dataclasses.replace(chosen, name="Storköping", version="2026-11-24.a1")

        async def ask() -> InForce:
            asked.append(1)
            return InForce(profiles=(newest, *others), origin=Origin.SERVER)

        work.parts = dataclasses.replace(work.parts, ask_requirements=ask)
        first, one_again = await work.run(Options(), None), await work.run(Options(), "camera")

        async def never() -> InForce:
            await asyncio.Event().wait()
            raise AssertionError

        work.parts = dataclasses.replace(work.parts, ask_requirements=never)
        work._renewed_at = None
        return first, one_again, await work.run(Options(), None)

    for outcome in asyncio.run(way()):
        assert outcome.rating.profile_version == "2026-11-24.a1"
        assert outcome.rated_by is not None
        assert "Storköping, version 2026-11-24.a1" in outcome.rated_by.sv
    assert asked == [1]


def test_a_run_that_is_stopped_waits_for_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("readiness.gui.work._PATIENCE_SECONDS", 3600.0)

    async def way() -> Outcome:
        work = await _work()

        async def never() -> InForce:
            work.stop()
            await asyncio.Event().wait()
            raise AssertionError

        work.parts = dataclasses.replace(work.parts, ask_requirements=never)
        return await work.run(Options(), None)

    assert asyncio.run(way()).stopped
