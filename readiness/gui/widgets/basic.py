"""Labels, buttons, cards and boxes as the stylesheet knows them, and the frame of a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from readiness.core.model import Verdict
from readiness.gui.look import VERDICT_ICONS, Look
from readiness.gui.tokens import CONTENT_WIDTH, SCROLL_BAR, SPACE_L, SPACE_M, SPACE_S, SPACE_XL

TextKind = Literal["code", "verdict", "title", "heading", "lead", "body", "small"]
ButtonKind = Literal["large", "primary", "secondary", "quiet", "choice"]


def label(
    kind: TextKind = "body", *, muted: bool = False, strong: bool = False, wraps: bool = True
) -> QLabel:
    """A text. Always plain: names of devices come from outside."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wraps)
    made.setProperty("type", kind)
    made.setProperty("muted", muted)
    made.setProperty("strong", strong)
    return made


ICON, ICON_GAP = 18, 6
"""The picture in a button, and the room between it and the text, in pixels at 100 %."""


class Button(QPushButton):
    """A button that Enter presses as well as the space bar."""

    def __init__(self, kind: ButtonKind) -> None:
        super().__init__()
        self.setProperty("kind", kind)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def write(self, text: str, meaning: str | None = None) -> None:
        """Its text, and the name a screen reader says where the text alone is too short."""
        self.setText(text)
        self.setAccessibleName(meaning or text)

    def draw(self, look: Look, name: str) -> None:
        """One of the icons before the text, or after it where the button is laid out from the right."""
        size, gap = round(ICON * look.scale), round(ICON_GAP * look.scale)
        picture = look.picture(name, look.palette.accent, size)
        ratio = picture.devicePixelRatio()
        roomy = QPixmap(round((size + gap) * ratio), round(size * ratio))
        roomy.setDevicePixelRatio(ratio)
        roomy.fill(Qt.GlobalColor.transparent)
        painter = QPainter(roomy)
        behind = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        painter.drawPixmap(gap if behind else 0, 0, picture)
        painter.end()
        self.setIconSize(QSize(size + gap, size))
        self.setIcon(QIcon(roomy))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


def card(kind: str = "plain") -> QFrame:
    """A rounded surface: plain, tile, row, or one of the tones of a verdict."""
    made = QFrame()
    made.setProperty("card", kind)
    return made


def recolour(widget: QWidget, **properties: object) -> None:
    """Set properties that the stylesheet looks at, and have it look again."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def column(parent: QWidget | None = None, *, margin: int = 0, gap: int = SPACE_S) -> QVBoxLayout:
    """A column of widgets."""
    made = QVBoxLayout() if parent is None else QVBoxLayout(parent)
    made.setContentsMargins(margin, margin, margin, margin)
    made.setSpacing(gap)
    return made


def row(parent: QWidget | None = None, *, margin: int = 0, gap: int = SPACE_M) -> QHBoxLayout:
    """A row of widgets."""
    made = QHBoxLayout() if parent is None else QHBoxLayout(parent)
    made.setContentsMargins(margin, margin, margin, margin)
    made.setSpacing(gap)
    return made


def clear(layout: QLayout) -> None:
    """Take everything out of a layout. The widgets are gone when the event loop next turns."""
    while item := layout.takeAt(0):
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()
        elif inner := item.layout():
            clear(inner)
            inner.deleteLater()


class Mark(QLabel):
    """A picture that stands beside words which say the same; screen readers pass over it."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size
        self.setFixedSize(size, size)

    def draw(self, look: Look, name: str, colour: str) -> None:
        """One of the icons, in a colour."""
        size = round(self._size * look.scale)
        self.setFixedSize(size, size)
        self.setPixmap(look.picture(name, colour, size))

    def draw_verdict(self, look: Look, verdict: Verdict) -> None:
        """The shape and the colour of a verdict."""
        self.draw(look, VERDICT_ICONS[verdict], look.palette.tone(verdict).strong)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The frame of a page: what scrolls, and the bar of buttons that stays in sight."""

    content: QVBoxLayout
    actions: QHBoxLayout
    area: QScrollArea
    bar: QFrame


class _Area(QScrollArea):
    """Scrolls up and down; what it holds stands in the same place whether there is more of it or not."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # The keyboard scrolls by moving on, and by Page Up and Page Down, which the window handles.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # The bar always has its room; the stylesheet paints it only where there is something to scroll.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().rangeChanged.connect(self._show_bar)
        self._show_bar(0, 0)

    @Slot(int, int)
    def _show_bar(self, least: int, most: int) -> None:
        self.verticalScrollBar().setEnabled(most > least)


def sheet(page: QWidget) -> Sheet:
    """Give `page` its frame."""
    whole = column(page, gap=0)
    area = _Area()
    inside = QWidget()
    inside.setObjectName("sheet")
    content = column(_centred(inside), gap=SPACE_M)
    content.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_XL)
    area.setWidget(inside)
    whole.addWidget(area, 1)

    bar = QFrame()
    bar.setObjectName("actions")
    # The buttons stand at the edges of what they belong to.
    actions = row(_centred(bar, beside=SCROLL_BAR), gap=SPACE_M)
    actions.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
    whole.addWidget(bar)
    return Sheet(content=content, actions=actions, area=area, bar=bar)


def _centred(around: QWidget, beside: int = 0) -> QWidget:
    """The middle of `around`, as wide as a page is at the most; `beside`: room left free on the right."""
    line = row(around, gap=0)
    line.setContentsMargins(0, 0, beside, 0)
    middle = QWidget()
    middle.setMaximumWidth(CONTENT_WIDTH)
    middle.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    line.addStretch(1)
    line.addWidget(middle, 100)
    line.addStretch(1)
    return middle
