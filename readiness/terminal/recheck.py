"""`readiness recheck`: what has changed since the last test, found without opening anything, and asking for a new one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from readiness import __version__, in_force
from readiness.checks.connection import CHECK as CONNECTION
from readiness.core.check import Context, Options
from readiness.core.inventory import Change, Inventory, least_changes
from readiness.core.model import Finished, Result, Verdict
from readiness.core.rating import verdict_of
from readiness.core.runner import run, utc_now
from readiness.core.text import Language, Text
from readiness.devices.inventory import take
from readiness.devices.ports import DeviceKind, Machine
from readiness.devices.system.notifying import notify
from readiness.devices.unopened import unopened_machine
from readiness.enrolling import enrolment_of
from readiness.settings import Places, Settings
from readiness.submission.known_states import KnownStates, State
from readiness.terminal import output

TITLE = Text(sv="Testa datorn inför möten", en="Test the computer before meetings")
NEVER = Text(
    sv="Datorn har inte testats än. Öppna Mötesklar och tryck på Starta testet.",
    en="The computer has not been tested yet. Open Mötesklar and press Start the test.",
)
CHANGED = Text(
    sv="Datorn har ändrats sedan förra testet. Öppna Mötesklar och testa igen.",
    en="The computer has changed since the last test. Open Mötesklar and test again.",
)
AS_TESTED = Text(
    sv="Datorn är som när den testades {when}. Resultatet var: {verdict}.",
    en="The computer is as when it was tested on {when}. The result was: {verdict}.",
)
LINE = Text(sv="Uppkopplingen nu: {verdict}.", en="The connection now: {verdict}.")
OFF = Text(sv="Påminnelser är avstängda i inställningarna.", en="Reminders are turned off in the settings.")
NOT_KEPT = Text(
    sv="Det gick inte att spara på disken ({reason}). Frigör utrymme och försök igen.",
    en="It could not be kept on the disk ({reason}). Free some space and try again.",
)
NOTHING_OPENED = Text(
    sv="Kamera, mikrofon och högtalare öppnades inte.", en="Camera, microphone and speaker were not opened."
)
_DEVICES = {
    DeviceKind.CAMERA: Text(sv="Kameror", en="Cameras"),
    DeviceKind.MICROPHONE: Text(sv="Mikrofoner", en="Microphones"),
    DeviceKind.SPEAKER: Text(sv="Högtalare", en="Speakers"),
}
_NONE, _NOT_LISTED = Text(sv="inga", en="none"), Text(sv="kunde inte listas", en="could not be listed")
_DENIED = Text(sv="program får inte använda dem", en="programs may not use them")


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What one look found. `changes` None: the computer was never tested. `last` is its latest test."""

    inventory: Inventory
    changes: tuple[Change, ...] | None
    line: Verdict
    last: State | None
    asked_now: bool = False

    @property
    def asks(self) -> bool:
        """Whether the person is asked to test."""
        return self.changes is None or bool(self.changes)


async def look(
    settings: Settings,
    where: Places,
    *,
    machine: Machine | None = None,
    inventory: Callable[[], Inventory] = take,
) -> Looked:
    """List what there is, try the connection, and note whether the person has to test. Raises ProfileError, OSError."""
    tested = KnownStates(where.data)
    now, line = await asyncio.gather(
        asyncio.to_thread(inventory), _connection(settings, where, machine or unopened_machine())
    )
    states = tested.states()
    found = least_changes([state.inventory for state in states], now)
    asked_now = False
    if found == ():
        await asyncio.to_thread(tested.settle)
    else:
        asked_now = await asyncio.to_thread(tested.ask, found or (), utc_now())
    same = next((state for state in states if state.inventory == now), None)
    last = same or (states[-1] if states else None)
    return Looked(inventory=now, changes=found, line=line, last=last, asked_now=asked_now)


def ask_person(looked: Looked, language: Language) -> bool:
    """A notice on the desktop, once for the same changes."""
    if not looked.asks or not looked.asked_now:
        return False
    return notify(TITLE.say(language), (NEVER if looked.changes is None else CHANGED).say(language))


def show(looked: Looked, language: Language) -> None:
    """In words: what there is, what has changed, and what to do."""
    lines = []
    for kind, title in _DEVICES.items():
        names = looked.inventory.devices.get(kind.value)
        said = _NOT_LISTED.say(language) if names is None else ", ".join(names) or _NONE.say(language)
        denied = f" ({_DENIED.say(language)})" if kind.value in looked.inventory.denied else ""
        lines.append(f"{title.say(language)}: {said}{denied}")
    lines.append(LINE.say(language, {"verdict": output.VERDICTS[looked.line][0]}))
    lines += [f"  {change.text.say(language)}" for change in looked.changes or ()]
    if looked.changes is None:
        lines.append(NEVER.say(language))
    elif looked.changes:
        lines.append(CHANGED.say(language))
    elif looked.last is not None:
        arguments = {
            "when": looked.last.tested_utc[:10],
            "verdict": output.VERDICTS[looked.last.overall][0],
        }
        lines.append(AS_TESTED.say(language, arguments))
    output.say("\n".join([*lines, NOTHING_OPENED.say(language)]))


def summary(looked: Looked) -> str:
    """One line for management tools: kinds and counts, no names of persons, computers or devices."""
    state = "never_tested" if looked.changes is None else "changed" if looked.changes else "as_tested"
    parts = [f"Motesklar {__version__}", f"state={state}"]
    if looked.changes:
        kinds = [change.kind.value for change in looked.changes]
        parts.append("changes=" + ",".join(f"{kind}:{kinds.count(kind)}" for kind in dict.fromkeys(kinds)))
    if looked.last is not None:
        parts += [f"tested={looked.last.tested_utc[:10]}", f"result={looked.last.overall.value}"]
    counts = {kind.value: looked.inventory.devices.get(kind.value) for kind in _DEVICES}
    parts += [f"{kind}s={'unknown' if names is None else len(names)}" for kind, names in counts.items()]
    if looked.inventory.denied:
        parts.append(f"denied={','.join(sorted(looked.inventory.denied))}")
    return " ".join([*parts, f"connection={looked.line.value}"])


def document(looked: Looked) -> dict[str, Any]:
    """The same as JSON values, the names of devices with them."""
    return {
        "asks": looked.asks,
        "changes": None
        if looked.changes is None
        else [
            {"kind": change.kind.value, "sv": change.text.sv, "en": change.text.en}
            for change in looked.changes
        ],
        "devices": {kind: list(names) for kind, names in looked.inventory.devices.items()},
        "denied": dict(looked.inventory.denied),
        "connection": looked.line.value,
        "tested_utc": looked.last.tested_utc if looked.last else None,
        "result": looked.last.overall.value if looked.last else None,
    }


def is_issue(looked: Looked) -> bool:
    """For management tools: never tested, changed, or found not ready; or no connection now."""
    overall = looked.last.overall if looked.last else Verdict.UNKNOWN
    bad = (Verdict.NOT_READY, Verdict.UNKNOWN)
    return looked.asks or overall in bad or looked.line is Verdict.NOT_READY


async def _connection(settings: Settings, where: Places, machine: Machine) -> Verdict:
    profiles = in_force.kept(settings, where).profiles
    url = settings.collector_url
    enrolment = None if url is None else enrolment_of(url, settings, where)
    options = Options(
        collector_url=settings.collector_url,
        collector_token=enrolment.checked if enrolment is not None and await enrolment.possible() else None,
        turn_user=settings.turn_user,
        turn_password=settings.turn_password,
        unattended=True,
    )
    context = Context(machine=machine, profile=profiles[0], profiles=profiles, options=options)
    results: list[Result] = [
        event.result
        async for event in run([CONNECTION], context, asyncio.Event())
        if isinstance(event, Finished)
    ]
    return verdict_of(results[0]) if results else Verdict.UNKNOWN
