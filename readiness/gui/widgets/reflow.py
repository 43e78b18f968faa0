"""Parts side by side where there is room for it, below one another where there is not."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from readiness.gui.tokens import SPACE_M


class Reflow(QWidget):
    """A grid with as many columns as fit, `most` at the most.

    A column is at least `least` wide, or as wide as the widest part wants to be, and never so narrow
    that words are cut. `even`: the parts share the room; else they stand to the left, each column as
    wide as its own parts.
    """

    def __init__(self, *, most: int, least: int | None = None, gap: int = SPACE_M, even: bool = True) -> None:
        super().__init__()
        self._most, self._least, self._even = most, least, even
        self._parts: list[tuple[QWidget, int]] = []
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(gap)

    def add(self, part: QWidget, share: int = 1) -> None:
        """One part more, with its share of the room."""
        self._parts.append((part, share))
        self._place(max(self._columns, 1))
        part.show()

    def allow(self, most: int) -> None:
        """From now on at most so many columns. While it is empty."""
        self._most = most

    def empty(self) -> None:
        """Take all parts out; they are gone when the event loop next turns."""
        for part, _ in self._parts:
            self._grid.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts.clear()

    def minimumSizeHint(self) -> QSize:
        """As narrow as its widest part: below that it cannot flow."""
        widest = max((part.minimumSizeHint().width() for part, _ in self._parts), default=0)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as fit now."""
        super().resizeEvent(event)
        columns = self._fitting(event.size().width())
        if columns != self._columns:
            self._place(columns)

    def event(self, event: QEvent) -> bool:
        """Other words, or larger ones, may need other columns."""
        if event.type() == QEvent.Type.LayoutRequest:
            columns = self._fitting(self.width())
            if columns != self._columns:
                self._place(columns)
        return super().event(event)

    def _fitting(self, width: int) -> int:
        if not self._even:
            wants = [part.sizeHint().width() for part, _ in self._parts]
            gap = self._grid.horizontalSpacing()
            fits = (count for count in range(self._most, 1, -1) if _wanted(wants, count, gap) <= width)
            return next(fits, 1)
        least = self._least or max((part.sizeHint().width() for part, _ in self._parts), default=1)
        least = max(least, self.minimumSizeHint().width())
        gap = self._grid.horizontalSpacing()
        return max(1, min(self._most, (width + gap) // (least + gap)))

    def _place(self, columns: int) -> None:
        self._columns = columns
        for part, _ in self._parts:
            self._grid.removeWidget(part)
        for column in range(self._grid.columnCount() + 1):
            self._grid.setColumnStretch(column, 0)
        for index, (part, share) in enumerate(self._parts):
            row, column = divmod(index, columns)
            self._grid.addWidget(part, row, column)
            if self._even:
                self._grid.setColumnStretch(column, max(share, self._grid.columnStretch(column)))
        if not self._even:
            self._grid.setColumnStretch(columns, 1)


def _wanted(wants: list[int], columns: int, gap: int) -> int:
    """How wide parts that want so much are in so many columns."""
    widest = [max(wants[place::columns], default=0) for place in range(columns)]
    return sum(widest) + gap * (columns - 1)
