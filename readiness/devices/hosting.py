"""What runs inside a device host: one child process that owns a driver.

Commands come as JSON lines on
standard input and are done one at a time; answers go out as JSON lines on what was standard
output. Standard output itself is turned to standard error, because drivers print what they like.
The process ends when its standard input closes, even while a driver hangs.
"""

from __future__ import annotations

import json
import os
import queue
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from readiness.core.model import Figures
from readiness.devices.ports import DeviceError, Problem

Arguments = Mapping[str, Any]
Operation = Callable[[Arguments, "Line"], Figures]

_BEGIN_SECONDS = 10.0
"""A system that does not even name its devices by then hangs."""


class Line:
    """The way back to the parent, for one command; and a watchdog over the driver.

    A driver that gives nothing for the time that `expect` set is reported and the process ends,
    since a call that hangs in a driver cannot be interrupted from inside.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._lock = threading.Lock()
        self._command: int | None = None
        self._deadline = float("inf")
        self._problem = Problem.HUNG
        self._instead: Figures | None = None
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def begin(self, command: int) -> None:
        """From now on everything is about `command`, which must soon say what it expects of the driver."""
        self._command = command
        self.expect(_BEGIN_SECONDS, Problem.HUNG)

    def expect(self, seconds: float, problem: Problem, *, instead: Figures | None = None) -> None:
        """The driver must give something within `seconds` (call again each time it did).

        Where there are figures already they are sent `instead` of the problem.
        """
        self._problem, self._instead = problem, instead
        self._deadline = time.monotonic() + seconds

    def relax(self) -> None:
        """Nothing is expected of the driver now."""
        self._deadline = float("inf")

    def progress(self, **figures: Any) -> None:
        """Tell the parent how far it is."""
        self.send({"progress": figures})

    def send(self, message: dict[str, Any]) -> None:
        """Send one message about the command at hand."""
        with self._lock:
            self._out.write(json.dumps({"id": self._command, **message}) + "\n")
            self._out.flush()

    def _watch(self) -> None:
        while True:
            time.sleep(0.1)
            if time.monotonic() > self._deadline:
                if self._instead is None:
                    self.send({"problem": self._problem, "detail": "the driver gave nothing", "ends": True})
                else:
                    self.send({"result": self._instead, "ends": True})
                os._exit(3)


def serve(operations: Mapping[str, Operation], warm: Callable[[], None], source: TextIO, out: TextIO) -> None:
    """Do the commands that come from `source`, one at a time, until it closes."""
    commands: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(source, commands), name="commands", daemon=True).start()
    line = Line(out)
    warm()
    while True:
        command = json.loads(commands.get())
        line.begin(command["id"])
        try:
            line.send({"result": operations[command["do"]](command["with"], line)})
        except DeviceError as error:
            line.send({"problem": error.problem, "detail": error.detail})
        except Exception as fault:
            traceback.print_exc()
            line.send({"fault": f"{type(fault).__name__}: {fault}"})
        line.relax()


def _read(source: TextIO, commands: queue.SimpleQueue[str]) -> None:
    for text in source:
        commands.put(text)
    os._exit(0)
