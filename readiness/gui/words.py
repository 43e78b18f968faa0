"""The words that more than one page uses: verdicts, endings, activities, and who does what."""

from __future__ import annotations

from collections.abc import Sequence

from readiness.core.model import Action, Activity, Ending, Finding, Owner, Verdict, severity
from readiness.core.text import Text
from readiness.gui.look import Look
from readiness.gui.outcome import Ended

PRODUCT = Text(sv="Mötesklar", en="Mötesklar")

VERDICT = {
    Verdict.READY: Text(sv="Fungerar", en="Works"),
    Verdict.LIMITED: Text(sv="Kan bli bättre", en="Could be better"),
    Verdict.NOT_READY: Text(sv="Fungerar inte än", en="Does not work yet"),
    Verdict.UNKNOWN: Text(sv="Vet inte", en="Not known"),
}
"""What one test, one activity or one service is, in a few words."""

OVERALL = {
    Verdict.READY: Text(sv="Du är redo för möten", en="You are ready for meetings"),
    Verdict.LIMITED: Text(
        sv="Du kan vara med, men det kan bli bättre", en="You can take part, but it could be better"
    ),
    Verdict.NOT_READY: Text(sv="Datorn är inte redo än", en="This computer is not ready yet"),
    Verdict.UNKNOWN: Text(sv="Vi vet inte säkert än", en="We do not know for sure yet"),
}

OVERALL_MORE = {
    Verdict.READY: Text(
        sv="Kamera, ljud och uppkoppling räcker för ett möte.",
        en="Camera, sound and connection are good enough for a meeting.",
    ),
    Verdict.LIMITED: Text(
        sv="Allt som behövs finns, men något är svagare än det borde vara.",
        en="All that is needed is there, but something is weaker than it should be.",
    ),
    Verdict.NOT_READY: Text(
        sv="Något som behövs i ett möte fungerar inte. Här står vad du kan göra.",
        en="Something that a meeting needs does not work. Here is what you can do.",
    ),
    Verdict.UNKNOWN: Text(
        sv="Något test blev inte klart, så vi kan inte lova något än.",
        en="A test did not finish, so we cannot promise anything yet.",
    ),
}

ENDING = {
    Ending.COMPLETED: Text(sv="Klart", en="Done"),
    Ending.SKIPPED: Text(sv="Hoppades över", en="Skipped"),
    Ending.TIMED_OUT: Text(sv="Hann inte klart", en="Did not finish in time"),
    Ending.CANCELLED: Text(sv="Avbröts", en="Stopped"),
    Ending.CRASHED: Text(sv="Testet gick sönder", en="The test broke down"),
}

UNFINISHED = {
    Ending.SKIPPED: Text(sv="Testet ”{check}” hoppades över.", en="The test “{check}” was skipped."),
    Ending.TIMED_OUT: Text(
        sv="Testet ”{check}” hann inte klart.", en="The test “{check}” did not finish in time."
    ),
    Ending.CANCELLED: Text(sv="Testet ”{check}” avbröts.", en="The test “{check}” was stopped."),
    Ending.CRASHED: Text(sv="Testet ”{check}” gick sönder.", en="The test “{check}” broke down."),
}

UNFINISHED_MORE = {
    Ending.SKIPPED: Text(sv="Det gick inte att göra här.", en="It could not be done here."),
    Ending.TIMED_OUT: Text(
        sv="Det tog för lång tid. Ibland hjälper det att koppla ur och in sladden och testa igen.",
        en="It took too long. Sometimes it helps to unplug the cable, plug it in and test again.",
    ),
    Ending.CANCELLED: Text(sv="Testa igen när du vill.", en="Test again whenever you like."),
    Ending.CRASHED: Text(
        sv="Det är ett fel i programmet, inte hos dig. Testa igen. Skicka rapporten till IT om det händer igen.",
        en="That is a fault in the program, not yours. Test again. Send IT the report if it happens again.",
    ),
}

ACTIVITY = {
    Activity.LISTEN: Text(sv="Lyssna och titta", en="Listen and watch"),
    Activity.TALK: Text(sv="Prata", en="Talk"),
    Activity.BE_SEEN: Text(sv="Synas", en="Be seen"),
    Activity.SHARE_SCREEN: Text(sv="Dela skärmen", en="Share the screen"),
}

OWNER = {
    Owner.YOU: Text(sv="Det här kan du göra själv", en="You can do this yourself"),
    Owner.IT: Text(sv="Det här hjälper IT till med", en="IT helps with this"),
    Owner.BUY: Text(
        sv="Något behöver köpas in. Skicka rapporten till IT.",
        en="Something must be bought. Send the report to IT.",
    ),
}

ACTION = {
    Action.RUN_AGAIN: Text(sv="Testa igen", en="Test again"),
    Action.CHOOSE_DEVICE: Text(sv="Välj enhet", en="Choose device"),
    Action.OPEN_CAMERA_PRIVACY: Text(sv="Öppna inställningar för kamera", en="Open camera settings"),
    Action.OPEN_MICROPHONE_PRIVACY: Text(
        sv="Öppna inställningar för mikrofon", en="Open microphone settings"
    ),
    Action.OPEN_SOUND_SETTINGS: Text(sv="Öppna inställningar för ljud", en="Open sound settings"),
    Action.OPEN_NETWORK_SETTINGS: Text(sv="Öppna inställningar för nätverk", en="Open network settings"),
    Action.OPEN_POWER_SETTINGS: Text(sv="Öppna inställningar för ström", en="Open power settings"),
}

COMPUTER_FIELDS = {
    "host_name": Text(sv="Namn", en="Name"),
    "model": Text(sv="Modell", en="Model"),
    "system": Text(sv="Operativsystem", en="Operating system"),
    "drivers": Text(sv="Drivrutiner", en="Drivers"),
    "network_kind": Text(sv="Typ av nätverk", en="Kind of network"),
    "asset_tag": Text(sv="Inventarienummer", en="Asset tag"),
    "unit": Text(sv="Enhet", en="Unit"),
    "case": Text(sv="Ärende", en="Case"),
    "device_id": Text(sv="Programmets id", en="The program's id"),
}
"""What a report says of the computer, in the order people read it."""

ALL_GOOD = Text(sv="Testet fann inga fel.", en="The test found nothing wrong.")


def state_of(ended: Ended) -> Text:
    """What a check came to, or how it ended."""
    return VERDICT[ended.verdict] if ended.result.ending is Ending.COMPLETED else ENDING[ended.result.ending]


def by_importance(findings: Sequence[Finding]) -> list[Finding]:
    """The findings with the heaviest verdict first."""
    return sorted(findings, key=lambda finding: -severity(finding.verdict))


def finding_said(look: Look, ended: Ended | None) -> str:
    """The weightiest finding of a check that has ended, in one sentence; empty where there is none."""
    if ended is None or ended.finding is None or ended.kind is None:
        return ""
    return ended.kind.title.say(look.language, dict(ended.finding.arguments))
