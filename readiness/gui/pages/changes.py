"""Two runs compared: what has changed from the earlier to the later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout

from readiness.core.model import Report
from readiness.core.text import Text
from readiness.gui.compare import Group, compare
from readiness.gui.look import Look
from readiness.gui.pages.page import Page
from readiness.gui.times import local_time
from readiness.gui.tokens import SPACE_L, SPACE_M, SPACE_S
from readiness.gui.widgets.basic import Button, card, clear, column, label, sheet

if TYPE_CHECKING:  # profiles need pydantic, which the window does not wait for
    from readiness.core.profile import Limit

TITLE = Text(sv="Det här har ändrats", en="This has changed")
BETWEEN = Text(sv="Från {before} till {now}.", en="From {before} to {now}.")
NOTHING = Text(
    sv="Inget av betydelse skiljer de två testerna åt.",
    en="Nothing that matters differs between the two tests.",
)
BEFORE = Text(sv="Före", en="Before")
NOW = Text(sv="Efter", en="After")
BETTER = Text(sv="Bättre: ", en="Better: ")
WORSE = Text(sv="Sämre: ", en="Worse: ")
BACK = Text(sv="Tillbaka", en="Back")


class ChangesPage(Page):
    """A table for each kind of change."""

    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._look: Look | None = None
        self._reports: tuple[Report, Report] | None = None
        self._titles: Mapping[str, Text] = {}
        self._limits: Sequence[Limit] = ()
        frame = sheet(self)
        self._title, self._between, self.nothing = label("title"), label("lead", muted=True), label("lead")
        self._groups = column(gap=SPACE_M)
        for part in (self._title, self._between, self.nothing):
            frame.content.addWidget(part)
        frame.content.addLayout(self._groups)
        frame.content.addStretch(1)
        self.back_button = Button("primary")
        self.back_button.clicked.connect(self.back)
        frame.actions.addWidget(self.back_button)
        frame.actions.addStretch(1)

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        self._write()

    def show_reports(
        self, before: Report, now: Report, titles: Mapping[str, Text], limits: Sequence[Limit]
    ) -> None:
        """The two that are compared."""
        self._reports, self._titles, self._limits = (before, now), titles, limits
        self._write()

    def arrive(self) -> None:
        """The page is in sight."""
        self.back_button.setFocus()

    def escape(self) -> None:
        """Back."""
        self.back_button.click()

    @property
    def said(self) -> str:
        """How much has changed, for those who listen."""
        return f"{self._title.text()}. {self._between.text()}"

    def _write(self) -> None:
        look = self._look
        if look is None:
            return
        self._title.setText(look.say(TITLE))
        self.back_button.write(look.say(BACK))
        self.nothing.setText(look.say(NOTHING))
        clear(self._groups)
        if self._reports is None:
            return
        before, now = self._reports
        self._between.setText(
            look.say(
                BETWEEN,
                before=local_time(before.created_utc, look.language),
                now=local_time(now.created_utc, look.language),
            )
        )
        groups = compare(before, now, self._titles, self._limits, look.language)
        self.nothing.setVisible(not groups)
        for group in groups:
            self._groups.addWidget(_card(look, group))


def _card(look: Look, group: Group) -> QFrame:
    made = card()
    inside = column(made, margin=SPACE_L, gap=SPACE_M)
    heading = label("heading")
    heading.setText(look.say(group.title))
    inside.addWidget(heading)
    grid = QGridLayout()
    grid.setHorizontalSpacing(SPACE_L)
    grid.setVerticalSpacing(SPACE_S)
    for place, (share, head) in enumerate(((4, None), (3, BEFORE), (3, NOW))):
        grid.setColumnStretch(place, share)
        if head is not None:
            named = label("small", strong=True)
            named.setText(look.say(head))
            grid.addWidget(named, 0, place)
    for line, change in enumerate(group.changes, 1):
        tone = {True: "READY", False: "NOT_READY", None: ""}[change.better]
        prefix = {True: look.say(BETTER), False: look.say(WORSE), None: ""}[change.better]
        for place, said in enumerate((change.name, change.before, prefix + change.now)):
            cell = label("small", muted=place == 1, strong=place == 2)
            cell.setText(said)
            cell.setAlignment(Qt.AlignmentFlag.AlignTop)
            if place == 2 and tone:
                cell.setProperty("tone", tone)
            grid.addWidget(cell, line, place)
    inside.addLayout(grid)
    return made
