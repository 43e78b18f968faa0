"""The first page asks for a new test after changes, and a whole test settles it."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path

from pytestqt.qtbot import QtBot

from readiness.core.inventory import Change, ChangeKind, Inventory
from readiness.core.model import Verdict
from readiness.core.text import Text
from readiness.gui.parts import CHANGED, KeptRuns, reminder
from readiness.gui.supplies import Parts
from readiness.submission.history import History
from readiness.submission.known_states import KnownStates
from readiness.submission.outbox import Outbox
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import Script, loads
from tests.submission.samples import a_report

NOW = Inventory(system="Debian 12", drivers={"snd": "6.2"})
NEWER = Change(
    kind=ChangeKind.DRIVER, text=Text(sv="Drivrutinen snd är nu 6.2.", en="The driver snd is now 6.2.")
)


def test_what_was_asked_by_itself_is_said_on_the_first_page(open_window: OpenWindow, qtbot: QtBot) -> None:
    async def load() -> Parts:
        return dataclasses.replace(await loads(Script())(), reminder=CHANGED)

    window = open_window(load=load)
    qtbot.waitUntil(lambda: window.start.notice.isVisible(), timeout=10_000)
    assert window.start.notice.words.text() == CHANGED.sv
    window.header.buttons["en"].click()
    assert window.start.notice.words.text() == CHANGED.en
    window.start.begin_button.click()
    assert not window.start.notice.isVisible()


def test_the_reminder_says_what_has_changed(tmp_path: Path) -> None:
    states = KnownStates(tmp_path)
    assert reminder(states) is None
    states.ask((), "2026-01-01T00:00:00Z")
    assert reminder(states) is None, "who never tested sees the button"
    states.ask((NEWER,) * 6, "2026-01-01T00:00:00Z")
    said = reminder(states)
    assert said is not None
    assert said.en == f"{CHANGED.en}{' The driver snd is now 6.2.' * 4}"


def test_a_whole_run_settles_it_and_a_part_does_not(tmp_path: Path) -> None:
    states = KnownStates(tmp_path)
    states.ask((NEWER,), "2026-01-01T00:00:00Z")
    runs = KeptRuns(History(tmp_path / "history", Outbox(tmp_path / "outbox")), states, lambda: NOW)
    part = a_report()
    assert part.rating.partial
    asyncio.run(runs.add(part))
    assert states.asked() is not None
    whole = dataclasses.replace(
        part, rating=dataclasses.replace(part.rating, partial=False, overall=Verdict.LIMITED)
    )
    asyncio.run(runs.add(whole))
    assert states.asked() is None
    assert [(state.inventory, state.overall) for state in states.states()] == [(NOW, Verdict.LIMITED)]
