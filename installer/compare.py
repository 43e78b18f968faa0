#!/usr/bin/env python3
"""Says what differs between two builds: `python3 installer/compare.py build/linux /elsewhere/build/linux`.

Exit status 0 where every package is the same, byte for byte, 1 where something differs, 2 where a
folder holds no build. Standard library only.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

_PACKAGES = (".deb", ".rpm", ".msi")
_SHOWN = 40


def differences(one: Path, other: Path) -> list[str]:
    """Lines about what is not the same in two folders that builds made; none where all is. Raises ValueError."""
    found = []
    for kind, read in ((".files", _listed), (_PACKAGES, _digest)):
        names = [
            {file.name for file in folder.iterdir() if file.name.endswith(kind)} for folder in (one, other)
        ]
        for folder, these in zip((one, other), names, strict=True):
            if not these:
                raise ValueError(
                    f"{folder} holds no build: no {kind if isinstance(kind, str) else 'package'}"
                )
        found += [f"only in {one}: {name}" for name in sorted(names[0] - names[1])]
        found += [f"only in {other}: {name}" for name in sorted(names[1] - names[0])]
        for name in sorted(names[0] & names[1]):
            found += _of_both(name, read(one / name), read(other / name))
    return found


def _of_both(name: str, one: dict[str, str], other: dict[str, str]) -> list[str]:
    lines = []
    for path in sorted(one.keys() | other.keys()):
        if one.get(path) != other.get(path):
            how = (
                "differs"
                if path in one and path in other
                else "is only in the " + ("first" if path in one else "second")
            )
            lines.append(f"{name}: {path} {how}")
    return lines


def _listed(file: Path) -> dict[str, str]:
    """A list as installer/packing/listing.py writes it: what is known of each path."""
    lines = [line for line in file.read_text("utf-8").splitlines() if line]
    return {" ".join(line.split(" ")[3:]): line for line in lines}


def _digest(file: Path) -> dict[str, str]:
    with file.open("rb") as opened:
        return {"the package": hashlib.file_digest(opened, "sha256").hexdigest()}


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print("Name the folders of two builds, as build/linux.", file=sys.stderr)
        return 2
    one, other = map(Path, arguments)
    try:
        found = differences(one, other)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    for line in found[:_SHOWN]:
        print(line)
    if len(found) > _SHOWN:
        print(f"... and {len(found) - _SHOWN} more")
    if not found:
        counted = sum(len(_listed(file)) for file in one.glob("*.files"))
        print(f"The same: {counted} files, and every package byte for byte.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
