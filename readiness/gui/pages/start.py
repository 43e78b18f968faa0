"""The first page: one button, what will happen, about how long it takes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel

from readiness.core.check import Options
from readiness.core.model import Verdict
from readiness.core.text import Text
from readiness.devices.ports import Device, DeviceKind
from readiness.gui.look import Look
from readiness.gui.outcome import Backlog, Ready
from readiness.gui.pages.page import Page
from readiness.gui.tokens import SPACE_L, SPACE_M, SPACE_S
from readiness.gui.widgets.basic import Button, Mark, card, column, label, row, sheet
from readiness.gui.widgets.devices import DeviceChoice
from readiness.gui.widgets.notice import NoticeBox, backlog_words

TITLE = Text(sv="Fungerar din dator i möten?", en="Does your computer work in meetings?")
LEAD = Text(
    sv="Vi testar kamera, ljud och uppkoppling. Du behöver bara trycka på knappen.",
    en="We test camera, sound and connection. All you need to do is press the button.",
)
BEGIN = Text(sv="Starta testet", en="Start the test")
STEPS = (
    ("camera", Text(sv="Du får se dig själv i kameran.", en="You see yourself in the camera.")),
    ("sentence", Text(sv="Du läser en mening högt.", en="You read a sentence aloud.")),
    ("speaker", Text(sv="Du lyssnar efter ett ljud.", en="You listen for a sound.")),
)
DURATION = Text(sv="Det tar ungefär {seconds} sekunder.", en="It takes about {seconds} seconds.")
DURATION_UNKNOWN = Text(sv="Det tar mindre än en minut.", en="It takes less than a minute.")
PRIVACY = Text(
    sv="Inget ljud och ingen bild lämnar datorn. Du ser allt innan något skickas.",
    en="No sound and no picture leaves the computer. You see everything before it is sent.",
)
CHOOSE = Text(sv="Välj kamera, mikrofon och högtalare", en="Choose camera, microphone and speaker")
HISTORY = Text(sv="Tidigare tester", en="Earlier tests")
SETTINGS = Text(sv="Inställningar", en="Settings")
STOPPED = Text(
    sv="Testet avbröts. Du kan starta det igen när du vill.",
    en="The test was stopped. You can start it again whenever you like.",
)


class StartPage(Page):
    """Start, and for those who want it: which devices."""

    begin = Signal()
    devices_wanted = Signal()
    history_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._look: Look | None = None
        self._seconds: float | None = None
        frame = sheet(self)
        content = frame.content
        self._title, self._lead = label("title"), label("lead", muted=True)
        for text in (self._title, self._lead):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.begin_button = Button("large")
        self.begin_button.clicked.connect(self.begin)
        self._duration = label("small", muted=True)
        self._duration.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.notice, self.waiting, self.damaged = NoticeBox(), NoticeBox(), NoticeBox()

        content.addSpacing(SPACE_L)
        content.addWidget(self._title)
        content.addWidget(self._lead)
        content.addSpacing(SPACE_M)
        content.addLayout(self._make_steps())
        content.addSpacing(SPACE_L)
        content.addWidget(self.begin_button, 0, Qt.AlignmentFlag.AlignHCenter)
        content.addWidget(self._duration)
        content.addSpacing(SPACE_S)
        content.addWidget(self.notice)
        content.addWidget(self.waiting)
        content.addWidget(self.damaged)

        self.choose_button = Button("quiet")
        self.choose_button.setCheckable(True)
        self.choose_button.toggled.connect(self._unfold)
        self._panel = card()
        self.devices = DeviceChoice()
        column(self._panel, margin=SPACE_L).addWidget(self.devices)
        self._panel.hide()
        content.addWidget(self.choose_button, 0, Qt.AlignmentFlag.AlignHCenter)
        content.addWidget(self._panel)
        self.history_button = Button("quiet")
        self.history_button.clicked.connect(self.history_wanted)
        self.settings_button = Button("quiet")
        self.settings_button.clicked.connect(self.settings_wanted)
        self.settings_button.hide()
        quiet = row(gap=SPACE_L)
        quiet.addStretch(1)
        for button in (self.history_button, self.settings_button):
            quiet.addWidget(button)
        quiet.addStretch(1)
        content.addLayout(quiet)
        content.addStretch(1)

        self._privacy = label("small", muted=True)
        self._privacy.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        content.addWidget(self._privacy)
        frame.bar.hide()

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        self._title.setText(look.say(TITLE))
        self._lead.setText(look.say(LEAD))
        self.begin_button.write(look.say(BEGIN))
        self._privacy.setText(look.say(PRIVACY))
        self.choose_button.write(look.say(CHOOSE))
        self.history_button.write(look.say(HISTORY))
        self.settings_button.write(look.say(SETTINGS))
        self.history_button.draw(look, "clock")
        for (icon, text), (mark, words) in zip(STEPS, self._steps, strict=True):
            mark.draw(look, icon, look.palette.accent)
            words.setText(look.say(text))
        self.devices.put_on(look)
        self.notice.put_on(look)
        self.waiting.put_on(look)
        self.damaged.put_on(look)
        self._write_duration()
        self._draw_fold()

    def show_ready(self, ready: Ready) -> None:
        """What is known now: how long it takes, and what has changed since the last test."""
        self._seconds = ready.expected_seconds
        self._write_duration()
        if ready.reminder is not None and self.notice.isHidden():
            self.notice.say(ready.reminder, Verdict.UNKNOWN)

    def show_backlog(self, backlog: Backlog) -> None:
        """Reports that have not arrived yet: how many, why, and those that cannot be read."""
        waiting, damaged = backlog_words(backlog)
        if waiting is None:
            self.waiting.silence()
        else:
            self.waiting.say(waiting, Verdict.UNKNOWN, count=backlog.waiting)
        if damaged is None:
            self.damaged.silence()
        else:
            self.damaged.say(damaged, Verdict.LIMITED)

    def show_devices(self, found: Mapping[DeviceKind, Sequence[Device]], options: Options) -> None:
        """The devices there are, and which of them were chosen elsewhere."""
        self.devices.show_devices(found)
        self.devices.choose(options)

    def unfold_devices(self) -> None:
        """Show the lists of devices."""
        self.choose_button.setChecked(True)

    def arrive(self) -> None:
        """The page is in sight: the keyboard is on the button."""
        self.begin_button.setFocus()

    def _make_steps(self) -> QHBoxLayout:
        line = row(gap=SPACE_M)
        self._steps: list[tuple[Mark, QLabel]] = []
        for _ in STEPS:
            tile = card()
            inside = column(tile, margin=SPACE_L, gap=SPACE_M)
            mark, words = Mark(40), label()
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            inside.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
            inside.addWidget(words, 1)
            self._steps.append((mark, words))
            line.addWidget(tile, 1)
        return line

    def _unfold(self, shown: bool) -> None:
        self._panel.setVisible(shown)
        self._draw_fold()
        if shown:
            self.devices_wanted.emit()

    def _draw_fold(self) -> None:
        if self._look is not None:
            name = "up" if self.choose_button.isChecked() else "down"
            self.choose_button.draw(self._look, name)

    def _write_duration(self) -> None:
        if self._look is None:
            return
        if self._seconds is None:
            self._duration.setText(self._look.say(DURATION_UNKNOWN))
        else:
            seconds = max(5, math.ceil(self._seconds / 5) * 5)
            self._duration.setText(self._look.say(DURATION, seconds=seconds))
