"""Which microphone hears me? All of them listen at once while the person talks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from readiness.core.text import Text
from readiness.gui.look import Look
from readiness.gui.tokens import SPACE_S
from readiness.gui.widgets.basic import Button, column, label

if TYPE_CHECKING:  # loads what a run needs
    from readiness.checks.hearing import Heard

FIND = Text(sv="Vilken mikrofon hör mig?", en="Which microphone hears me?")
TALK = Text(sv="Prata på som vanligt en liten stund.", en="Keep talking as usual for a moment.")
LOUDEST = Text(sv="Prata på. Starkast nu: {name}.", en="Keep talking. Loudest now: {name}.")
HEARS = Text(sv="{name} hör dig bäst. Den är vald nu.", en="{name} hears you best. It is chosen now.")
NONE_HEARS = Text(
    sv="Ingen mikrofon hörde någon röst. Försök igen och prata högt.",
    en="No microphone heard a voice. Try again and talk loudly.",
)
NOT_POSSIBLE = Text(
    sv="Det gick inte att lyssna. Välj en mikrofon i listan.",
    en="It was not possible to listen. Choose a microphone in the list.",
)


class MicrophoneFinder(QWidget):
    """A button, and below it what came of it."""

    wanted = Signal()
    found = Signal(str)
    """The id of the microphone that hears the voice best."""

    def __init__(self) -> None:
        super().__init__()
        self._look: Look | None = None
        self._said: tuple[Text, dict[str, object]] | None = None
        self.names: Mapping[str, str] = {}
        self.button = Button("quiet")
        self.button.clicked.connect(self._begin)
        self.words = label("small", muted=True)
        self.words.hide()
        inside = column(self, gap=SPACE_S)
        inside.addWidget(self.button)
        inside.addWidget(self.words)

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        self.button.write(look.say(FIND))
        self._write()

    def show_levels(self, levels: Mapping[str, float]) -> None:
        """How loud each microphone hears it now, in dBFS by device id."""
        if levels:
            loudest = max(levels, key=lambda device_id: levels[device_id])
            if loudest in self.names:
                self._say(LOUDEST, name=self.names[loudest])

    def show_found(self, heard: Sequence[Heard]) -> None:
        """What came of it, the best in front."""
        self.button.setEnabled(True)
        if not heard:
            self._say(NOT_POSSIBLE)
        elif not heard[0].hears_voice:
            self._say(NONE_HEARS)
        else:
            self._say(HEARS, name=heard[0].name)
            self.found.emit(heard[0].device_id)

    @Slot()
    def _begin(self) -> None:
        self.button.setEnabled(False)
        self._say(TALK)
        self.wanted.emit()

    def _say(self, text: Text, **arguments: object) -> None:
        self._said = (text, arguments)
        self._write()

    def _write(self) -> None:
        if self._look is None or self._said is None:
            return
        text, arguments = self._said
        words = self._look.say(text, **arguments)
        if words != self.words.text():
            self.words.setText(words)
            self.words.setAccessibleName(words)
        self.words.show()
