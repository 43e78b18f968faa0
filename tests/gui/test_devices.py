"""The lists of devices in the window: kept up to date while it is open, without disturbing who chooses."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from readiness.core.check import Options
from readiness.devices.ports import DeviceKind
from readiness.gui.widgets.microphone_finder import NONE_HEARS, NOT_POSSIBLE
from readiness.gui.window import Window
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import Script

PATIENCE = 20_000


def texts(window: Window, kind: DeviceKind) -> list[str]:
    box = window.start.devices.boxes[kind]
    return [box.itemText(line) for line in range(box.count())]


def listed(qtbot: QtBot, window: Window, kind: DeviceKind, *names: str) -> None:
    qtbot.waitUntil(
        lambda: texts(window, kind)[1:] == [f"{name} (med USB-sladd)" for name in names], timeout=PATIENCE
    )


def pick(window: Window, kind: DeviceKind, line: int) -> None:
    """As a person does with the keyboard."""
    box = window.start.devices.boxes[kind]
    box.setCurrentIndex(line)
    box.activated.emit(line)


def test_what_is_plugged_in_appears_and_what_is_pulled_out_goes(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    script = Script()
    window = open_window(script)
    listed(qtbot, window, DeviceKind.CAMERA, "Logitech BRIO", "Integrated Camera")
    script.devices.plug(DeviceKind.CAMERA, "Integrated Camera")
    listed(qtbot, window, DeviceKind.CAMERA, "Integrated Camera")
    assert texts(window, DeviceKind.CAMERA)[0] == "Datorns val: Integrated Camera"
    script.devices.plug(DeviceKind.CAMERA)
    qtbot.waitUntil(lambda: texts(window, DeviceKind.CAMERA) == ["Ingen hittades"], timeout=PATIENCE)


def test_a_device_that_comes_back_is_chosen_again(open_window: OpenWindow, qtbot: QtBot) -> None:
    script = Script()
    window = open_window(script)
    listed(qtbot, window, DeviceKind.CAMERA, "Logitech BRIO", "Integrated Camera")
    pick(window, DeviceKind.CAMERA, 2)
    assert window.start.devices.chosen(Options()).camera == "camera-1"
    script.devices.plug(DeviceKind.CAMERA, "Logitech BRIO")
    listed(qtbot, window, DeviceKind.CAMERA, "Logitech BRIO")
    assert window.start.devices.chosen(Options()).camera is None
    script.devices.plug(DeviceKind.CAMERA, "Logitech BRIO", "Integrated Camera")
    listed(qtbot, window, DeviceKind.CAMERA, "Logitech BRIO", "Integrated Camera")
    assert window.start.devices.chosen(Options()).camera == "camera-1"


def test_what_was_picked_here_weighs_more_than_the_settings(open_window: OpenWindow, qtbot: QtBot) -> None:
    script = Script()
    settings = Options(camera="Integrated Camera")
    window = open_window(script, options=settings)
    listed(qtbot, window, DeviceKind.CAMERA, "Logitech BRIO", "Integrated Camera")
    assert window.start.devices.chosen(settings).camera == "camera-1"
    pick(window, DeviceKind.CAMERA, 0)
    script.devices.plug(DeviceKind.CAMERA, "Logitech BRIO", "Integrated Camera", "Third")
    listed(qtbot, window, DeviceKind.CAMERA, "Logitech BRIO", "Integrated Camera", "Third")
    assert window.start.devices.chosen(settings).camera is None


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_list_that_is_open_is_left_alone_till_it_is_closed(open_window: OpenWindow, qtbot: QtBot) -> None:
    script = Script()
    window = open_window(script)
    window.start.unfold_devices()
    listed(qtbot, window, DeviceKind.CAMERA, "Logitech BRIO", "Integrated Camera")
    box = window.start.devices.boxes[DeviceKind.CAMERA]
    box.showPopup()
    qtbot.waitUntil(box.view().isVisible, timeout=PATIENCE)
    with qtbot.waitSignal(window.session.devices_found, timeout=PATIENCE):
        script.devices.plug(DeviceKind.CAMERA, "Third")
    assert box.count() == 3
    box.hidePopup()
    listed(qtbot, window, DeviceKind.CAMERA, "Third")


def test_the_microphone_that_hears_the_voice_is_found_and_chosen(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(Script())
    window.start.unfold_devices()
    listed(qtbot, window, DeviceKind.MICROPHONE, "Jabra Evolve2 30", "Mikrofonuppsättning")
    finder = window.start.devices.finder
    with qtbot.waitSignal(window.session.microphone_found, timeout=PATIENCE):
        finder.button.click()
        assert not finder.button.isEnabled()
    assert finder.words.text() == "Jabra Evolve2 30 hör dig bäst. Den är vald nu."
    assert window.start.devices.chosen(Options()).microphone == "microphone-0"
    assert finder.button.isEnabled()


def test_where_no_microphone_hears_that_is_said_and_nothing_is_chosen(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    script = Script()
    script.microphone.figures = {"swing_p999": 0.0}
    window = open_window(script)
    listed(qtbot, window, DeviceKind.MICROPHONE, "Jabra Evolve2 30", "Mikrofonuppsättning")
    finder = window.start.devices.finder
    for _ in range(2):
        with qtbot.waitSignal(window.session.microphone_found, timeout=PATIENCE):
            finder.button.click()
        assert finder.words.text() == NONE_HEARS.sv
    assert window.start.devices.chosen(Options()).microphone is None


def test_where_listening_fails_the_button_can_be_pressed_again(open_window: OpenWindow, qtbot: QtBot) -> None:
    from readiness.devices.ports import DeviceError, Problem

    script = Script()
    window = open_window(script)
    listed(qtbot, window, DeviceKind.MICROPHONE, "Jabra Evolve2 30", "Mikrofonuppsättning")
    script.microphone.error = DeviceError(Problem.HUNG)
    finder = window.start.devices.finder
    with qtbot.waitSignal(window.session.microphone_found, timeout=PATIENCE):
        finder.button.click()
    assert finder.words.text() == NOT_POSSIBLE.sv
    assert finder.button.isEnabled()
