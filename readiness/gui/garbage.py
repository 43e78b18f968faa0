"""Python's garbage collector, on the window's thread alone.

It runs in whichever thread happens to make objects. A widget that it destroys outside of the
window's thread takes the whole program down.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys

from PySide6.QtCore import QObject, QTimer, Slot

_LOOK_EVERY_MS = 1000
_GIVE_BACK_MS = 400
_M_ARENA_MAX, _ARENAS = -8, 2
"""glibc (malloc.h) otherwise keeps what was freed in up to eight arenas a processor, and grows with every run."""


class GarbageTimer(QObject):
    """While it runs, nothing is collected but by this timer. Ends with `stop`."""

    def __init__(self) -> None:
        super().__init__()
        _glibc("mallopt", _M_ARENA_MAX, _ARENAS)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_LOOK_EVERY_MS)

    def spare_what_is_loaded(self) -> None:
        """What lives now lives until the end: looking through it each time would be felt.

        Once: at a later time there is garbage among it, which would never be collected.
        """
        if not gc.get_freeze_count():
            gc.freeze()

    @Slot()
    def give_back(self) -> None:
        """After a run: what its pictures took goes back to the system, a little later."""
        QTimer.singleShot(_GIVE_BACK_MS, self._trim)

    def _trim(self) -> None:
        gc.collect()
        _glibc("malloc_trim", 0)

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


def _glibc(name: str, *arguments: int) -> None:
    """Call glibc; musl and other systems have no such call, and no need of it."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            getattr(ctypes.CDLL(None), name)(*arguments)
