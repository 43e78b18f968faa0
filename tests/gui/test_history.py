from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from readiness.gui.window import Window
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import GOOD_CAMERA, Script, ScriptedPost
from tests.gui.steps import PATIENCE, run_to_the_end, texts, until_page


def _run_twice(window: Window, script: Script, qtbot: QtBot) -> None:
    run_to_the_end(qtbot, window)
    qtbot.waitUntil(lambda: len(script.past.kept) == 1, timeout=PATIENCE)
    script.camera.figures = {**GOOD_CAMERA, "frame_rate_hz": 4.0}
    window.result.again_button.click()
    run_to_the_end(qtbot, window)
    qtbot.waitUntil(lambda: len(script.past.kept) == 2, timeout=PATIENCE)


def test_two_runs_are_compared(open_window: OpenWindow, qtbot: QtBot) -> None:
    script = Script()
    window = open_window(script)
    _run_twice(window, script, qtbot)
    window.result.history_button.click()
    qtbot.waitUntil(lambda: len(window.history.boxes) == 2, timeout=PATIENCE)
    assert all(box.isChecked() for box in window.history.boxes)
    assert window.focusWidget() is window.history.compare_button
    assert not window.history.save_button.isEnabled()
    window.history.compare_button.click()
    until_page(qtbot, window, window.changes)
    shown = texts(window.changes)
    assert "Kamera: Bilder per sekund" in shown
    assert "Sämre: 4\N{NO-BREAK SPACE}Hz" in shown
    window.changes.back_button.click()
    until_page(qtbot, window, window.history)
    window.history.back_button.click()
    until_page(qtbot, window, window.result)


def test_without_any_run_the_history_says_so_and_leads_back(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.start.history_button.click()
    qtbot.waitUntil(lambda: "Inget test" in window.history.empty.text(), timeout=PATIENCE)
    assert not window.history.compare_button.isEnabled()
    window.history.escape()
    until_page(qtbot, window, window.start)


def test_a_run_is_saved_as_a_document_and_as_a_picture(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    script = Script()
    window = open_window(script)
    _run_twice(window, script, qtbot)
    window.result.history_button.click()
    qtbot.waitUntil(lambda: len(window.history.boxes) == 2, timeout=PATIENCE)
    window.history.boxes[1].click()
    for ending in ("pdf", "png"):
        file = tmp_path / f"report.{ending}"
        window.where_to_save = lambda *_, file=file: file
        window.history.save_button.click()
        qtbot.waitUntil(lambda file=file: str(file) in window.history.notice.words.text(), timeout=PATIENCE)
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-1.")
    picture = QImage(str(tmp_path / "report.png"))
    assert picture.width() == 1800
    assert picture.height() > picture.width()
    colours = {picture.pixel(x, y) for x in range(0, 1800, 7) for y in range(0, 1200, 7)}
    assert len(colours) > 10, "nothing is drawn"


def test_a_document_that_cannot_be_written_is_told(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(post=ScriptedPost())
    run_to_the_end(qtbot, window)
    window.result.send_button.click()
    qtbot.waitUntil(window.send.save_button.isEnabled, timeout=PATIENCE)
    for ending in ("pdf", "png"):
        window.send.notice.silence()
        window.where_to_save = lambda *_, ending=ending: tmp_path / "missing" / f"report.{ending}"
        window.send.save_button.click()
        qtbot.waitUntil(lambda: "kunde inte sparas" in window.send.notice.words.text(), timeout=PATIENCE)
        qtbot.waitUntil(lambda: not window.send.notice.isHidden(), timeout=PATIENCE)
