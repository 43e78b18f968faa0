"""`readiness watch`: the line watched for as long as asked, and a report of when and where it was bad."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime
import time
from collections.abc import Callable, Mapping
from typing import Any

from readiness import terminal
from readiness.checks.timeline import Piece, Place, State, joined, piece_of, verdict_of
from readiness.core.model import Verdict
from readiness.core.profile import load_profile
from readiness.core.runner import utc_now
from readiness.core.text import Language, Text
from readiness.network.probing import ProbeError, probe
from readiness.network.session import SessionError, SessionFault, open_session
from readiness.settings import Places, Settings

WINDOW_SECONDS = 5.0
_AGAIN_SECONDS = 5.0
_SESSION_SECONDS = 4.0
_SLEPT_SECONDS = 10.0

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
_SUMMARY = Text(
    sv="Linjen till {host} bevakades i {minutes:.0f} min. Den var bra {share:.0f} % av tiden.",
    en="The line to {host} was watched for {minutes:.0f} min. It was good {share:.0f} % of the time.",
)
_NOTHING = Text(sv="Linjen kunde inte mätas.", en="The line could not be measured.")
_STATES = {
    State.GOOD: Text(sv="bra", en="good"),
    State.TROUBLE: Text(sv="störd", en="disturbed"),
    State.AWAY: Text(sv="borta", en="away"),
    State.ASLEEP: Text(sv="datorn sov", en="the computer slept"),
}
_PLACES = {
    Place.NEAR: Text(sv="mellan datorn och nätet i huset", en="between this computer and the building's network"),
    Place.OUTSIDE: Text(sv="utanför huset", en="outside the building"),
    Place.UNKNOWN: Text(sv="vi ser inte var", en="we do not see where"),
}  # fmt: skip
_LINE = Text(sv="{at}  {state} i {seconds:.0f} s", en="{at}  {state} for {seconds:.0f} s")
_LOSS = Text(sv="{loss:.1f} % av ljudet kom bort", en="{loss:.1f} % of the sound was lost")
_DELAY = Text(sv="ljudet dröjde upp till {delay:.0f} ms", en="the sound was up to {delay:.0f} ms late")


class Watch:
    """One watching: sessions one after the other, the timeline so far."""

    def __init__(
        self, settings: Settings, where: Places, seconds: float, tell: Callable[[Piece], None]
    ) -> None:
        self._settings = settings
        self._profile = load_profile(settings.profile, where.profiles)
        self._ends = time.monotonic() + seconds
        self._tell = tell
        self.pieces: list[Piece] = []

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until the time is over or `stop` is set."""
        watching = asyncio.create_task(self._sessions())
        stopped = asyncio.create_task(stop.wait())
        left = self._ends - time.monotonic()
        await asyncio.wait((watching, stopped), timeout=left + 15, return_when=asyncio.FIRST_COMPLETED)
        for task in (watching, stopped):
            task.cancel()
        await asyncio.gather(watching, stopped, return_exceptions=True)
        if watching.done() and not watching.cancelled() and (fault := watching.exception()):
            raise fault

    async def _sessions(self) -> None:
        while (left := self._ends - time.monotonic()) > 1:
            begun_wall, begun_utc = time.time(), utc_now()
            told = len(self.pieces)
            try:
                session = await open_session(
                    self._settings.collector_url or "",
                    self._settings.enrolment_key,
                    _SESSION_SECONDS,
                    light=True,
                )
                await probe(
                    "watch",
                    {
                        "session": session.to_json(),
                        "seconds": left,
                        "window_seconds": min(WINDOW_SECONDS, left),
                    },
                    self._window,
                )
            except SessionError as error:
                if error.fault is SessionFault.NO_KEY:
                    raise
            except ProbeError:
                pass
            self._gap(begun_utc, begun_wall, told)
            if len(self.pieces) == told or self.pieces[-1].state is not State.GOOD:
                await asyncio.sleep(min(_AGAIN_SECONDS, max(0.0, self._ends - time.monotonic())))

    def _window(self, figures: Mapping[str, Any]) -> None:
        self._add(piece_of(figures["window"], self._profile))

    def _gap(self, begun_utc: str, begun_wall: float, told: int) -> None:
        """What no window tells of: sleep, or nothing that answered."""
        known = sum(piece.seconds for piece in self.pieces[told:])
        missing = time.time() - begun_wall - known
        if missing > WINDOW_SECONDS + _SLEPT_SECONDS and len(self.pieces) > told:
            self._add(Piece(utc=begun_utc, seconds=round(missing), state=State.ASLEEP))
        elif len(self.pieces) == told:
            seconds = round(missing + _AGAIN_SECONDS, 1)
            self._add(Piece(utc=begun_utc, seconds=seconds, state=State.AWAY, place=Place.UNKNOWN))

    def _add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self._tell(piece)


async def watch(settings: Settings, where: Places, minutes: float, *, as_json: bool) -> Verdict:
    """Watch, and print the report. Raises SessionError where the collector refuses the key."""
    language = settings.language
    host = _host(settings)

    def tell(piece: Piece) -> None:
        if not as_json and piece.state is not State.GOOD:
            terminal.complain(_told(piece, language))

    if not as_json:
        terminal.complain(_STARTS.say(language, {"host": host, "minutes": f"{minutes:g}"}))
    watching = Watch(settings, where, 60 * minutes, tell)
    stop = asyncio.Event()
    with terminal.stopped_by_interrupt(stop), contextlib.suppress(asyncio.CancelledError):
        await watching.run(stop)
    whole = joined(watching.pieces)
    verdict = verdict_of(whole)
    seconds = sum(piece.seconds for piece in whole if piece.state is not State.ASLEEP)
    good = sum(piece.seconds for piece in whole if piece.state is State.GOOD)
    if as_json:
        terminal.print_json(
            {
                "collector": host,
                "verdict": verdict.value,
                "watched_seconds": round(seconds, 1),
                "good_percent": round(100 * good / seconds, 1) if seconds else None,
                "timeline": [dataclasses.asdict(piece) for piece in whole],
            }
        )
    elif seconds:
        told = {"host": host, "minutes": seconds / 60, "share": 100 * good / seconds}
        report = [_SUMMARY.say(language, told)]
        report += [_told(piece, language) for piece in whole if piece.state is not State.GOOD]
        terminal.say("\n".join(report))
    else:
        terminal.say(_NOTHING.say(language))
    return verdict


def _told(piece: Piece, language: Language) -> str:
    state = _STATES[piece.state].say(language)
    said = [_LINE.say(language, {"at": _local(piece.utc), "state": state, "seconds": piece.seconds})]
    if piece.place is not None:
        said.append(_PLACES[piece.place].say(language))
    if piece.state is State.TROUBLE:
        if piece.loss_percent:
            said.append(_LOSS.say(language, {"loss": piece.loss_percent}))
        if piece.delay_ms is not None:
            said.append(_DELAY.say(language, {"delay": piece.delay_ms}))
    return ", ".join(said)


def _local(utc: str) -> str:
    try:
        return datetime.datetime.fromisoformat(utc).astimezone().strftime("%H:%M:%S")
    except ValueError:
        return "–"


def _host(settings: Settings) -> str:
    from urllib.parse import urlsplit

    return urlsplit(settings.collector_url or "").hostname or ""
