"""Looking back: the runs of this computer, and two of them compared."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Slot

from readiness.core.model import Report
from readiness.gui.flows.sending import FILE_NAME, FORMATS, SAVE_TITLE, WhereToSave
from readiness.gui.pages.changes import ChangesPage
from readiness.gui.pages.history import HistoryPage
from readiness.gui.pages.page import Page
from readiness.gui.session import Session
from readiness.gui.stage import Stage
from readiness.gui.visit import Visit


class LookingBack(QObject):
    """All its slots run on the window's thread."""

    def __init__(
        self,
        stage: Stage,
        session: Session,
        visit: Visit,
        pages: tuple[HistoryPage, ChangesPage],
        where_to_save: WhereToSave,
    ) -> None:
        super().__init__(stage)
        self._stage, self._session, self._visit = stage, session, visit
        self._where_to_save = where_to_save
        self._history, self._changes = pages
        self._from: Page | None = None
        self._history.back.connect(self._leave)
        self._history.compared.connect(self._compare)
        self._history.saved.connect(self._save)
        self._changes.back.connect(self._back_to_history)
        session.history_read.connect(self._on_history)
        session.saved.connect(self._on_saved)

    @Slot()
    def open(self) -> None:
        """Show the runs; `back` returns to the page in sight now."""
        self._from = self._stage.page
        self._history.prepare()
        self._stage.turn_to(self._history)
        self._session.read_history()

    @Slot()
    def _leave(self) -> None:
        if self._from is not None:
            self._stage.turn_to(self._from)

    @Slot(object, object)
    def _compare(self, before: Report, now: Report) -> None:
        ready = self._visit.ready
        titles = {station.id: station.title for station in ready.stations} if ready else {}
        self._changes.show_reports(before, now, titles, ready.limits if ready else ())
        self._stage.turn_to(self._changes)
        self._stage.announce(self._changes.said)

    @Slot()
    def _back_to_history(self) -> None:
        self._stage.turn_to(self._history)

    @Slot(object)
    def _save(self, report: Report) -> None:
        say = self._stage.say
        name = say(FILE_NAME, date=report.created_utc[:10])
        file = self._where_to_save(self._stage.window(), say(SAVE_TITLE), name, say(FORMATS))
        if file is not None:
            self._session.save(report, file, self._stage.look.language)

    @Slot(object)
    def _on_history(self, reports: tuple[Report, ...]) -> None:
        self._history.show_reports(reports)

    @Slot(object)
    def _on_saved(self, file: Path) -> None:
        self._history.show_saved(file)
