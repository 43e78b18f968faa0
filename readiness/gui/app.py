"""The window assembled: settings, this computer, the profiles, the session and the pages."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from readiness import __version__
from readiness.core.check import Options
from readiness.core.model import Verdict
from readiness.core.text import Text
from readiness.gui.arguments import Wish
from readiness.gui.garbage import GarbageTimer
from readiness.gui.immortal import keep_true_alive
from readiness.gui.look import Look, scale_of, system_palette
from readiness.gui.outcome import Labels
from readiness.gui.session import Session
from readiness.gui.single import OnlyOne
from readiness.gui.tokens import BRAND
from readiness.gui.window import NOTHING_CHOSEN, Window
from readiness.settings import APP, Chosen, Loaded, Places, Settings, keep_chosen, read_chosen
from readiness.settings.sources import Rank

if TYPE_CHECKING:
    from readiness.gui.supplies import Parts

PLAIN = Wish()
_ABOVE_THE_CHOICE = (Rank.POLICY, Rank.COMMAND, Rank.ENVIRONMENT)
_END_MS = 900
"""Closing the window ends the program within a second, whatever a driver is doing."""


def run_window(
    settings: Settings,
    options: Options,
    where: Places,
    wish: Wish = PLAIN,
    problem: Text | None = None,
    loaded: Loaded | None = None,
) -> int:
    """Open the window and return its exit status when it is closed.

    Where one is open already it comes forward, is given the link from support, and this one ends.
    `problem` is what the window opens in spite of, and says. `loaded` tells where the settings come from.
    """
    make_application()
    chosen = read_chosen(where.chosen_file)
    if chosen.language and not _language_is_given(wish, loaded):
        settings = dataclasses.replace(settings, language=chosen.language)
    only = OnlyOne(where.data)
    if only.hand_over(wish.link or ""):
        return 0
    options = dataclasses.replace(
        options,
        camera=options.camera or settings.camera,
        microphone=options.microphone or settings.microphone,
        speaker=options.speaker or settings.speaker,
        collector_url=options.collector_url or settings.collector_url,
    )
    enrolment = None
    if options.collector_url:
        from readiness.enrolling import enrolment_of

        enrolment = enrolment_of(options.collector_url, settings, where)
        options = dataclasses.replace(options, collector_token=enrolment.checked)

    async def load() -> Parts:
        from readiness.gui.parts import load_parts

        return await load_parts(settings, options, where, enrolment)

    def shown(window: Window) -> None:
        window.chose.connect(lambda choice: keep_chosen(where.chosen_file, choice))
        only.called.connect(window.call)
        if loaded is not None:
            window.show_settings(loaded)
        if wish.link:
            window.follow(wish.link)
        if wish.watch:
            window.watching.open()
        if problem is not None:
            window.start.notice.say(problem, Verdict.LIMITED)

    try:
        return open_window(load, settings, options, where, shown, wish, chosen)
    finally:
        only.close()


def _language_is_given(wish: Wish, loaded: Loaded | None) -> bool:
    """By whoever stands above what the person chose last time in the window."""
    origin = loaded.origins.get("language") if loaded is not None else None
    return wish.language is not None or (origin is not None and origin.rank in _ABOVE_THE_CHOICE)


def open_window(
    load: Callable[[], Awaitable[Parts]],
    settings: Settings,
    options: Options,
    where: Places,
    on_shown: Callable[[Window], None] | None = None,
    wish: Wish = PLAIN,
    chosen: Chosen = NOTHING_CHOSEN,
) -> int:
    """Open the window on the parts that `load` gives, and stay until it is closed."""
    application = make_application()
    window = make_window(load, settings, options, where, wish, chosen)
    session = window.session
    application.setWindowIcon(QIcon(window.look.picture("logo", BRAND, 256)))
    garbage = GarbageTimer()
    session.ready.connect(garbage.spare_what_is_loaded)
    session.run_ended.connect(garbage.give_back)
    session.closed.connect(application.quit, Qt.ConnectionType.QueuedConnection)
    window.ended.connect(session.close)
    window.ended.connect(lambda: QTimer.singleShot(_END_MS, application.quit))
    window.show()
    # What is heavy is loaded when the first picture of the window has been painted.
    QTimer.singleShot(0, session.start)
    if on_shown is not None:
        QTimer.singleShot(0, lambda: on_shown(window))
    status = application.exec()
    session.join(0.05)
    garbage.stop()
    return status


def make_application() -> QApplication:
    """The one application object of this process."""
    keep_true_alive()
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    application = QApplication(sys.argv[:1])
    application.setApplicationName(APP)
    application.setApplicationVersion(__version__)
    application.setDesktopFileName(APP)
    application.setStyle("Fusion")
    application.setQuitOnLastWindowClosed(False)
    return application


def make_window(
    load: Callable[[], Awaitable[Parts]],
    settings: Settings,
    options: Options,
    where: Places,
    wish: Wish = PLAIN,
    chosen: Chosen = NOTHING_CHOSEN,
) -> Window:
    """A window with a session of its own, neither shown nor started."""
    ticked = frozenset(
        name
        for name, sends in (
            ("user_name", settings.send_user_name),
            ("wifi_name", settings.send_wifi_name),
            ("serial_number", settings.send_serial_number),
        )
        if sends
    )
    look = Look(
        language=settings.language,
        palette=system_palette(),
        icons=where.resources / "icons",
        scale=scale_of(chosen.text_percent),
    )
    window = Window(
        Session(load),
        look,
        options,
        ticked=ticked,
        labels=Labels(case=wish.case, asset_tag=wish.asset_tag, unit=wish.unit),
        technician=wish.technician,
        chosen=chosen,
    )
    hints = QApplication.styleHints()
    hints.colorSchemeChanged.connect(window.follow_system)
    hints.accessibility().contrastPreferenceChanged.connect(window.follow_system)
    return window
