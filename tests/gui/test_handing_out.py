from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from readiness.core.model import Verdict
from readiness.core.text import Text
from readiness.gui.arguments import Wish
from readiness.gui.handout_list import as_csv
from readiness.gui.outcome import Shipment
from readiness.gui.pages.handout import HandoutPage
from readiness.gui.window import Window
from readiness.submission.handouts import Handout, Handouts
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import Script, ScriptedPost
from tests.gui.steps import PATIENCE, texts, until_page

TECHNICIAN = Wish(technician=True)


def _keys(qtbot: QtBot, window: Window, written: str) -> None:
    focused = window.focusWidget()
    assert focused is not None
    qtbot.keyClicks(focused, written)


def _press(qtbot: QtBot, window: Window, key: Qt.Key) -> None:
    focused = window.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, key)


def _test_one(qtbot: QtBot, window: Window) -> None:
    """From the filled-in form to the signature, by keyboard."""
    _press(qtbot, window, Qt.Key.Key_Return)
    until_page(qtbot, window, window.run)
    qtbot.waitUntil(
        lambda: bool(window.run.prompt.buttons) or window.pages.currentWidget() is window.result,
        timeout=PATIENCE,
    )
    if window.run.prompt.buttons:
        _press(qtbot, window, Qt.Key.Key_Return)
    until_page(qtbot, window, window.result)
    assert window.focusWidget() is window.result.send_button
    _press(qtbot, window, Qt.Key.Key_Return)
    until_page(qtbot, window, window.start)


def test_two_computers_by_keyboard_alone(open_window: OpenWindow, qtbot: QtBot) -> None:
    post, script = ScriptedPost(), Script()
    window = open_window(script, post, wish=Wish(technician=True, unit="Skolan"))
    page = window.start
    assert isinstance(page, HandoutPage)
    qtbot.waitUntil(lambda: window.visit.ready is not None, timeout=PATIENCE)
    _keys(qtbot, window, "K-1")
    _press(qtbot, window, Qt.Key.Key_Return)
    assert "namn" in page.notice.words.text()
    assert window.focusWidget() is page.name
    _keys(qtbot, window, "Maja")
    _test_one(qtbot, window)
    assert page.notice.words.text() == "K-1 är signerad. Nästa dator."
    assert window.focusWidget() is page.tag
    assert page.tag.text() == ""
    _keys(qtbot, window, "K-2")
    _test_one(qtbot, window)
    assert [(report.computer.asset_tag, report.computer.unit) for report in post.kept] == [
        ("K-1", "Skolan"),
        ("K-2", "Skolan"),
    ]
    assert all(report.computer.user_name is None for report in post.kept)
    signed = Handouts(script.folder / "handed-out.jsonl").newest()
    assert [(one.asset_tag, one.signed_by, one.receipt) for one in signed] == [
        ("K-2", "Maja", "K7M-4PQ2"),
        ("K-1", "Maja", "K7M-4PQ2"),
    ]
    assert set(signed[0].checks) == {check.id for check in script.checks()}
    shown = [line for line in texts(page) if "·" in line or ":" in line]
    assert "K-2 · Skolan" in shown
    assert any("Fungerar: " in text and "Kamera" in text for text in shown)


def test_without_the_network_the_report_waits_and_the_next_computer_can_be_tested(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    reason = Text(sv="IT:s server svarar inte.", en="IT's server does not answer.")
    post = ScriptedPost(answers=[Shipment(reason=reason)])
    window = open_window(post=post, wish=Wish(technician=True, asset_tag="K-1"))
    _keys(qtbot, window, "Maja")
    _test_one(qtbot, window)
    assert "väntar på nätet" in window.start.notice.words.text()
    assert len(post.kept) == 1


def test_a_signature_that_cannot_be_kept_is_told_and_can_be_tried_again(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(wish=Wish(technician=True, asset_tag="K-1"))
    _keys(qtbot, window, "Maja")

    def full(_self: Handouts, _handout: Handout) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Handouts, "add", full)
        _press(qtbot, window, Qt.Key.Key_Return)
        until_page(qtbot, window, window.run)
        qtbot.waitUntil(
            lambda: bool(window.run.prompt.buttons) or window.pages.currentWidget() is window.result,
            timeout=PATIENCE,
        )
        if window.run.prompt.buttons:
            _press(qtbot, window, Qt.Key.Key_Return)
        until_page(qtbot, window, window.result)
        _press(qtbot, window, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "No space left" in window.result.notice.words.text(), timeout=PATIENCE)
    window.result.send_button.click()
    until_page(qtbot, window, window.start)


def test_the_signed_list_is_saved_as_a_table(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    script = Script()
    Handouts(script.folder / "handed-out.jsonl").add(_handout("=1+1"))
    window = open_window(script, wish=TECHNICIAN)
    assert isinstance(window.start, HandoutPage)
    qtbot.waitUntil(window.start.save_button.isEnabled, timeout=PATIENCE)
    window.where_to_save = lambda *_: tmp_path / "list.csv"
    window.start.save_button.click()
    rows = (tmp_path / "list.csv").read_text("utf-8-sig").splitlines()
    assert rows[0].startswith("Signerad;Av;Inventarienummer")
    assert "'=1+1" in rows[1]
    window.where_to_save = lambda *_: tmp_path / "missing" / "list.csv"
    window.start.save_button.click()
    assert "kunde inte sparas" in window.start.notice.words.text()


def test_a_cell_is_never_a_formula() -> None:
    table = as_csv([_handout("@SUM(A1)"), _handout("-1;2")], {}, "en").decode("utf-8-sig")
    assert "'@SUM(A1)" in table
    assert '"\'-1;2"' in table


def test_damaged_lines_are_left_out(tmp_path: Path) -> None:
    handouts = Handouts(tmp_path / "list.jsonl")
    assert handouts.newest() == ()
    handouts.add(_handout("K-1"))
    with (tmp_path / "list.jsonl").open("ab") as file:
        file.write(b'{"asset_tag": "half\n\xff\xff\n[1]\n{"asset_tag": 3}\n')
    handouts.add(_handout("K-2"))
    assert [one.asset_tag for one in handouts.newest()] == ["K-2", "K-1"]


def _handout(tag: str) -> Handout:
    return Handout(
        signed_utc="2026-11-24T09:05:00Z",
        signed_by="Maja",
        asset_tag=tag,
        report_id="5f3c1f5e-97a4-4c8a-b0a1-0d9f6d6b8a11",
        overall=Verdict.READY,
        checks={"camera": Verdict.READY},
    )
