"""One check while it runs: its picture, its name, its state in words, shape and colour, its progress."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QFrame, QProgressBar, QSizePolicy

from readiness.core.text import Text
from readiness.gui import words
from readiness.gui.look import Look
from readiness.gui.outcome import Ended, Station
from readiness.gui.tokens import SPACE_M, SPACE_S
from readiness.gui.widgets.basic import Mark, column, label, recolour, row

WAITING = Text(sv="Väntar", en="Waiting")
RUNNING = Text(sv="Testas nu", en="Testing now")
PROGRESS = Text(sv="Så långt har testet ”{check}” kommit", en="How far the test “{check}” has come")
_SIDE_BY_SIDE = 1.25
"""With larger text than this, or on a narrow card, the state stands beneath the name."""
KNOWN_ICONS = frozenset(
    {"computer", "camera", "microphone", "speaker", "connection", "media_path", "capacity", "location"}
)


def icon_of(check_id: str) -> str:
    """The picture of a check."""
    return check_id if check_id in KNOWN_ICONS else "other"


class StationCard(QFrame):
    """Lights up when its check begins; ends with the verdict."""

    def __init__(self, station: Station, *, narrow: bool = False) -> None:
        super().__init__()
        self._narrow = narrow
        self.station = station
        self._look: Look | None = None
        self._ended: Ended | None = None
        self._running = False
        self._icon, self._mark = Mark(28), Mark(24)
        self._name, self.state = label(strong=True), label("small", muted=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.progress.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        whole = row(self, gap=SPACE_S if narrow else SPACE_M)
        whole.setContentsMargins(SPACE_M, SPACE_S + 2, SPACE_M, SPACE_S + 2)
        whole.addWidget(self._icon)
        middle = column(gap=2)
        middle.addStretch(1)
        self._names = row(gap=SPACE_S)
        self._names.addWidget(self._name, 1)
        self._names.addWidget(self.state)
        middle.addLayout(self._names)
        middle.addSpacing(SPACE_S - 2)
        middle.addWidget(self.progress)
        middle.addStretch(1)
        whole.addLayout(middle, 1)
        whole.addWidget(self._mark)
        recolour(self, card="plain")

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        large = self._narrow or look.scale > _SIDE_BY_SIDE
        self._names.setDirection(
            QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight
        )
        self.state.setWordWrap(look.scale > _SIDE_BY_SIDE)
        self._names.setSpacing(0 if large else SPACE_S)
        self._name.setText(look.say(self.station.title))
        self.progress.setAccessibleName(look.say(PROGRESS, check=self.station.title))
        self._draw()

    def begin(self) -> None:
        """The check runs."""
        if not self._running and self._ended is None:
            self._running = True
            self._draw()

    def show_fraction(self, fraction: float) -> None:
        """How far it is; a bar never goes back."""
        self.begin()
        if fraction == fraction:
            self.progress.setValue(max(self.progress.value(), round(min(max(fraction, 0.0), 1.0) * 1000)))

    def end(self, ended: Ended) -> None:
        """The check has ended."""
        self._ended, self._running = ended, False
        self.progress.setValue(1000)
        self._draw()

    @property
    def said(self) -> str:
        """The state in words."""
        return self.state.text()

    def _draw(self) -> None:
        look = self._look
        if look is None:
            return
        palette = look.palette
        if self._ended is not None:
            verdict, said = self._ended.verdict, look.say(words.state_of(self._ended))
            self._mark.draw_verdict(look, verdict)
            tone, icon = verdict.value, palette.tone(verdict).strong
        elif self._running:
            said, tone, icon = look.say(RUNNING), "accent", palette.accent
            self._mark.draw(look, "running", palette.accent)
        else:
            said, tone, icon = look.say(WAITING), "", palette.muted
            self._mark.draw(look, "waiting", palette.edge)
        self._icon.draw(look, icon_of(self.station.id), icon)
        self.state.setText(said)
        recolour(self.state, tone=tone)
        recolour(self.progress, tone=tone)
        more = words.finding_said(look, self._ended)
        self.setAccessibleName(f"{look.say(self.station.title)}: {said}")
        self.setAccessibleDescription(more)
        self.setToolTip(more)
