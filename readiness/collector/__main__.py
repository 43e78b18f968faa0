"""`readiness-collector` and `python -m readiness.collector`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the collector's command line."""
    if sys.argv[1:2] == ["--reflector"]:  # a frozen collector starts itself as its reflector
        from readiness.collector.reflector import main as reflect

        reflect(sys.argv[2:])
        return
    if sys.argv[1:2] == ["--rating"]:  # or as what rates the fleet
        from readiness.collector.rating_process import main as rate

        sys.exit(rate())
    from readiness.collector.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
