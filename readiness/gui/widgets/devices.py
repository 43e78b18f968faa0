"""Which camera, microphone and speaker to test, by the names that people know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QSizePolicy, QWidget

from readiness.core.check import Options
from readiness.core.text import Text
from readiness.devices.ports import Device, DeviceKind
from readiness.gui.look import Look
from readiness.gui.tokens import SPACE_M
from readiness.gui.widgets.basic import Mark, label

KINDS = {
    DeviceKind.CAMERA: Text(sv="Kamera", en="Camera"),
    DeviceKind.MICROPHONE: Text(sv="Mikrofon", en="Microphone"),
    DeviceKind.SPEAKER: Text(sv="Högtalare", en="Speaker"),
}
LOOKING = Text(sv="Letar …", en="Looking …")
NONE_FOUND = Text(sv="Ingen hittades", en="None was found")
DEFAULT = Text(sv="Datorns val: {name}", en="The computer's choice: {name}")
DEFAULT_UNNAMED = Text(sv="Datorns val", en="The computer's choice")


class DeviceChoice(QWidget):
    """Three lists. The first line of each leaves the choice to the computer."""

    def __init__(self) -> None:
        super().__init__()
        self._look: Look | None = None
        self._found: Mapping[DeviceKind, Sequence[Device]] | None = None
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
            grid.addWidget(self._marks[kind], line, 0)
            grid.addWidget(self._names[kind], line, 1)
            grid.addWidget(box, line, 2)

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        for kind, text in KINDS.items():
            self._names[kind].setText(look.say(text))
            self.boxes[kind].setAccessibleName(look.say(text))
            self._marks[kind].draw(look, kind.value, look.palette.muted)
        self._fill()

    @property
    def found(self) -> bool:
        """Has anybody looked yet? None may have been found."""
        return self._found is not None

    def show_devices(self, found: Mapping[DeviceKind, Sequence[Device]]) -> None:
        """The devices there are now; a choice that is still there stays."""
        self._found = found
        self._fill()

    def choose(self, options: Options) -> None:
        """Show what was chosen elsewhere: the settings or the command line."""
        for kind, wanted in (
            (DeviceKind.CAMERA, options.camera),
            (DeviceKind.MICROPHONE, options.microphone),
            (DeviceKind.SPEAKER, options.speaker),
        ):
            for device in (self._found or {}).get(kind, ()):
                if wanted in (device.id, device.name):
                    self.boxes[kind].setCurrentIndex(self.boxes[kind].findData(device.id))

    def chosen(self, options: Options) -> Options:
        """`options` with what the person chose here. A list left alone changes nothing."""
        return replace(
            options,
            camera=self._id(DeviceKind.CAMERA) or options.camera,
            microphone=self._id(DeviceKind.MICROPHONE) or options.microphone,
            speaker=self._id(DeviceKind.SPEAKER) or options.speaker,
        )

    def _id(self, kind: DeviceKind) -> str | None:
        data = self.boxes[kind].currentData()
        return data if isinstance(data, str) else None

    def _fill(self) -> None:
        look = self._look
        if look is None:
            return
        for kind, box in self.boxes.items():
            devices = None if self._found is None else self._found.get(kind, ())
            kept = box.currentData()
            box.clear()
            box.setEnabled(bool(devices))
            if not devices:
                box.addItem(look.say(LOOKING if devices is None else NONE_FOUND))
                continue
            names = [device.name for device in devices if device.is_default]
            box.addItem(look.say(DEFAULT, name=names[0]) if names else look.say(DEFAULT_UNNAMED))
            for device in devices:
                box.addItem(device.name, device.id)
                box.setItemData(box.count() - 1, device.name, Qt.ItemDataRole.ToolTipRole)
            box.setCurrentIndex(max(0, box.findData(kept)) if kept else 0)
