"""Pictures are drawn for the screen's own pixels, not stretched to them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
from readiness.core.check import Options
from readiness.gui import app
from readiness.settings import Settings, places

async def load():
    raise RuntimeError

app.make_application()
window = app.make_window(load, Settings(), Options(), places())
window.start.put_on(window.look)
mark = window.look.picture("ready", "#000000", 24)
button = window.start.history_button.icon().pixmap(window.start.history_button.iconSize())
print(mark.width(), mark.devicePixelRatio(), button.height() / window.start.history_button.iconSize().height())
window.session.close()
"""


@pytest.mark.parametrize(("factor", "pixels"), [("1", 24), ("1.25", 30), ("1.5", 36), ("2", 48)])
def test_pictures_have_as_many_pixels_as_the_screen(factor: str, pixels: int) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": factor}
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    width, ratio, button = ended.stdout.split()
    assert int(width) == pixels
    assert float(ratio) == float(factor)
    assert float(button) == pytest.approx(float(factor), abs=0.1)
