"""Python's garbage collector, on the window's thread alone.

It runs in whichever thread happens to make objects. A widget that it destroys outside of the
window's thread takes the whole program down.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_LOOK_EVERY_MS = 1000


class GarbageTimer(QObject):
    """While it runs, nothing is collected but by this timer. Ends with `stop`."""

    def __init__(self) -> None:
        super().__init__()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_LOOK_EVERY_MS)

    def spare_what_is_loaded(self) -> None:
        """What lives now lives until the end: looking through it each time would be felt."""
        gc.freeze()

    def stop(self) -> None:
        """Collect once more, and leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.collect()
        gc.enable()

    def _look(self) -> None:
        """Collect what Python itself would have collected by now."""
        counts = gc.get_count()
        for generation, threshold in reversed(list(enumerate(gc.get_threshold()))):
            if counts[generation] > threshold:
                gc.collect(generation)
                break
