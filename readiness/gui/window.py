"""The window: a header, and one page at a time. It connects the pages with the session."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QCloseEvent,
    QGuiApplication,
    QKeyEvent,
)
from PySide6.QtWidgets import QFileDialog, QScrollArea, QStackedWidget, QWidget

from readiness.core.check import Options
from readiness.core.model import Action, Notice, Report, Result, Verdict
from readiness.core.text import Language, Text
from readiness.devices.ports import Device, DeviceKind
from readiness.gui import actions, words
from readiness.gui.look import Look, system_palette
from readiness.gui.outcome import Letter, Outcome, Ready, Shipment
from readiness.gui.pages.receipt import ReceiptPage
from readiness.gui.pages.result import NO_PAGE, ResultPage
from readiness.gui.pages.result import STOPPED as STOPPED_AGAIN
from readiness.gui.pages.run import RunPage
from readiness.gui.pages.send import SendPage
from readiness.gui.pages.start import STOPPED, StartPage
from readiness.gui.session import Asked, Session
from readiness.gui.style import stylesheet
from readiness.gui.tokens import FIRST_WINDOW, SMALLEST_WINDOW
from readiness.gui.widgets.basic import column
from readiness.gui.widgets.header import Header

FILE_NAME = Text(sv="moteskoll-{date}.json", en="meeting-check-{date}.json")
SAVE_TITLE = Text(sv="Spara rapporten", en="Save the report")
MAIL_SUBJECT = Text(sv="Mötesklar: rapport från {host}", en="Mötesklar: report from {host}")
MAIL_BODY = Text(
    sv="Hej!\n\nResultat: {verdict}.\n\nBifoga rapporten som du sparade: {file}\n",
    en="Hello!\n\nResult: {verdict}.\n\nAttach the report that you saved: {file}\n",
)


Page = StartPage | RunPage | ResultPage | SendPage | ReceiptPage


def ask_for_file(window: QWidget, title: str, name: str) -> Path | None:
    """Where the person wants the report; None where they changed their mind."""
    chosen, _ = QFileDialog.getSaveFileName(window, title, name, "JSON (*.json)")
    return Path(chosen) if chosen else None


class Window(QWidget):
    """Shows the pages in turn. All its slots run on the window's thread."""

    ended = Signal()
    """The person closed the window."""

    def __init__(
        self,
        session: Session,
        look: Look,
        options: Options,
        *,
        ticked: frozenset[str] = frozenset(),
        where_to_save: Callable[[QWidget, str, str], Path | None] = ask_for_file,
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(*SMALLEST_WINDOW)
        self.session, self.look, self._options = session, look, options
        self.where_to_save = where_to_save
        self._ready: Ready | None = None
        self._outcome: Outcome | None = None
        self._shipped: Outcome | None = None
        self._wanted: str | None = None
        self._running = False
        self._report: Report | None = None
        self._mails = False
        self.header, self.pages = Header(), QStackedWidget()
        self.start, self.run, self.result = StartPage(), RunPage(), ResultPage()
        self.send, self.receipt = SendPage(ticked), ReceiptPage()
        self._order: tuple[Page, ...] = (
            self.start,
            self.run,
            self.result,
            self.send,
            self.receipt,
        )
        whole = column(self, gap=0)
        whole.addWidget(self.header)
        whole.addWidget(self.pages, 1)
        for page in self._order:
            self.pages.addWidget(page)
        self._connect_pages()
        self._connect_session()
        self.put_on(look)
        room = QGuiApplication.primaryScreen().availableGeometry()
        self.resize(min(FIRST_WINDOW[0], room.width()), min(FIRST_WINDOW[1], room.height() - 40))
        self.start.arrive()

    def put_on(self, look: Look) -> None:
        """Language and theme, everywhere."""
        repaint = look.palette is not self.look.palette or not self.styleSheet()
        self.look = look
        if repaint:
            self.setStyleSheet(stylesheet(look.palette, look.icons))
        self.setWindowTitle(look.say(words.PRODUCT))
        self.header.put_on(look)
        for page in self._order:
            page.put_on(look)
        if self.focusWidget() is None:  # what had the keyboard was written anew
            self._order[self.pages.currentIndex()].arrive()

    @Slot(str)
    def change_language(self, language: Language) -> None:
        """The person chose another language."""
        self.put_on(dataclasses.replace(self.look, language=language))

    @Slot()
    def follow_system(self) -> None:
        """The system went light or dark."""
        self.put_on(dataclasses.replace(self.look, palette=system_palette()))

    def show_failure(self, text: Text) -> None:
        """Something could not be done: said on the page in sight, which works again."""
        if self.pages.currentWidget() is self.send:
            self.send.show_failure(text)
        elif self.pages.currentWidget() is self.receipt:
            self.receipt.show_failure(text)
        else:
            self._running = False
            self.start.notice.say(text, Verdict.NOT_READY)
            self._turn_to(self.start)
        self._announce(self.look.say(text))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Gone at once; what runs is stopped behind it."""
        event.accept()
        self.hide()
        self.ended.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page Up and Page Down scroll; Escape stops a run, or goes back."""
        page = self.pages.currentWidget()
        area = page.findChild(QScrollArea) if page is not None else None
        bar = area.verticalScrollBar() if area is not None else None
        if bar is not None and event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            step = bar.pageStep() if event.key() == Qt.Key.Key_PageDown else -bar.pageStep()
            bar.setValue(bar.value() + step)
        elif event.key() == Qt.Key.Key_Escape and self.pages.currentWidget() is self.run:
            self.run.cancel_button.click()
        elif event.key() == Qt.Key.Key_Escape and self.pages.currentWidget() is self.send:
            self.send.back_button.click()
        else:
            super().keyPressEvent(event)

    def _connect_pages(self) -> None:
        self.header.language_chosen.connect(self.change_language)
        self.start.begin.connect(self._begin)
        self.start.devices_wanted.connect(self.session.list_devices)
        self.run.cancelled.connect(self.session.cancel)
        self.run.answered.connect(self._answer)
        self.run.spoke.connect(self._announce)
        self.result.repeated.connect(self._repeat)
        self.result.all_again.connect(self._begin)
        self.result.send_wanted.connect(self._write_letter)
        self.result.acted.connect(self._act)
        self.send.back.connect(self._back_to_result)
        self.send.sent.connect(self._send)
        self.send.saved.connect(self._save)
        self.send.mailed.connect(self._mail)
        self.receipt.again.connect(self._send_again)
        self.receipt.saved.connect(self._save_sent)
        self.receipt.back.connect(self._back_to_result)
        self.receipt.done.connect(self.close)

    def _connect_session(self) -> None:
        session = self.session
        session.ready.connect(self._on_ready)
        session.failed.connect(self.show_failure)
        session.remarked.connect(self._on_remark)
        session.devices_found.connect(self._on_devices)
        session.backlog_changed.connect(self.start.show_backlog)
        session.check_started.connect(self.run.begin)
        session.check_progressed.connect(self._on_progress)
        session.check_finished.connect(self._on_finished)
        session.asked.connect(self._on_asked)
        session.question_over.connect(self.run.forget)
        session.run_ended.connect(self._on_outcome)
        session.letter_written.connect(self._on_letter)
        session.shipped.connect(self._on_shipment)
        session.saved.connect(self._on_saved)

    # From the pages

    @Slot()
    def _begin(self) -> None:
        self._run(None)

    @Slot(str)
    def _repeat(self, check_id: str) -> None:
        self._run(check_id)

    def _run(self, only: str | None) -> None:
        if self._running:
            return
        self._running, self._wanted = True, only
        self.start.notice.silence()
        self._prepare_run()
        self._turn_to(self.run)
        self.session.run(self.start.devices.chosen(self._options), only)

    def _prepare_run(self) -> None:
        stations = self._ready.stations if self._ready else ()
        self.run.prepare(tuple(s for s in stations if self._wanted is None or s.id == self._wanted))

    @Slot(int, str)
    def _answer(self, number: int, choice: str) -> None:
        self.run.forget(number)
        self.session.answer(number, choice)

    @Slot(object, str)
    def _act(self, action: Action, check_id: str) -> None:
        if action is Action.RUN_AGAIN:
            self._run(check_id)
        elif action is Action.CHOOSE_DEVICE:
            self.start.unfold_devices()
            self._turn_to(self.start)
            if check_id in (kind.value for kind in DeviceKind):
                self.start.devices.boxes[DeviceKind(check_id)].setFocus()
        elif not actions.open_settings(action):
            self.result.notice.say(NO_PAGE)

    @Slot()
    def _write_letter(self) -> None:
        if self._outcome is not None and self._shipped is self._outcome:
            self._turn_to(self.receipt)  # it has gone already, or is kept and waits
        elif self._outcome is not None and self._ready is not None:
            self.send.prepare(self._outcome, self._ready.stations, self._ready.has_collector)
            self._turn_to(self.send)
            self.session.write_letter()

    @Slot()
    def _back_to_result(self) -> None:
        self._turn_to(self.result)

    @Slot(object)
    def _send(self, report: Report) -> None:
        self._report = report
        self.session.send(report)

    @Slot()
    def _send_again(self) -> None:
        if self._report is not None:
            self.session.send(self._report)

    @Slot()
    def _save_sent(self) -> None:
        if self._report is not None:
            self._save(self._report)

    @Slot(object)
    def _save(self, report: Report) -> bool:
        name = self.look.say(FILE_NAME, date=report.created_utc[:10])
        file = self.where_to_save(self, self.look.say(SAVE_TITLE), name)
        if file is None:
            return False
        self._report = report
        self.session.save(report, file)
        return True

    @Slot(object)
    def _mail(self, report: Report) -> None:
        # A mail program takes no attachment from outside: the file is saved, the message names it.
        self._mails = True
        self._mails = self._save(report)

    # From the session

    @Slot(object)
    def _on_ready(self, ready: Ready) -> None:
        self._ready = ready
        self.start.show_ready(ready)
        if self._running and not self.run.stations:
            self._prepare_run()

    @Slot(object)
    def _on_remark(self, text: Text) -> None:
        self.start.notice.say(text)

    @Slot(object)
    def _on_devices(self, found: Mapping[DeviceKind, Sequence[Device]]) -> None:
        self.start.show_devices(found, self._options)

    @Slot(str, object)
    def _on_progress(self, check_id: str, notice: Notice) -> None:
        self.run.show_notice(check_id, notice)

    @Slot(object, object)
    def _on_finished(self, result: Result, verdict: Verdict) -> None:
        self.run.end(result, verdict)
        if station := self.run.stations.get(result.check_id):
            self._announce(station.accessibleName())

    @Slot(object)
    def _on_asked(self, asked: Asked) -> None:
        self.run.ask(asked.number, asked.question)

    @Slot(object)
    def _on_outcome(self, outcome: Outcome) -> None:
        self._running = False
        if outcome.stopped and self._wanted is None:
            self.start.notice.say(STOPPED, Verdict.UNKNOWN)
            self._turn_to(self.start)
            self._announce(self.look.say(STOPPED))
            return
        self._outcome = outcome
        if self._ready is not None:
            self.result.show_outcome(outcome, self._ready.stations, self._ready.has_collector)
        if outcome.stopped:
            self.result.notice.say(STOPPED_AGAIN, Verdict.UNKNOWN)
        self._turn_to(self.result)
        self._announce(self.result.said)

    @Slot(object)
    def _on_letter(self, letter: Letter) -> None:
        self.send.show_letter(letter, self._ready.units if self._ready else ())

    @Slot(object)
    def _on_shipment(self, shipment: Shipment) -> None:
        self._shipped = self._outcome
        self.receipt.show_shipment(shipment)
        self._turn_to(self.receipt)
        self._announce(self.receipt.said)

    @Slot(object)
    def _on_saved(self, file: Path) -> None:
        self.send.show_saved(file)
        if self._mails and self._report is not None and self._outcome is not None:
            helpdesk = self._ready.helpdesk if self._ready else {}
            verdict = self.look.say(words.OVERALL[self._outcome.rating.overall])
            actions.write_mail(
                helpdesk.get("email", ""),
                self.look.say(MAIL_SUBJECT, host=self._report.computer.host_name),
                self.look.say(MAIL_BODY, verdict=verdict, file=str(file)),
            )
        self._mails = False

    def _turn_to(self, page: Page) -> None:
        self.pages.setCurrentWidget(page)
        page.arrive()

    @Slot(str)
    def _announce(self, words_now: str) -> None:
        """Tell those who listen instead of looking what has changed."""
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words_now))
