"""Freezes the programs: PyInstaller's folder of an executable and all that it needs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from installer.packing.product import BUILD, ROOT, BuildError, source_date
from installer.packing.slim import slim


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """A program's folder, and the files it was made of."""

    name: str
    folder: Path
    sources: tuple[Path, ...]


def freeze(specification: Path, names: tuple[str, ...], work: Path) -> dict[str, Frozen]:
    """Run a specification, which makes the programs `names`. Raises BuildError."""
    programs, inside = work / "programs", work / "inside"
    for folder in (programs, inside):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    surroundings = {
        **os.environ,
        "MOTESKLAR_INSIDE": str(inside),
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",  # the same order of everything in every build
        "SOURCE_DATE_EPOCH": str(source_date()),
        "PYINSTALLER_CONFIG_DIR": str(BUILD / "pyinstaller"),
    }
    log = work / "pyinstaller.log"
    with log.open("w") as sink:
        done = subprocess.run(
            [*command, "--distpath", str(programs), "--workpath", str(work / "work"), str(specification)],
            env=surroundings,
            cwd=ROOT,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        last = "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:])
        raise BuildError(f"PyInstaller failed; {log} says:\n\n{last}")
    made = {}
    for name in names:
        sources = json.loads((inside / f"{name}.json").read_text())
        made[name] = Frozen(name=name, folder=programs / name, sources=tuple(map(Path, sources)))
        if sys.platform == "linux":
            slim(programs / name / "_internal")
    return made
