"""Notices on their way to the window: joined, so that however slow it paints it never falls behind."""

from __future__ import annotations

import threading
from dataclasses import replace

from readiness.core.model import Notice


class Notices:
    """The newest of each kind, for each check. Used from both threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: dict[str, Notice] = {}

    def put(self, check_id: str, notice: Notice) -> bool:
        """Keep `notice`; true where none waited before."""
        with self._lock:
            wakes = not self._newest
            kept = self._newest.get(check_id)
            if kept is not None:
                notice = replace(
                    notice,
                    fraction=kept.fraction if notice.fraction is None else notice.fraction,
                    text=notice.text or kept.text,
                    level_dbfs=kept.level_dbfs if notice.level_dbfs is None else notice.level_dbfs,
                    frame=notice.frame or kept.frame,
                )
            self._newest[check_id] = notice
        return wakes

    def take(self) -> dict[str, Notice]:
        """All that wait, by check; none waits afterwards."""
        with self._lock:
            taken, self._newest = self._newest, {}
        return taken
