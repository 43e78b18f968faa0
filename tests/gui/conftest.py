"""The window without a screen: set before Qt loads."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from readiness.core.check import Options
from readiness.core.text import Language
from readiness.gui.app import make_application, make_window
from readiness.gui.arguments import Wish
from readiness.gui.garbage import GarbageTimer
from readiness.gui.window import Window
from readiness.settings import Settings, places
from tests.gui.scripted import Script, ScriptedPost, loads

OpenWindow = Callable[..., Window]


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return make_application()


@pytest.fixture(autouse=True)
def garbage(qapp: QApplication) -> Iterator[None]:
    """As in the program: nothing of Qt's is destroyed in another thread than this one."""
    timer = GarbageTimer()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    timer.stop()


@pytest.fixture
def open_window(garbage: None, qtbot: QtBot) -> Iterator[OpenWindow]:
    """Opens windows on a script, started and shown; ends their sessions."""
    opened: list[Window] = []

    def open_(
        script: Script | None = None,
        post: ScriptedPost | None = None,
        *,
        language: Language = "sv",
        options: Options | None = None,
        load: Callable[[], object] | None = None,
        start: bool = True,
        wish: Wish | None = None,
    ) -> Window:
        window = make_window(
            load or loads(script or Script(), post),
            Settings(language=language),
            options or Options(),
            places(),
            wish or Wish(),
        )
        opened.append(window)
        window.show()
        window.activateWindow()
        qtbot.waitExposed(window)
        if start:
            window.session.start()
        return window

    yield open_
    for window in opened:
        window.close()
        window.session.close()
        assert window.session.join(2.0), "the session's thread did not end"
        window.deleteLater()
    opened.clear()
