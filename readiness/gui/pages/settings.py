"""What is set on this computer, and by whom: to be read, for the one who helps."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout

from readiness.core.model import Verdict
from readiness.core.text import Text
from readiness.gui.look import Look
from readiness.gui.pages.page import Page
from readiness.gui.tokens import SPACE_L, SPACE_M, SPACE_S
from readiness.gui.widgets.basic import Button, card, clear, column, label, sheet
from readiness.gui.widgets.notice import NoticeBox
from readiness.settings import Loaded
from readiness.settings.schema import SETTINGS
from readiness.settings.showing import ORIGIN, shown_value
from readiness.settings.sources import Rank

TITLE = Text(sv="Inställningar", en="Settings")
LEAD = Text(
    sv="Så här är programmet inställt på den här datorn.",
    en="This is how the program is set up on this computer.",
)
MANAGED = Text(
    sv="Det som organisationen har bestämt kan bara IT ändra.",
    en="What the organisation has set can be changed by IT alone.",
)
BACK = Text(sv="Tillbaka", en="Back")


class SettingsPage(Page):
    """A row for each setting: its name, its value, and who set it."""

    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._look: Look | None = None
        self._loaded: Loaded | None = None
        frame = sheet(self)
        self._title, self._lead, self.managed = label("title"), label("lead", muted=True), label("lead")
        self.notice = NoticeBox()
        made = card()
        self._rows = column(made, margin=SPACE_L)
        for part in (self._title, self._lead, self.managed, self.notice, made):
            frame.content.addWidget(part)
        frame.content.addStretch(1)
        self.back_button = Button("primary")
        self.back_button.clicked.connect(self.back)
        frame.actions.addWidget(self.back_button)
        frame.actions.addStretch(1)

    def show_settings(self, loaded: Loaded) -> None:
        """What is in force; what IT has set and cannot be used is said first."""
        self._loaded = loaded
        if loaded.faults:
            self.notice.say(loaded.faults[0].text, Verdict.LIMITED)
        self._write()

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        self.notice.put_on(look)
        self._write()

    def arrive(self) -> None:
        """The page is in sight."""
        self.back_button.setFocus()

    def escape(self) -> None:
        """Back."""
        self.back_button.click()

    def _write(self) -> None:
        look = self._look
        if look is None:
            return
        self._title.setText(look.say(TITLE))
        self._lead.setText(look.say(LEAD))
        self.managed.setText(look.say(MANAGED))
        self.back_button.write(look.say(BACK))
        clear(self._rows)
        loaded = self._loaded
        self.managed.setVisible(loaded is not None and bool(loaded.managed))
        if loaded is None:
            return
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_S if look.scale > 1 else SPACE_M)
        for place, share in enumerate((4, 4, 3)):
            grid.setColumnStretch(place, share)
        for line, setting in enumerate(SETTINGS):
            found = loaded.origins.get(setting.name)
            rank = found.rank if found else Rank.DEFAULT
            for place, text in enumerate((setting.title, shown_value(setting, loaded), ORIGIN[rank])):
                cell = label("small", muted=rank is Rank.DEFAULT, strong=place == 2 and rank is Rank.POLICY)
                cell.setText(look.say(text))
                cell.setAlignment(Qt.AlignmentFlag.AlignTop)
                grid.addWidget(cell, line, place)
        self._rows.addLayout(grid)
