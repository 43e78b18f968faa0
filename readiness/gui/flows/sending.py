"""Sending: what will be sent, field by field; sent, saved or mailed; the receipt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from readiness.core.model import Report
from readiness.core.text import Text
from readiness.gui import actions, words
from readiness.gui.outcome import Letter, Outcome, Shipment
from readiness.gui.pages.receipt import ReceiptPage
from readiness.gui.pages.result import ResultPage
from readiness.gui.pages.send import SendPage
from readiness.gui.session import Session
from readiness.gui.stage import Stage
from readiness.gui.visit import Visit

FILE_NAME = Text(sv="moteskoll-{date}.json", en="meeting-check-{date}.json")
SAVE_TITLE = Text(sv="Spara rapporten", en="Save the report")
FORMATS = Text(
    sv="Fil för IT (*.json);;Dokument (*.pdf);;Bild (*.png)",
    en="File for IT (*.json);;Document (*.pdf);;Picture (*.png)",
)
MAIL_SUBJECT = Text(sv="Mötesklar: rapport från {host}", en="Mötesklar: report from {host}")
MAIL_BODY = Text(
    sv="Hej!\n\nResultat: {verdict}.\n\nBifoga rapporten som du sparade: {file}\n",
    en="Hello!\n\nResult: {verdict}.\n\nAttach the report that you saved: {file}\n",
)

WhereToSave = Callable[[QWidget, str, str, str], Path | None]


def ask_for_file(window: QWidget, title: str, name: str, formats: str) -> Path | None:
    """Where the person wants the report; None where they changed their mind."""
    chosen, wanted = QFileDialog.getSaveFileName(window, title, name, formats)
    if not chosen:
        return None
    ending = wanted.rpartition("*")[2].rstrip(")")
    file = Path(chosen)
    return file if file.suffix else file.with_suffix(ending)


class Sending(QObject):
    """All its slots run on the window's thread."""

    shipped = Signal(object)
    """Shipment."""

    def __init__(
        self,
        stage: Stage,
        session: Session,
        visit: Visit,
        pages: tuple[ResultPage, SendPage, ReceiptPage],
        where_to_save: WhereToSave,
    ) -> None:
        super().__init__(stage)
        self._stage, self._session, self._visit = stage, session, visit
        self._result, self._send_page, self._receipt = pages
        self._where_to_save = where_to_save
        self._shipped: Outcome | None = None
        self._report: Report | None = None
        self._mails = False
        self._result.send_wanted.connect(self._write_letter)
        self._send_page.back.connect(self._back_to_result)
        self._send_page.sent.connect(self._send)
        self._send_page.saved.connect(self._save)
        self._send_page.mailed.connect(self._mail)
        self._receipt.again.connect(self._send_again)
        self._receipt.saved.connect(self._save_sent)
        self._receipt.back.connect(self._back_to_result)
        session.letter_written.connect(self._on_letter)
        session.shipped.connect(self._on_shipment)
        session.saved.connect(self._on_saved)

    @Slot()
    def _write_letter(self) -> None:
        visit = self._visit
        if visit.outcome is not None and self._shipped is visit.outcome:
            self._stage.turn_to(self._receipt)  # it has gone already, or is kept and waits
        elif visit.outcome is not None and visit.ready is not None:
            self._send_page.prepare(visit.outcome, visit.ready.stations, visit.ready.has_collector)
            self._stage.turn_to(self._send_page)
            self._session.write_letter(visit.labels)

    @Slot()
    def _back_to_result(self) -> None:
        self._stage.turn_to(self._result)

    @Slot(object)
    def _send(self, report: Report) -> None:
        self._report = report
        self._session.send(report)

    @Slot()
    def _send_again(self) -> None:
        if self._report is not None:
            self._session.send(self._report)

    @Slot()
    def _save_sent(self) -> None:
        if self._report is not None:
            self._save(self._report)

    @Slot(object)
    def _save(self, report: Report) -> bool:
        say = self._stage.say
        name = say(FILE_NAME, date=report.created_utc[:10])
        file = self._where_to_save(self._stage.window(), say(SAVE_TITLE), name, say(FORMATS))
        if file is None:
            return False
        self._report = report
        self._session.save(report, file, self._stage.look.language)
        return True

    @Slot(object)
    def _mail(self, report: Report) -> None:
        # A mail program takes no attachment from outside: the file is saved, the message names it.
        self._mails = True
        self._mails = self._save(report)

    @Slot(object)
    def _on_letter(self, letter: Letter) -> None:
        self._send_page.show_letter(letter, self._visit.ready.units if self._visit.ready else ())

    @Slot(object)
    def _on_shipment(self, shipment: Shipment) -> None:
        self._shipped = self._visit.outcome
        self._receipt.show_shipment(shipment, self._visit.options.collector_url)
        self._stage.turn_to(self._receipt)
        self._stage.announce(self._receipt.said)
        self.shipped.emit(shipment)

    @Slot(object)
    def _on_saved(self, file: Path) -> None:
        self._send_page.show_saved(file)
        self._receipt.show_saved(file)
        outcome = self._visit.outcome
        if self._mails and self._report is not None and outcome is not None:
            say = self._stage.say
            helpdesk = self._visit.ready.helpdesk if self._visit.ready else None
            verdict = say(words.OVERALL[outcome.rating.overall])
            actions.write_mail(
                (helpdesk and helpdesk.mail) or "",
                say(MAIL_SUBJECT, host=self._report.computer.host_name),
                say(MAIL_BODY, verdict=verdict, file=str(file)),
            )
        self._mails = False
