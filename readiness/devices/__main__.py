"""The program of a device host: `python -m readiness.devices camera|sound|watch [frame memory]`."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from readiness.devices.hosting import serve
from readiness.devices.undumped import never_dump

_STD_INPUT_HANDLE = -10

LIBRARIES = {
    # The hosts run beside each other and beside the network's test: threads that wait for work cost as much as work.
    "OPENCV_FOR_THREADS_NUM": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OPENCV_LOG_LEVEL": "ERROR",
    # A V4L2 camera without frames would block for 10 s.
    "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT": "2",
}
"""What OpenCV, and NumPy's OpenBLAS, read from the environment when they are loaded."""


def _private_output() -> TextIO:
    """Keep standard output for ourselves, and send what drivers print to standard error."""
    ours = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(ours, "w", encoding="utf-8", newline="\n")


def _private_input() -> TextIO:
    """Keep standard input for ourselves, and leave an empty one in its place.

    Libraries look at standard input when they are loaded. On Windows they would then wait until the read
    that is under way ends: https://github.com/numpy/numpy/issues/24290
    """
    ours = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if sys.platform == "win32":
        import ctypes
        import msvcrt

        # A program without a console is not led there by dup2.
        ctypes.windll.kernel32.SetStdHandle(_STD_INPUT_HANDLE, ctypes.c_void_p(msvcrt.get_osfhandle(0)))
    return os.fdopen(ours, encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Serve the camera, the sound system, or the watch over what is plugged in."""
    never_dump()
    for name, value in LIBRARIES.items():
        os.environ.setdefault(name, value)
    commands, out = _private_input(), _private_output()
    if arguments[0] == "camera":
        from readiness.devices.camera import operations, warm

        serve(operations(arguments[1]), warm, commands, out)
    elif arguments[0] == "watch":
        from readiness.devices import watching

        serve(watching.operations(), watching.warm, commands, out)
    else:
        from readiness.devices import audio

        serve(audio.operations(), audio.warm, commands, out)


if __name__ == "__main__":
    main(sys.argv[1:])
