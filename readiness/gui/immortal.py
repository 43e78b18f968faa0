"""True is kept alive: PySide6 6.12 takes one reference to it away with every signal that is emitted.

Below Python 3.12, where True is counted as everything else, the process would abort some ten thousand
signals later ("deallocating True or False"): after hours of watching, or some hundred runs.
"""

from __future__ import annotations

import ctypes
import sys

REFERENCES = 1 << 40
"""So many signals are not emitted in the life of a process."""


def keep_true_alive() -> None:
    """Count references that nobody takes away, once. Python 3.12 and later need none (PEP 683)."""
    counted = sys.implementation.name == "cpython" and sys.version_info < (3, 12)
    if counted and sys.getrefcount(True) < REFERENCES:
        # The count is the first field of every object (Include/object.h).
        ctypes.c_ssize_t.from_address(id(True)).value += REFERENCES
