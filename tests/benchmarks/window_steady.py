"""Prints what the window costs when nothing happens, and whether it grows: `python -m tests.benchmarks.window_steady [runs]`.

With the real device hosts on recordings: the time from the press of the button to the first picture
of the camera in the window, beside the driver's own; the processor's time while the start page and the result
page are in sight (this process and its children); and the memory after the first run and the last.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from readiness.gui.app import make_application, make_window
from readiness.gui.garbage import GarbageTimer
from readiness.gui.window import Window
from readiness.settings import Settings, places
from tests.benchmarks.memory import mebibytes
from tests.benchmarks.window_stall import recordings

IDLE_SECONDS = 10.0
_PATIENCE_SECONDS = 60.0


def main(runs: int) -> None:
    """Measure and print."""
    application = make_application()
    with tempfile.TemporaryDirectory() as folder:
        load, options = recordings(Path(folder))
        window = make_window(load, Settings(), options, places())
        garbage = GarbageTimer()
        window.session.ready.connect(garbage.spare_what_is_loaded)
        window.session.run_ended.connect(garbage.give_back)
        window.show()
        window.session.start()
        _until(lambda: window.start.devices.found)
        _wait(3.0)
        print(f"processor on the start page: {_idle_percent():.2f} % (aim: 1 %)")
        first, after_first, after = _run(window), 0.0, 0.0
        print(
            f"first picture {first:.2f} s after the press of the button; the driver's own {_driver(window)}"
        )
        after_first = _memory()
        print(f"processor on the result page: {_idle_percent():.2f} % (aim: 1 %)")
        for number in range(2, runs + 1):
            window.result.all_again.emit()
            _run(window)
            if number in (2, runs // 2, runs):
                after = _memory()
                print(
                    f"after run {number:2}: {after:.1f} MiB, {100 * (after / after_first - 1):+.1f} % (aim: 5 %)"
                )
        print(f"after run  1: {after_first:.1f} MiB")
        window.close()
        window.session.close()
        window.session.join(2.0)
        garbage.stop()
        application.processEvents()


def _run(window: Window) -> float:
    """One run to its result; the seconds until the camera's first picture."""
    began = time.perf_counter()
    if window.pages.currentWidget() is window.start:
        window.start.begin_button.click()
    _until(lambda: window.pages.currentWidget() is window.run)
    _until(lambda: window.run.preview.has_picture)
    seconds = time.perf_counter() - began

    def ended() -> bool:
        if window.run.prompt.buttons:
            window.run.prompt.buttons[0].click()
        return window.pages.currentWidget() is window.result

    _until(ended)
    return seconds


def _driver(window: Window) -> str:
    outcome = window.visit.outcome
    results = outcome.results if outcome else ()
    took = [result.evidence.get("first_frame_seconds") for result in results if result.check_id == "camera"]
    return f"{took[0]:.2f} s" if took and took[0] is not None else "not told (a recording)"


def _idle_percent() -> float:
    processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
    before = sum(_used(process) for process in processes)
    _wait(IDLE_SECONDS)
    return 100 * (sum(_used(process) for process in processes) - before) / IDLE_SECONDS


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _memory() -> float:
    _wait(1.0)
    gc.collect()
    return mebibytes(psutil.Process())


def _wait(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def _until(happens: object) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not happens():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise TimeoutError("the window did not get there")
        QApplication.processEvents()
        time.sleep(0.002)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
