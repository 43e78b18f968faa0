"""Draws every page of the real window to PNG files: `python -m tests.gui.pictures FOLDER [--for-readme]`.

Each page light, dark and with high contrast, in Swedish and English, with results that are ready, limited and not
ready. The machine is scripted, so that the pictures are the same each time.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import functools
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter
from PySide6.QtWidgets import QApplication, QScrollArea

from readiness.analysis.sound_course import level_course, spectrum
from readiness.analysis.sound_frames import frames
from readiness.core.check import Options
from readiness.core.model import Figures, Frame
from readiness.core.text import LANGUAGES, Language, Text
from readiness.devices.ports import DeviceError, Problem
from readiness.gui.app import PLAIN, make_application, make_window
from readiness.gui.arguments import Wish
from readiness.gui.comings import PULLED_OUT
from readiness.gui.garbage import GarbageTimer
from readiness.gui.outcome import Shipment
from readiness.gui.tokens import PALETTES, Palette
from readiness.gui.watched import Happening
from readiness.gui.widgets.plots import Plot
from readiness.gui.window import Window
from readiness.settings import Settings, load, places
from tests.gui.scripted import (
    BAD_MORNING,
    GOOD_CAMERA,
    GOOD_MICROPHONE,
    Script,
    ScriptedCamera,
    ScriptedLine,
    ScriptedMicrophone,
    ScriptedPost,
    loads,
)
from tests.material.voices import spoken

SIZE = (1060, 800)
README = (
    "run_sv_light",
    "result_not_ready_sv_light",
    "changes_sv_light",
    "handout_sv_light",
    "watch_sv_light",
)
NOT_ANSWERING = Text(
    sv="IT:s server svarar inte. Kontrollera att du är ansluten till nätet.",
    en="IT's server does not answer. Check that you are connected to the network.",
)
_PATIENCE_SECONDS = 15.0


def portrait(_number: int) -> Frame:
    """Somebody in front of a wall and a window, drawn."""
    width, height = 640, 360
    image = QImage(width, height, QImage.Format.Format_RGB888)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    wall = QLinearGradient(0, 0, width, height)
    wall.setColorAt(0, QColor("#d9cfc1"))
    wall.setColorAt(1, QColor("#b7a894"))
    painter.fillRect(image.rect(), wall)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#f4f1ea"))
    painter.drawRoundedRect(48, 30, 150, 190, 6, 6)
    painter.setBrush(QColor("#bcd6e6"))
    painter.drawRect(60, 42, 58, 166)
    painter.drawRect(128, 42, 58, 166)
    painter.setBrush(QColor("#5d7a57"))
    for place, reach in ((520, 70), (548, 92), (576, 64)):
        painter.drawEllipse(QPointF(place, 250 - reach), 26, reach)
    painter.setBrush(QColor("#8a5a44"))
    painter.drawRoundedRect(510, 250, 80, 70, 8, 8)
    painter.setBrush(QColor("#39506b"))
    painter.drawRoundedRect(190, 262, 260, 200, 90, 90)
    painter.setBrush(QColor("#e0b48f"))
    painter.drawRoundedRect(292, 220, 56, 70, 24, 24)
    painter.setBrush(QColor("#5b3f2d"))
    painter.drawEllipse(QPointF(320, 150), 82, 92)
    painter.setBrush(QColor("#eac3a0"))
    painter.drawEllipse(QPointF(320, 166), 64, 78)
    painter.setBrush(QColor("#5b3f2d"))
    painter.drawChord(254, 72, 132, 92, 0, 180 * 16)
    painter.setBrush(QColor("#3a2c24"))
    painter.drawEllipse(QPointF(298, 160), 6, 7)
    painter.drawEllipse(QPointF(342, 160), 6, 7)
    painter.setBrush(QColor("#b9584f"))
    painter.drawChord(298, 186, 44, 30, 180 * 16, 180 * 16)
    painter.end()
    rows = (bytes(image.constScanLine(line))[: width * 3] for line in range(height))
    return Frame(width=width, height=height, rgb=b"".join(rows))


_PORTRAIT = portrait(0)
_GOOD_REPORT = Path(__file__).parents[1] / "golden" / "reports" / "windows-ready.json"


def _network() -> dict[str, Figures]:
    """What a good line measured, from a stored report."""
    results = json.loads(_GOOD_REPORT.read_text("utf-8"))["results"]
    wanted = ("media_path", "capacity", "location")
    found = {result["check_id"]: result["evidence"] for result in results if result["check_id"] in wanted}
    numbers = np.random.default_rng(6)
    for way, usual in (("up", 3.0), ("down", 5.0)):
        late = numbers.gamma(2.0, usual / 2, 120)
        late[60:66] += 40.0
        found["media_path"] |= {
            f"delay_ms_{way}": late.round(2).tolist(),
            f"delay_seconds_{way}": (np.arange(120) / 40).round(3).tolist(),
        }
    return found


@functools.cache
def _heard() -> Figures:
    """The course of a sentence spoken by a synthesiser, as the program measures it."""
    said = spoken("sv", "I dag träffas vi på nätet i stället för att resa. Hör ni mig bra?")
    noise = np.random.default_rng(3).normal(0, 0.0007, said.rate)
    samples = np.concatenate([noise, 0.4 * said.samples])
    samples = samples + np.random.default_rng(4).normal(0, 0.0007, samples.size)
    seconds, levels = level_course(samples, said.rate)
    hertz, spectrum_dbfs = spectrum(frames(samples, said.rate))
    return {
        "level_seconds": seconds,
        "level_dbfs": levels,
        "spectrum_hz": hertz,
        "spectrum_dbfs": spectrum_dbfs,
    }


def _filmed() -> Figures:
    """The waits for 75 frames at 30 a second."""
    waits = np.abs(np.random.default_rng(5).normal(33.3, 1.5, 75))
    waits[41] = 66.0
    seconds = np.cumsum(waits) / 1000
    return {"frame_gap_ms": waits.round(1).tolist(), "frame_gap_seconds": seconds.round(3).tolist()}


def ready() -> Script:
    """All is well."""
    return Script(
        recorded=_network(),
        camera=ScriptedCamera(
            picture=lambda _number: _PORTRAIT, seconds=1.2, figures={**GOOD_CAMERA, **_filmed()}
        ),
        microphone=ScriptedMicrophone(seconds=1.5, figures={**GOOD_MICROPHONE, **_heard()}),
    )


def limited() -> Script:
    """A coarse, slow camera and a microphone a little weak."""
    script = ready()
    script.camera.figures = {**GOOD_CAMERA, "width": 640, "height": 480, "frame_rate_hz": 11.0}
    return script


def not_ready() -> Script:
    """The microphone is muted by the system."""
    script = ready()
    script.microphone.figures = {**GOOD_MICROPHONE, "system_muted": True}
    return script


def no_camera() -> Script:
    """There is no camera."""
    script = ready()
    script.camera.error, script.camera.there = DeviceError(Problem.ABSENT), ()
    return script


class Artist:
    """One window in one language and theme."""

    def __init__(
        self, folder: Path, language: Language, palette: Palette, wanted: Callable[[str], bool]
    ) -> None:
        self._application = make_application()
        self._folder, self._language, self._palette, self._wanted = folder, language, palette, wanted

    def draw_all(self) -> None:
        """Every page."""
        self._draw("ready", ready(), ScriptedPost())
        self._draw("limited", limited(), ScriptedPost(answers=[Shipment(reason=NOT_ANSWERING)]))
        self._draw("not_ready", not_ready(), ScriptedPost())
        self._draw("no_camera", no_camera(), None, only_result=True)
        self._draw_history()
        self._draw_handing_out()
        self._draw_watching()
        self._draw_settings()

    @contextlib.contextmanager
    def _window(self, script: Script, post: ScriptedPost | None, wish: Wish = PLAIN) -> Iterator[Window]:
        settings = Settings(language=self._language)
        window = make_window(loads(script, post), settings, Options(), places(), wish)
        window.put_on(dataclasses.replace(window.look, palette=self._palette))
        window.resize(*SIZE)
        window.show()
        window.session.start()
        try:
            yield window
        finally:
            window.close()
            window.session.close()
            window.session.join(2.0)
            window.deleteLater()
            self._application.processEvents()

    def _draw_history(self) -> None:
        script = not_ready()
        with self._window(script, None) as window:
            window.start.begin_button.click()
            self._to_the_result(window)
            script.microphone.figures = GOOD_MICROPHONE
            script.camera.figures = {**GOOD_CAMERA, "device_name": "Integrated Camera", "luma_mean": 61.0}
            window.result.rows["microphone"].again_button.click()
            self._to_the_result(window)
            row = window.result.rows["microphone"]
            row.details_button.click()
            self._settle()
            area = window.result.findChild(QScrollArea)
            area.verticalScrollBar().setValue(row.mapTo(area.widget(), QPoint(0, -20)).y())
            self._take(window, "again")
            script.microphone.figures = {**GOOD_MICROPHONE, "system_muted": True}
            script.camera.figures = {**script.camera.figures, "frame_rate_hz": 12.0}
            window.result.again_button.click()
            self._to_the_result(window)
            self._until(lambda: len(script.past.kept) == 2)
            window.result.history_button.click()
            self._until(lambda: len(window.history.boxes) == 2)
            self._take(window, "history")
            window.history.compare_button.click()
            self._take(window, "changes")

    def _draw_handing_out(self) -> None:
        wish = Wish(technician=True, asset_tag="K-20331", unit="Hemtjänsten")
        with self._window(ready(), ScriptedPost(), wish) as window:
            self._until(lambda: window.visit.ready is not None)
            window.start.name.setText("Maja Lind")
            for tag in ("K-20331", "K-20332"):
                window.start.tag.setText(tag)
                window.start.labelled.emit()
                window.start.begin_button.click()
                self._to_the_result(window)
                if tag == "K-20332":
                    self._take(window, "result_signing")
                window.result.send_button.click()
                self._until(lambda: window.pages.currentWidget() is window.start)
            self._take(window, "handout")

    def _draw_watching(self) -> None:
        script = ready()
        script.line = ScriptedLine(pieces=BAD_MORNING)
        with self._window(script, None) as window:
            self._until(lambda: window.visit.ready is not None)
            window.follow("motesklar:watch?case=SUP-1234")
            self._take(window, "watch_invited")
            window.watch.start_button.click()
            watched = window.watching.watched
            self._until(lambda: watched is not None and len(watched.pieces) == len(BAD_MORNING))
            begun = BAD_MORNING[0].utc
            pulled = Happening(utc=BAD_MORNING[17].utc, text=PULLED_OUT, name="Jabra Evolve2 30")
            whole = dataclasses.replace(watched, begun_utc=begun, happenings=[pulled])
            window.watch.show_watched(whole, going=True)
            self._take(window, "watch")

    def _draw_settings(self) -> None:
        with self._window(ready(), None) as window:
            self._until(lambda: window.visit.ready is not None)
            window.show_settings(load(places(), {"READINESS_PROFILE": "teams"}))
            window.change_size(4)
            self._take(window, "start_large")
            window.change_size(-4)
            window.start.settings_button.click()
            self._take(window, "settings")

    def _to_the_result(self, window: Window) -> None:
        result = window.result
        self._until(lambda: bool(window.run.prompt.buttons) or window.pages.currentWidget() is result)
        if window.run.prompt.buttons:
            window.run.prompt.buttons[0].click()
        self._until(lambda: window.pages.currentWidget() is result)

    def _draw(self, name: str, script: Script, post: ScriptedPost | None, only_result: bool = False) -> None:
        with self._window(script, post) as window:
            for page in self._way(window):
                if page == "run" and only_result:
                    continue
                title = page if page.startswith("receipt") else f"{page}_{name}"
                shared = page in ("start", "devices", "run", "question")
                if shared and name != "ready":
                    continue
                self._take(window, page if shared else title)

    def _way(self, window: Window) -> Iterator[str]:
        boxes = window.start.devices.boxes
        self._until(lambda: any(box.isEnabled() for box in boxes.values()))
        yield "start"
        window.start.unfold_devices()
        yield "devices"
        window.start.choose_button.setChecked(False)
        window.start.begin_button.click()
        self._until(lambda: "“" in window.run.prompt.words.text() or "”" in window.run.prompt.words.text())
        yield "run"
        self._until(lambda: bool(window.run.prompt.buttons))
        yield "question"
        window.run.prompt.buttons[0].click()
        self._until(lambda: window.pages.currentWidget() is window.result)
        yield "result"
        area = window.result.findChild(QScrollArea)
        window.result.rows["microphone"].details_button.click()
        self._settle()
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
        yield "details"
        for check_id in ("camera", "microphone", "media_path"):
            if check_id not in window.result.rows:
                continue
            plots = window.result.rows[check_id].findChildren(Plot)
            if not plots:
                window.result.rows[check_id].details_button.click()
                self._settle()
                plots = window.result.rows[check_id].findChildren(Plot)
            if plots:
                top = plots[0].mapTo(area.widget(), QPoint(0, -20)).y()
                area.verticalScrollBar().setValue(top)
                yield f"plots_{check_id}"
        window.result.send_button.click()
        self._until(window.send.save_button.isEnabled)
        yield "send"
        if window.send.send_button.isVisible():
            window.send.send_button.click()
            self._until(lambda: window.pages.currentWidget() is window.receipt)
            yield "receipt" if window.receipt.code.text() else "receipt_kept"

    def _take(self, window: Window, name: str) -> None:
        title = f"{name}_{self._language}_{self._palette.name}"
        if self._wanted(title):
            self._settle()
            window.grab().save(str(self._folder / f"{title}.png"))

    def _settle(self) -> None:
        for _ in range(4):
            QApplication.processEvents()

    def _until(self, happens: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not happens():
            if time.monotonic() > deadline:
                raise TimeoutError("the window did not get there")
            QApplication.processEvents()
            time.sleep(0.005)


def main() -> None:
    """Draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--for-readme", action="store_true", help="only the few that README shows")
    parser.add_argument("--palette", choices=[one.name for one in PALETTES], help="only this one")
    parser.add_argument("--language", choices=LANGUAGES, help="only this one")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)

    def wanted(title: str) -> bool:
        return not arguments.for_readme or title in README

    make_application()
    garbage = GarbageTimer()
    languages = LANGUAGES[:1] if arguments.for_readme else LANGUAGES
    palettes = PALETTES[:1] if arguments.for_readme else PALETTES
    for language in languages:
        for palette in palettes:
            if arguments.language in (None, language) and arguments.palette in (None, palette.name):
                Artist(arguments.folder, language, palette, wanted).draw_all()
    garbage.stop()
    print(f"{len(list(arguments.folder.glob('*.png')))} pictures in {arguments.folder}")


if __name__ == "__main__":
    main()
