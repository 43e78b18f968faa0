"""Which camera, microphone and speaker to test, by the names that people know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QSizePolicy, QWidget

from readiness.core.check import Options
from readiness.core.text import Text
from readiness.devices.ports import Attachment, Device, DeviceKind
from readiness.gui.look import Look
from readiness.gui.tokens import SPACE_M
from readiness.gui.widgets.basic import Mark, label
from readiness.gui.widgets.microphone_finder import MicrophoneFinder

if TYPE_CHECKING:  # loads what a run needs
    from readiness.checks.hearing import Heard

KINDS = {
    DeviceKind.CAMERA: Text(sv="Kamera", en="Camera"),
    DeviceKind.MICROPHONE: Text(sv="Mikrofon", en="Microphone"),
    DeviceKind.SPEAKER: Text(sv="Högtalare", en="Speaker"),
}
LOOKING = Text(sv="Letar …", en="Looking …")
NONE_FOUND = Text(sv="Ingen hittades", en="None was found")
DEFAULT = Text(sv="Datorns val: {name}", en="The computer's choice: {name}")
DEFAULT_UNNAMED = Text(sv="Datorns val", en="The computer's choice")
ATTACHED = {
    Attachment.BUILT_IN: Text(sv="{name} (inbyggd)", en="{name} (built in)"),
    Attachment.USB: Text(sv="{name} (med USB-sladd)", en="{name} (on a USB cable)"),
    Attachment.BLUETOOTH: Text(sv="{name} (trådlös)", en="{name} (wireless)"),
    Attachment.VIRTUAL: Text(sv="{name} (ett program)", en="{name} (a program)"),
}
"""A device and how it hangs on to the computer, where that is known."""
_OPEN_LIST_MS = 300


class DeviceChoice(QWidget):
    """Three lists, kept up to date. The first line of each leaves the choice to the computer.

    What the person picked is remembered: a device that is pulled out and put back is chosen again.
    """

    microphone_wanted = Signal()
    """Listen with all microphones; `show_levels` and `show_found` tell what comes of it."""

    def __init__(self) -> None:
        super().__init__()
        self._look: Look | None = None
        self._found: Mapping[DeviceKind, Sequence[Device]] | None = None
        self._picked: dict[DeviceKind, str | None] = {}
        self._later = QTimer(self, singleShot=True, interval=_OPEN_LIST_MS)
        self._later.timeout.connect(self._fill)
        self.boxes: dict[DeviceKind, QComboBox] = {}
        self._names: dict[DeviceKind, QLabel] = {}
        self._marks: dict[DeviceKind, Mark] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_M)
        grid.setColumnStretch(2, 1)
        for line, kind in enumerate(KINDS):
            box = QComboBox()
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(16)
            self.boxes[kind], self._names[kind], self._marks[kind] = box, label(wraps=False), Mark(24)
            self._names[kind].setBuddy(box)
            box.activated.connect(self._remember)
            grid.addWidget(self._marks[kind], 2 * line, 0)
            grid.addWidget(self._names[kind], 2 * line, 1)
            grid.addWidget(box, 2 * line, 2)
        self.finder = MicrophoneFinder()
        self.finder.wanted.connect(self.microphone_wanted)
        self.finder.found.connect(self._pick_microphone)
        grid.addWidget(self.finder, 2 * list(KINDS).index(DeviceKind.MICROPHONE) + 1, 1, 1, 2)

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        for kind, text in KINDS.items():
            self._names[kind].setText(look.say(text))
            self.boxes[kind].setAccessibleName(look.say(text))
            self._marks[kind].draw(look, kind.value, look.palette.muted)
        self.finder.put_on(look)
        self._fill()

    @property
    def found(self) -> bool:
        """Has anybody looked yet? None may have been found."""
        return self._found is not None

    def show_devices(self, found: Mapping[DeviceKind, Sequence[Device]]) -> None:
        """The devices there are now; a choice that is still there stays."""
        if found != self._found:
            self._found = found
            self._fill()

    @Slot(object)
    def show_levels(self, levels: Mapping[str, float]) -> None:
        """How loud each microphone hears the voice now."""
        self.finder.show_levels(levels)

    @Slot(object)
    def show_found(self, heard: Sequence[Heard]) -> None:
        """Which microphone hears the voice."""
        self.finder.show_found(heard)

    def choose(self, options: Options) -> None:
        """Show what was chosen elsewhere, in the settings or on the command line, unless picked here."""
        for kind, wanted in (
            (DeviceKind.CAMERA, options.camera),
            (DeviceKind.MICROPHONE, options.microphone),
            (DeviceKind.SPEAKER, options.speaker),
        ):
            for device in (self._found or {}).get(kind, ()):
                if kind not in self._picked and wanted in (device.id, device.name):
                    self.boxes[kind].setCurrentIndex(self.boxes[kind].findData(device.id))

    def chosen(self, options: Options) -> Options:
        """`options` with what the person chose here. A list left alone changes nothing."""
        return replace(
            options,
            camera=self._wanted(DeviceKind.CAMERA, options.camera),
            microphone=self._wanted(DeviceKind.MICROPHONE, options.microphone),
            speaker=self._wanted(DeviceKind.SPEAKER, options.speaker),
        )

    def _wanted(self, kind: DeviceKind, otherwise: str | None) -> str | None:
        return self._id(kind) if kind in self._picked else self._id(kind) or otherwise

    def _id(self, kind: DeviceKind) -> str | None:
        data = self.boxes[kind].currentData()
        return data if isinstance(data, str) else None

    @Slot()
    def _remember(self) -> None:
        for kind, box in self.boxes.items():
            if box is self.sender():
                self._picked[kind] = self._id(kind)

    @Slot(str)
    def _pick_microphone(self, device_id: str) -> None:
        self._picked[DeviceKind.MICROPHONE] = device_id
        box = self.boxes[DeviceKind.MICROPHONE]
        box.setCurrentIndex(max(0, box.findData(device_id)))

    @Slot()
    def _fill(self) -> None:
        look = self._look
        if look is None:
            return
        if any(box.view().isVisible() for box in self.boxes.values()):
            self._later.start()  # somebody is choosing: not under their hands
            return
        microphones = (self._found or {}).get(DeviceKind.MICROPHONE, ())
        self.finder.setVisible(len(microphones) > 1)
        self.finder.names = {device.id: device.name for device in microphones}
        for kind, box in self.boxes.items():
            devices = None if self._found is None else self._found.get(kind, ())
            kept = self._picked.get(kind, box.currentData())
            box.clear()
            box.setEnabled(bool(devices))
            if not devices:
                box.addItem(look.say(LOOKING if devices is None else NONE_FOUND))
                continue
            names = [device.name for device in devices if device.is_default]
            box.addItem(look.say(DEFAULT, name=names[0]) if names else look.say(DEFAULT_UNNAMED))
            for device in devices:
                attached = ATTACHED.get(device.attachment)
                name = look.say(attached, name=device.name) if attached else device.name
                box.addItem(name, device.id)
                box.setItemData(box.count() - 1, name, Qt.ItemDataRole.ToolTipRole)
            box.setCurrentIndex(max(0, box.findData(kept)) if kept else 0)
