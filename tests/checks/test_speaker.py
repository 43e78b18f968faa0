"""How the speaker is measured: the microphone first, the person only where it heard nothing, one loop for two checks."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from readiness.checks import microphone, speaker
from readiness.checks.speaker.measure import DID_YOU_HEAR, DID_YOU_HEAR_ALONE, SpeakerEvidence
from readiness.core.check import Context, Options
from readiness.core.model import Figures, Notice, Question
from readiness.core.profile_loading import load_profile
from readiness.devices.ports import DeviceError, Machine, Problem, Source
from readiness.settings import places
from tests.gui.scripted import GOOD_LOOP, Script, ScriptedSpeaker

PROFILE = load_profile("organisation", places().profiles)
HEARD = {**GOOD_LOOP, "loop_peak_db": 55.0}


@dataclasses.dataclass
class CountedSpeaker(ScriptedSpeaker):
    """Counts its loops and plays; `loop_error` is what a loop fails with."""

    loops: int = 0
    chimes: int = 0
    plays: int = 0
    loop_error: DeviceError | None = None

    async def play(self, device: str | None, *, on_fraction: Callable[[float], None]) -> Figures:
        self.plays += 1
        return await super().play(device, on_fraction=on_fraction)

    async def loop(self, device: str | None, microphone: Source, **rest: Any) -> Figures:
        self.loops += 1
        self.chimes += bool(rest.get("chime"))
        if self.loop_error is not None:
            raise self.loop_error
        return await super().loop(device, microphone, **rest)


class Person:
    """Answers, and remembers what was asked."""

    def __init__(self, answer: str | None = "heard") -> None:
        self.answer = answer
        self.asked: list[Question] = []

    async def ask(self, question: Question) -> str | None:
        self.asked.append(question)
        return self.answer


def context(script: Script, person: Person, **more: Any) -> Context[Machine]:
    notices: list[Notice] = []
    return Context(
        machine=script.machine,
        profile=PROFILE,
        profiles=(PROFILE,),
        ask=person.ask,
        tell=notices.append,
        **more,
    )


def measured(script: Script, person: Person, **more: Any) -> SpeakerEvidence:
    return asyncio.run(speaker.measure(context(script, person, **more)))


def codes(evidence: SpeakerEvidence) -> list[str]:
    return [finding.code for finding in speaker.judge(evidence, PROFILE)]


def test_where_the_microphone_heard_it_nobody_is_asked() -> None:
    person, own = Person(), CountedSpeaker(loop_figures=HEARD)
    evidence = measured(Script(speaker=own), person)
    assert person.asked == []
    assert (own.loops, own.chimes, own.plays) == (1, 1, 0)
    assert codes(evidence) == ["speaker.works"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [("heard", "works"), ("not_heard", "not_heard"), ("cannot_tell", "not_heard"), (None, "not_heard")],
)
def test_with_a_headset_that_is_said_and_the_person_decides(answer: str | None, code: str) -> None:
    person = Person(answer)
    evidence = measured(Script(speaker=CountedSpeaker()), person)
    assert person.asked == [DID_YOU_HEAR]
    assert "headset" in DID_YOU_HEAR.text.sv
    assert codes(evidence) == [f"speaker.{code}"]


def test_without_a_usable_microphone_the_sound_is_played_and_the_person_asked() -> None:
    person, own = Person(), CountedSpeaker(loop_error=DeviceError(Problem.ABSENT, "no microphone"))
    evidence = measured(Script(speaker=own), person)
    assert person.asked == [DID_YOU_HEAR_ALONE]
    assert (own.loops, own.plays, evidence.loop_problem) == (1, 1, "absent")
    assert codes(evidence) == ["speaker.works"]


def test_a_recording_in_place_of_the_microphone_hears_no_speaker() -> None:
    own = CountedSpeaker()
    measured(Script(speaker=own), Person(), options=Options(microphone_file=Path("voice.wav")))
    assert (own.loops, own.plays) == (0, 1)


@pytest.mark.parametrize(
    "off", [{"system_muted": True}, {"system_volume_percent": 0.0}, {"hardware_muted": True}]
)
def test_a_speaker_that_the_system_has_off_is_not_asked_about(off: dict[str, object]) -> None:
    person = Person()
    own = CountedSpeaker(loop_figures={**GOOD_LOOP, **off})
    assert codes(measured(Script(speaker=own), person)) == ["speaker.muted_by_system"]
    assert person.asked == []


def test_a_speaker_that_fails_is_told() -> None:
    own = CountedSpeaker(error=DeviceError(Problem.IN_USE, "mpv"))
    (finding,) = speaker.judge(measured(Script(speaker=own), Person()), PROFILE)
    assert (finding.code, finding.arguments["detail"]) == ("speaker.in_use", "mpv")


def unattended(script: Script) -> tuple[Any, SpeakerEvidence]:
    options = Options(unattended=True)

    async def both() -> tuple[Any, SpeakerEvidence]:
        first = await microphone.measure(context(script, Person(), options=options))
        earlier = {"microphone": first}
        return first, await speaker.measure(context(script, Person(), options=options, earlier=earlier))

    return asyncio.run(both())


def test_unattended_one_loop_serves_both_checks() -> None:
    own = CountedSpeaker(loop_figures=HEARD)
    heard, evidence = unattended(Script(speaker=own))
    assert (own.loops, own.plays, own.chimes) == (1, 0, 0)
    assert evidence == heard.loop
    assert evidence.loop_peak_db == heard.loop_peak_db == 55.0
    assert codes(evidence) == ["speaker.works"]


def test_a_loop_that_failed_for_the_microphone_is_not_handed_on() -> None:
    own = CountedSpeaker(loop_error=DeviceError(Problem.REMOVED, "gone"))
    heard, evidence = unattended(Script(speaker=own))
    assert heard.loop is None
    assert evidence.loop_problem == "removed"
    assert own.plays == 1


def test_guided_the_earlier_evidence_is_not_used_in_place_of_a_new_test() -> None:
    own = CountedSpeaker(loop_figures=HEARD)
    earlier = {"microphone": microphone.MicrophoneEvidence(loop=SpeakerEvidence(played=True))}
    measured(Script(speaker=own), Person(), earlier=earlier)
    assert own.loops == 1
