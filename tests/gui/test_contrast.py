"""Contrast as it is on the screen: each text in sight beside the ground that it was painted on."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from readiness.gui.tokens import PALETTES
from readiness.gui.widgets.basic import Mark
from readiness.gui.window import Window
from tests.gui.conftest import OpenWindow
from tests.gui.test_accessible import PAGES, opened, turn_to
from tests.gui.test_tokens import contrast


@pytest.mark.parametrize("page", PAGES)
def test_every_text_in_sight_can_be_read_in_every_theme(
    page: str, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = opened(page, open_window)
    turn_to(page, window, qtbot)
    for palette in PALETTES:
        window.put_on(dataclasses.replace(window.look, palette=palette))
        # What was written anew is laid out when the loop has turned.
        qtbot.waitUntil(lambda: all(min(text.width(), text.height()) > 8 for text in _texts(window)))
        image = window.grab().toImage()
        shown = [*_texts(window)]
        assert shown
        for widget in shown:
            ground = _ground(image, window, widget)
            role = QPalette.ColorRole.WindowText
            if isinstance(widget, QAbstractButton):
                role = QPalette.ColorRole.ButtonText
            colour = widget.palette().color(role).name()
            told = f"{widget.text()!r} in {colour} on {ground} ({page}, {palette.name})"
            assert contrast(colour, ground) >= 4.5, told


def _texts(window: Window) -> Iterator[QLabel | QAbstractButton]:
    """The texts that are wholly in sight."""
    for widget in window.findChildren(QWidget):
        if isinstance(widget, QLabel | QAbstractButton) and not isinstance(widget, Mark):
            whole = widget.visibleRegion().boundingRect() == widget.rect()
            if widget.isVisible() and widget.text() and whole:
                yield widget


def _ground(image: QImage, window: Window, widget: QWidget) -> str:
    """The colour that most of the widget has: what its text stands on."""
    ratio = image.devicePixelRatio()
    corner = widget.mapTo(window, QPoint(0, 0))
    places = (
        (round((corner.x() + x) * ratio), round((corner.y() + y) * ratio))
        for x in range(1, widget.width() - 1, 2)
        for y in range(1, widget.height() - 1, 2)
    )
    colours = Counter(image.pixel(x, y) for x, y in places if image.valid(x, y))
    return f"#{colours.most_common(1)[0][0] & 0xFFFFFF:06x}"
