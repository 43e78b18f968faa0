"""The window: a header, and one page at a time. The flows connect the pages with the session."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QWidget

from readiness.core.check import Options
from readiness.core.model import Verdict
from readiness.core.text import Language, Text
from readiness.gui import words
from readiness.gui.flows.handing_out import HandingOut
from readiness.gui.flows.looking_back import LookingBack
from readiness.gui.flows.sending import Sending, WhereToSave, ask_for_file
from readiness.gui.flows.testing import Testing
from readiness.gui.flows.watching import Watching
from readiness.gui.link import LinkError, read_link
from readiness.gui.look import Look, scale_of, system_palette
from readiness.gui.outcome import Labels
from readiness.gui.pages.changes import ChangesPage
from readiness.gui.pages.handout import HandoutPage
from readiness.gui.pages.history import HistoryPage
from readiness.gui.pages.receipt import ReceiptPage
from readiness.gui.pages.result import ResultPage
from readiness.gui.pages.run import RunPage
from readiness.gui.pages.send import SendPage
from readiness.gui.pages.settings import SettingsPage
from readiness.gui.pages.start import StartPage
from readiness.gui.pages.watch import WatchPage
from readiness.gui.session import Session
from readiness.gui.stage import Stage
from readiness.gui.style import stylesheet
from readiness.gui.tokens import FIRST_WINDOW, SCALES, SMALLEST_WINDOW
from readiness.gui.visit import Visit
from readiness.gui.widgets.basic import column
from readiness.gui.widgets.header import Header
from readiness.settings import Chosen, Loaded

NO_LABELS, NOTHING_CHOSEN = Labels(), Chosen()
SIZE_KEYS = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_0: 0}
INVITED = Text(
    sv="Supporten har bett dig göra testet. Ditt ärende är {case}.",
    en="Support has asked you to make the test. Your case is {case}.",
)
INVITED_TO_WATCH = Text(
    sv="Supporten har bett dig bevaka linjen. Ditt ärende är {case}.",
    en="Support has asked you to watch the line. Your case is {case}.",
)


class Window(QWidget):
    """Shows the pages in turn. All its slots run on the window's thread."""

    ended = Signal()
    """The person closed the window."""
    chose = Signal(object)
    """Chosen: the person chose another language or size, to be remembered."""

    def __init__(
        self,
        session: Session,
        look: Look,
        options: Options,
        *,
        ticked: frozenset[str] = frozenset(),
        labels: Labels = NO_LABELS,
        technician: bool = False,
        chosen: Chosen = NOTHING_CHOSEN,
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(*SMALLEST_WINDOW)
        self.session, self.look, self._chosen = session, look, chosen
        self.visit = Visit(options=options, labels=labels)
        self.where_to_save: WhereToSave = ask_for_file
        self.header = Header()
        self.start: StartPage | HandoutPage = HandoutPage(labels) if technician else StartPage()
        self.run, self.result = RunPage(), ResultPage(signs=technician)
        self.send, self.receipt = SendPage(ticked), ReceiptPage()
        self.history, self.changes, self.settings = HistoryPage(), ChangesPage(), SettingsPage()
        self.watch = WatchPage()
        more = (self.history, self.changes, self.settings, self.watch)
        self.pages = Stage(look, (self.start, self.run, self.result, self.send, self.receipt, *more))
        self.testing = Testing(self.pages, session, self.visit, (self.start, self.run, self.result))
        self.ending: Sending | HandingOut
        if isinstance(self.start, HandoutPage):
            self.ending = HandingOut(
                self.pages, session, self.visit, (self.start, self.result), self._ask_for_file
            )
        else:
            self.ending = Sending(
                self.pages,
                session,
                self.visit,
                (self.result, self.send, self.receipt),
                self._ask_for_file,
            )
        self.looking_back = LookingBack(
            self.pages, session, self.visit, (self.history, self.changes), self._ask_for_file
        )
        self.watching = Watching(self.pages, session, self.visit, self.watch, self._ask_for_file)
        self.history.watch_wanted.connect(self.watching.open)
        for page in (self.start, self.result):
            page.history_wanted.connect(self.looking_back.open)
        self.settings.back.connect(lambda: self.pages.turn_to(self.start))
        whole = column(self, gap=0)
        whole.addWidget(self.header)
        whole.addWidget(self.pages, 1)
        self.header.language_chosen.connect(self.change_language)
        self.header.size_wanted.connect(self.change_size)
        self.receipt.done.connect(self.close)
        session.failed.connect(self.show_failure)
        self.put_on(look)
        room = QGuiApplication.primaryScreen().availableGeometry()
        self.resize(min(FIRST_WINDOW[0], room.width()), min(FIRST_WINDOW[1], room.height() - 40))
        self.start.arrive()
        if labels.case:
            self.start.notice.say(INVITED, Verdict.UNKNOWN, case=labels.case)

    def show_settings(self, loaded: Loaded) -> None:
        """What is set and by whom can be looked at from the first page."""
        self.settings.show_settings(loaded)
        if isinstance(self.start, StartPage):
            self.start.settings_wanted.connect(lambda: self.pages.turn_to(self.settings))
            self.start.settings_button.show()

    def put_on(self, look: Look) -> None:
        """Language and theme, everywhere."""
        dressed = (self.look.palette, self.look.scale) if self.styleSheet() else None
        self.look = look
        if dressed != (look.palette, look.scale):
            self.setStyleSheet(stylesheet(look.palette, look.icons, look.scale))
        self.setWindowTitle(look.say(words.PRODUCT))
        self.header.put_on(look)
        self.pages.put_on(look)
        if self.focusWidget() is None:  # what had the keyboard was written anew
            self.pages.page.arrive()

    @Slot(str)
    def change_language(self, language: Language) -> None:
        """The person chose another language."""
        self.put_on(dataclasses.replace(self.look, language=language))
        self._choose(dataclasses.replace(self._chosen, language=language))

    @Slot(int)
    def change_size(self, steps: int) -> None:
        """Larger text, smaller, or (0) as the system has it."""
        place = SCALES.index(self.look.scale)
        scale = SCALES[max(0, min(len(SCALES) - 1, place + steps))]
        percent = round(100 * scale) if steps else None
        self.put_on(dataclasses.replace(self.look, scale=scale_of(percent)))
        self._choose(dataclasses.replace(self._chosen, text_percent=percent))

    def _choose(self, chosen: Chosen) -> None:
        if chosen != self._chosen:
            self._chosen = chosen
            self.chose.emit(chosen)

    @Slot()
    def follow_system(self) -> None:
        """The system went light or dark, or wants more contrast."""
        self.put_on(dataclasses.replace(self.look, palette=system_palette()))

    @Slot(object)
    def show_failure(self, text: Text) -> None:
        """Something could not be done: said on the page in sight, which works again."""
        if not self.pages.page.show_failure(text):
            self.testing.fail(text)
        self.pages.announce(self.look.say(text))

    @Slot(str)
    def call(self, link: str) -> None:
        """The program was started once more, perhaps by a link from support: this is the window to see."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        if link:
            self.follow(link)

    def follow(self, link: str) -> None:
        """Be ready to test for the case that a link from support names; a run that goes on is left alone."""
        try:
            invitation = read_link(link)
        except LinkError as error:
            self._invite(error.text, Verdict.LIMITED)
            return
        self.visit.labels = dataclasses.replace(self.visit.labels, case=invitation.case)
        if invitation.watches and not self.visit.running:
            self.watching.open()
            self.watch.notice.say(INVITED_TO_WATCH, Verdict.UNKNOWN, case=invitation.case)
            self.pages.announce(self.look.say(INVITED_TO_WATCH, case=invitation.case))
        else:
            self._invite(INVITED, Verdict.UNKNOWN, invitation.case)

    def _invite(self, text: Text, verdict: Verdict, case: str = "") -> None:
        self.start.notice.say(text, verdict, case=case)
        if not self.visit.running:
            self.pages.turn_to(self.start)
        self.pages.announce(self.look.say(text, case=case))

    def _ask_for_file(self, window: QWidget, title: str, name: str, formats: str) -> Path | None:
        return self.where_to_save(window, title, name, formats)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Gone at once; what runs is stopped behind it."""
        event.accept()
        self.hide()
        self.ended.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page Up and Page Down scroll; Escape stops a run, or goes back; Ctrl and + or - change the text."""
        key = event.key()
        if key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.pages.leaf(1 if key == Qt.Key.Key_PageDown else -1)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier and key in SIZE_KEYS:
            self.change_size(SIZE_KEYS[Qt.Key(key)])
        elif key == Qt.Key.Key_Escape:
            self.pages.page.escape()
        else:
            super().keyPressEvent(event)
