"""The bar on top: our mark and name, and the language."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame

from readiness.core.text import Language, Text
from readiness.gui import words
from readiness.gui.look import Look
from readiness.gui.tokens import BRAND, SPACE_L, SPACE_S, SPACE_XS
from readiness.gui.widgets.basic import Button, Mark, label, row
from readiness.settings.showing import LANGUAGE_NAMES

CHOOSE = Text(sv="Byt språk till {name}", en="Change language to {name}")

SMALLER = Text(sv="Mindre text (nu {percent} %)", en="Smaller text (now {percent} %)")
LARGER = Text(sv="Större text (nu {percent} %)", en="Larger text (now {percent} %)")


class Header(QFrame):
    """The same on every page."""

    language_chosen = Signal(str)
    size_wanted = Signal(int)
    """Text a step larger (1) or smaller (-1)."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("header")
        self._mark, self._name = Mark(28), label("lead", strong=True)
        line = row(self, gap=SPACE_S)
        line.setContentsMargins(SPACE_L, SPACE_S, SPACE_L, SPACE_S)
        line.addWidget(self._mark)
        line.addWidget(self._name)
        line.addStretch(1)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.buttons: dict[Language, Button] = {}
        choices = row(gap=SPACE_XS)
        for language in LANGUAGE_NAMES:
            button = Button("choice")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, chosen=language: self.language_chosen.emit(chosen))
            self._group.addButton(button)
            choices.addWidget(button)
            self.buttons[language] = button
        self.smaller, self.larger = Button("choice"), Button("choice")
        for button, steps in ((self.smaller, -1), (self.larger, 1)):
            button.clicked.connect(lambda _=False, by=steps: self.size_wanted.emit(by))
            line.addWidget(button)
        line.addSpacing(SPACE_S)
        line.addLayout(choices)

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._mark.draw(look, "logo", BRAND)
        self._name.setText(look.say(words.PRODUCT))
        percent = round(look.scale * 100)
        self.smaller.write("A−", look.say(SMALLER, percent=percent))
        self.larger.write("A+", look.say(LARGER, percent=percent))
        for button in (self.smaller, self.larger):
            button.setToolTip(button.accessibleName())
        for language, button in self.buttons.items():
            button.write(LANGUAGE_NAMES[language], look.say(CHOOSE, name=LANGUAGE_NAMES[language]))
            button.setChecked(language == look.language)
