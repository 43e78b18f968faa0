"""The fields that the person may add to the report: all off until they are ticked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QWidget

from readiness.core.model import Computer
from readiness.core.text import Text
from readiness.gui.look import Look
from readiness.gui.tokens import SPACE_L, SPACE_M, SPACE_S
from readiness.gui.widgets.basic import column, label, row

HEADING = Text(sv="Frivilligt – kryssa i om du vill", en="Optional – tick if you like")
FIELDS = {
    "user_name": Text(sv="Ditt användarnamn", en="Your user name"),
    "wifi_name": Text(sv="Namnet på ditt trådlösa nätverk", en="The name of your Wi-Fi"),
    "serial_number": Text(sv="Datorns serienummer", en="The computer's serial number"),
}
OPTION = Text(sv="{what}: {value}", en="{what}: {value}")
UNIT = Text(sv="Din arbetsplats eller enhet", en="Your workplace or unit")
UNIT_HINT = Text(sv="Behöver inte fyllas i", en="Need not be filled in")


class OptionalFields(QFrame):
    """Check boxes with the values that they would add, and the unit where nobody has set it."""

    changed = Signal()

    def __init__(self, ticked: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.setProperty("card", "plain")
        self._look: Look | None = None
        self._computer: Computer | None = None
        self._heading = label("heading")
        self.boxes: dict[str, QCheckBox] = {}
        inside = column(self, margin=SPACE_L, gap=SPACE_S)
        inside.addWidget(self._heading)
        for name in FIELDS:
            box = QCheckBox()
            box.setChecked(name in ticked)
            box.toggled.connect(self.changed)
            inside.addWidget(box)
            self.boxes[name] = box
        self._unit_row, self._unit_words, self.unit = QWidget(), label(wraps=False), QComboBox()
        self.unit.setEditable(True)
        self.unit.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.unit.currentTextChanged.connect(self.changed)
        self._unit_words.setBuddy(self.unit)
        line = row(self._unit_row, gap=SPACE_M)
        line.addWidget(self._unit_words)
        line.addWidget(self.unit, 1)
        inside.addWidget(self._unit_row)

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        self._write()

    def offer(self, computer: Computer, units: Sequence[str]) -> None:
        """Show the fields that have a value; the unit where it is not set already."""
        self._computer = computer
        self._unit_row.setVisible(computer.unit is None)
        kept = self.unit.currentText()
        self.unit.clear()
        self.unit.addItems(["", *units])
        self.unit.setCurrentText(kept)
        self._write()

    @property
    def ticked(self) -> frozenset[str]:
        """The fields that are to be sent."""
        return frozenset(name for name, box in self.boxes.items() if box.isChecked() and not box.isHidden())

    @property
    def unit_chosen(self) -> str | None:
        """The unit that the person gave, if any."""
        return self.unit.currentText().strip()[:100] or None if not self._unit_row.isHidden() else None

    def _write(self) -> None:
        look, computer = self._look, self._computer
        if look is None or computer is None:
            return
        self._heading.setText(look.say(HEADING))
        for name, box in self.boxes.items():
            value = getattr(computer, name)
            box.setVisible(bool(value))
            # An ampersand in a value would otherwise become a keyboard shortcut.
            said = look.say(OPTION, what=FIELDS[name], value=value)
            box.setText(said.replace("&", "&&"))
            box.setAccessibleName(said)
        self._unit_words.setText(look.say(UNIT))
        self.unit.setAccessibleName(look.say(UNIT))
        field = self.unit.lineEdit()
        if field is not None:
            field.setPlaceholderText(look.say(UNIT_HINT))
            field.setAccessibleName(look.say(UNIT))
        anything = any(getattr(computer, name) for name in self.boxes) or computer.unit is None
        self.setVisible(anything)
