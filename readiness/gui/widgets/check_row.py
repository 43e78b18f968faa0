"""One test in the result: what it came to, before and now, its findings and figures on demand."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from readiness.core.model import Ending, Finding, FindingKind, Result, Verdict, severity
from readiness.core.text import Text
from readiness.gui import words
from readiness.gui.look import Look
from readiness.gui.tokens import SPACE_L, SPACE_M, SPACE_S
from readiness.gui.widgets.basic import Button, Mark, column, label, row
from readiness.gui.widgets.figures import figure_rows
from readiness.gui.widgets.reflow import Reflow
from readiness.gui.widgets.station import icon_of

AGAIN = Text(sv="Testa igen", en="Test again")
AGAIN_NAME = Text(sv="Testa igen: {check}", en="Test again: {check}")
DETAILS = Text(sv="Detaljer", en="Details")
DETAILS_NAME = Text(sv="Detaljer om {check}", en="Details of {check}")
BEFORE = Text(sv="Före: {before}   →   Nu: {now}", en="Before: {before}   →   Now: {now}")
MEASURED = Text(sv="Uppmätt", en="Measured")
REASON = Text(sv="Till IT: {reason}", en="For IT: {reason}")


class CheckRow(QFrame):
    """Folded: name, verdict, two buttons. Unfolded: the findings in words, and what was measured."""

    repeated = Signal(str)

    def __init__(self, look: Look, result: Result, title: Text, verdict: Verdict) -> None:
        super().__init__()
        self.setProperty("card", "row")
        self._look = look
        self._result = result
        self._title = title
        self._verdict = verdict
        self._kinds: Mapping[str, FindingKind] = {}
        self._details: QWidget | None = None
        self._whole = column(self, gap=SPACE_S)
        self._whole.setContentsMargins(0, SPACE_M, 0, SPACE_M)

    def lay_out(self, kinds: Mapping[str, FindingKind], before: Verdict | None) -> None:
        """Everything that is seen while folded."""
        self._kinds = kinds
        look = self._look
        line = row(gap=SPACE_M)
        icon, mark = Mark(28), Mark(24)
        icon.draw(look, icon_of(self._result.check_id), look.palette.muted)
        mark.draw_verdict(look, self._verdict)
        name, state = label(strong=True), label(wraps=False)
        name.setText(look.say(self._title))
        state.setText(self.state)
        state.setProperty("tone", self._verdict.value)
        named = column(gap=2)
        named.addWidget(name)
        summary = self._summary()
        if summary:
            said = label("small", muted=True)
            said.setText(summary)
            named.addWidget(said)
        self.before_words = label("small", strong=True)
        if before is not None:
            now, then = look.say(words.VERDICT[self._verdict]), look.say(words.VERDICT[before])
            self.before_words.setText(look.say(BEFORE, before=then, now=now))
            self.before_words.setProperty("tone", "accent")
            named.addWidget(self.before_words)
        self.again_button, self.details_button = Button("quiet"), Button("quiet")
        self.again_button.write(look.say(AGAIN), look.say(AGAIN_NAME, check=self._title))
        self.again_button.clicked.connect(lambda: self.repeated.emit(self._result.check_id))
        self.details_button.setCheckable(True)
        self.details_button.write(look.say(DETAILS), look.say(DETAILS_NAME, check=self._title))
        self.details_button.setIcon(look.icon("down", look.palette.accent))
        self.details_button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.details_button.toggled.connect(self._unfold)
        controls = row(gap=SPACE_M)
        line.addWidget(icon)
        line.addLayout(named, 1)
        controls.addWidget(mark)
        controls.addWidget(state)
        controls.addStretch(1)
        controls.addWidget(self.again_button)
        controls.addWidget(self.details_button)
        both = Reflow(most=2, least=380)
        for half in (line, controls):
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

    def _summary(self) -> str:
        if self._result.ending is not Ending.COMPLETED:
            return ""
        findings = self._by_importance()
        return self._titled(findings[0]) if findings else self._look.say(words.ALL_GOOD)

    def _by_importance(self) -> list[Finding]:
        return sorted(self._result.findings, key=lambda finding: -severity(finding.verdict))

    def _titled(self, finding: Finding) -> str:
        kind = self._kinds.get(finding.code)
        if kind is None:
            return finding.code
        return kind.title.say(self._look.language, dict(finding.arguments))

    def _unfold(self, shown: bool) -> None:
        if self._details is None:
            self._details = self._made_details()
            self._whole.addWidget(self._details)
        self._details.setVisible(shown)
        self.details_button.setIcon(self._look.icon("up" if shown else "down", self._look.palette.accent))

    def _made_details(self) -> QWidget:
        look = self._look
        box = QFrame()
        box.setProperty("card", "tile")
        inside = column(box, margin=SPACE_L, gap=SPACE_S)
        if self._result.ending is not Ending.COMPLETED:
            _add(inside, look.say(words.UNFINISHED_MORE[self._result.ending]))
            if self._result.reason:
                _add(inside, look.say(REASON, reason=self._result.reason), small=True)
        for finding in self._by_importance():
            inside.addLayout(self._finding(finding))
        rows = figure_rows(self._result.evidence, look.language)
        if rows:
            heading = label("small", strong=True)
            heading.setText(look.say(MEASURED))
            inside.addSpacing(SPACE_S)
            inside.addWidget(heading)
            grid = QGridLayout()
            grid.setHorizontalSpacing(SPACE_L)
            grid.setVerticalSpacing(2)
            grid.setColumnStretch(0, 2)
            grid.setColumnStretch(1, 3)
            for index, (name, value) in enumerate(rows):
                named, valued = label("small", muted=True), label("small")
                named.setText(name)
                valued.setText(value)
                grid.addWidget(named, index, 0)
                grid.addWidget(valued, index, 1)
            inside.addLayout(grid)
        return box

    def _finding(self, finding: Finding) -> QHBoxLayout:
        look = self._look
        line = row(gap=SPACE_M)
        mark = Mark(20)
        mark.draw_verdict(look, finding.verdict)
        line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        said = column(gap=2)
        _add(said, self._titled(finding), strong=True)
        kind = self._kinds.get(finding.code)
        arguments = dict(finding.arguments)
        if kind and kind.detail:
            _add(said, kind.detail.say(look.language, arguments), small=True)
        if finding.verdict is not Verdict.READY:
            for remedy in kind.remedies if kind else ():
                _add(said, "→  " + remedy.text.say(look.language, arguments), small=True)
        line.addLayout(said, 1)
        return line


def _add(layout: QVBoxLayout, text: str, *, small: bool = False, strong: bool = False) -> None:
    made = label("small" if small else "body", strong=strong)
    made.setText(text)
    layout.addWidget(made)
