from __future__ import annotations

import os
import subprocess
import sys

PROGRAM = """
from PySide6.QtCore import QObject, Signal
from readiness.gui.app import make_application

class Emitter(QObject):
    told = Signal(object)

make_application()
emitter = Emitter()
for number in range(200_000):
    emitter.told.emit(number)
print("alive")
"""


def test_as_many_signals_as_in_days_of_watching_do_not_end_the_process() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout.strip()) == (0, "alive"), ended.stderr
