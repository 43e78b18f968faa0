"""Look: the language and the theme that every page is shown in, and the icons drawn for them."""

from __future__ import annotations

import functools
import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from readiness.core.model import Verdict
from readiness.core.text import Language, Text
from readiness.gui.tokens import DARK, HIGH_DARK, HIGH_LIGHT, LIGHT, SCALES, Palette

VERDICT_ICONS = {
    Verdict.READY: "ready",
    Verdict.LIMITED: "limited",
    Verdict.NOT_READY: "not_ready",
    Verdict.UNKNOWN: "unknown",
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """What every page has in common. A page puts on a new one when language or theme change."""

    language: Language
    palette: Palette
    icons: Path
    scale: float = 1.0
    """How large the text is, and what stands beside it."""

    def say(self, text: Text, **arguments: object) -> str:
        """`text` in the language of the window."""
        return text.say(self.language, arguments)

    def picture(self, name: str, colour: str, size: int) -> QPixmap:
        """One of our own icons, in a colour, crisp on this screen."""
        return _drawn(
            self.icons / f"{name}.svg", colour, size, QGuiApplication.primaryScreen().devicePixelRatio()
        )

    def icon(self, name: str, colour: str, size: int = 20) -> QIcon:
        """The same, for a button."""
        return QIcon(self.picture(name, colour, size))


def system_palette() -> Palette:
    """Light or dark, with more contrast or without, as the system is set."""
    hints = QGuiApplication.styleHints()
    dark = hints.colorScheme() is Qt.ColorScheme.Dark
    if hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast:
        return HIGH_DARK if dark else HIGH_LIGHT
    return DARK if dark else LIGHT


def system_scale() -> float:
    """How large the system wants text: its font beside that of the system as it is delivered."""
    usual = _USUAL_POINTS.get(sys.platform)
    points = QGuiApplication.font().pointSizeF()
    if usual is None or points <= 0:
        return SCALES[0]
    return min(SCALES, key=lambda scale: abs(scale - points / usual))


def scale_of(percent: int | None) -> float:
    """How large the person wants text; where they did not choose, how large the system does."""
    return system_scale() if percent is None else min(SCALES, key=lambda scale: abs(scale - percent / 100))


_USUAL_POINTS = {"win32": 9.0, "darwin": 13.0}
"""On Linux the desktops change the resolution instead, which Qt follows by itself."""


@functools.lru_cache(maxsize=256)
def _drawn(file: Path, colour: str, size: int, ratio: float) -> QPixmap:
    drawing = file.read_text("utf-8").replace("currentColor", colour)
    pixels = round(size * ratio)
    picture = QPixmap(pixels, pixels)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture
