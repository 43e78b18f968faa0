"""A collector for this computer alone: a process of its own on loopback, with its own database.

Used by run.py where IT has set none. Standard library only.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import socket
import subprocess
import threading
from pathlib import Path

_START_SECONDS = 30.0
_STOP_SECONDS = 10.0
_SURROUNDINGS = {**os.environ, "READINESS_COLLECTOR_CONFIG": os.devnull}
"""A collector that IT installed on the same computer has settings and a database of its own."""


class CollectorError(Exception):
    """The collector did not do what it should; the message says why."""


class Collector:
    """The process, and what belongs to it: a folder with database, enrolment key, port and log."""

    def __init__(self, python: Path, folder: Path) -> None:
        self._program = [str(python), "-m", "readiness.collector"]
        self._folder = folder
        self._database = folder / "collector.sqlite3"
        self._key_file = folder / "enrolment.key"
        self._port_file = folder / "port"
        self._process: subprocess.Popen[str] | None = None
        self._key = ""
        self._url = ""

    @property
    def command(self) -> list[str]:
        """What starts this collector again, at the same address and with the same database."""
        port = self._url.rpartition(":")[2] or "0"
        where = ["--host", "127.0.0.1", "--port", port, "--udp-port", "0"]
        return [*self._program, "serve", *where, *self._its_database]

    @property
    def environment(self) -> dict[str, str]:
        """What tells the program to use this collector. The key is never on a command line."""
        return {"READINESS_COLLECTOR_URL": self._url, "READINESS_ENROLMENT_KEY": self._key}

    def link_command(self, report: str) -> list[str]:
        """What prints a one-time link to a report."""
        return [*self._program, "link", "--report", report, "--url", self._url, *self._its_database]

    def start(self) -> None:
        """Start serving. Raises CollectorError."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._key = self._known_key() or self._new_key()
            self._serve()
        except OSError as error:
            raise CollectorError(str(error)) from error

    def link(self, report: str) -> str:
        """A one-time link to `report`. Raises CollectorError."""
        return self._answer(self.link_command(report))

    def wait(self) -> None:
        """Wait until the process ends by itself or KeyboardInterrupt comes."""
        if self._process:
            self._process.wait()

    def stop(self) -> None:
        """End the process."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def _its_database(self) -> list[str]:
        return ["--database", f"sqlite:///{self._database.as_posix()}"]

    def _known_key(self) -> str | None:
        """The key made earlier, unless its database is gone: then it opens nothing."""
        try:
            return self._key_file.read_text("ascii").strip() if self._database.exists() else None
        except FileNotFoundError:
            return None

    def _new_key(self) -> str:
        key = self._answer([*self._program, "key", "new", *self._its_database])
        self._key_file.unlink(missing_ok=True)
        with os.fdopen(os.open(self._key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{key}\n")
        return key

    def _serve(self) -> None:
        where = ["--host", "127.0.0.1", "--port", str(self._free_port()), "--udp-port", "0"]
        command = [*self._program, "serve", *where]
        log = self._folder / "log"
        with log.open("w") as sink:
            self._process = subprocess.Popen(
                [*command, *self._its_database, "--announce"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=sink,
                text=True,
                env=_SURROUNDINGS,
                start_new_session=True,  # Ctrl-C reaches the check first; the collector is ended by `stop`
            )
        line = self._first_line(self._process)
        try:
            self._url = str(json.loads(line)["url"])
        except (ValueError, KeyError, TypeError):
            self.stop()
            said = log.read_text(errors="replace").strip().splitlines()
            raise CollectorError(said[-1] if said else "It said nothing.") from None
        self._port_file.write_text(self._url.rpartition(":")[2])

    def _first_line(self, process: subprocess.Popen[str]) -> str:
        """The line it announces itself with, or "" when it ends or does not come in time."""
        lines: queue.Queue[str] = queue.Queue()
        stream = process.stdout
        assert stream is not None

        def read() -> None:
            for line in stream:
                lines.put(line)
            lines.put("")

        threading.Thread(target=read, daemon=True).start()
        try:
            return lines.get(timeout=_START_SECONDS)
        except queue.Empty:
            return ""

    def _free_port(self) -> int:
        """The port used last time, so that links and bookmarks go on working; another if it is taken."""
        with contextlib.suppress(OSError, ValueError):
            port = int(self._port_file.read_text())
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
            return port
        return 0

    def _answer(self, command: list[str]) -> str:
        """The last line that a command of the collector prints. Raises CollectorError."""
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                stdin=subprocess.DEVNULL,
                timeout=60,
                env=_SURROUNDINGS,
            )
        except subprocess.TimeoutExpired:
            raise CollectorError(f"{command[3]} did not answer.") from None
        lines = done.stdout.split()
        if done.returncode or not lines:
            said = done.stderr.strip().splitlines()
            raise CollectorError(said[-1] if said else f"{command[3]} ended with status {done.returncode}.")
        return lines[-1]
