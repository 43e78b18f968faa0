"""Text at 200 %, and text 40 % longer: nothing is cut, nothing needs scrolling sideways."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from PySide6.QtCore import QPropertyAnimation, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from readiness.core.text import LANGUAGES, Language, Text
from readiness.gui.widgets.basic import Mark
from readiness.gui.window import Window
from tests.gui.conftest import OpenWindow
from tests.gui.test_accessible import PAGES, opened, turn_to

SMALL_SCREEN = (1024, 768)
SETTLES = 3000
FILLER = " och lite till som gör den längre" * 20


@pytest.mark.parametrize("page", PAGES)
def test_text_twice_as_large_loses_nothing(page: str, open_window: OpenWindow, qtbot: QtBot) -> None:
    window = opened(page, open_window)
    window.resize(*SMALL_SCREEN)
    for _ in range(10):
        window.header.larger.click()
    assert window.look.scale == 2.0
    turn_to(page, window, qtbot)
    for language in LANGUAGES:
        window.header.buttons[language].click()
        _fits(window, qtbot)


@pytest.mark.parametrize("page", PAGES)
def test_text_forty_percent_longer_is_shown_whole(
    page: str, open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    say = Text.say

    def longer(text: Text, language: Language, arguments: Mapping[str, object] | None = None) -> str:
        said = say(text, language, arguments)
        return said + FILLER[: round(len(said) * 0.4)]

    monkeypatch.setattr(Text, "say", longer)
    window = opened(page, open_window)
    window.resize(*SMALL_SCREEN)
    turn_to(page, window, qtbot)
    _fits(window, qtbot)


def test_the_keyboard_makes_text_larger_and_smaller(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    before = window.start.begin_button.height()
    for key, scale in ((Qt.Key.Key_Plus, 1.25), (Qt.Key.Key_Plus, 1.5), (Qt.Key.Key_Minus, 1.25)):
        qtbot.keyClick(window.focusWidget(), key, Qt.KeyboardModifier.ControlModifier)
        assert window.look.scale == scale
    assert window.start.begin_button.height() >= before
    assert "125 %" in window.header.larger.accessibleName()
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert window.look.scale == 1.0


def test_nothing_in_the_window_moves_by_itself(open_window: OpenWindow, qtbot: QtBot) -> None:
    """Reduced motion for everybody: there is no animation to turn off."""
    window = open_window()
    turn_to("result", window, qtbot)
    assert window.findChildren(QPropertyAnimation) == []


def _fits(window: Window, qtbot: QtBot) -> None:
    area = window.pages.currentWidget().findChild(QScrollArea)

    def settled() -> None:  # a layout settles when the loop has turned a few times, or never
        assert _cut(window) == []

    qtbot.wait(1)
    qtbot.waitUntil(settled, timeout=SETTLES)
    assert area.horizontalScrollBar().maximum() == 0
    assert (window.width(), window.height()) == SMALL_SCREEN


def _cut(window: Window) -> list[str]:
    """The texts in sight that have not got the room they need."""
    return [
        widget.text()
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and isinstance(widget, QLabel | QAbstractButton) and _is_cut(widget)
    ]


def _is_cut(widget: QLabel | QAbstractButton) -> bool:
    text = widget.text()
    if not text or isinstance(widget, Mark):
        return False
    if not isinstance(widget, QLabel):
        slack = 2 if isinstance(widget, QCheckBox) else 0
        needed = widget.sizeHint()
        return needed.width() > widget.width() + slack or needed.height() > widget.height() + slack
    if not widget.wordWrap():
        return widget.sizeHint().width() > widget.width()
    room = QRect(0, 0, widget.contentsRect().width(), 10_000)
    needed_rect = widget.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, text)
    return needed_rect.height() > widget.height() + 2
