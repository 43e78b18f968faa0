"""What holds sound and pictures must not be written to a disk when it crashes."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from typing import Any

_PR_SET_DUMPABLE = 4  # linux/prctl.h
_SEM_FAILCRITICALERRORS, _SEM_NOGPFAULTERRORBOX = 0x0001, 0x0002  # errhandlingapi.h


def never_dump() -> None:
    """From now on no core file and no crash report holds this process's memory."""
    if sys.platform == "win32":
        report_no_crash(ctypes.windll.kernel32)
    else:
        no_core_file(for_good=True)
        if sys.platform == "linux":  # crash handlers that the kernel pipes to do not heed the limit
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def no_core_file(*, for_good: bool = False) -> None:
    """The kernel writes none when this process crashes; `for_good`: nor may its children change that."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0 if for_good else most))


def report_no_crash(kernel: Any) -> None:
    """Windows Error Reporting, which writes dumps, is not called for this process."""
    kernel.SetErrorMode(kernel.GetErrorMode() | _SEM_FAILCRITICALERRORS | _SEM_NOGPFAULTERRORBOX)
