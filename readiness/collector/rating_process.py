"""The process that rates the fleet under other requirements, so that nobody's page waits for it.

Started when there is a job, given the database's address on its standard input (it may hold a password),
and ended when that closes: it never outlives the collector.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from readiness.collector import jobs
from readiness.collector.database import Database, open_database
from readiness.collector.problems import DatabaseUnavailableError, StartError

RATING_ARGUMENT = "--rating"
"""The hidden argument by which a frozen collector starts itself as this process."""
_PAUSE_SECONDS = 1.0
_NICER = 10
_log = logging.getLogger("readiness.collector")


class Rater:
    """A thread that starts the process where there is work, until it is stopped."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        pause_seconds: float = _PAUSE_SECONDS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._pause_seconds = pause_seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="rater", daemon=True)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; the process as well. Its job is claimed again later."""
        self._stopped.set()
        self._thread.join()
        process, self._process = self._process, None
        if process is not None:
            process.kill()  # nothing is lost: what is under way is undone, or will be done again
            process.wait()
            assert process.stdin is not None
            process.stdin.close()

    def _work(self) -> None:
        while not self._stopped.wait(self._pause_seconds):
            if self._process is not None and self._process.poll() is None:
                continue
            try:
                with self._database.reading() as connection:
                    wanted = jobs.waits(connection, self._clock())
            except DatabaseUnavailableError:
                continue
            if wanted:
                self._begin()

    def _begin(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process = subprocess.Popen(
                _command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the collector, which then ends this
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps({"database": self._database.address}).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            _log.error("the rating process cannot be started: %s", error)


def main() -> int:
    """Do what waits, and end."""
    from readiness.collector import rerating

    address = json.loads(_first_line())["database"]
    threading.Thread(target=_end_with_the_collector, name="stdin", daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(_NICER)  # pages and reports come first
    try:
        database = open_database(address)
        try:
            rerating.work(database)
        finally:
            database.close()
    except (DatabaseUnavailableError, StartError) as error:
        _log.error("rating the fleet stopped, and is tried again: %s", error)
        return 1
    return 0


def _first_line() -> bytes:
    line = b""
    while not line.endswith(b"\n") and (more := os.read(sys.stdin.fileno(), 1)):
        line += more
    return line


def _end_with_the_collector() -> None:
    # Not through sys.stdin: its lock, held here, would be in the way of an ordinary end.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os._exit(1)


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, RATING_ARGUMENT]
    return [sys.executable, "-m", "readiness.collector.rating_process"]


if __name__ == "__main__":
    sys.exit(main())
