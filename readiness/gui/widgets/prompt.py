"""What the person is asked to do now: a sentence to read aloud, a question with large buttons."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from readiness.core.model import Question
from readiness.core.text import Text
from readiness.gui.look import Look
from readiness.gui.tokens import SPACE_L, SPACE_M
from readiness.gui.widgets.basic import Button, Mark, column, label, recolour, row
from readiness.gui.widgets.reflow import Reflow

PREPARING = Text(sv="Ett ögonblick, vi gör oss klara …", en="One moment, we are getting ready …")
WORKING = Text(sv="Sitt kvar. Vi testar åt dig.", en="Stay where you are. We are testing for you.")

HEIGHT = 150
"""Room for a question of two lines and its buttons."""


class Prompt(QFrame):
    """Keeps its height, so that nothing jumps when the words change."""

    answered = Signal(int, str)
    """The question's number and the choice's id."""
    spoke = Signal(str)
    """New words: for those who listen instead of looking."""

    def __init__(self) -> None:
        super().__init__()
        self._look: Look | None = None
        self._text = PREPARING
        self._icon_name = "clock"
        self._questions: list[tuple[int, Question]] = []
        self.buttons: list[Button] = []
        self._icon, self.words = Mark(32), label("heading")
        whole = row(self, gap=SPACE_M)
        whole.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        whole.addWidget(self._icon)
        inside = column(gap=SPACE_M)
        inside.addWidget(self.words)
        self._choices = Reflow(most=4, even=False)
        self._choices.hide()
        inside.addWidget(self._choices)
        whole.addLayout(inside, 1)
        recolour(self, card="accent")

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        self.setMinimumHeight(round(HEIGHT * look.scale))
        self._write()
        if self._questions:
            self._lay_out_choices()

    def reset(self) -> None:
        """Before a run."""
        self._questions.clear()
        self._lay_out_choices()
        self.say(PREPARING, "clock")

    def say(self, text: Text, icon: str) -> None:
        """Words without a question; a question stays in front of them."""
        if text != self._text or icon != self._icon_name:
            self._text, self._icon_name = text, icon
            self._write()

    def ask(self, number: int, question: Question) -> None:
        """Ask; questions are shown one at a time."""
        self._questions.append((number, question))
        if len(self._questions) == 1:
            self._show_question()

    def forget(self, number: int) -> None:
        """The question is answered, or nobody waits for the answer any more."""
        was_first = bool(self._questions) and self._questions[0][0] == number
        self._questions = [asked for asked in self._questions if asked[0] != number]
        if was_first:
            self._show_question()

    def _show_question(self) -> None:
        self._lay_out_choices()
        self._write()
        if self.buttons:
            self.buttons[0].setFocus()

    def _lay_out_choices(self) -> None:
        self._choices.empty()
        self.buttons = []
        self._choices.setVisible(bool(self._questions))
        if not self._questions or self._look is None:
            return
        number, question = self._questions[0]
        for choice in question.choices:
            button = Button("primary" if not self.buttons else "secondary")
            said = self._look.say(choice.text)
            button.write(said)
            button.setAccessibleDescription(self._look.say(question.text))
            button.setMinimumWidth(120)
            button.clicked.connect(lambda _=False, chosen=choice.id: self.answered.emit(number, chosen))
            self._choices.add(button)
            self.buttons.append(button)

    def _write(self) -> None:
        if self._look is None:
            return
        text, icon = self._text, self._icon_name
        if self._questions:
            text, icon = self._questions[0][1].text, "speaker"
        said = self._look.say(text)
        self._icon.draw(self._look, icon, self._look.palette.accent)
        if said != self.words.text():
            self.words.setText(said)
            self.spoke.emit(said)
