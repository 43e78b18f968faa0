"""`readiness-collector` and `python -m readiness.collector`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the collector's command line."""
    if sys.argv[1:2] == ["--reflector"]:  # a frozen collector starts itself as its reflector
        from readiness.collector.reflector import main as reflect

        reflect(sys.argv[2:])
        return
    from readiness.collector.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
