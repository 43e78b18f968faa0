"""The stage: the pages of the window, one in sight at a time."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget

from readiness.core.text import Text
from readiness.gui.look import Look
from readiness.gui.pages.page import Page


class Stage(QStackedWidget):
    """Turns the pages, dresses them all, and tells those who listen what has changed."""

    def __init__(self, look: Look, pages: Sequence[Page]) -> None:
        super().__init__()
        self.look = look
        self._order = tuple(pages)
        for page in pages:
            self.addWidget(page)

    @property
    def page(self) -> Page:
        """The page in sight."""
        return self._order[self.currentIndex()]

    def put_on(self, look: Look) -> None:
        """Language and theme, on every page."""
        self.look = look
        for page in self._order:
            page.put_on(look)

    def turn_to(self, page: Page) -> None:
        """Show another page."""
        self.setCurrentWidget(page)
        page.arrive()

    def say(self, text: Text, **arguments: object) -> str:
        """`text` in the language of the window."""
        return self.look.say(text, **arguments)

    def leaf(self, pages: int) -> None:
        """Move the page in sight up (-1) or down (1) by what fits in the window."""
        area = self.page.findChild(QScrollArea)
        if area is not None:
            bar = area.verticalScrollBar()
            bar.setValue(bar.value() + pages * bar.pageStep())

    @Slot(str)
    def announce(self, said: str) -> None:
        """Tell those who listen instead of looking what has changed."""
        if QAccessible.isActive() and said:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))
