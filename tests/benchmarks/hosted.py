"""Benchmarks of the analysis load its libraries as the device hosts do."""

from __future__ import annotations

import os
import subprocess
import sys

from readiness.devices.__main__ import LIBRARIES


def as_device_host(module: str, arguments: list[str]) -> None:
    """Go on in a process of the same module where the variables of the device hosts are set, unless they are."""
    if not LIBRARIES.items() <= os.environ.items():
        sys.exit(subprocess.call([sys.executable, "-m", module, *arguments], env=os.environ | LIBRARIES))
