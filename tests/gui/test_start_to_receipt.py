"""The real way, with nothing scripted: recordings through the device hosts, a real collector."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from readiness.core.check import Options
from readiness.gui.parts import load_parts
from readiness.gui.window import Window
from readiness.settings import Places, Settings
from tests.gui.conftest import OpenWindow
from tests.gui.recordings import film, voice
from tests.gui.scripted import RESOURCES

PATIENCE = 40_000


@dataclass(frozen=True)
class Collector:
    url: str
    database: str
    key: str


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Collector]:
    database = f"sqlite:///{tmp_path / 'collector.sqlite3'}"
    command = [sys.executable, "-m", "readiness.collector"]
    key = subprocess.run(
        [*command, "key", "new", "--database", database],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout.strip()
    serving = subprocess.Popen(
        [*command, "serve", "--port", "0", "--announce", "--database", database],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert serving.stdout is not None
        announced = json.loads(serving.stdout.readline())
        yield Collector(url=announced["url"], database=database, key=key)
    finally:
        serving.terminate()
        serving.wait(10)
        if serving.stdout is not None:
            serving.stdout.close()


@pytest.fixture
def where(tmp_path: Path, collector: Collector) -> Places:
    """Places of this test's own: the only host that its profile names is the collector."""
    resources = tmp_path / "resources"
    (resources / "profiles").mkdir(parents=True)
    (resources / "icons").symlink_to(RESOURCES / "icons")
    address = urlsplit(collector.url)
    (resources / "profiles" / "organisation.toml").write_text(
        f"""
id = "organisation"
version = "1"
name = "Test"
[[hosts]]
host = "{address.hostname}"
port = {address.port}
transport = "tcp"
""",
        "utf-8",
    )
    return Places(
        settings_file=tmp_path / "settings.toml",
        machine_settings_file=tmp_path / "machine.toml",
        data=tmp_path / "data",
        resources=resources,
    )


def test_from_start_to_receipt(
    collector: Collector, where: Places, tmp_path: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = _opened(open_window, collector.url, collector, where, tmp_path)
    frames: list[object] = []
    window.session.check_progressed.connect(
        lambda _check_id, notice: frames.append(notice.frame) if notice.frame else None
    )
    focused = window.focusWidget()
    assert focused is window.start.begin_button
    qtbot.keyClick(focused, Qt.Key.Key_Return)
    _until_result(window, qtbot)
    assert frames
    assert window.run.preview.has_picture
    assert window.result.rows["camera"].state in ("Fungerar", "Kan bli bättre")
    assert window.result.rows["connection"].state == "Fungerar"

    _send(window, qtbot)
    code = window.receipt.code.text()
    assert len(code.replace("-", "")) == 7, window.receipt.notice.words.text()
    kept = [json.loads(file.read_text("ascii")) for file in where.outbox.glob("*.json")]
    assert [(report["state"], report["receipt"]) for report in kept] == [("delivered", code)]


def test_without_the_server_the_report_waits_and_arrives_at_the_next_start(
    collector: Collector, where: Places, tmp_path: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    away = _opened(open_window, "http://127.0.0.1:9", collector, where, tmp_path)
    away.start.begin_button.click()
    _until_result(away, qtbot)
    _send(away, qtbot)
    assert "sparad" in away.receipt.title.text()
    assert away.receipt.notice.words.text()
    assert _states(where) == ["waiting"]

    _opened(open_window, collector.url, collector, where, tmp_path)
    qtbot.waitUntil(lambda: _states(where) == ["delivered"], timeout=PATIENCE)


def _opened(open_window: OpenWindow, url: str, collector: Collector, where: Places, folder: Path) -> Window:
    options = Options(
        camera_file=film(folder / "camera.avi"),
        microphone_file=voice(folder / "voice.wav"),
        collector_url=url,
    )
    settings = Settings(collector_url=url, enrolment_key=collector.key)
    return open_window(load=lambda: load_parts(settings, options, where), options=options)


def _until_result(window: Window, qtbot: QtBot) -> None:
    def answered() -> bool:
        if window.run.prompt.buttons:
            window.run.prompt.buttons[0].click()
        return window.pages.currentWidget() is window.result

    qtbot.waitUntil(answered, timeout=PATIENCE)


def _send(window: Window, qtbot: QtBot) -> None:
    window.result.send_button.click()
    qtbot.waitUntil(window.send.send_button.isEnabled, timeout=PATIENCE)
    window.send.send_button.click()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.receipt, timeout=PATIENCE)


def _states(where: Places) -> list[str]:
    return [json.loads(file.read_text("ascii"))["state"] for file in where.outbox.glob("*.json")]
