"""How the program starts parts of itself as processes of their own, from a checkout and when frozen."""

from __future__ import annotations

import sys


def part_of_itself(module: str, argument: str) -> list[str]:
    """The beginning of a command that runs `module`.

    A frozen program has no Python to give a module to: it starts its own executable with the hidden
    `argument`, which `readiness/__main__.py` (the collector's: `collector/__main__.py`) leads to the same place.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, argument]
    return [sys.executable, "-m", module]
