#!/usr/bin/env python3
"""Writes the locked lists of dependencies again, from pyproject.toml. For developers; needs uv on the PATH.

    python3 installer/lock.py [--upgrade]

Without --upgrade the versions in the lists are kept where they still fit. The lists hold for every
system and for Python 3.11 and newer, with a hash of every file, and name no registry.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = [
    *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-header", "--no-annotate"),
]
RUN = "installer/locked-run.txt"
TEST = "installer/locked-test.txt"
BUILD = "installer/locked-build.txt"
CLIENT = "installer/locked-client.txt"


def main(arguments: list[str]) -> int:
    for extras in (
        ["--extra", "client", "--extra", "collector", "-o", RUN],
        ["--all-extras", "-c", RUN, "-o", TEST],  # the same versions, and more
        [*("--extra", "client", "--extra", "collector", "--extra", "build"), "-c", TEST, "-o", BUILD],
        ["--extra", "client", "-c", RUN, "-o", CLIENT],  # of the list for running, what Windows is given
    ):
        done = subprocess.run([*COMPILE, *arguments, "pyproject.toml", *extras], cwd=ROOT)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
