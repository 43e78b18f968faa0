"""The reflector as the collector sees it: started, asked for sessions, started again if it went down."""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from readiness.collector.problems import StartError
from readiness.core.itself import part_of_itself
from readiness.core.text import Text

DEFAULT_PORT = 3478
REFLECTOR_ARGUMENT = "--reflector"
"""The hidden argument by which a frozen collector starts itself as the reflector."""

_START_SECONDS = 20.0
_ANSWER_SECONDS = 3.0
_STOP_SECONDS = 3.0


class ReflectorError(Exception):
    """The reflector gives no answer; the message is for the log."""


@dataclass(frozen=True, kw_only=True)
class ReflectorPlace:
    """Where the reflector answers: UDP port (0: a free one), and the name that clients reach it by.

    `public_host` is None where that is the collector's own name.
    """

    host: str
    port: int = DEFAULT_PORT
    public_host: str | None = None
    most_sessions: int = 64


class ReflectorProcess:
    """One reflector. Its methods block; safe to call from any thread."""

    def __init__(self, place: ReflectorPlace) -> None:
        self._place = place
        self._port = place.port
        self._process: subprocess.Popen[str] | None = None
        self._answers: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._turn = threading.Lock()
        self._number = 0

    @property
    def port(self) -> int:
        """The UDP port it answers on."""
        return self._port

    @property
    def public_host(self) -> str | None:
        """The name that clients reach it by, where it is not the collector's."""
        return self._place.public_host

    def start(self) -> None:
        """Start it. Raises StartError, which says why it cannot be started."""
        with self._turn:
            self._start()

    def open_session(self, *, light: bool) -> dict[str, Any] | None:
        """A new session as the client is told of it; None where there are too many.

        Raises ReflectorError where the process does not answer, also after it was started again.
        """
        with self._turn:
            try:
                return self._asked(light)
            except (OSError, ReflectorError):
                self._end()
                try:
                    self._start()
                    return self._asked(light)
                except (OSError, StartError) as error:
                    raise ReflectorError(str(error)) from error

    @property
    def runs(self) -> bool:
        """Whether the process is there."""
        process = self._process
        return process is not None and process.poll() is None

    def stop(self) -> None:
        """End the process."""
        with self._turn:
            self._end()

    def _start(self) -> None:
        self._answers = SimpleQueue()
        self._process = subprocess.Popen(
            [
                *part_of_itself("readiness.collector.reflector", REFLECTOR_ARGUMENT),
                json.dumps([self._place.host, self._port, self._place.most_sessions]),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for the collector, which then ends this
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        threading.Thread(
            target=_read, args=(self._process, self._answers), name="reflector", daemon=True
        ).start()
        try:
            said = self._answer(_START_SECONDS)
            port = said.get("port")
            if not isinstance(port, int):
                raise ReflectorError(str(said.get("problem", said)))
        except ReflectorError as error:
            self._end()
            raise _cannot_start(self._place, str(error)) from error
        self._port = port

    def _asked(self, light: bool) -> dict[str, Any] | None:
        process = self._process
        if process is None or process.stdin is None:
            raise ReflectorError("it is not running")
        self._number += 1
        process.stdin.write(json.dumps({"id": self._number, "light": light}) + "\n")
        process.stdin.flush()
        while True:
            said = self._answer(_ANSWER_SECONDS)
            if said.get("id") == self._number:
                session: dict[str, Any] | None = said["session"]
                return session

    def _answer(self, seconds: float) -> dict[str, Any]:
        try:
            said = self._answers.get(timeout=seconds)
        except Empty:
            raise ReflectorError("it does not answer") from None
        if not said:
            raise ReflectorError("it ended")
        return said

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _read(process: subprocess.Popen[str], answers: SimpleQueue[dict[str, Any]]) -> None:
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            answers.put(json.loads(line))
    answers.put({})


def _cannot_start(place: ReflectorPlace, reason: str) -> StartError:
    return StartError(
        Text(
            sv=f"UDP-porten {place.port} går inte att använda: {reason}. Välj en annan med --udp-port.",
            en=f"The UDP port {place.port} cannot be used: {reason}. Choose another with --udp-port.",
        )
    )
