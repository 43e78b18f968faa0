#!/usr/bin/env python3
"""Builds what is installed on one kind of system, from the locked dependencies.

    python3 installer/build.py linux      # .deb and .rpm of the program and of the collector
    python3 installer/build.py windows    # the MSI; where msitools are missing, what WiX makes it of
    python3 installer/build.py macos      # the .app; on macOS alone

Everything comes to lie in build/. The version stands in readiness/__init__.py; every file is dated with
the newest commit (or SOURCE_DATE_EPOCH), so that two builds of the same commit are the same.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this is how people learn of it
    sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0])

import os
import subprocess

import environment
from environment import ROOT, SetUpError, say

SYSTEMS = ("linux", "windows", "macos")
PROGRAMS = {
    "linux": {
        "binutils": ("objdump", "strip", "nm"),
        "gcc": ("gcc",),
        "icu-devtools": ("icupkg",),
    },
    "windows": {"wixl": ("wixl",), "msitools": ("msibuild",)},
    "macos": {},
}
"""What a build runs on Debian: each package, and its programs."""


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in SYSTEMS:
        say(f"Name the system to build for: {', '.join(SYSTEMS)}")
        return 2
    if reason := not_here(arguments[0], sys.platform):
        say(reason)
        return 1
    libraries = environment.PROGRAM_LIBRARIES if sys.platform == "linux" else {}
    packages = missing_programs(arguments[0]) if sys.platform == "linux" else []
    try:
        python = environment.set_up("build", libraries, packages=packages, venv=ROOT / "build" / "venv")
    except SetUpError as error:
        say(f"\n{error}")
        return 1
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [str(python), "-m", "installer.packing", *arguments], cwd=ROOT, env=surroundings
    ).returncode


def not_here(system: str, platform: str) -> str | None:
    """Why this system cannot be built for on `platform`, or None where it can."""
    if system == "macos" and platform != "darwin":
        return (
            "The program for macOS can only be built on macOS: PyInstaller takes Python and the libraries "
            "of the system that it runs on, and codesign signs them. Run the same command there."
        )
    if system == "linux" and platform != "linux":
        return "The packages for Linux can only be built on Linux. Run the same command there."
    return None


def missing_programs(system: str) -> list[str]:
    """The Debian packages of programs that a build for `system` runs and that are not here."""
    from shutil import which

    missing = [package for package, names in PROGRAMS[system].items() if not all(map(which, names))]
    return [*missing, "libc6-dev"] if "gcc" in missing else missing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
