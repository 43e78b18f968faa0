"""Why a finding says what it says, on demand: how it was measured, the limits, and their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from readiness.core.text import Language, Text
from readiness.gui.look import Look
from readiness.gui.tokens import SPACE_S
from readiness.gui.widgets.basic import Button, column, label
from readiness.gui.widgets.figures import limit_words, name_words, source_words
from readiness.gui.widgets.source_words import source_line

if TYPE_CHECKING:  # profiles need pydantic, which the window does not wait for
    from readiness.checks.explaining import Explanation

WHY = Text(sv="Varför?", en="Why?")
WHY_NAME = Text(sv="Varför: {title}", en="Why: {title}")
NO_NUMBER = Text(sv="Inget tal avgör: det fungerar eller inte.", en="No number decides: it works or not.")
DEMANDED = Text(sv="Krav: {demand}. {source}", en="Required: {demand}. {source}")


class Why(QWidget):
    """A button that unfolds the explanation beneath it; made when it is first asked for."""

    def __init__(self, look: Look, title: str, explanation: Explanation) -> None:
        super().__init__()
        self._look, self._explanation = look, explanation
        self._shown: QWidget | None = None
        self._whole = column(self, gap=SPACE_S)
        self.button = Button("quiet")
        self.button.setCheckable(True)
        self.button.write(look.say(WHY), look.say(WHY_NAME, title=title))
        self.button.toggled.connect(self._unfold)
        self._whole.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    def _unfold(self, shown: bool) -> None:
        if self._shown is None:
            self._shown = QWidget()
            lines = column(self._shown, gap=2)
            for said in why_lines(self._explanation, self._look.language):
                line = label("small", muted=True)
                line.setText(said)
                lines.addWidget(line)
            self._whole.addWidget(self._shown)
        self._shown.setVisible(shown)


def why_lines(explanation: Explanation, language: Language) -> list[str]:
    """The explanation, a line for each thing: the method, the figures, the limits, what else is required."""
    lines = [explanation.method.say(language)] if explanation.method else []
    for figure, method in explanation.measured:
        if method is not None:
            lines.append(f"{name_words(figure.partition('.')[2], language)}: {method.say(language)}")
    for limit in explanation.limits:
        name = name_words(limit.figure.partition(".")[2], language)
        if words := limit_words(limit, language):
            lines.append(f"{name}: {words}. {source_words(limit, language)}")
    for demand in explanation.demands:
        source = source_line(demand.source, demand.retrieved, demand.confidence, language)
        lines.append(DEMANDED.say(language, {"demand": demand.text, "source": source}))
    if not explanation.limits and not explanation.demands:
        lines.append(NO_NUMBER.say(language))
    return lines
