"""The speaker's findings: their words and their remedies."""

from __future__ import annotations

from readiness.checks.remedies import ASK_IT
from readiness.core.model import Action, Activity, FindingKind, Need, Owner, Remedy
from readiness.core.text import Text
from readiness.devices.ports import Problem

_LISTEN = (Activity.LISTEN,)

_AGAIN = Remedy(text=Text(sv="Gör testet igen.", en="Run the test again."), action=Action.RUN_AGAIN)
_CHOOSE = Remedy(text=Text(sv="Välj en annan högtalare.", en="Choose another speaker."), action=Action.CHOOSE_DEVICE)  # fmt: skip
_UNMUTE = Remedy(text=Text(sv="Slå på ljudet i datorn.", en="Turn the sound on in the computer."), action=Action.OPEN_SOUND_SETTINGS)  # fmt: skip
_TURN_UP = Remedy(text=Text(sv="Höj ljudet, både i datorn och på headsetet.", en="Turn up the sound, on the computer and on the headset."), action=Action.OPEN_SOUND_SETTINGS)  # fmt: skip
_REPLUG = Remedy(text=Text(sv="Dra ut sladden och sätt i den igen.", en="Unplug the cable and plug it in again."), action=Action.RUN_AGAIN)  # fmt: skip
_PLUG_IN = Remedy(text=Text(sv="Sätt i högtalaren eller headsetet.", en="Plug in the speaker or the headset."), action=Action.RUN_AGAIN)  # fmt: skip
_BALANCE = Remedy(text=Text(sv="Titta om balansen står mitt emellan vänster och höger.", en="See that the balance is in the middle between left and right."), action=Action.OPEN_SOUND_SETTINGS)  # fmt: skip
_LISTEN_YOURSELF = Remedy(text=Text(sv="Gör testet igen och lyssna själv.", en="Run the test again and listen yourself."), action=Action.RUN_AGAIN)  # fmt: skip
_HEADSET = Remedy(text=Text(sv="Be om ett headset av din chef eller av IT.", en="Ask your manager or IT for a headset."), owner=Owner.BUY)  # fmt: skip

ABSENT = FindingKind(
    code="speaker.absent",
    title=Text(sv="Datorn hittar ingen högtalare", en="The computer finds no speaker"),
    detail=Text(sv="Du kan inte höra de andra.", en="You cannot hear the others."),
    activities=_LISTEN, evidence=("problem",), need=Need.HEADSET,
    remedies=(
        Remedy(text=Text(sv="Sätt i headsetet, om du har ett. Gör sedan testet igen.", en="Plug in the headset, if you have one. Then run the test again."), action=Action.RUN_AGAIN),
        _HEADSET,
    ),
)  # fmt: skip
IN_USE = FindingKind(
    code="speaker.in_use",
    title=Text(sv="Ett annat program använder högtalaren", en="Another program is using the speaker"),
    detail=Text(sv="Systemet säger: {detail}.", en="The system says: {detail}."),
    activities=_LISTEN, evidence=("problem", "problem_detail"), need=Need.KNOWLEDGE,
    remedies=(Remedy(text=Text(sv="Stäng andra program som spelar ljud.", en="Close other programs that play sound."), action=Action.RUN_AGAIN), _CHOOSE),
)  # fmt: skip
DENIED = FindingKind(
    code="speaker.denied",
    title=Text(sv="Datorn släpper inte fram högtalaren", en="The computer does not let programs use the speaker"),
    detail=Text(sv="Då kan du inte höra de andra.", en="Then you cannot hear the others."),
    activities=_LISTEN, evidence=("problem", "problem_detail"), need=Need.PERMISSION, remedies=(ASK_IT,),
)  # fmt: skip
REMOVED = FindingKind(
    code="speaker.removed",
    title=Text(sv="Högtalaren försvann under testet", en="The speaker went away during the test"),
    detail=Text(sv="Testet hann inte bli klart.", en="The test could not finish."),
    activities=_LISTEN, evidence=("problem", "problem_detail"), remedies=(_REPLUG, ASK_IT),
)  # fmt: skip
HUNG = FindingKind(
    code="speaker.hung",
    title=Text(sv="Högtalaren svarar inte", en="The speaker does not answer"),
    detail=Text(sv="Vi vet inte om den fungerar.", en="We do not know whether it works."),
    activities=_LISTEN, evidence=("problem", "problem_detail"), remedies=(_REPLUG, _AGAIN, ASK_IT),
)  # fmt: skip
NO_BACKEND = FindingKind(
    code="speaker.no_backend",
    title=Text(sv="Den här datorn har inget ljudsystem som vi kan använda", en="This computer has no sound system we can use"),
    detail=Text(sv="Då kan inget program spela ljud.", en="Then no program can play sound."),
    activities=_LISTEN, evidence=("problem", "problem_detail"), need=Need.COMPUTER, remedies=(ASK_IT,),
)  # fmt: skip
FAILED = FindingKind(
    code="speaker.failed",
    title=Text(sv="Högtalaren gick inte att testa", en="The speaker could not be tested"),
    detail=Text(sv="Felet är: {detail}.", en="The error is: {detail}."),
    activities=_LISTEN, evidence=("problem", "problem_detail"), remedies=(_AGAIN, _REPLUG, ASK_IT),
)  # fmt: skip
MUTED_BY_SYSTEM = FindingKind(
    code="speaker.muted_by_system",
    title=Text(sv="Ljudet är avstängt i datorn", en="The sound is switched off in the computer"),
    detail=Text(sv="Det gäller {device}.", en="It is about {device}."),
    activities=_LISTEN, evidence=("system_muted", "system_volume_percent", "hardware_muted"), need=Need.KNOWLEDGE,
    remedies=(_UNMUTE, _CHOOSE),
)  # fmt: skip
REPLACED = FindingKind(
    code="speaker.replaced",
    title=Text(sv="Datorn bytte högtalare under testet", en="The computer changed speakers during the test"),
    detail=Text(sv="Nu används {detail}.", en="Now {detail} is used."),
    activities=_LISTEN, evidence=("problem", "problem_detail"), remedies=(_CHOOSE, _REPLUG, ASK_IT),
)  # fmt: skip
SILENT = FindingKind(
    code="speaker.silent",
    title=Text(sv="Högtalaren tar inte emot något ljud", en="The speaker takes no sound"),
    detail=Text(sv="Ljudet gick inte att spela.", en="The sound could not be played."),
    activities=_LISTEN, evidence=("played",), need=Need.HEADSET, remedies=(_REPLUG, _CHOOSE, _HEADSET),
)  # fmt: skip
NOT_HEARD = FindingKind(
    code="speaker.not_heard",
    title=Text(sv="Ingen har hört högtalaren", en="Nobody has heard the speaker"),
    detail=Text(sv="Ljudet spelades, men mikrofonen hörde det inte. Med headset är det så.", en="The sound was played, but the microphone did not hear it. With a headset that is normal."),
    activities=_LISTEN, evidence=("loop_peak_db", "loop_problem", "answer"), need=Need.KNOWLEDGE,
    remedies=(_TURN_UP, _CHOOSE, _LISTEN_YOURSELF, _REPLUG, _HEADSET),
)  # fmt: skip
NOT_PLUGGED_IN = FindingKind(
    code="speaker.not_plugged_in",
    title=Text(sv="Ingenting sitter i uttaget för ljud", en="Nothing is plugged into the socket for sound"),
    detail=Text(sv="Datorn spelar på {device}.", en="The computer plays on {device}."),
    activities=_LISTEN, evidence=("plugged_in", "device_name"), need=Need.KNOWLEDGE,
    remedies=(_PLUG_IN, _CHOOSE, _HEADSET),
)  # fmt: skip
ONE_SIDE = FindingKind(
    code="speaker.one_side",
    title=Text(sv="Ljudet kommer bara från ena sidan", en="The sound comes from one side only"),
    detail=Text(sv="Du hör ändå vad andra säger.", en="You still hear what others say."),
    activities=_LISTEN, evidence=("loop_left_gain_db", "loop_right_gain_db", "loop_side_difference_db"), need=Need.HEADSET,
    remedies=(_BALANCE, _REPLUG, _HEADSET),
)  # fmt: skip
LEAKS = FindingKind(
    code="speaker.leaks",
    title=Text(sv="Andra kan höra eko av sig själva", en="Others may hear an echo of themselves"),
    detail=Text(sv="Mikrofonen hör högtalaren starkt.", en="The microphone hears the speaker loudly."),
    activities=(Activity.TALK,), evidence=("loop_gain_db", "loop_delay_ms"), need=Need.HEADSET,
    remedies=(
        Remedy(text=Text(sv="Sänk högtalaren, eller använd ett headset.", en="Turn the speaker down, or use a headset."), action=Action.OPEN_SOUND_SETTINGS),
        _HEADSET,
    ),
)  # fmt: skip
WORKS = FindingKind(
    code="speaker.works",
    title=Text(sv="Högtalaren låter", en="The speaker sounds"),
    detail=Text(sv="Du kan höra vad andra säger.", en="You can hear what others say."),
    activities=_LISTEN, evidence=("answer", "loop_peak_db", "loop_gain_db", "loop_delay_ms"),
)  # fmt: skip

BY_PROBLEM = {
    Problem.ABSENT: ABSENT, Problem.IN_USE: IN_USE, Problem.DENIED: DENIED, Problem.REMOVED: REMOVED, Problem.REPLACED: REPLACED,
    Problem.HUNG: HUNG, Problem.NO_BACKEND: NO_BACKEND, Problem.FAILED: FAILED,
}  # fmt: skip

KINDS: tuple[FindingKind, ...] = (
    *BY_PROBLEM.values(), MUTED_BY_SYSTEM, NOT_PLUGGED_IN, SILENT, NOT_HEARD, ONE_SIDE, LEAKS, WORKS,
)  # fmt: skip
