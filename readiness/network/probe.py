"""The program of the network probe: `python -m readiness.network.probe`.

One command as a JSON line on standard input, progress and the result as JSON lines on standard output.
It ends with the result, or when its standard input closes. Nothing slow is imported: it must start at once.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

Figures = dict[str, Any]
Progress = Callable[[Figures], None]
Measurement = Callable[[Figures, Progress], Figures]


def _measurement(command: str) -> Measurement:
    """What does the command. Each is loaded only when it is asked for."""
    if command == "media_path":
        from readiness.network.media_figures import measure

        return measure
    if command == "capacity":
        from readiness.network.capacity import measure as carry

        return carry
    if command == "watch":
        from readiness.network.watching import measure as watch

        return watch
    if command == "location":
        from readiness.network.locating import measure as locate

        return locate
    raise ValueError(f"no measurement {command!r}")


def main() -> None:
    """Do one command."""
    line = sys.stdin.readline()
    if not line:
        return
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    try:
        wish = json.loads(line)
        # A collection in the middle of a stream would make a packet late.
        gc.disable()
        result = _measurement(wish["do"])(wish["with"], lambda figures: _tell({"progress": figures}))
    except Exception as fault:
        traceback.print_exc()
        _tell({"fault": f"{type(fault).__name__}: {fault}"[:300]})
    else:
        _tell({"result": result})


def _tell(message: Figures) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    while os.read(0, 4096):  # not through sys.stdin, whose lock would be in the way when we end
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
