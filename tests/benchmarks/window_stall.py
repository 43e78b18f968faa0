"""Prints the longest stall of the window's event loop: `python -m tests.benchmarks.window_stall`.

A timer of 1 ms is the heartbeat; the longest time between two beats is the stall. Measured from
the first picture of the window, over loading, a run with preview frames, the result and the send
page. A machine that is shared stalls by itself: so the stall of an empty loop is printed too, and
of each stall how much this process was at work in it (all of its threads, since one that holds the
interpreter stalls the window). `--recordings` runs the real device hosts on recordings
instead of a scripted machine.
"""

from __future__ import annotations

import dataclasses
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from readiness.core.check import Options
from readiness.gui.app import make_application, make_window
from readiness.gui.garbage import GarbageTimer
from readiness.gui.supplies import Parts
from readiness.gui.window import Window
from readiness.settings import Settings, places
from tests.gui.recordings import film, voice
from tests.gui.scripted import Script, ScriptedCamera, ScriptedMicrophone, ScriptedPost, frame, loads

PREVIEW_HZ = 30.0
RUN_SECONDS = 4.0


@dataclass
class Heartbeat:
    """The time between beats in ms, how much of it was ours, and the page in sight."""

    page: Callable[[], str]
    beats: list[tuple[float, float, str]] = field(default_factory=list)
    _last: tuple[float, float] = (0.0, 0.0)

    def beat(self) -> None:
        now = time.perf_counter(), time.process_time()
        if self._last[0]:
            length, work = ((new - old) * 1000 for new, old in zip(now, self._last, strict=True))
            self.beats.append((length, min(length, work), self.page()))
        self._last = now

    def start(self, parent: QObject) -> QTimer:
        timer = QTimer(parent)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(self.beat)
        timer.start(1)
        return timer


def main() -> None:
    """Go the whole way once, and print the longest stalls."""
    application = make_application()
    pictures = [frame(number, 640, 360) for number in range(30)]
    script = Script(
        camera=ScriptedCamera(
            seconds=RUN_SECONDS, rate_hz=PREVIEW_HZ, picture=lambda number: pictures[number % 30]
        ),
        microphone=ScriptedMicrophone(seconds=RUN_SECONDS),
    )
    where = places()
    load, options = loads(script, ScriptedPost()), Options()
    with tempfile.TemporaryDirectory() as folder:
        if "--recordings" in sys.argv:
            load, options = recordings(Path(folder))
        _measure(application, make_window(load, Settings(), options, where))


def recordings(folder: Path) -> tuple[Callable[[], Awaitable[Parts]], Options]:
    """The real parts and device hosts, on recordings; a profile that names no host to reach."""
    from readiness.gui.parts import load_parts

    (folder / "profiles").mkdir()
    (folder / "profiles" / "organisation.toml").write_text('id="organisation"\nversion="1"\nname="-"\n')
    where = dataclasses.replace(places(), data=folder, resources=folder)
    options = Options(
        camera_file=film(folder / "camera.avi", 6.0), microphone_file=voice(folder / "voice.wav")
    )
    return lambda: load_parts(Settings(), options, where), options


def _measure(application: QApplication, window: Window) -> None:
    garbage = GarbageTimer()
    window.session.ready.connect(garbage.spare_what_is_loaded)
    window.show()
    application.processEvents()
    empty = Heartbeat(lambda: "empty")
    timer = empty.start(application)
    QTimer.singleShot(3000, application.quit)
    application.exec()
    timer.stop()
    heartbeat = Heartbeat(lambda: type(window.pages.currentWidget()).__name__)
    heartbeat.start(window)
    frames = 0
    seen = window.run.preview.show_frame

    def counted(shown: object) -> None:
        nonlocal frames
        frames += 1
        seen(shown)

    window.run.preview.show_frame = counted
    window.session.start()

    def step() -> None:
        page = window.pages.currentWidget()
        if page is window.start and window.start.devices.found:
            window.start.begin_button.click()
        elif page is window.run and window.run.prompt.buttons:
            window.run.prompt.buttons[0].click()
        elif page is window.result:
            window.result.send_button.click()
        elif page is window.send and window.send.send_button.isVisibleTo(page):
            if window.send.send_button.isEnabled():
                window.send.send_button.click()
        elif page is window.receipt or (page is window.send and window.send.save_button.isEnabled()):
            application.quit()

    stepping = QTimer(window)
    stepping.timeout.connect(step)
    stepping.start(300)
    began = time.perf_counter()
    application.exec()
    seconds = time.perf_counter() - began
    window.session.close()
    window.session.join(2.0)
    print(f"{seconds:.1f} s, {frames} preview frames, {len(heartbeat.beats)} beats")
    print(f"longest stall of an empty loop here {max(empty.beats)[0]:.1f} ms")
    print(f"longest stall {max(heartbeat.beats)[0]:.1f} ms")
    garbage.stop()
    ours = sorted(((work, page) for _, work, page in heartbeat.beats), reverse=True)[:5]
    print(f"longest stall that was our own work {ours[0][0]:.1f} ms (aim: 50 ms)")
    print("longest five:", ", ".join(f"{work:.1f} ms {page}" for work, page in ours))


if __name__ == "__main__":
    main()
