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
    # A program that must leave nothing behind where it is installed is started with -B; its parts are as well.
    return [sys.executable, *(["-B"] if sys.dont_write_bytecode else []), "-m", module]
