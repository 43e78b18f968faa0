"""Behind one test: its findings in words, what was measured beside the limits, and plots of it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from readiness.core.model import Ending, Finding, FindingKind, Result, Verdict
from readiness.core.text import Text
from readiness.gui import words
from readiness.gui.look import Look
from readiness.gui.outcome import Outcome
from readiness.gui.tokens import SPACE_L, SPACE_M, SPACE_S
from readiness.gui.widgets.basic import Mark, column, label, row
from readiness.gui.widgets.figures import Figure, figure_table, source_words
from readiness.gui.widgets.plots import plots_of
from readiness.gui.widgets.why import Why

MEASURED = Text(sv="Uppmätt", en="Measured")
VALUE = Text(sv="Nu", en="Now")
BEFORE = Text(sv="Före", en="Before")
LIMIT = Text(sv="Gräns", en="Limit")
SOURCES = Text(sv="Varifrån gränserna kommer", en="Where the limits come from")
REASON = Text(sv="Till IT: {reason}", en="For IT: {reason}")


class Details(QFrame):
    """Made when it is first asked for."""

    def __init__(self, look: Look, result: Result, outcome: Outcome) -> None:
        super().__init__()
        self.setProperty("card", "tile")
        self._look, self._result, self._kinds = look, result, outcome.kinds
        self._explanations = outcome.explanations
        inside = column(self, margin=SPACE_L, gap=SPACE_S)
        if result.ending is not Ending.COMPLETED:
            _add(inside, look.say(words.UNFINISHED_MORE[result.ending]))
            if result.reason:
                _add(inside, look.say(REASON, reason=result.reason), small=True)
        for finding in words.by_importance(result.findings):
            inside.addLayout(self._finding(finding))
        before = outcome.before.get(result.check_id)
        figures, sources = figure_table(
            result,
            before.result.evidence if before else {},
            outcome.limits,
            look.language,
        )
        if figures:
            inside.addSpacing(SPACE_S)
            inside.addWidget(_table(look, figures))
        if sources:
            inside.addSpacing(SPACE_S)
            _add(inside, look.say(SOURCES), small=True, strong=True)
            for number, limit in enumerate(sources, 1):
                _add(inside, f"{number}.  {source_words(limit, look.language)}", small=True, muted=True)
        for plot in plots_of(look, result):
            inside.addSpacing(SPACE_M)
            inside.addWidget(plot)

    def _finding(self, finding: Finding) -> QHBoxLayout:
        look = self._look
        line = row(gap=SPACE_M)
        mark = Mark(20)
        mark.draw_verdict(look, finding.verdict)
        line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        said = column(gap=2)
        _add(said, titled(look, finding, self._kinds), strong=True)
        kind = self._kinds.get(finding.code)
        arguments = dict(finding.arguments)
        if kind and kind.detail:
            _add(said, kind.detail.say(look.language, arguments), small=True)
        if finding.verdict is not Verdict.READY:
            for remedy in kind.remedies if kind else ():
                _add(said, "→  " + remedy.text.say(look.language, arguments), small=True)
        if explanation := self._explanations.get(finding.code):
            said.addWidget(Why(look, titled(look, finding, self._kinds), explanation))
        line.addLayout(said, 1)
        return line


def titled(look: Look, finding: Finding, kinds: Mapping[str, FindingKind]) -> str:
    """A finding's headline; its code where this version does not know it."""
    kind = kinds.get(finding.code)
    return finding.code if kind is None else kind.title.say(look.language, dict(finding.arguments))


def _table(look: Look, figures: tuple[Figure, ...]) -> QWidget:
    """Name, value, the value before, the limit with the number of its source; empty columns are left out."""
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(SPACE_L)
    grid.setVerticalSpacing(2)
    changed = any(figure.before is not None for figure in figures)
    limited = any(figure.limit for figure in figures)
    heads = [(MEASURED, 4), (VALUE, 3)] + [(BEFORE, 3)] * changed + [(LIMIT, 4)] * limited
    for place, (head, share) in enumerate(heads):
        made = label("small", strong=True)
        # With one value a figure, the heading of the table says enough.
        made.setText(look.say(head) if head is not VALUE or changed else "")
        grid.addWidget(made, 0, place)
        grid.setColumnStretch(place, share)
    for line, figure in enumerate(figures, 1):
        cells = [figure.name, figure.value]
        cells += [figure.before or ""] * changed
        cells += [figure.limit] * limited
        for place, said in enumerate(cells):
            cell = label("small", muted=place != 1)
            cell.setText(said)
            cell.setAlignment(Qt.AlignmentFlag.AlignTop)
            if place == 1 and figure.verdict is not None:
                cell.setProperty("tone", figure.verdict.value)
            grid.addWidget(cell, line, place)
    return table


def _add(
    layout: QVBoxLayout, text: str, *, small: bool = False, strong: bool = False, muted: bool = False
) -> None:
    made = label("small" if small else "body", strong=strong, muted=muted)
    made.setText(text)
    layout.addWidget(made)
