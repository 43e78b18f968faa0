"""Prints how long it takes from start to a usable window: `python -m tests.benchmarks.window_start`.

Usable: painted, and the button takes the keyboard. Each try is a process of its own. The first is
cold where the disk's cache was dropped before; the others are warm.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

TRIES = 5
PROGRAM = """
import time, sys
began = float(sys.argv[1])
from PySide6.QtCore import QTimer
from readiness.core.check import Options
from readiness.gui import app
from readiness.settings import load_settings, places

HEAVY = ("pydantic", "httpx", "cv2", "numpy", "sounddevice")
where = places()

def usable(window):
    window.repaint()
    loaded = [name for name in HEAVY if name in sys.modules]
    assert window.start.begin_button.hasFocus() or window.focusWidget() is window.start.begin_button
    print(f"{time.time() - began:.3f} {','.join(loaded) or '-'}", flush=True)
    QTimer.singleShot(0, window.close)

async def load():
    import asyncio
    await asyncio.Event().wait()

app.open_window(load, load_settings(where), Options(), where, on_shown=usable)
"""


def once() -> tuple[float, str]:
    """Seconds from before the process was made, and the heavy modules loaded by then."""
    import time

    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, repr(time.time())],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={"QT_QPA_PLATFORM": "offscreen", **os.environ},
    )
    seconds, loaded = answer.stdout.split()
    return float(seconds), loaded


def main() -> None:
    """Measure and print."""
    tries = [once() for _ in range(TRIES)]
    print(f"first {tries[0][0]:.2f} s, then {[round(seconds, 2) for seconds, _ in tries[1:]]} s")
    print(f"median warm {statistics.median(seconds for seconds, _ in tries[1:]):.2f} s (aim: 1.0 s)")
    print(f"heavy modules loaded before the window: {tries[0][1]}")


if __name__ == "__main__":
    main()
