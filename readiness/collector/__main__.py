"""`readiness-collector` and `python -m readiness.collector`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the collector's command line."""
    from readiness.collector.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
