"""The line's timeline, drawn: what each moment was like by height as well as colour, and what happened."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from readiness.core.model import Verdict
from readiness.core.text import Text
from readiness.core.timeline import Piece, State
from readiness.gui.look import Look
from readiness.gui.tokens import SIZES, SPACE_XS

NAME = Text(sv="Tidslinje", en="Timeline")
VERDICTS = {
    State.GOOD: Verdict.READY,
    State.TROUBLE: Verdict.LIMITED,
    State.AWAY: Verdict.NOT_READY,
    State.ASLEEP: Verdict.UNKNOWN,
}
HEIGHTS = {State.GOOD: 0.35, State.TROUBLE: 0.7, State.AWAY: 1.0, State.ASLEEP: 0.12}
"""The worse, the higher: the shape says the same as the colour."""
_HEIGHT = 132
_LEAST_SECONDS = 360.0
_MARK = 18


class TimelineBand(QLabel):
    """Time from left to right; at least six minutes, then all that was watched.

    A label, so that screen readers stop at it and read what was watched in words.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._look: Look | None = None
        self._begun = 0.0
        self._pieces: tuple[Piece, ...] = ()
        self._marks: tuple[float, ...] = ()

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        self.setAccessibleName(look.say(NAME))
        self.updateGeometry()
        self.update()

    def show_pieces(self, begun_utc: str, pieces: Sequence[Piece], marks: Sequence[str], said: str) -> None:
        """What was watched since `begun_utc`; at `marks` (UTC) something else happened. `said`: in words."""
        self._begun = _seconds(begun_utc)
        self._pieces = tuple(pieces)
        self._marks = tuple(_seconds(mark) for mark in marks)
        self.setAccessibleDescription(said)
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room; its height follows the text."""
        scale = self._look.scale if self._look else 1.0
        return QSize(320, round(_HEIGHT * scale))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bars on a ground line, marks above them, times beneath."""
        if self._look is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(round(SIZES["small"] * self._look.scale))
        painter.setFont(font)
        foot = painter.fontMetrics().height() + SPACE_XS
        head = _MARK * self._look.scale + SPACE_XS
        ground = self.height() - foot
        ended = max((_seconds(piece.utc) + piece.seconds for piece in self._pieces), default=self._begun)
        self._draw(painter, head, ground, max(_LEAST_SECONDS, ended - self._begun))
        painter.end()

    def _draw(self, painter: QPainter, head: float, ground: float, span: float) -> None:
        if self._look is None:
            return
        palette = self._look.palette
        painter.setPen(Qt.PenStyle.NoPen)
        for piece in self._pieces:
            left = self._at(_seconds(piece.utc), span)
            right = max(left + 1.5, self._at(_seconds(piece.utc) + piece.seconds, span) - 1)
            high = HEIGHTS[piece.state] * (ground - head)
            painter.setBrush(QColor(palette.tone(VERDICTS[piece.state]).strong))
            painter.drawRoundedRect(QRectF(left, ground - high, right - left, high), 1.5, 1.5)
        size = round(_MARK * self._look.scale)
        for mark in self._marks:
            left = min(max(0.0, self._at(mark, span) - size / 2), self.width() - size)
            painter.drawPixmap(QPointF(left, 0), self._look.picture("plug", palette.accent, size))
        painter.setPen(QColor(palette.edge))
        painter.drawLine(QPointF(0, ground + 0.5), QPointF(self.width(), ground + 0.5))
        if self._begun:
            painter.setPen(QColor(palette.muted))
            below = QRectF(0, ground, self.width(), self.height() - ground)
            for place, side in (
                (0.0, Qt.AlignmentFlag.AlignLeft),
                (0.5, Qt.AlignmentFlag.AlignHCenter),
                (1.0, Qt.AlignmentFlag.AlignRight),
            ):
                moment = datetime.datetime.fromtimestamp(self._begun + place * span)
                painter.drawText(below, side | Qt.AlignmentFlag.AlignBottom, f"{moment:%H:%M}")

    def _at(self, seconds: float, span: float) -> float:
        return min(1.0, max(0.0, (seconds - self._begun) / span)) * self.width()


def _seconds(utc: str) -> float:
    """Since 1970; 0 for what is no time."""
    try:
        return datetime.datetime.fromisoformat(utc).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0
