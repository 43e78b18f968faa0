"""A calm box that says that something went another way than meant, and what to do."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QWidget

from readiness.core.model import Verdict
from readiness.core.text import Text
from readiness.gui.look import Look
from readiness.gui.tokens import SPACE_M
from readiness.gui.widgets.basic import Mark, label, recolour, row


class NoticeBox(QFrame):
    """Hidden until there is something to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look: Look | None = None
        self._said: tuple[Text, Verdict, dict[str, object]] | None = None
        self._mark = Mark(24)
        self.words = label()
        line = row(self, margin=SPACE_M)
        line.addWidget(self._mark)
        line.addWidget(self.words, 1)
        self.hide()

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        self._show()

    def say(self, text: Text, verdict: Verdict = Verdict.LIMITED, **arguments: object) -> None:
        """Show `text`, with the shape and colour of `verdict`."""
        self._said = (text, verdict, arguments)
        self._show()

    def silence(self) -> None:
        """Nothing to say any more."""
        self._said = None
        self.hide()

    def _show(self) -> None:
        if self._look is None or self._said is None:
            return
        text, verdict, arguments = self._said
        self.words.setText(text.say(self._look.language, arguments))
        self._mark.draw_verdict(self._look, verdict)
        recolour(self, card=verdict.value)
        self.show()
