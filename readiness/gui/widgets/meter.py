"""The live level of the microphone, as a row of bars and in words."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from readiness.core.text import Text
from readiness.gui.look import Look
from readiness.gui.tokens import SPACE_M, SPACE_S
from readiness.gui.widgets.basic import Mark, label, row

NAME = Text(sv="Mikrofonens nivå", en="The microphone's level")
WAITING = Text(sv="Inget ljud än", en="No sound yet")
QUIET = Text(sv="Tyst", en="Quiet")
HEARD = Text(sv="Du hörs", en="You are heard")
LOUD = Text(sv="Mycket högt", en="Very loud")

_LOWEST_DBFS, _HEARD_DBFS, _LOUD_DBFS = -60.0, -45.0, -6.0
_BARS = 28
_WORDS_HOLD_MS = 500
"""So that the words can be read, they change at most this often."""


class Meter(QWidget):
    """Microphone icon, bars, and the level in a word."""

    def __init__(self) -> None:
        super().__init__()
        self._look: Look | None = None
        self._words = WAITING
        self._since = QElapsedTimer()
        self._icon = Mark(24)
        self._bars = _Bars()
        self._word = label("small", wraps=False)
        self._word.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line = row(self, gap=SPACE_M)
        line.setContentsMargins(SPACE_S, SPACE_S, SPACE_S, SPACE_S)
        line.addWidget(self._icon)
        line.addWidget(self._bars, 1)
        line.addWidget(self._word)

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        self._icon.draw(look, "microphone", look.palette.muted)
        self._bars.put_on(look)
        metrics = self._word.fontMetrics()
        widest = max(metrics.horizontalAdvance(look.say(text)) for text in (WAITING, QUIET, HEARD, LOUD))
        self._word.setMinimumWidth(widest + SPACE_S)
        self.setAccessibleName(look.say(NAME))
        self._say(self._words)

    def reset(self) -> None:
        """No level yet."""
        self._since.invalidate()
        self._bars.show_level(_LOWEST_DBFS)
        self._say(WAITING)

    def show_level(self, dbfs: float) -> None:
        """The level now."""
        self._bars.show_level(dbfs)
        words = LOUD if dbfs > _LOUD_DBFS else HEARD if dbfs > _HEARD_DBFS else QUIET
        if words is self._words:
            self._since.restart()
        elif not self._since.isValid() or self._since.elapsed() > _WORDS_HOLD_MS:
            self._since.restart()
            self._say(words)

    def _say(self, words: Text) -> None:
        self._words = words
        if self._look is not None:
            said = self._look.say(words)
            self._word.setText(said)
            self.setAccessibleDescription(said)


class _Bars(QWidget):
    """The bars alone."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._look: Look | None = None
        self._lit = 0
        self._dbfs = _LOWEST_DBFS

    def put_on(self, look: Look) -> None:
        self._look = look
        self.update()

    def show_level(self, dbfs: float) -> None:
        share = (min(dbfs, 0.0) - _LOWEST_DBFS) / -_LOWEST_DBFS
        lit = max(0, min(_BARS, round(share * _BARS))) if share == share else 0
        if lit != self._lit:
            self._lit = lit
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._look is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self._look.palette
        step = self.width() / _BARS
        loud = round((_LOUD_DBFS - _LOWEST_DBFS) / -_LOWEST_DBFS * _BARS)
        for index in range(_BARS):
            lit = index < self._lit
            colour = palette.limited.strong if index >= loud else palette.accent
            painter.setBrush(QColor(colour if lit else palette.surface if palette.bold else palette.line))
            painter.setPen(QColor(palette.edge) if palette.bold and not lit else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(QRectF(index * step, 3, step * 0.6, self.height() - 6), 2, 2)
        painter.end()
