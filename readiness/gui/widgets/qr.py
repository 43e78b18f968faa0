"""A QR code: what a telephone's camera reads. Always dark on light, as the readers expect."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

_QUIET = 4
"""Empty modules around the code (ISO/IEC 18004, 6.3.8)."""
_DARK, _LIGHT = "#000000", "#ffffff"


class QrCode(QLabel):
    """Shows one text; hidden words say what it is for. A label, so that screen readers read them."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size
        self._rows: Sequence[Sequence[int]] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Draw `text`; a telephone opens it where it is an address."""
        import segno

        self._rows = tuple(tuple(row) for row in segno.make_qr(text, error="m").matrix)
        self.update()

    def sizeHint(self) -> QSize:
        """Large enough for a telephone at arm's length."""
        return QSize(self._size, self._size)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Whole pixels a module, so that the edges are sharp."""
        if not self._rows:
            return
        count = len(self._rows) + 2 * _QUIET
        ratio = self.devicePixelRatioF()
        module = max(1, int(min(self.width(), self.height()) * ratio) // count) / ratio
        painter = QPainter(self)
        side = module * count
        left, top = (self.width() - side) / 2, (self.height() - side) / 2
        painter.fillRect(QRectF(left, top, side, side), QColor(_LIGHT))
        for y, row in enumerate(self._rows, _QUIET):
            for x, dark in enumerate(row, _QUIET):
                if dark:
                    painter.fillRect(
                        QRectF(left + x * module, top + y * module, module, module), QColor(_DARK)
                    )
        painter.end()
