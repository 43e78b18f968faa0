"""The command that watches the line for support."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from readiness.settings import places
from readiness.terminal.common import EXIT_OF, Tongue, UsageProblem, settings_in_force

watch_app = typer.Typer()


@watch_app.command()
def watch(
    minutes: Annotated[float, typer.Option(min=0.1, max=1440, help="For how long.")] = 10,
    collector: Annotated[str | None, typer.Option(help="Address of IT's server.")] = None,
    allow_insecure: Annotated[bool, typer.Option("--allow-insecure", help="Allow an address without encryption.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON and nothing else.")] = False,
    lang: Annotated[Tongue | None, typer.Option(help="sv or en.")] = None,
) -> int:  # fmt: skip
    """Watch the line, and tell when and where it was bad. About 1.2 MB a minute."""
    from readiness.network.session import SessionError
    from readiness.terminal import watch as terminal_watch

    where = places()
    settings = settings_in_force(
        where,
        {
            "collector_url": collector,
            "allow_insecure": allow_insecure or None,
            "language": lang.value if lang else None,
        },
    )
    if settings.collector_url is None:
        raise UsageProblem(terminal_watch.NO_COLLECTOR)
    try:
        return EXIT_OF[asyncio.run(terminal_watch.watch(settings, where, minutes, as_json=as_json))]
    except SessionError as error:
        raise UsageProblem(terminal_watch.NO_KEY) from error
