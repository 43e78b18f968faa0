"""The memory of a program and its children; by itself, that of the window over one run.

python -m tests.benchmarks.memory

Prints the largest proportional set size, seen every 20 ms, of the window with both device hosts, from
start to result with recordings in place of the devices.
"""

from __future__ import annotations

import subprocess
import sys
import time

import psutil

_LOOK_SECONDS = 0.02


def peak_mebibytes(program: subprocess.Popen[str]) -> float:
    """The most that `program` and its children use together, until it ends."""
    root, peak = psutil.Process(program.pid), 0.0
    while program.poll() is None:
        peak = max(peak, sum(mebibytes(process) for process in (root, *_children(root))))
        time.sleep(_LOOK_SECONDS)
    return peak


def mebibytes(process: psutil.Process) -> float:
    """Memory in MiB, what is shared counted once over those that share it."""
    try:
        return float(process.memory_full_info().pss) / 2**20
    except psutil.Error:
        return 0.0


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


if __name__ == "__main__":
    window = [sys.executable, "-m", "tests.benchmarks.window_stall", "--recordings"]
    peak = peak_mebibytes(subprocess.Popen(window, stdout=subprocess.DEVNULL, text=True))
    print(f"the window and its device hosts: {peak:.0f} MiB at most")
