"""Figures over the whole fleet, kept for some seconds where counting them takes long.

On a small fleet everything is counted anew. Where counting takes longer than a moment, what was counted is
given for at most `OLDEST_SECONDS`, and counted again beside, so that no page waits for it.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select

from readiness.collector.database import Database
from readiness.collector.problems import DatabaseUnavailableError
from readiness.collector.tables import adopted, job, report

OLDEST_SECONDS = 60.0
"""No figure shown is older than this."""
WORTH_SECONDS = 0.025
"""What is counted faster than this is not kept."""
_SHARE = 20
"""Where reports keep coming, counting takes at most a twentieth of a processor for each figure."""
_TICK_SECONDS = 0.5
FoundT = TypeVar("FoundT")


@dataclass(frozen=True, kw_only=True)
class _Kept:
    look: Callable[[Connection], Any]
    value: Any
    version: Any
    counted_at: float
    took: float


class Remembered:
    """What was counted, by name. Its methods block; safe to call from any thread."""

    def __init__(self, database: Database, *, worth_seconds: float = WORTH_SECONDS) -> None:
        self._database = database
        self._worth_seconds = worth_seconds
        self._kept: dict[str, _Kept] = {}
        self._turns: dict[str, threading.Lock] = {}
        self._first: tuple[tuple[str, Callable[[Connection], Any]], ...] = ()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="figures", daemon=True)

    def start(self, *first: tuple[str, Callable[[Connection], Any]]) -> None:
        """Count again beside, from now on; `first` are names and looks to begin with."""
        self._first = first
        self._thread.start()

    def stop(self) -> None:
        """End that."""
        self._stopped.set()
        self._thread.join()

    def forget(self) -> None:
        """Count everything anew: somebody here changed what it is counted from."""
        self._kept.clear()

    def figures(self, name: str, look: Callable[[Connection], FoundT]) -> FoundT:
        """What `look` counts; `name` tells it from other figures, with all that it depends on."""
        kept = self._kept.get(name)
        if kept is None or not self._good(kept):
            # One counts, the others wait for what it finds.
            with self._turns.setdefault(name, threading.Lock()):
                kept = self._kept.get(name)
                if kept is None or not self._good(kept):
                    kept = self._count(name, look)
        value: FoundT = kept.value
        return value

    def _good(self, kept: _Kept) -> bool:
        age = time.monotonic() - kept.counted_at
        # Nobody counts beside: then it is good for the time that counting again is worth.
        return age < (OLDEST_SECONDS if self._thread.is_alive() else min(OLDEST_SECONDS, _SHARE * kept.took))

    def _count(self, name: str, look: Callable[[Connection], Any]) -> _Kept:
        started = time.monotonic()
        with self._database.reading() as connection:
            version = _version(connection)
            value = look(connection)
        took = time.monotonic() - started
        kept = _Kept(look=look, value=value, version=version, counted_at=started, took=took)
        if took >= self._worth_seconds:
            self._kept[name] = kept
        else:
            self._kept.pop(name, None)
        return kept

    def _work(self) -> None:
        for name, look in self._first:
            with contextlib.suppress(DatabaseUnavailableError):
                self.figures(name, look)
        while not self._stopped.wait(_TICK_SECONDS):
            for name, kept in list(self._kept.items()):
                age = time.monotonic() - kept.counted_at
                if self._stopped.is_set() or age < min(OLDEST_SECONDS / 2, _SHARE * kept.took):
                    continue
                try:
                    if age < OLDEST_SECONDS / 2:
                        with self._database.reading() as connection:
                            if _version(connection) == kept.version:
                                continue
                    self._count(name, kept.look)
                except DatabaseUnavailableError:
                    break


def _version(connection: Connection) -> Any:
    """Changes with every report, and with every computer that is rated again."""
    newest = connection.scalar(select(func.max(report.c.number)))
    work = connection.execute(select(func.max(job.c.number), func.sum(job.c.done))).one()
    return (newest, tuple(work), connection.scalar(select(func.max(adopted.c.number))))
