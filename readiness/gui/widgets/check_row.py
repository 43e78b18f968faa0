"""One test in the result: what it came to, before and now; its details on demand."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from readiness.core.model import Ending, Result
from readiness.core.text import Text
from readiness.gui import words
from readiness.gui.look import Look
from readiness.gui.outcome import Outcome
from readiness.gui.tokens import SPACE_M, SPACE_S
from readiness.gui.widgets.basic import Button, Mark, column, label, row
from readiness.gui.widgets.details import Details, titled
from readiness.gui.widgets.reflow import Reflow
from readiness.gui.widgets.station import icon_of

AGAIN = Text(sv="Testa igen", en="Test again")
AGAIN_NAME = Text(sv="Testa igen: {check}", en="Test again: {check}")
DETAILS = Text(sv="Detaljer", en="Details")
DETAILS_NAME = Text(sv="Detaljer om {check}", en="Details of {check}")
BEFORE = Text(sv="Före: {before}   →   Nu: {now}", en="Before: {before}   →   Now: {now}")


class CheckRow(QFrame):
    """Folded: name, verdict, two buttons. Unfolded: the findings in words, and what was measured."""

    repeated = Signal(str)

    def __init__(self, look: Look, result: Result, title: Text, outcome: Outcome) -> None:
        super().__init__()
        self.setProperty("card", "row")
        self._look, self._result, self._title, self._outcome = look, result, title, outcome
        self._verdict = outcome.verdicts[result.check_id]
        self.details: Details | None = None
        self._whole = column(self, gap=SPACE_S)
        self._whole.setContentsMargins(0, SPACE_M, 0, SPACE_M)
        self.before_words = label("small", strong=True)
        self.again_button, self.details_button = Button("quiet"), Button("quiet")
        both = Reflow(most=2, least=380)
        for half in (self._named(), self._controls()):
            part = QWidget()
            part.setLayout(half)
            both.add(part)
        self._whole.addWidget(both)

    @property
    def state(self) -> str:
        """The verdict, or how the test ended, in words."""
        if self._result.ending is Ending.COMPLETED:
            return self._look.say(words.VERDICT[self._verdict])
        return self._look.say(words.ENDING[self._result.ending])

    def add_below(self, widget: QWidget) -> None:
        """Something that only this test has, under its name."""
        self._whole.insertWidget(1, widget, 0, Qt.AlignmentFlag.AlignLeft)

    def _named(self) -> QHBoxLayout:
        look = self._look
        line = row(gap=SPACE_M)
        icon = Mark(28)
        icon.draw(look, icon_of(self._result.check_id), look.palette.muted)
        name = label(strong=True)
        name.setText(look.say(self._title))
        named = column(gap=2)
        named.addWidget(name)
        if summary := self._summary():
            said = label("small", muted=True)
            said.setText(summary)
            named.addWidget(said)
        before = self._outcome.before.get(self._result.check_id)
        if before is not None:
            then = look.say(words.state_of(before))
            self.before_words.setText(look.say(BEFORE, before=then, now=self.state))
            self.before_words.setProperty("tone", "accent")
            named.addWidget(self.before_words)
        line.addWidget(icon)
        line.addLayout(named, 1)
        return line

    def _controls(self) -> QHBoxLayout:
        look = self._look
        mark, state = Mark(24), label(wraps=False)
        mark.draw_verdict(look, self._verdict)
        state.setText(self.state)
        state.setProperty("tone", self._verdict.value)
        self.again_button.write(look.say(AGAIN), look.say(AGAIN_NAME, check=self._title))
        self.again_button.clicked.connect(lambda: self.repeated.emit(self._result.check_id))
        self.details_button.setCheckable(True)
        self.details_button.write(look.say(DETAILS), look.say(DETAILS_NAME, check=self._title))
        self.details_button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.details_button.draw(look, "down")
        self.details_button.toggled.connect(self._unfold)
        line = row(gap=SPACE_M)
        line.addWidget(mark)
        line.addWidget(state)
        line.addStretch(1)
        line.addWidget(self.again_button)
        line.addWidget(self.details_button)
        return line

    def _summary(self) -> str:
        if self._result.ending is not Ending.COMPLETED:
            return ""
        findings = words.by_importance(self._result.findings)
        if not findings:
            return self._look.say(words.ALL_GOOD)
        return titled(self._look, findings[0], self._outcome.kinds)

    def _unfold(self, shown: bool) -> None:
        if self.details is None:
            self.details = Details(self._look, self._result, self._outcome)
            self._whole.addWidget(self.details)
        self.details.setVisible(shown)
        self.details_button.draw(self._look, "up" if shown else "down")
