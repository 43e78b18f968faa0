"""For those who listen instead of looking: what changes is said, as it changes."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from pytestqt.qtbot import QtBot

from readiness.core.model import Verdict
from readiness.devices.ports import DeviceKind
from readiness.gui import words
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import GOOD_CAMERA, Script, ScriptedCamera, ScriptedPost
from tests.gui.steps import PATIENCE, run_to_the_end


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []

    def hear(event: object) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            said.append(event.message())

    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    return said


def test_the_whole_way_is_said(open_window: OpenWindow, qtbot: QtBot, heard: list[str]) -> None:
    script = Script(camera=ScriptedCamera(figures={**GOOD_CAMERA, "black_percent": 100.0}))
    window = open_window(script, ScriptedPost())
    run_to_the_end(qtbot, window)
    window.result.send_button.click()
    qtbot.waitUntil(window.send.send_button.isEnabled, timeout=PATIENCE)
    window.send.send_button.click()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.receipt, timeout=PATIENCE)
    assert any(text.startswith("Läs högt") for text in heard)
    assert any("två toner" in text for text in heard)
    (camera,) = {text for text in heard if text.startswith("Kamera: ")}
    assert "svart" in camera.lower(), "the camera's picture in words"
    assert any(text.startswith("Mikrofon: Fungerar") for text in heard)
    assert any(text.startswith(words.OVERALL[Verdict.NOT_READY].sv) for text in heard)
    assert heard[-1].endswith("K 7 M - 4 P Q 2"), "the code letter by letter"


def test_the_cameras_picture_is_described_beside_the_preview(open_window: OpenWindow, qtbot: QtBot) -> None:
    script = Script(
        camera=ScriptedCamera(seconds=0.4, figures={**GOOD_CAMERA, "black_percent": 100.0, "luma_mean": 1.0})
    )
    window = open_window(script)
    preview = window.run.preview
    assert preview.accessibleDescription() == "Här visas bilden från kameran"
    window.start.begin_button.click()
    qtbot.waitUntil(lambda: preview.accessibleDescription() == "Bilden syns", timeout=PATIENCE)
    run_to_the_end(qtbot, window)
    assert "svart" in preview.accessibleDescription().lower()
    window.header.buttons["en"].click()
    assert "black" in preview.accessibleDescription().lower()


def test_a_device_that_comes_or_goes_is_said(open_window: OpenWindow, qtbot: QtBot, heard: list[str]) -> None:
    script = Script()
    window = open_window(script)
    qtbot.waitUntil(lambda: window.start.devices.found and bool(script.devices.watchers), timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.visit.ready is not None, timeout=PATIENCE)
    script.devices.plug(DeviceKind.CAMERA, "Logitech BRIO", "Integrated Camera", "Elgato Facecam")
    qtbot.waitUntil(lambda: "Elgato Facecam är inkopplad." in heard, timeout=PATIENCE)
    script.devices.plug(DeviceKind.CAMERA, "Logitech BRIO")
    qtbot.waitUntil(lambda: "Elgato Facecam är urkopplad." in heard, timeout=PATIENCE)


def test_a_failure_is_said(open_window: OpenWindow, qtbot: QtBot, heard: list[str]) -> None:
    async def load() -> object:
        raise RuntimeError("no such profile")

    open_window(load=load)
    qtbot.waitUntil(lambda: any("no such profile" in text for text in heard), timeout=PATIENCE)
