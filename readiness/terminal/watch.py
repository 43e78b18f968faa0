"""`readiness watch`: the line watched for as long as asked, and a report of when and where it was bad."""

from __future__ import annotations

import asyncio
import contextlib

from readiness import in_force
from readiness.checks.watching import Watch
from readiness.core.model import Verdict
from readiness.core.text import Text
from readiness.core.timeline import Piece, State, document, joined, verdict_of, watched_seconds
from readiness.core.timeline_words import NOTHING, SUMMARY, told
from readiness.enrolling import enrolment_of
from readiness.network.session import SessionError, SessionFault
from readiness.settings import Places, Settings
from readiness.terminal import output

NO_COLLECTOR = Text(
    sv="Linjen mäts mot IT:s server. Be IT om adressen och skriv den efter --collector.",
    en="The line is measured against IT's server. Ask IT for the address and write it after --collector.",
)
NO_KEY = Text(
    sv="Nyckeln till IT:s server saknas. Be IT om den och lägg den i inställningarna.",
    en="The key to IT's server is missing. Ask IT for it and put it in the settings.",
)
_STARTS = Text(
    sv="Linjen till {host} bevakas i {minutes} minuter. Avsluta med Ctrl-C.",
    en="The line to {host} is watched for {minutes} minutes. Stop with Ctrl-C.",
)


async def watch(settings: Settings, where: Places, minutes: float, *, as_json: bool) -> Verdict:
    """Watch, and print the report. Raises SessionError where the collector refuses the key."""
    language = settings.language
    host = _host(settings)
    enrolment = enrolment_of(settings.collector_url or "", settings, where)
    if not await enrolment.possible():
        raise SessionError(SessionFault.NO_KEY, "no enrolment key is set")

    def tell(piece: Piece) -> None:
        if not as_json and piece.state is not State.GOOD:
            output.complain(told(piece, language))

    if not as_json:
        output.complain(_STARTS.say(language, {"host": host, "minutes": f"{minutes:g}"}))
    profile = in_force.kept(settings, where).profiles[0]
    watching = Watch(enrolment.url, enrolment.checked, profile, 60 * minutes, tell)
    stop = asyncio.Event()
    with output.stopped_by_interrupt(stop), contextlib.suppress(asyncio.CancelledError):
        await watching.run(stop)
    whole = joined(watching.pieces)
    verdict = verdict_of(whole)
    seconds, good = watched_seconds(whole)
    if as_json:
        output.print_json(document(whole, host))
    elif seconds:
        arguments = {"host": host, "minutes": seconds / 60, "share": 100 * good / seconds}
        report = [SUMMARY.say(language, arguments)]
        report += [told(piece, language) for piece in whole if piece.state is not State.GOOD]
        output.say("\n".join(report))
    else:
        output.say(NOTHING.say(language))
    return verdict


def _host(settings: Settings) -> str:
    from urllib.parse import urlsplit

    return urlsplit(settings.collector_url or "").hostname or ""
