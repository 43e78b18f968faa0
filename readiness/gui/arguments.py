"""What the command line asks of the window: `readiness window`, or a link from support. Without Qt."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from readiness.core.text import LANGUAGES, Language
from readiness.gui.link import SCHEME

COMMAND = "window"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How the window opens."""

    technician: bool = False
    language: Language | None = None
    asset_tag: str | None = None
    unit: str | None = None
    case: str | None = None
    watch: bool = False
    link: str | None = None


def asks_for_window(arguments: Sequence[str]) -> bool:
    """No argument, the command `window`, or a link from support."""
    return not arguments or arguments[0] == COMMAND or arguments[0].startswith(f"{SCHEME}:")


def read_arguments(arguments: Sequence[str]) -> Wish:
    """The wish in the arguments. Ends the process with a message where they are wrong, as argparse does."""
    if arguments[:1] and arguments[0].startswith(f"{SCHEME}:"):
        return Wish(link=arguments[0])
    parser = argparse.ArgumentParser(prog=f"readiness {COMMAND}", description="Open the window.")
    parser.add_argument("--technician", action="store_true", help="hand out computers, one after another")
    parser.add_argument("--asset-tag", help="the computer's inventory number")
    parser.add_argument("--unit", help="the unit that the computer belongs to")
    parser.add_argument("--case", help="the support case that this is about")
    parser.add_argument("--watch", action="store_true", help="for support: ready to watch the line")
    parser.add_argument("--lang", choices=LANGUAGES, dest="language", help="sv or en")
    return Wish(**vars(parser.parse_args(list(arguments[1:]))))
