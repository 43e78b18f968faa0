"""What every page of the window can do."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from readiness.core.text import Text
from readiness.gui.look import Look


class Page(QWidget):
    """A page: it can be written anew, comes into sight, and may know what to do with a failure."""

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        raise NotImplementedError

    def arrive(self) -> None:
        """The page is in sight: the keyboard is where it is needed first."""
        raise NotImplementedError

    def escape(self) -> None:
        """The Escape key: back, or stop; nothing on a page that has neither."""

    def show_failure(self, _text: Text) -> bool:
        """Say on this page what could not be done; false where another page has to."""
        return False
