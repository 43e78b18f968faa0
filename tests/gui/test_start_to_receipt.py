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
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from readiness.core.check import Options
from readiness.gui.app import make_window
from readiness.gui.parts import load_parts
from readiness.settings import Places, Settings
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
    collector: Collector, where: Places, tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    options = Options(
        camera_file=film(tmp_path / "camera.avi"),
        microphone_file=voice(tmp_path / "voice.wav"),
        collector_url=collector.url,
    )
    settings = Settings(collector_url=collector.url, enrolment_key=collector.key)
    window = make_window(lambda: load_parts(settings, options, where), settings, options, where)
    window.show()
    window.session.start()
    frames: list[object] = []
    window.session.check_progressed.connect(
        lambda _check_id, notice: frames.append(notice.frame) if notice.frame else None
    )
    try:
        focused = window.focusWidget()
        assert focused is window.start.begin_button
        qtbot.keyClick(focused, Qt.Key.Key_Return)

        def answered() -> bool:
            if window.run.prompt.buttons:
                window.run.prompt.buttons[0].click()
            return window.pages.currentWidget() is window.result

        qtbot.waitUntil(answered, timeout=PATIENCE)
        assert frames
        assert window.run.preview.has_picture
        assert {row.state for row in window.result.rows.values()} <= {
            "Fungerar",
            "Kan bli bättre",
            "Fungerar inte än",
            "Vet inte",
        }
        assert window.result.rows["camera"].state in ("Fungerar", "Kan bli bättre")
        assert window.result.rows["connection"].state == "Fungerar"

        window.result.send_button.click()
        qtbot.waitUntil(window.send.send_button.isEnabled, timeout=PATIENCE)
        window.send.send_button.click()
        qtbot.waitUntil(lambda: window.pages.currentWidget() is window.receipt, timeout=PATIENCE)
        code = window.receipt.code.text()
        assert len(code.replace("-", "")) == 7, window.receipt.notice.words.text()
        kept = [json.loads(file.read_text("ascii")) for file in where.outbox.glob("*.json")]
        assert [(report["state"], report["receipt"]) for report in kept] == [("delivered", code)]
    finally:
        window.close()
        window.session.close()
        assert window.session.join(2.0)
        window.deleteLater()
        qapp.processEvents()


def test_without_the_server_the_report_waits_and_arrives_at_the_next_start(
    collector: Collector, where: Places, tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    """The same report, sent while the server was away, is delivered when the window opens again."""
    filmed, spoken = film(tmp_path / "camera.avi"), voice(tmp_path / "voice.wav")
    for url in ("http://127.0.0.1:9", collector.url):
        options = Options(camera_file=filmed, microphone_file=spoken, collector_url=url)
        settings = Settings(collector_url=url, enrolment_key=collector.key)
        window = make_window(
            lambda settings=settings, options=options: load_parts(settings, options, where),
            settings,
            options,
            where,
        )
        window.show()
        window.session.start()
        try:
            if url == collector.url:
                qtbot.waitUntil(lambda: _states(where) == ["delivered"], timeout=PATIENCE)
                continue
            window.start.begin_button.click()

            def answered(window=window) -> bool:
                if window.run.prompt.buttons:
                    window.run.prompt.buttons[0].click()
                return window.pages.currentWidget() is window.result

            qtbot.waitUntil(answered, timeout=PATIENCE)
            window.result.send_button.click()
            qtbot.waitUntil(window.send.send_button.isEnabled, timeout=PATIENCE)
            window.send.send_button.click()
            qtbot.waitUntil(
                lambda window=window: window.pages.currentWidget() is window.receipt,
                timeout=PATIENCE,
            )
            assert "sparad" in window.receipt.title.text()
            assert window.receipt.notice.words.text()
            assert _states(where) == ["waiting"]
        finally:
            window.close()
            window.session.close()
            assert window.session.join(2.0)
            window.deleteLater()
            qapp.processEvents()


def _states(where: Places) -> list[str]:
    return [json.loads(file.read_text("ascii"))["state"] for file in where.outbox.glob("*.json")]
