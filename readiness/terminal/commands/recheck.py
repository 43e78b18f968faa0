"""The command that runs by itself after changes, and opens neither camera nor microphone."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from readiness.core.model import Verdict
from readiness.core.reasons import reason_of
from readiness.core.text import Text
from readiness.settings import places
from readiness.terminal.common import EXIT_OF, Tongue, UsageProblem, settings_in_force

ISSUE = 1
recheck_app = typer.Typer()


@recheck_app.command()
def recheck(
    notify: Annotated[bool, typer.Option("--notify", help="Ask the person on the desktop, once for each change.")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="One line for Intune or MECM; exit status 1: an issue.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    lang: Annotated[Tongue | None, typer.Option(help="sv or en.")] = None,
) -> int:  # fmt: skip
    """Tell what has changed since the last test, opening nothing. Exit status 10: a test is asked for."""
    from readiness.terminal import output
    from readiness.terminal import recheck as terminal_recheck

    where = places()
    settings = settings_in_force(where, {"language": lang.value if lang else None})
    if not settings.recheck:
        output.say("Motesklar state=off" if summary else terminal_recheck.OFF.say(settings.language))
        return 0
    try:
        looked = asyncio.run(terminal_recheck.look(settings, where))
    except OSError as error:
        reason = {"reason": reason_of(error)}
        kept = terminal_recheck.NOT_KEPT
        raise UsageProblem(Text(sv=kept.say("sv", reason), en=kept.say("en", reason))) from error
    if notify:
        terminal_recheck.ask_person(looked, settings.language)
    if summary:
        output.say(terminal_recheck.summary(looked))
        return ISSUE if terminal_recheck.is_issue(looked) else 0
    if as_json:
        output.print_json(terminal_recheck.document(looked))
    else:
        terminal_recheck.show(looked, settings.language)
    return EXIT_OF[Verdict.LIMITED] if looked.asks else EXIT_OF[looked.line]
