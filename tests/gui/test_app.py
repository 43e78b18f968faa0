"""The program as a process: what it loads before the window shows, and how it ends."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

HEAVY = ("pydantic", "httpx", "cv2", "numpy", "sounddevice", "soundfile", "readiness.core.runner")

PROGRAM = """
import asyncio, json, sys, time
from PySide6.QtCore import QTimer
from readiness.core.check import Options
from readiness.gui import app
from readiness.settings import Settings, places

found = {{}}
start = app.Session.start
def started(session):  # which loads what is heavy, in a thread of its own
    found["heavy"] = [name for name in {heavy!r} if name in sys.modules]
    found["qt"] = [name for name in sys.modules if name.startswith("PySide6.Qt")]
    start(session)
app.Session.start = started
def shown(window):
    {then}

{load}
began = []
status = app.open_window(load, Settings(), Options(), places(), on_shown=shown)
print(json.dumps({{**found, "status": status, "seconds": time.monotonic() - began[0]}}))
"""


def _run(then: str, load: str, folder: Path) -> dict[str, object]:
    import json
    import os

    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM.format(heavy=HEAVY, then=then, load=load)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)},
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    answer: dict[str, object] = json.loads(ended.stdout)
    return answer


NOTHING = "async def load():\n    await asyncio.Event().wait()"


def test_nothing_heavy_is_loaded_before_the_window_shows(tmp_path: Path) -> None:
    answer = _run("began.append(time.monotonic()); QTimer.singleShot(0, window.close)", NOTHING, tmp_path)
    assert answer["heavy"] == []
    assert set(answer["qt"]) <= {
        "PySide6.QtCore",
        "PySide6.QtGui",
        "PySide6.QtWidgets",
        "PySide6.QtSvg",
        "PySide6.QtNetwork",
    }
    assert answer["status"] == 0


def test_closing_during_a_run_ends_the_process_within_a_second(tmp_path: Path) -> None:
    load = "from tests.gui.scripted import *\nload = loads(Script(camera=ScriptedCamera(hangs=True)))"
    then = """
    def close():
        if window.run.preview.has_picture:
            timer.stop()
            began.append(time.monotonic())
            window.close()
    timer = QTimer(window)
    timer.timeout.connect(close)
    timer.start(10)
    window.start.begin_button.click()
"""
    answer = _run(then, load, tmp_path)
    assert isinstance(answer["seconds"], float)
    assert answer["seconds"] < 1.0


def test_closing_ends_the_device_hosts_too(tmp_path: Path) -> None:
    """With this computer's own devices: no process is left when the window is gone."""
    load = (
        "from readiness.gui.parts import load_parts\n"
        "async def load():\n    return await load_parts(Settings(), Options(), places())"
    )
    then = """
    import psutil
    def close():
        children = psutil.Process().children(recursive=True)
        if len(children) >= 2:
            timer.stop()
            found["children"] = [child.pid for child in children]
            began.append(time.monotonic())
            window.close()
    timer = QTimer(window)
    timer.timeout.connect(close)
    timer.start(10)
"""
    answer = _run(then, load, tmp_path)
    assert isinstance(answer["seconds"], float)
    assert answer["seconds"] < 1.0
    children = answer["children"]
    assert isinstance(children, list)
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


REMEMBERS = """
import dataclasses, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from readiness.core.check import Options
from readiness.gui import app
from readiness.gui.window import Window
from readiness.settings import Settings, places

def act():
    (window,) = [shown for shown in QApplication.topLevelWidgets() if isinstance(shown, Window)]
    print(window.look.scale, window.look.language)
    {then}
    window.close()

app.make_application()
timer = QTimer()
timer.timeout.connect(lambda: QApplication.topLevelWidgets() and (timer.stop(), act()))
timer.start(20)
app.run_window(Settings(), Options(), dataclasses.replace(places(), data=Path(sys.argv[1])))
"""


def test_text_size_and_language_are_remembered(tmp_path: Path) -> None:
    def run(then: str) -> str:
        ended = subprocess.run(
            [sys.executable, "-W", "error", "-c", REMEMBERS.format(then=then), str(tmp_path)],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return ended.stdout.strip()

    larger = "[window.header.larger.click() for _ in range(2)]"
    assert run(f"{larger}; window.header.buttons['en'].click()") == "1.0 sv"
    assert run("window.change_size(0)") == "1.5 en"
    (tmp_path / "window.json").write_text('{"text_percent": "huge", "language": "en"}', "utf-8")
    assert run("pass") == "1.0 en"
