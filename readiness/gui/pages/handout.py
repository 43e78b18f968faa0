"""The technician's first page: which computer, which unit, who signs; and those signed for already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLabel, QLineEdit

from readiness.core.check import Options
from readiness.core.model import Verdict
from readiness.core.text import Text
from readiness.devices.ports import Device, DeviceKind
from readiness.gui import words
from readiness.gui.handout_list import checked
from readiness.gui.look import Look
from readiness.gui.outcome import Backlog, Labels, Ready
from readiness.gui.pages.page import Page
from readiness.gui.times import local_time
from readiness.gui.tokens import SPACE_L, SPACE_M, SPACE_S
from readiness.gui.widgets.basic import Button, Mark, card, clear, column, label, row, sheet
from readiness.gui.widgets.devices import DeviceChoice
from readiness.gui.widgets.notice import NoticeBox, backlog_words
from readiness.gui.widgets.reflow import Reflow
from readiness.submission.handouts import Handout

TITLE = Text(sv="Lämna ut datorer", en="Hand out computers")
LEAD = Text(
    sv="Skriv datorns nummer och tryck Retur. Efter testet signerar du och går vidare.",
    en="Type the computer's number and press Enter. After the test you sign and go on.",
)
ASSET_TAG = Text(sv="Inventarienummer", en="Asset tag")
UNIT = Text(sv="Enhet", en="Unit")
SIGNED_BY = Text(sv="Ditt namn", en="Your name")
BEGIN = Text(sv="Starta testet", en="Start the test")
CHOOSE = Text(sv="Välj kamera, mikrofon och högtalare", en="Choose camera, microphone and speaker")
HISTORY = Text(sv="Tidigare tester", en="Earlier tests")
MISSING = Text(
    sv="Fyll i inventarienummer och ditt namn först.", en="Fill in the asset tag and your name first."
)
LIST = Text(sv="Signerade datorer", en="Computers signed for")
NONE_YET = Text(sv="Ingen än.", en="None yet.")
SAVE_LIST = Text(sv="Spara listan", en="Save the list")
LIST_SAVED = Text(sv="Listan är sparad: {file}", en="The list is saved: {file}")
FILED = Text(sv="{tag} är signerad. Nästa dator.", en="{tag} is signed for. Next computer.")
FILED_WAITING = Text(
    sv="{tag} är signerad. Rapporten väntar på nätet. Nästa dator.",
    en="{tag} is signed for. The report waits for the network. Next computer.",
)
BY = Text(sv="{when}, {name}", en="{when}, {name}")
_LONGEST = 100


class HandoutPage(Page):
    """Takes the place of the start page; by keyboard alone it is tag, Enter, Enter."""

    begin = Signal()
    devices_wanted = Signal()
    history_wanted = Signal()
    labelled = Signal()
    """The tag, the unit or the name was edited."""
    list_saved = Signal()

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self._look: Look | None = None
        self._handouts: tuple[Handout, ...] = ()
        self._titles: Mapping[str, Text] = {}
        frame = sheet(self)
        content = frame.content
        frame.bar.hide()
        self._title, self._lead = label("title"), label("lead", muted=True)
        self.notice, self.waiting, self.damaged = NoticeBox(), NoticeBox(), NoticeBox()
        self.tag, self.unit, self.name = QLineEdit(), QComboBox(), QLineEdit()
        self.unit.setEditable(True)
        self.unit.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.tag.setText(labels.asset_tag or "")
        self.unit.setEditText(labels.unit or "")
        for field in (self.tag, self.name):
            field.setMaxLength(_LONGEST)
            field.textEdited.connect(self.labelled)
            field.returnPressed.connect(self._begin)
        self.unit.currentTextChanged.connect(self.labelled)
        self.begin_button, self.choose_button = Button("primary"), Button("quiet")
        self.history_button = Button("quiet")
        self.begin_button.clicked.connect(self._begin)
        self.choose_button.setCheckable(True)
        self.choose_button.toggled.connect(self._unfold)
        self.history_button.clicked.connect(self.history_wanted)
        self.devices = DeviceChoice()
        self.devices.hide()

        for part in (self._title, self._lead, self.notice, self.waiting, self.damaged):
            content.addWidget(part)
        content.addWidget(self._form())
        heading = row()
        self._list_heading, self.save_button = label("heading"), Button("secondary")
        self.save_button.clicked.connect(self.list_saved)
        heading.addWidget(self._list_heading, 1)
        heading.addWidget(self.save_button)
        content.addSpacing(SPACE_S)
        content.addLayout(heading)
        signed = card()
        self._list = column(signed, gap=0)
        self._list.setContentsMargins(SPACE_L, 0, SPACE_L, 0)
        content.addWidget(signed)
        content.addStretch(1)

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        self._title.setText(look.say(TITLE))
        self._lead.setText(look.say(LEAD))
        for text, words_of, field in self._fields:
            words_of.setText(look.say(text))
            field.setAccessibleName(look.say(text))
        inner = self.unit.lineEdit()
        if inner is not None:
            inner.setAccessibleName(look.say(UNIT))
        self.begin_button.write(look.say(BEGIN))
        self.choose_button.write(look.say(CHOOSE))
        self.history_button.write(look.say(HISTORY))
        self.save_button.write(look.say(SAVE_LIST))
        self._list_heading.setText(look.say(LIST))
        for part in (self.notice, self.waiting, self.damaged, self.devices):
            part.put_on(look)
        self._draw_fold()
        self._write_list()

    @property
    def labels(self) -> Labels:
        """What the next report is filed under."""
        return Labels(
            asset_tag=self.tag.text().strip() or None,
            unit=self.unit.currentText().strip()[:_LONGEST] or None,
        )

    @property
    def signed_by(self) -> str:
        """Who signs."""
        return self.name.text().strip()

    def show_ready(self, ready: Ready) -> None:
        """What is known now: the units, the names of the tests."""
        self._titles = {station.id: station.title for station in ready.stations}
        kept = self.unit.currentText()
        self.unit.clear()
        self.unit.addItems(["", *ready.units])
        self.unit.setCurrentText(kept)
        self._write_list()

    def show_backlog(self, backlog: Backlog) -> None:
        """Reports that have not arrived yet, and those that cannot be read."""
        for box, text in zip((self.waiting, self.damaged), backlog_words(backlog), strict=True):
            if text is None:
                box.silence()
            else:
                box.say(text, Verdict.UNKNOWN, count=backlog.waiting)

    def show_devices(self, found: Mapping[DeviceKind, Sequence[Device]], options: Options) -> None:
        """The devices there are; a choice made once stays for the next computer."""
        self.devices.show_devices(found)
        self.devices.choose(options)

    def show_handouts(self, handouts: Sequence[Handout]) -> None:
        """Those signed for, the newest first."""
        self._handouts = tuple(handouts)
        self._write_list()

    def next(self, handout: Handout, waits: bool) -> None:
        """One is signed for: the next computer."""
        self.tag.clear()
        self.labelled.emit()
        self.notice.say(FILED_WAITING if waits else FILED, Verdict.READY, tag=handout.asset_tag)

    def unfold_devices(self) -> None:
        """Show the lists of devices."""
        self.choose_button.setChecked(True)

    def arrive(self) -> None:
        """The page is in sight: the keyboard is where something is missing."""
        (self.name if self.tag.text() and not self.name.text() else self.tag).setFocus()

    def show_failure(self, text: Text) -> bool:
        """Something could not be done."""
        self.notice.say(text, Verdict.NOT_READY)
        return True

    def _form(self) -> QFrame:
        form = card()
        inside = column(form, margin=SPACE_L, gap=SPACE_M)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        grid.setColumnStretch(1, 1)
        self._fields: list[tuple[Text, QLabel, QLineEdit | QComboBox]] = []
        rows: tuple[tuple[Text, QLineEdit | QComboBox], ...] = (
            (ASSET_TAG, self.tag),
            (UNIT, self.unit),
            (SIGNED_BY, self.name),
        )
        for line, (text, field) in enumerate(rows):
            words_of = label(wraps=False)
            words_of.setBuddy(field)
            grid.addWidget(words_of, line, 0)
            grid.addWidget(field, line, 1)
            self._fields.append((text, words_of, field))
        inside.addLayout(grid)
        buttons = Reflow(most=3, even=False, gap=SPACE_S)
        for button in (self.begin_button, self.choose_button, self.history_button):
            buttons.add(button)
        inside.addWidget(buttons)
        inside.addWidget(self.devices)
        return form

    def _begin(self) -> None:
        if self.labels.asset_tag and self.signed_by:
            self.begin.emit()
        else:
            self.notice.say(MISSING, Verdict.LIMITED)
            (self.name if self.labels.asset_tag else self.tag).setFocus()

    def _unfold(self, shown: bool) -> None:
        self.devices.setVisible(shown)
        self._draw_fold()
        if shown:
            self.devices_wanted.emit()

    def _draw_fold(self) -> None:
        if self._look is not None:
            name = "up" if self.choose_button.isChecked() else "down"
            self.choose_button.draw(self._look, name)

    def _write_list(self) -> None:
        look = self._look
        if look is None:
            return
        clear(self._list)
        self.save_button.setEnabled(bool(self._handouts))
        if not self._handouts:
            nothing = label(muted=True)
            nothing.setText(look.say(NONE_YET))
            nothing.setContentsMargins(0, SPACE_M, 0, SPACE_M)
            self._list.addWidget(nothing)
        for index, handout in enumerate(self._handouts):
            line = _line(look, handout, self._titles)
            line.setProperty("card", "row" if index else "first_row")
            self._list.addWidget(line)


def _line(look: Look, handout: Handout, titles: Mapping[str, Text]) -> QFrame:
    made = QFrame()
    line = row(made, gap=SPACE_M)
    line.setContentsMargins(0, SPACE_M, 0, SPACE_M)
    mark, named = Mark(24), column(gap=2)
    mark.draw_verdict(look, handout.overall)
    name, what, by, receipt = label(strong=True), label("small"), label("small", muted=True), label()
    name.setText(" · ".join(part for part in (handout.asset_tag, handout.unit) if part))
    what.setText(checked(handout, titles, look.language))
    when = local_time(handout.signed_utc, look.language)
    by.setText(look.say(BY, when=when, name=handout.signed_by))
    for part in (name, what, by):
        named.addWidget(part)
    receipt.setWordWrap(False)
    receipt.setText(handout.receipt or "")
    state = label("small", wraps=False)
    state.setText(look.say(words.VERDICT[handout.overall]))
    state.setProperty("tone", handout.overall.value)
    state.setAlignment(Qt.AlignmentFlag.AlignRight)
    right = column(gap=2)
    right.addWidget(state)
    right.addWidget(receipt)
    line.addWidget(mark)
    line.addLayout(named, 1)
    line.addLayout(right)
    return made
