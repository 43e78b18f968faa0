"""The program for macOS, Motesklar.app. PyInstaller makes it, on macOS alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from installer.packing.listing import size_bytes
from installer.packing.product import BUILD, ROOT, BuildError, source_date

WORK = BUILD / "macos"


def build() -> tuple[Path, int]:
    """The app and its size in bytes. Raises BuildError.

    Signing and notarisation follow: installer/macos/sign-and-notarise.sh.
    """
    if sys.platform != "darwin":
        raise BuildError("The program for macOS can only be built on macOS.")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    where = ["--distpath", str(WORK), "--workpath", str(WORK / "work")]
    surroundings = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": str(source_date()),
    }
    specification = ROOT / "installer" / "macos" / "motesklar.spec"
    done = subprocess.run([*command, *where, str(specification)], env=surroundings, cwd=ROOT)
    if done.returncode:
        raise BuildError("PyInstaller failed; what it said stands above.")
    app = WORK / "Motesklar.app"
    return app, size_bytes(app)
