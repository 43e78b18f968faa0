"""How much a run may transfer: less where the system says that traffic costs."""

from __future__ import annotations

from readiness.network.this_link import system_reader
from readiness.network.waiting import in_thread

RUN_BYTES = 12_000_000
"""What one run may transfer altogether, the media path included."""

METERED_RUN_BYTES = 4_000_000
_SECONDS = 3.0


async def metered() -> bool | None:
    """Whether the system says that traffic costs; None where it does not say."""
    try:
        return await in_thread(lambda: system_reader().metered(), _SECONDS)
    except (OSError, TimeoutError, ValueError):
        return None
