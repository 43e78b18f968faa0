"""What looking at the computer costs: wall time, and processor time of this process and its commands.

python -m tests.benchmarks.computer

Aim: at most 2 s, of which 0.3 s of the processor. Prints each of five looks, and the slowest parts.
"""

from __future__ import annotations

import asyncio
import os
import time

from readiness.devices.system import LocalSystem
from readiness.devices.system.local import this_teller

LOOKS = 5
PARTS = ("version", "processor", "power", "screens", "programs", "session", "usage", "description")


def processor_seconds() -> float:
    """Of this process and the children that ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def main() -> None:
    for number in range(1, LOOKS + 1):
        started, used = time.monotonic(), processor_seconds()
        asyncio.run(LocalSystem().measure())
        wall, busy = time.monotonic() - started, processor_seconds() - used
        print(f"look {number}: {wall:.2f} s, processor {busy:.3f} s")
    teller = this_teller()
    for part in PARTS:
        started = time.monotonic()
        getattr(teller, part)()
        print(f"  {part:12} {1000 * (time.monotonic() - started):6.1f} ms")


if __name__ == "__main__":
    main()
