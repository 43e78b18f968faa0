"""What will be sent, field by field; the optional fields are off. Send, save or mail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QPlainTextEdit, QWidget

from readiness.core.model import Report, Verdict
from readiness.core.text import Text
from readiness.gui import words
from readiness.gui.look import Look
from readiness.gui.outcome import Letter, Outcome, Station
from readiness.gui.pages.page import Page
from readiness.gui.tokens import SPACE_L, SPACE_M, SPACE_S
from readiness.gui.widgets.basic import Button, Mark, card, clear, column, label, row, sheet
from readiness.gui.widgets.figure_words import VALUES
from readiness.gui.widgets.notice import NoticeBox
from readiness.gui.widgets.optional import OptionalFields
from readiness.gui.widgets.reflow import Reflow

TITLE = Text(sv="Det här skickas till IT", en="This is sent to IT")
TITLE_SAVE = Text(sv="Det här står i rapporten", en="This is in the report")
NO_COLLECTOR = Text(
    sv="Den här datorn har ingen adress till IT:s server. Spara rapporten, eller mejla den till IT.",
    en="This computer has no address of IT's server. Save the report, or mail it to IT.",
)
PRIVACY = Text(
    sv="Inget ljud och ingen bild följer med. Bara mätvärden, som hur starkt du hördes.",
    en="No sound and no picture goes along. Only figures, such as how loud you were.",
)
COMPUTER = Text(sv="Din dator", en="Your computer")
RESULT = Text(sv="Resultatet", en="The result")
EXACTLY = Text(sv="Visa rapporten ord för ord", en="Show the report word for word")
EXACTLY_NAME = Text(sv="Rapporten ord för ord", en="The report word for word")
SEND = Text(sv="Skicka", en="Send")
SENDING = Text(sv="Skickar …", en="Sending …")
SAVE = Text(sv="Spara som fil", en="Save as file")
MAIL = Text(sv="Mejla", en="Mail")
BACK = Text(sv="Tillbaka", en="Back")
SAVED = Text(sv="Rapporten är sparad: {file}", en="The report is saved: {file}")
OVERALL = Text(sv="Sammantaget", en="Overall")


class SendPage(Page):
    """The letter before it goes."""

    sent = Signal(object)
    saved = Signal(object)
    mailed = Signal(object)
    back = Signal()

    def __init__(self, ticked: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self._look: Look | None = None
        self._letter: Letter | None = None
        self._outcome: Outcome | None = None
        self._titles: dict[str, Text] = {}
        self._sends, self._sending = True, False
        frame = sheet(self)
        self._area = frame.area
        self._title, self._privacy, self._lock = label("title"), label("lead", muted=True), Mark(22)
        self.notice, self._hint = NoticeBox(), label("lead")
        promise = row(gap=SPACE_S)
        promise.addWidget(self._lock)
        promise.addWidget(self._privacy, 1)
        self._computer_heading, self._computer = label("heading"), QGridLayout()
        self._result_heading, self._result = label("heading"), QGridLayout()
        halves = Reflow(most=2, least=360)
        halves.add(_table(self._computer_heading, self._computer))
        halves.add(_table(self._result_heading, self._result))
        self.optional = OptionalFields(ticked)
        self.optional.changed.connect(self._write_document)
        self.exactly_button, self.document = Button("quiet"), QPlainTextEdit()
        self.exactly_button.setCheckable(True)
        self.exactly_button.toggled.connect(self._unfold)
        self.document.setReadOnly(True)
        self.document.setTabChangesFocus(True)
        self.document.setMinimumHeight(320)
        self.document.hide()

        content = frame.content
        content.addWidget(self._title)
        content.addLayout(promise)
        content.addWidget(self._hint)
        content.addWidget(self.notice)
        content.addSpacing(SPACE_S)
        content.addWidget(halves)
        content.addWidget(self.optional)
        folded = row()
        folded.addWidget(self.exactly_button)
        folded.addStretch(1)
        content.addLayout(folded)
        content.addWidget(self.document)
        content.addStretch(1)

        self.back_button, self.save_button = Button("quiet"), Button("secondary")
        self.mail_button, self.send_button = Button("secondary"), Button("primary")
        frame.actions.addWidget(self.back_button)
        frame.actions.addStretch(1)
        for button in (self.save_button, self.mail_button, self.send_button):
            frame.actions.addWidget(button)
        self.back_button.clicked.connect(self.back)
        self.send_button.clicked.connect(self._send)
        self.save_button.clicked.connect(lambda: self.saved.emit(self.report()))
        self.mail_button.clicked.connect(lambda: self.mailed.emit(self.report()))
        self._allow()

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        for part in (self.notice, self.optional):
            part.put_on(look)
        self._write()

    def prepare(self, outcome: Outcome, stations: Sequence[Station], sends: bool) -> None:
        """The letter is being written."""
        self._letter, self._outcome, self._sends, self._sending = None, outcome, sends, False
        self._titles = {station.id: station.title for station in stations}
        self.notice.silence()
        self._area.verticalScrollBar().setValue(0)
        self._write()

    def show_letter(self, letter: Letter, units: Sequence[str]) -> None:
        """The letter is written: all that can be sent is known."""
        self._letter = letter
        self.optional.offer(letter.report.computer, units)
        self._write()
        self.arrive()

    def arrive(self) -> None:
        """The page is in sight."""
        chosen = self.send_button if self._sends else self.save_button
        (chosen if chosen.isEnabled() else self.back_button).setFocus()

    def report(self) -> Report:
        """The report as the person chose to send it."""
        # Loaded by the session long before there is a letter; not before the window shows.
        from readiness.gui.work import with_choices

        if self._letter is None:
            raise RuntimeError("there is no letter yet")
        return with_choices(self._letter.report, self.optional.ticked, self.optional.unit_chosen)

    def show_saved(self, file: Path) -> None:
        """The report is in a file."""
        self.notice.say(SAVED, Verdict.READY, file=str(file))

    def escape(self) -> None:
        """Back to the result."""
        self.back_button.click()

    def show_failure(self, text: Text) -> bool:
        """Something went wrong; the buttons work again."""
        self._sending = False
        self.notice.say(text, Verdict.NOT_READY)
        self._write()
        return True

    def _send(self) -> None:
        self._sending = True
        self._write()
        self.sent.emit(self.report())

    def _unfold(self, shown: bool) -> None:
        self.document.setVisible(shown)
        self._write_document()
        if self._look is not None:
            self.exactly_button.draw(self._look, "up" if shown else "down")

    def _allow(self) -> None:
        there = self._letter is not None and not self._sending
        for button in (self.send_button, self.save_button, self.mail_button):
            button.setEnabled(there)
        self.send_button.setVisible(self._sends)
        self.mail_button.setVisible(not self._sends)

    def _write(self) -> None:
        look = self._look
        if look is None:
            return
        self._allow()
        self._title.setText(look.say(TITLE if self._sends else TITLE_SAVE))
        self._privacy.setText(look.say(PRIVACY))
        self._lock.draw(look, "lock", look.palette.muted)
        self._hint.setText(look.say(NO_COLLECTOR))
        self._hint.setVisible(not self._sends)
        self._computer_heading.setText(look.say(COMPUTER))
        self._result_heading.setText(look.say(RESULT))
        self.exactly_button.write(look.say(EXACTLY))
        self.exactly_button.draw(look, "up" if self.exactly_button.isChecked() else "down")
        self.document.setAccessibleName(look.say(EXACTLY_NAME))
        self.back_button.write(look.say(BACK))
        self.send_button.write(look.say(SENDING if self._sending else SEND))
        self.save_button.write(look.say(SAVE))
        self.mail_button.write(look.say(MAIL))
        _fill(self._computer, self._computer_rows(look))
        _fill(self._result, self._result_rows(look))
        self._write_document()

    def _computer_rows(self, look: Look) -> Iterator[tuple[str, str]]:
        if self._letter is None:
            return
        for name, text in words.COMPUTER_FIELDS.items():
            value = getattr(self._letter.report.computer, name)
            if isinstance(value, str) and value:
                known = VALUES.get(value) if name == "network_kind" else None
                yield look.say(text), look.say(known) if known else value
            elif value:
                yield look.say(text), "\n".join(f"{part}: {version}" for part, version in value.items())

    def _result_rows(self, look: Look) -> Iterator[tuple[str, str]]:
        if self._outcome is None:
            return
        yield look.say(OVERALL), look.say(words.OVERALL[self._outcome.rating.overall])
        for result in self._outcome.results:
            title = self._titles.get(result.check_id)
            verdict = self._outcome.verdicts[result.check_id]
            yield look.say(title) if title else result.check_id, look.say(words.VERDICT[verdict])

    def _write_document(self) -> None:
        if self._letter is None or self.document.isHidden():
            return
        from readiness.core.report import to_json

        self.document.setPlainText(to_json(self.report(), indent=2))


def _table(heading: QWidget, grid: QGridLayout) -> QFrame:
    box = card()
    inside = column(box, margin=SPACE_L, gap=SPACE_M)
    grid.setHorizontalSpacing(SPACE_M)
    grid.setVerticalSpacing(SPACE_S)
    grid.setColumnStretch(1, 1)
    inside.addWidget(heading)
    inside.addLayout(grid)
    inside.addStretch(1)
    return box


def _fill(grid: QGridLayout, rows: Iterator[tuple[str, str]]) -> None:
    clear(grid)
    for index, (name, value) in enumerate(rows):
        named, valued = label("small", muted=True, wraps=False), label("small")
        named.setText(name)
        valued.setText(value)
        for place, part in enumerate((named, valued)):
            part.setAlignment(Qt.AlignmentFlag.AlignTop)
            grid.addWidget(part, index, place)
