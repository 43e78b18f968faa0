from __future__ import annotations

import threading

import pytest
from pytestqt.qtbot import QtBot

from readiness.core.check import Options
from readiness.core.model import Notice
from readiness.gui.outcome import Outcome
from readiness.gui.session import Asked, Session
from tests.gui.scripted import Script, ScriptedCamera, ScriptedPost, frame, loads

PATIENCE = 10_000


def test_events_come_as_signals_on_the_windows_thread(qtbot: QtBot) -> None:
    session = Session(loads(Script()))
    heard: list[tuple[str, threading.Thread]] = []
    session.check_started.connect(lambda check_id: heard.append((check_id, threading.current_thread())))
    session.asked.connect(lambda asked: session.answer(asked.number, asked.question.choices[0].id))
    session.start()
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE) as ended:
        session.run(Options())
    _end(session, qtbot)
    outcome = ended.args[0]
    assert isinstance(outcome, Outcome)
    assert {check_id for check_id, _ in heard} == {check.id for check in Script().checks()}
    assert {thread for _, thread in heard} == {threading.main_thread()}


def test_notices_are_joined_while_the_window_is_busy(qtbot: QtBot) -> None:
    session = Session(loads(Script()))
    told: list[tuple[str, Notice]] = []
    session.check_progressed.connect(lambda check_id, notice: told.append((check_id, notice)))

    def flood() -> None:
        for number in range(200):
            session._put("camera", Notice(fraction=number / 200, frame=frame(number, 8, 8)))
            session._put("microphone", Notice(level_dbfs=-float(number)))
        session._put("camera", Notice(fraction=1.0))

    thread = threading.Thread(target=flood)
    thread.start()
    thread.join()  # the window's thread was busy all this time
    qtbot.waitUntil(lambda: len(told) == 2, timeout=PATIENCE)
    notices = dict(told)
    assert notices["camera"].fraction == 1.0
    assert notices["camera"].frame == frame(199, 8, 8)
    assert notices["microphone"].level_dbfs == -199.0
    session.close()


def test_an_answer_to_a_question_that_is_over_changes_nothing(qtbot: QtBot) -> None:
    session = Session(loads(Script()))
    asked: list[Asked] = []
    session.asked.connect(asked.append)
    session.start()
    session.run(Options())
    qtbot.waitUntil(lambda: bool(asked), timeout=PATIENCE)
    with qtbot.waitSignals([session.question_over, session.run_ended], timeout=PATIENCE):
        session.cancel()
    session.answer(asked[0].number, "heard")
    session.answer(999, "heard")
    _end(session, qtbot)


@pytest.mark.parametrize("running", [False, True])
def test_closing_ends_the_thread_whatever_goes_on(running: bool, qtbot: QtBot) -> None:
    script = Script(camera=ScriptedCamera(hangs=True))
    session = Session(loads(script, ScriptedPost()))
    frames: list[str] = []
    session.check_progressed.connect(lambda check_id, _notice: frames.append(check_id))
    with qtbot.waitSignal(session.ready, timeout=PATIENCE):
        session.start()
    if running:
        session.run(Options())
        qtbot.waitUntil(lambda: "camera" in frames, timeout=PATIENCE)
    with qtbot.waitSignal(session.closed, timeout=PATIENCE):
        session.close()
    assert session.join(PATIENCE / 1000)
    assert script.closed
    session.run(Options())  # after the end commands are passed over
    session.cancel()
    session.close()


def test_closing_before_all_is_loaded_ends_it_too(qtbot: QtBot) -> None:
    import asyncio

    async def load() -> object:
        await asyncio.Event().wait()
        return None

    session = Session(load)
    session.start()
    with qtbot.waitSignal(session.closed, timeout=1000):
        session.close()
    assert session.join(1.0)


def _end(session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.closed, timeout=1000):
        session.close()
    assert session.join(1.0)
