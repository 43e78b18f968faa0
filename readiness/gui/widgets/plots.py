"""Plots of what a test saw over time or over frequency. The library is loaded with the first of them."""

from __future__ import annotations

import functools
import importlib
import itertools
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from readiness.core.model import Result
from readiness.core.series import is_series
from readiness.core.text import Text
from readiness.gui.look import Look
from readiness.gui.tokens import SIZES, SPACE_S
from readiness.gui.widgets.basic import column, label
from readiness.gui.widgets.figures import UNITS, name_words, number_words, unit_of

HEIGHT = 180
TITLE = Text(sv="{name} ({unit})", en="{name} ({unit})")
IN_WORDS = Text(
    sv="{name}: lägst {least}, högst {most}, mitten {middle} {unit}.",
    en="{name}: lowest {least}, highest {most}, middle {middle} {unit}.",
)
TIME = Text(sv="sekunder", en="seconds")
FREQUENCY = Text(sv="Hz", en="Hz")
ORDER = Text(sv="i tur och ordning", en="one after another")
_ALONG = {"s": TIME, "Hz": FREQUENCY, "": ORDER}
_ALONGSIDE = {"seconds": "s", "hz": "Hz"}
_MOST_POINTS = 4000
_HERTZ = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
"""What is written under a curve over frequencies, which stand as far apart as they sound."""


@dataclass(frozen=True, kw_only=True)
class Series:
    """One figure over time or over frequency: `along` and `values` are as long."""

    name: str
    along: tuple[float, ...]
    values: tuple[float, ...]
    along_unit: str


def series_of(result: Result) -> Iterator[Series]:
    """The long rows of numbers in the evidence; a second row of times or frequencies lies under the first.

    `spectrum_dbfs` lies over `spectrum_hz`, `delay_ms_up` over `delay_seconds_up`.
    """
    rows = {name: value for name, value in result.evidence.items() if is_series(value)}
    under = {name: _under(name, rows) for name in rows}
    for name, values in rows.items():
        if name in (along for along, _ in under.values()):
            continue
        along_name, unit = under[name]
        along = rows.get(along_name, range(len(values)))
        yield Series(
            name=name,
            along=tuple(float(part) for part in along[:_MOST_POINTS]),
            values=tuple(float(part) for part in values[:_MOST_POINTS]),
            along_unit=unit,
        )


def _under(name: str, rows: Mapping[str, Sequence[float]]) -> tuple[str, str]:
    """The name of the row that lies under `name`, and its unit; empty where there is none as long."""
    parts = name.split("_")
    places = [place for place, part in enumerate(parts) if part in UNITS]
    for (part, unit), place in itertools.product(_ALONGSIDE.items(), places[-1:]):
        found = "_".join((*parts[:place], part, *parts[place + 1 :]))
        if found != name and found in rows and len(rows[found]) == len(rows[name]):
            return found, unit
    return "", ""


def plots_of(look: Look, result: Result) -> Iterator[QWidget]:
    """A plot for each row of numbers in the evidence."""
    for series in series_of(result):
        yield Plot(look, series)


class Plot(QWidget):
    """A heading, the curve, and the same in words for those who do not see it."""

    def __init__(self, look: Look, series: Series) -> None:
        super().__init__()
        inside = column(self, gap=SPACE_S)
        heading = label("small", strong=True)
        name, unit = name_words(series.name, look.language), unit_of(series.name)
        heading.setText(look.say(TITLE, name=name, unit=unit) if unit else name)
        said = label("small", muted=True)
        said.setText(_in_words(look, series, name, unit))
        curve = _curve(look, series)
        curve.setAccessibleName(heading.text())
        curve.setAccessibleDescription(said.text())
        for part in (heading, curve, said):
            inside.addWidget(part)


def _in_words(look: Look, series: Series, name: str, unit: str) -> str:
    ordered = sorted(series.values)
    least, middle, most = (
        number_words(ordered[place], look.language) for place in (0, len(ordered) // 2, len(ordered) - 1)
    )
    return look.say(IN_WORDS, name=name, least=least, most=most, middle=middle, unit=unit).replace(" .", ".")


def _ticks(look: Look, values: Sequence[float], _scale: float, _spacing: float) -> list[str]:
    return [number_words(float(f"{value:.6g}"), look.language) for value in values]


def load_pyqtgraph() -> Any:
    """pyqtgraph, which asks for Qt's OpenGL when it is loaded, though it draws curves without.

    Packages leave that out (10 MB); there a plain widget stands for the only thing that is named while loading.
    """
    for name in ("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"):
        try:
            importlib.import_module(name)
        except ImportError:
            absent: Any = ModuleType(name)
            absent.QOpenGLWidget = QWidget
            sys.modules[name] = absent
    import pyqtgraph

    return pyqtgraph


def _curve(look: Look, series: Series) -> QWidget:
    pyqtgraph = load_pyqtgraph()
    palette = look.palette
    drawn = pyqtgraph.PlotWidget(background=palette.surface)
    drawn.setFixedHeight(HEIGHT)
    drawn.setMouseEnabled(x=False, y=False)
    drawn.setMenuEnabled(False)
    drawn.hideButtons()
    for surface in (drawn, drawn.viewport()):
        surface.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    # The page scrolls where the mouse is over the curve too.
    drawn.wheelEvent = lambda event: event.ignore()
    drawn.showGrid(x=False, y=True, alpha=0.25)
    by_tens = series.along_unit == "Hz"
    drawn.setLogMode(x=by_tens, y=False)
    for side in ("left", "bottom"):
        axis = drawn.getAxis(side)
        axis.setPen(palette.edge)
        axis.setTextPen(palette.muted)
        axis.enableAutoSIPrefix(False)
        axis.tickStrings = functools.partial(_ticks, look)
        if by_tens and side == "bottom":
            axis.setTicks([[(math.log10(hertz), number_words(hertz, look.language)) for hertz in _HERTZ]])
    drawn.setLabel(
        "bottom",
        look.say(_ALONG.get(series.along_unit, ORDER)),
        **{"color": palette.muted, "font-size": f"{SIZES['small']}px"},
    )
    pen = pyqtgraph.mkPen(palette.accent, width=2)
    drawn.plot(list(series.along), list(series.values), pen=pen, antialias=True)
    return drawn  # type: ignore[no-any-return]
