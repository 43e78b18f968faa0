"""The program of a device host: `python -m readiness.devices camera|sound|watch [frame memory]`."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from readiness.devices.hosting import serve
from readiness.devices.undumped import never_dump


def _private_output() -> TextIO:
    """Keep standard output for ourselves, and send what drivers print to standard error."""
    ours = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(ours, "w", encoding="utf-8", newline="\n")


def main(arguments: list[str]) -> None:
    """Serve the camera, the sound system, or the watch over what is plugged in."""
    never_dump()
    out = _private_output()
    if arguments[0] == "camera":
        from readiness.devices.camera import operations, warm

        serve(operations(arguments[1]), warm, out)
    elif arguments[0] == "watch":
        from readiness.devices import watching

        serve(watching.operations(), watching.warm, out)
    else:
        from readiness.devices import audio

        serve(audio.operations(), audio.warm, out)


if __name__ == "__main__":
    main(sys.argv[1:])
