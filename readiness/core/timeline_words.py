"""The timeline of a watched line in words, for the terminal and the window."""

from __future__ import annotations

import datetime

from readiness.core.text import Language, Text
from readiness.core.timeline import Piece, Place, State

STATES = {
    State.GOOD: Text(sv="bra", en="good"),
    State.TROUBLE: Text(sv="störd", en="disturbed"),
    State.AWAY: Text(sv="borta", en="away"),
    State.ASLEEP: Text(sv="datorn sov", en="the computer slept"),
}
PLACES = {
    Place.NEAR: Text(
        sv="mellan datorn och nätet i huset", en="between this computer and the building's network"
    ),
    Place.OUTSIDE: Text(sv="utanför huset", en="outside the building"),
    Place.UNKNOWN: Text(sv="vi ser inte var", en="we do not see where"),
}
SUMMARY = Text(
    sv="Linjen till {host} bevakades i {minutes:.0f} min. Den var bra {share:.0f} % av tiden.",
    en="The line to {host} was watched for {minutes:.0f} min. It was good {share:.0f} % of the time.",
)
NOTHING = Text(sv="Linjen kunde inte mätas.", en="The line could not be measured.")
_LINE = Text(sv="{at}  {state} i {seconds:.0f} s", en="{at}  {state} for {seconds:.0f} s")
_LOSS = Text(sv="{loss:.1f} % av ljudet kom bort", en="{loss:.1f} % of the sound was lost")
_DELAY = Text(sv="ljudet dröjde upp till {delay:.0f} ms", en="the sound was up to {delay:.0f} ms late")


def told(piece: Piece, language: Language) -> str:
    """One piece in a line: when, what it was like, how long, where, and how bad."""
    state = STATES[piece.state].say(language)
    said = [_LINE.say(language, {"at": clock_time(piece.utc), "state": state, "seconds": piece.seconds})]
    return ", ".join([*said, *more_told(piece, language)])


def more_told(piece: Piece, language: Language) -> list[str]:
    """Where the trouble sat, and how bad it was."""
    said = []
    if piece.place is not None:
        said.append(PLACES[piece.place].say(language))
    if piece.state is State.TROUBLE:
        if piece.loss_percent:
            said.append(_LOSS.say(language, {"loss": piece.loss_percent}))
        if piece.delay_ms is not None:
            said.append(_DELAY.say(language, {"delay": piece.delay_ms}))
    return said


def clock_time(utc: str) -> str:
    """`10:05:30` in the computer's own time zone; a dash for what is no time."""
    try:
        return datetime.datetime.fromisoformat(utc).astimezone().strftime("%H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return "–"
