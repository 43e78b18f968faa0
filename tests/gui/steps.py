"""The steps that many tests of the window take."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from readiness.gui.window import Window

PATIENCE = 20_000
"""Milliseconds: a busy machine takes its time, and nothing is proved by haste."""


def until_page(qtbot: QtBot, window: Window, page: QWidget) -> None:
    qtbot.waitUntil(lambda: window.pages.currentWidget() is page, timeout=PATIENCE)


def answer(qtbot: QtBot, window: Window, choice: int = 0) -> None:
    """Answer the question where one is asked; a run may need none."""
    qtbot.waitUntil(
        lambda: bool(window.run.prompt.buttons) or window.pages.currentWidget() is window.result,
        timeout=PATIENCE,
    )
    if window.run.prompt.buttons:
        window.run.prompt.buttons[choice].click()


def run_to_the_end(qtbot: QtBot, window: Window, choice: int = 0) -> None:
    if window.pages.currentWidget() is window.start:
        window.start.begin_button.click()
    answer(qtbot, window, choice)
    until_page(qtbot, window, window.result)


def texts(widget: QWidget) -> list[str]:
    return [shown.text() for shown in widget.findChildren(QLabel) if shown.text()]
