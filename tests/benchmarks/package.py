"""Prints what a built package weighs and how it starts: `python -m tests.benchmarks.package [build/linux]`.

Sizes are those of the files; start times are whole processes, packaged and from source in turn, so that a
machine that slows down slows both. A window counts as shown when its text is painted on a display in memory.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from installer.packing import linux
from installer.packing.listing import MIB, parts, shown, size_bytes
from installer.packing.product import CLIENT, COLLECTOR

TRIES = 5
_SCREEN = (1280, 900)
_COLOURS_OF_TEXT = 50
"""Text with smooth edges has many colours; an empty window has a handful."""
_GIVEN_UP_SECONDS = 60


def sizes(built: Path) -> None:
    """Each package, packed and installed, and what the program consists of."""
    for name in (CLIENT, COLLECTOR):
        stage = built / "stage" / name
        print(f"{name}: {size_bytes(stage) / MIB:.1f} MiB installed")
        for file in sorted(built.glob(f"{name}[-_][0-9]*.*")):
            if file.suffix in (".deb", ".rpm"):
                print(f"  {file.suffix[1:]}: {file.stat().st_size / MIB:.1f} MiB packed")
        print(shown(parts(stage / "usr" / "lib" / name)))
    told = built / "built.json"
    if told.is_file():
        print(f"Built in {json.loads(told.read_text())['seconds']:.0f} s (environment not counted)\n")


def ended_seconds(command: Sequence[str]) -> float:
    """Seconds until a command has ended."""
    began = time.monotonic()
    subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=120)
    return time.monotonic() - began


def painted_seconds(command: Sequence[str]) -> float:
    """Seconds until a window's text is on a display in memory. Raises TimeoutError where none comes."""
    with tempfile.TemporaryDirectory() as name:
        read, write = os.pipe()
        size = ("-screen", "0", f"{_SCREEN[0]}x{_SCREEN[1]}x24", "-fbdir", name, "-nolisten", "tcp")
        display = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), *size], pass_fds=[write], stderr=subprocess.DEVNULL
        )
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        own = {**os.environ, "DISPLAY": f":{number}", "HOME": name, "XDG_RUNTIME_DIR": name}
        own.pop("QT_QPA_PLATFORM", None)
        began = time.monotonic()
        window = subprocess.Popen(command, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while _colours(Path(name) / "Xvfb_screen0") < _COLOURS_OF_TEXT:
                if time.monotonic() - began > _GIVEN_UP_SECONDS or window.poll() is not None:
                    raise TimeoutError(f"{command[0]} showed nothing")
                time.sleep(0.02)
            return time.monotonic() - began
        finally:
            for process in (window, display):
                process.terminate()
                process.wait()


def _colours(screen: Path) -> int:
    content = np.fromfile(screen, np.uint8)
    header, entries = (int.from_bytes(content[at : at + 4].tobytes(), "big") for at in (0, 76))
    pixels = content[header + 12 * entries :]
    return np.unique(pixels[: pixels.size // 4 * 4].view(np.uint32)[::7]).size


def compared(what: str, measure: Callable[[Sequence[str]], float], *arguments: str) -> None:
    """One line: the packaged program and the one from source, in turn."""
    took: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(TRIES + 1):
        for name, command in commands.items():
            took[name].append(measure([*command, *arguments]))
    told = [
        f"{name} {statistics.median(seconds[1:]):.2f} s (first {seconds[0]:.2f}, {min(seconds[1:]):.2f} to {max(seconds[1:]):.2f})"
        for name, seconds in took.items()
    ]
    print(f"{what}: {'; '.join(told)}", flush=True)


commands: dict[str, list[str]] = {}


def main(arguments: list[str]) -> None:
    """Measure and print."""
    built = Path(arguments[0]).resolve() if arguments else linux.WORK
    sizes(built)
    commands["package"] = [str(built / "stage" / CLIENT / "usr" / "lib" / CLIENT / linux.COMMANDS[CLIENT])]
    commands["source"] = [sys.executable, "-m", "readiness"]
    compared("help in the terminal", ended_seconds, "--help")
    compared("the computer's check", ended_seconds, "check", "--unattended", "--only", "computer")
    compared("window, painted", painted_seconds)


if __name__ == "__main__":
    main(sys.argv[1:])
