"""The run: the camera's picture, the level, what to do now, and a station for each check."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from readiness.core.model import Notice, Question
from readiness.core.text import Text
from readiness.gui.look import Look
from readiness.gui.outcome import Ended, Station
from readiness.gui.pages.page import Page
from readiness.gui.tokens import SPACE_L, SPACE_S
from readiness.gui.widgets.basic import Button, card, column, label, sheet
from readiness.gui.widgets.meter import Meter
from readiness.gui.widgets.preview import Preview
from readiness.gui.widgets.prompt import WORKING, Prompt
from readiness.gui.widgets.reflow import Reflow
from readiness.gui.widgets.station import StationCard

TITLE = Text(sv="Vi testar din dator", en="We are testing your computer")
CANCEL = Text(sv="Avbryt", en="Stop")
CANCELLING = Text(sv="Avbryter …", en="Stopping …")

IN_ONE_COLUMN = 6
"""With more stations than that they stand in two columns, so that all are in sight."""
LEAST_CARD = 190


class RunPage(Page):
    """Shows what the session tells; knows nothing of how it is measured."""

    cancelled = Signal()
    answered = Signal(int, str)
    spoke = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._look: Look | None = None
        self._texts: dict[str, Text] = {}
        self.stations: dict[str, StationCard] = {}
        frame = sheet(self)
        self._title = label("title")
        self.prompt = Prompt()
        self.prompt.answered.connect(self.answered)
        self.prompt.spoke.connect(self.spoke)
        self.preview, self.meter = Preview(), Meter()

        frame.content.addWidget(self._title)
        frame.content.addWidget(self.prompt)
        frame.content.addSpacing(SPACE_S)
        halves = Reflow(most=2, least=340, gap=SPACE_L)
        seen = column(gap=SPACE_S)
        seen.addWidget(self.preview)
        self._heard = card()
        column(self._heard, margin=SPACE_S).addWidget(self.meter)
        seen.addWidget(self._heard)
        seen.addStretch(1)
        self._seen = QWidget()
        self._seen.setLayout(seen)
        self._list = Reflow(most=1, least=LEAST_CARD, gap=SPACE_S)
        right = QWidget()
        stacked = column(right)
        stacked.addWidget(self._list)
        stacked.addStretch(1)
        halves.add(self._seen, 9)
        halves.add(right, 11)
        frame.content.addWidget(halves)
        frame.content.addStretch(1)

        self.cancel_button = Button("secondary")
        self.cancel_button.clicked.connect(self._cancel)
        frame.actions.addStretch(1)
        frame.actions.addWidget(self.cancel_button)

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        self._title.setText(look.say(TITLE))
        self._write_cancel()
        self.prompt.put_on(look)
        self.preview.put_on(look)
        self.meter.put_on(look)
        for station in self.stations.values():
            station.put_on(look)

    def prepare(self, stations: tuple[Station, ...]) -> None:
        """A run of these stations begins."""
        self._list.empty()
        self._texts.clear()
        self.prompt.reset()
        self.preview.reset()
        self.meter.reset()
        many = len(stations) > IN_ONE_COLUMN
        self._list.allow(2 if many else 1)
        self.stations = {station.id: StationCard(station, narrow=many) for station in stations}
        for shown in self.stations.values():
            if self._look is not None:
                shown.put_on(self._look)
            self._list.add(shown)
        picture = any(station.shows_picture for station in stations)
        level = any(station.shows_level for station in stations)
        self.preview.setVisible(picture)
        self._heard.setVisible(level)
        self._seen.setVisible(picture or level)
        self.cancel_button.setEnabled(True)
        self._write_cancel()

    def arrive(self) -> None:
        """The page is in sight."""
        self.cancel_button.setFocus()

    def escape(self) -> None:
        """Stop."""
        self.cancel_button.click()

    def begin(self, check_id: str) -> None:
        """A check runs."""
        if shown := self.stations.get(check_id):
            shown.begin()
            self._prompt()

    def show_notice(self, check_id: str, notice: Notice) -> None:
        """How a check goes on."""
        shown = self.stations.get(check_id)
        if shown is None:
            return
        shown.begin()
        if notice.fraction is not None:
            shown.show_fraction(notice.fraction)
        if notice.level_dbfs is not None:
            self.meter.show_level(notice.level_dbfs)
        if notice.frame is not None:
            self.preview.show_frame(notice.frame)
        if notice.text is not None:
            self._texts[check_id] = notice.text
        self._prompt()

    def end(self, ended: Ended) -> None:
        """A check has ended."""
        check_id = ended.result.check_id
        self._texts.pop(check_id, None)
        if shown := self.stations.get(check_id):
            shown.end(ended)
            if shown.station.shows_picture:
                self.preview.end(ended)
        self._prompt()

    def ask(self, number: int, question: Question) -> None:
        """A check asks the person."""
        self.prompt.ask(number, question)

    def forget(self, number: int) -> None:
        """The question is over."""
        self.prompt.forget(number)
        if not self.prompt.buttons:
            self.cancel_button.setFocus()

    def _prompt(self) -> None:
        """What needs the person stands first; else the newest words; else that we are at work."""
        waiting = [(self.stations[check_id].station, text) for check_id, text in self._texts.items()]
        chosen = next((text for station, text in waiting if station.needs_person), None)
        if chosen is not None:
            self.prompt.say(chosen, "sentence")
        elif waiting:
            self.prompt.say(waiting[-1][1], waiting[-1][0].id if waiting[-1][0].shows_picture else "clock")
        else:
            self.prompt.say(WORKING, "clock")

    def _cancel(self) -> None:
        self.cancel_button.setEnabled(False)
        self._write_cancel()
        self.cancelled.emit()

    def _write_cancel(self) -> None:
        if self._look is not None:
            self.cancel_button.write(self._look.say(CANCEL if self.cancel_button.isEnabled() else CANCELLING))
