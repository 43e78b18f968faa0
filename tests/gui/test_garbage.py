from __future__ import annotations

import gc
import threading
from typing import ClassVar

from pytestqt.qtbot import QtBot

from readiness.gui.garbage import GarbageTimer


class Knot:
    """A cycle that tells in which thread it was collected."""

    collected: ClassVar[list[threading.Thread]] = []

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        Knot.collected.append(threading.current_thread())


def test_garbage_is_collected_on_the_windows_thread_alone(qtbot: QtBot) -> None:
    Knot.collected.clear()
    worker = threading.Thread(target=lambda: [Knot() for _ in range(5000)])
    worker.start()
    worker.join()
    assert not Knot.collected
    qtbot.waitUntil(lambda: len(Knot.collected) == 5000, timeout=10_000)
    assert set(Knot.collected) == {threading.main_thread()}


def test_what_is_thrown_away_after_the_first_time_is_still_collected(qtbot: QtBot) -> None:
    Knot.collected.clear()
    timer = GarbageTimer()
    try:
        timer.spare_what_is_loaded()
        Knot()
        timer.spare_what_is_loaded()
        gc.collect()
        assert len(Knot.collected) == 1
    finally:
        timer.stop()
        gc.disable()  # as the fixture left it


def test_afterwards_python_collects_again(garbage: None) -> None:
    timer = GarbageTimer()
    timer.spare_what_is_loaded()
    assert gc.get_freeze_count() > 0
    timer.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    gc.disable()  # as the fixture left it
