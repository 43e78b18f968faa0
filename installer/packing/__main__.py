"""The build itself, inside the environment that build.py sets up: `python -m installer.packing SYSTEM`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

from installer.packing import product
from installer.packing.listing import MIB
from installer.packing.product import BuildError


def main(arguments: list[str]) -> int:
    """Build for one system, and tell what was made."""
    parser = argparse.ArgumentParser(prog="installer/build.py")
    parser.add_argument("system", choices=("linux", "windows", "macos"))
    parser.add_argument(
        "--python-embed",
        help="CPython's embeddable package for Windows, from another file or address than python.org's",
    )
    chosen = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        print(f"Mötesklar {product.version()} for {chosen.system}", flush=True)
        # Once, so that a commit made meanwhile does not date one part of the build by another.
        os.environ["SOURCE_DATE_EPOCH"] = str(product.source_date())
        with product.alone(product.BUILD / chosen.system):
            made = _build(chosen)
    except BuildError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    print()
    for file, installed in made:
        packed = f"{file.stat().st_size / MIB:.1f} MiB packed, " if file.is_file() else ""
        print(f"{file.relative_to(product.ROOT)}: {packed}{installed / MIB:.1f} MiB installed")
    seconds = time.monotonic() - started
    (product.BUILD / chosen.system / "built.json").write_text(json.dumps({"seconds": round(seconds, 1)}))
    print(f"Built in {seconds:.0f} s.")
    return 0


def _build(chosen: argparse.Namespace) -> list[tuple[Path, int]]:
    if chosen.system == "linux":
        from installer.packing.linux import build

        return [(package.file, package.installed_bytes) for package in build()]
    if chosen.system == "windows":
        from installer.packing.windows import build as build_msi

        return [build_msi(chosen.python_embed)]
    from installer.packing.macos import build as build_app

    return [build_app()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
