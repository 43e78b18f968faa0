"""A calm box that says that something went another way than meant, and what to do."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QWidget

from readiness.core.model import Verdict
from readiness.core.text import Text
from readiness.gui.look import Look
from readiness.gui.outcome import Backlog
from readiness.gui.tokens import SPACE_M
from readiness.gui.widgets.basic import Mark, label, recolour, row

WAITING_ONE = Text(
    sv="En rapport är sparad och väntar på att skickas. Vi försöker igen av oss själva.",
    en="One report is saved and waits to be sent. We try again by ourselves.",
)
WAITING_MORE = Text(
    sv="{count} rapporter är sparade och väntar på att skickas. Vi försöker igen av oss själva.",
    en="{count} reports are saved and wait to be sent. We try again by ourselves.",
)


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


def backlog_words(backlog: Backlog) -> tuple[Text | None, Text | None]:
    """How many reports wait and why, and which cannot be read; None where there is nothing to say."""
    waiting = None
    if backlog.waiting:
        counted = WAITING_ONE if backlog.waiting == 1 else WAITING_MORE
        waiting = counted if backlog.reason is None else _together(counted, backlog.reason)
    return waiting, _together(*backlog.damaged) if backlog.damaged else None


def _together(*texts: Text) -> Text:
    """Sentences after one another."""
    return Text(sv=" ".join(text.sv for text in texts), en=" ".join(text.en for text in texts))
