"""Handing out: test, sign, file under the asset tag, and on to the next computer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from readiness.core.model import Verdict
from readiness.core.text import Text
from readiness.gui.failures import not_saved
from readiness.gui.flows.sending import WhereToSave
from readiness.gui.handout_list import as_csv
from readiness.gui.outcome import Filed, Ready
from readiness.gui.pages.handout import LIST_SAVED, HandoutPage
from readiness.gui.pages.result import ResultPage
from readiness.gui.session import Session
from readiness.gui.stage import Stage
from readiness.gui.visit import Visit
from readiness.submission.files import write_where_asked
from readiness.submission.handouts import Handout

LIST_NAME = Text(sv="signerade-datorer.csv", en="computers-signed-for.csv")
LIST_TITLE = Text(sv="Spara listan", en="Save the list")
LIST_FORMAT = Text(sv="Tabell (*.csv)", en="Table (*.csv)")


class HandingOut(QObject):
    """All its slots run on the window's thread."""

    def __init__(
        self,
        stage: Stage,
        session: Session,
        visit: Visit,
        pages: tuple[HandoutPage, ResultPage],
        where_to_save: WhereToSave,
    ) -> None:
        super().__init__(stage)
        self._stage, self._session, self._visit = stage, session, visit
        self._page, self._result = pages
        self._where_to_save = where_to_save
        self._handouts: tuple[Handout, ...] = ()
        self._page.labelled.connect(self._relabel)
        self._page.list_saved.connect(self._save_list)
        self._result.send_wanted.connect(self._sign)
        session.ready.connect(self._on_ready)
        session.handouts_read.connect(self._on_handouts)
        session.filed.connect(self._on_filed)
        self._relabel()

    @Slot()
    def _relabel(self) -> None:
        self._visit.labels = self._page.labels

    @Slot()
    def _sign(self) -> None:
        if self._visit.outcome is not None and not self._visit.running:
            self._result.send_button.setEnabled(False)
            self._session.file(self._visit.labels, self._page.signed_by)

    @Slot()
    def _save_list(self) -> None:
        say = self._stage.say
        window: QWidget = self._stage.window()
        file = self._where_to_save(window, say(LIST_TITLE), say(LIST_NAME), say(LIST_FORMAT))
        if file is not None:
            self._write_list(file)

    def _write_list(self, file: Path) -> None:
        stations = self._visit.ready.stations if self._visit.ready else ()
        titles = {station.id: station.title for station in stations}
        try:
            write_where_asked(file, as_csv(self._handouts, titles, self._stage.look.language))
        except OSError as error:
            self._page.show_failure(not_saved(file, error))
        else:
            self._page.notice.say(LIST_SAVED, Verdict.READY, file=str(file))

    @Slot(object)
    def _on_ready(self, _ready: Ready) -> None:
        self._session.read_handouts()

    @Slot(object)
    def _on_handouts(self, handouts: tuple[Handout, ...]) -> None:
        self._handouts = handouts
        self._page.show_handouts(handouts)

    @Slot(object)
    def _on_filed(self, filed: Filed) -> None:
        self._on_handouts((filed.handout, *self._handouts))
        self._page.next(filed.handout, waits=filed.waits)
        self._stage.turn_to(self._page)
        self._stage.announce(self._page.notice.words.text())
