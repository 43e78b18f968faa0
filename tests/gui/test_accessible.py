from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from readiness.core.text import LANGUAGES, Language, Text
from readiness.devices.ports import DeviceError, Problem
from readiness.gui.arguments import Wish
from readiness.gui.tokens import SMALLEST_WINDOW
from readiness.gui.widgets.basic import Mark
from readiness.gui.widgets.preview import Preview
from readiness.gui.widgets.timeline import TimelineBand
from readiness.gui.window import Window
from readiness.settings import load, places
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import BAD_MORNING, Script, ScriptedCamera, ScriptedLine, ScriptedPost

PATIENCE = 10_000
PAGES = (
    *("start", "devices", "run", "question", "result", "details", "send", "receipt", "history", "changes"),
    *("handout", "settings", "watch"),
)
NAMES_FROM_OUTSIDE = ("anna.berg", "Högtalare (Realtek)", "Mikrofonuppsättning", "Svenska")


@pytest.mark.parametrize("page", PAGES)
def test_every_control_has_a_name_and_is_reached_by_tab(
    page: str, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = opened(page, open_window)
    turn_to(page, window, qtbot)
    controls = [found for found in _walk(QAccessible.queryAccessibleInterface(window)) if _is_control(found)]
    assert controls
    for control in controls:
        widget = control.object()
        assert control.text(QAccessible.Text.Name).strip(), f"nameless: {widget} on {page}"
    wanted = {widget for widget in _in_sight(window) if _takes_tab(widget)}
    reached = set()
    for _ in range(len(wanted) * 3 + 5):
        focused = window.focusWidget()
        assert focused is not None
        reached.add(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    # Of a group of choices Qt stops at the one that is chosen; arrows lead to the others.
    missed = {widget for widget in wanted - reached if widget not in window.header.buttons.values()}
    assert not missed, f"not reached by Tab on {page}: {[w.accessibleName() for w in missed]}"


ROLES = {
    QAbstractButton: (QAccessible.Role.Button, QAccessible.Role.CheckBox),
    QComboBox: (QAccessible.Role.ComboBox,),
    QLineEdit: (QAccessible.Role.EditableText,),
    QPlainTextEdit: (QAccessible.Role.EditableText,),
    QProgressBar: (QAccessible.Role.ProgressBar,),
    QLabel: (QAccessible.Role.StaticText, QAccessible.Role.Graphic),
}


@pytest.mark.parametrize("page", ["run", "devices", "details", "send", "receipt", "handout", "watch"])
def test_screen_readers_are_told_what_everything_is_and_how_it_stands(
    page: str, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = opened(page, open_window)
    turn_to(page, window, qtbot)
    found = [*_walk(QAccessible.queryAccessibleInterface(window))]
    for interface in found:
        widget = interface.object()
        for kind, roles in ROLES.items():
            if isinstance(widget, kind) and widget.isVisible():
                assert interface.role() in roles, f"{widget} is told as {interface.role()}"
        if isinstance(widget, QAbstractButton):
            state = interface.state()
            assert bool(state.checkable) == widget.isCheckable()
            assert bool(state.checked) == widget.isChecked()
            assert bool(state.disabled) == (not widget.isEnabled())
    described = [
        interface.text(QAccessible.Text.Description)
        for interface in found
        if isinstance(interface.object(), Preview | TimelineBand) and interface.object().isVisible()
    ]
    assert all(described)
    assert bool(described) == (page in ("run", "watch"))


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_left_in_the_other_language(
    page: str, open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that is said in one language is noted; none of it may be in sight in the other."""
    noted: dict[Language, set[str]] = {language: set() for language in LANGUAGES}
    say = Text.say

    def noting(text: Text, language: Language, arguments: Mapping[str, object] | None = None) -> str:
        said = say(text, language, arguments)
        noted[language].add(said)
        return said

    monkeypatch.setattr(Text, "say", noting)
    window = opened(page, open_window)
    turn_to(page, window, qtbot)
    shown: dict[Language, set[str]] = {}
    for language in LANGUAGES:
        window.header.buttons[language].click()
        qtbot.wait(1)  # what was written anew is gone when the loop has turned
        shown[language] = {text for text in _said(window) if text}
    for language, other in (("sv", "en"), ("en", "sv")):
        assert shown[language] & noted[language]
        foreign = shown[language] & (noted[other] - noted[language])
        assert not foreign, f"{other} on {page} in {language}: {foreign}"
    swedish = {text for text in shown["en"] if set(text.lower()) & set("åäö") and text != "Mötesklar"}
    swedish -= {text for text in swedish if any(name in text for name in NAMES_FROM_OUTSIDE)}
    assert not swedish


@pytest.mark.parametrize("page", PAGES)
def test_the_smallest_window_needs_no_scrolling_sideways(
    page: str, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = opened(page, open_window)
    window.resize(*SMALLEST_WINDOW)
    turn_to(page, window, qtbot)
    for language in LANGUAGES:
        window.header.buttons[language].click()
        area = window.pages.currentWidget().findChild(QScrollArea)
        qtbot.waitUntil(lambda area=area: area.horizontalScrollBar().maximum() == 0, timeout=PATIENCE)
    assert (window.width(), window.height()) == SMALLEST_WINDOW


def test_a_run_of_many_tests_is_calm(open_window: OpenWindow, qtbot: QtBot) -> None:
    """Eight stations on a screen of 1024x768: all in sight, and nothing moves while they run."""
    script = Script()
    real = script.checks()
    more = tuple(
        dataclasses.replace(
            real[-1], id=f"further_{number}", title=Text(sv=f"Mer {number}", en=f"More {number}")
        )
        for number in range(8 - len(real))
    )
    script.checks = lambda: (*real, *more)
    window = open_window(script)
    window.resize(1024, 730)
    qtbot.waitUntil(lambda: window.visit.ready is not None, timeout=PATIENCE)
    window.start.begin_button.click()
    qtbot.waitUntil(lambda: window.run.preview.has_picture, timeout=PATIENCE)
    assert len(window.run.stations) == 8
    area = window.run.findChild(QScrollArea)
    places: set[tuple[tuple[int, int], ...]] = set()

    def look() -> bool:
        places.add(
            tuple(
                (station.mapTo(window, QPoint()).y(), station.height())
                for station in window.run.stations.values()
            )
        )
        return bool(window.run.prompt.buttons)

    qtbot.waitUntil(look, timeout=PATIENCE)
    look()
    assert len(places) == 1, "the stations moved"
    lowest = max(
        station.mapTo(window, station.rect().bottomLeft()).y() for station in window.run.stations.values()
    )
    assert lowest <= area.mapTo(window, area.rect().bottomLeft()).y(), "a station is out of sight"


def test_nothing_moves_when_a_page_becomes_longer_than_the_window(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(_script())
    turn_to("start", window, qtbot)
    area, button = window.start.findChild(QScrollArea), window.start.begin_button
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() == 0, timeout=PATIENCE)
    before = button.mapTo(window, QPoint(0, 0)).x()
    window.start.unfold_devices()
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0, timeout=PATIENCE)
    qtbot.wait(1)
    assert button.mapTo(window, QPoint(0, 0)).x() == before


def test_state_is_told_in_words_and_shape_as_well_as_colour(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(_script())
    turn_to("result", window, qtbot)
    rows = window.result.rows
    assert rows["camera"].state == "Fungerar inte än"
    assert rows["microphone"].state == "Fungerar"
    shapes = [
        rows[check_id].findChildren(Mark)[1].pixmap().toImage().convertToFormat(QImage.Format.Format_Alpha8)
        for check_id in ("camera", "microphone")
    ]
    assert not shapes[0].isNull()
    assert shapes[0] != shapes[1]


def opened(page: str, open_window: OpenWindow) -> Window:
    wish = Wish(technician=True, asset_tag="K-1") if page == "handout" else None
    return open_window(_script(), ScriptedPost(), wish=wish)


def _script() -> Script:
    return Script(
        camera=ScriptedCamera(error=DeviceError(Problem.ABSENT)), line=ScriptedLine(pieces=BAD_MORNING)
    )


def turn_to(page: str, window: Window, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.start.devices.boxes["camera"].count() == 3, timeout=PATIENCE)
    if page == "watch":
        window.watching.open()
        window.watch.start_button.click()
        qtbot.waitUntil(lambda: len(window.watching.watched.pieces) == len(BAD_MORNING), timeout=PATIENCE)
        return
    if page in ("devices", "handout"):
        window.start.unfold_devices()
    if page == "settings":
        window.show_settings(load(places(), {"READINESS_PROFILE": "teams"}, above={"unit": 7}))
        window.start.settings_button.click()
    if page in ("start", "devices", "handout", "settings"):
        return
    if page == "run":
        window.start.begin_button.click()
        return
    window.start.begin_button.click()
    qtbot.waitUntil(lambda: bool(window.run.prompt.buttons), timeout=PATIENCE)
    if page == "question":
        return
    window.run.prompt.buttons[0].click()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.result, timeout=PATIENCE)
    if page == "details":
        for row in window.result.rows.values():
            row.details_button.click()
    if page in ("result", "details"):
        return
    window.result.send_button.click()
    qtbot.waitUntil(window.send.send_button.isEnabled, timeout=PATIENCE)
    window.send.exactly_button.click()
    if page == "send":
        return
    window.send.send_button.click()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.receipt, timeout=PATIENCE)
    if page == "receipt":
        return
    window.receipt.back_button.click()
    window.result.again_button.click()
    qtbot.waitUntil(lambda: bool(window.run.prompt.buttons), timeout=PATIENCE)
    window.run.prompt.buttons[1].click()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.result, timeout=PATIENCE)
    window.result.history_button.click()
    qtbot.waitUntil(lambda: len(window.history.boxes) == 2, timeout=PATIENCE)
    if page == "changes":
        window.history.compare_button.click()


def _walk(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield interface
    for index in range(interface.childCount()):
        child = interface.child(index)
        if child is not None and child.isValid():
            yield from _walk(child)


def _is_control(interface: QAccessibleInterface) -> bool:
    widget = interface.object()
    return (
        isinstance(widget, QWidget) and widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
    )


def _in_sight(window: Window) -> Iterator[QWidget]:
    for widget in window.findChildren(QWidget):
        if widget.isVisible():
            yield widget


def _takes_tab(widget: QWidget) -> bool:
    # A field inside a list of choices hands its focus to the list.
    return bool(
        widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and widget.window() is not widget
    )


def _said(window: Window) -> Iterator[str]:
    for widget in _in_sight(window):
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        yield widget.accessibleName()
        yield widget.accessibleDescription()
