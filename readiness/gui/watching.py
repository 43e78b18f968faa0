"""What a run shows over time: kept for the plots, in memory alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from readiness.core.model import Event, Progress, Started
from readiness.gui.outcome import Series

LEVEL = "level_dbfs"
_MOST_POINTS = 4000


class Watcher:
    """Sees the events of a run; a test that begins again forgets what it saw before."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began: dict[str, float] = {}
        self._levels: dict[str, list[tuple[float, float]]] = {}

    def see(self, event: Event) -> None:
        """One event, as it happens."""
        if isinstance(event, Started):
            self._began[event.check_id] = self._clock()
            self._levels.pop(event.check_id, None)
        elif isinstance(event, Progress) and event.notice.level_dbfs is not None:
            began = self._began.get(event.check_id)
            points = self._levels.setdefault(event.check_id, [])
            if began is not None and len(points) < _MOST_POINTS:
                points.append((self._clock() - began, event.notice.level_dbfs))

    @property
    def series(self) -> Mapping[str, tuple[Series, ...]]:
        """What was seen, by check."""
        return {
            check_id: (
                Series(
                    name=LEVEL,
                    along=tuple(round(second, 3) for second, _ in points),
                    values=tuple(level for _, level in points),
                ),
            )
            for check_id, points in self._levels.items()
            if len(points) > 1
        }
