"""The command that shows every setting, its value and where that comes from."""

from __future__ import annotations

from typing import Annotated

import typer

from readiness.terminal.common import WRONG_USAGE, Tongue

settings_app = typer.Typer()


@settings_app.command()
def settings(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    lang: Annotated[Tongue | None, typer.Option(help="sv or en.")] = None,
) -> int:
    """Show each setting and where it comes from. Exit status 2 where a source has a value that cannot be used."""
    from readiness.settings import load
    from readiness.terminal import settings as terminal_settings

    loaded = load(above={"language": lang.value if lang else None})
    terminal_settings.show(loaded, as_json=as_json)
    return WRONG_USAGE if loaded.faults else 0
