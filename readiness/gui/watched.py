"""What was watched: the line's timeline and what else happened meanwhile, in words and for a file. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from readiness.core.text import Language, Text
from readiness.core.timeline import Piece, State, document, joined, watched_seconds
from readiness.core.timeline_words import NOTHING, STATES, SUMMARY, clock_time, more_told
from readiness.gui.widgets.figure_words import VALUES
from readiness.gui.widgets.figures import duration_words

FOR = Text(sv="{state} i {duration}", en="{state} for {duration}")
NETWORK = Text(
    sv="Anslutningen är en annan: {kind} i stället för {before}.",
    en="The connection is another: {kind} instead of {before}.",
)
_MOST_LINES = 200


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something beside the line: a device came or went."""

    utc: str
    text: Text
    name: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of what has happened; `state` where it tells of the line itself."""

    at: str
    words: str
    state: State | None = None


@dataclass(kw_only=True)
class Watched:
    """One watching: what came so far. `host` is the line's other end; empty where no line is watched."""

    host: str
    begun_utc: str
    case: str | None = None
    pieces: list[Piece] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)

    @property
    def state(self) -> State | None:
        """What the line is like now; None before the first piece."""
        return self.pieces[-1].state if self.pieces else None

    def summary(self, language: Language) -> str:
        """For how long, and how much of it was good."""
        seconds, good = watched_seconds(self.pieces)
        if not seconds:
            return NOTHING.say(language)
        arguments = {"host": self.host, "minutes": seconds / 60, "share": 100 * good / seconds}
        return SUMMARY.say(language, arguments)

    def lines(self, language: Language) -> tuple[Line, ...]:
        """What has happened, the newest first."""
        told = sorted(self._told(language), key=lambda pair: pair[0], reverse=True)
        return tuple(line for _, line in told[:_MOST_LINES])

    def document(self) -> dict[str, Any]:
        """As JSON values, for support."""
        return {
            "begun_utc": self.begun_utc,
            "case": self.case,
            **document(self.pieces, self.host),
            "happenings": [
                {"utc": one.utc, "what": one.text.say("en", {"name": one.name})} for one in self.happenings
            ],
        }

    def _told(self, language: Language) -> Iterator[tuple[str, Line]]:
        for piece in joined(self.pieces):
            if piece.state is not State.GOOD:
                yield (
                    piece.utc,
                    Line(at=clock_time(piece.utc), words=_words(piece, language), state=piece.state),
                )
        for before, now in itertools.pairwise(piece for piece in self.pieces if piece.kind):
            if before.kind != now.kind:
                kinds = {"kind": _kind(now, language), "before": _kind(before, language)}
                yield now.utc, Line(at=clock_time(now.utc), words=NETWORK.say(language, kinds))
        for one in self.happenings:
            words = one.text.say(language, {"name": one.name})
            yield one.utc, Line(at=clock_time(one.utc), words=words)


def _words(piece: Piece, language: Language) -> str:
    state = STATES[piece.state].say(language)
    said = FOR.say(language, {"state": state, "duration": duration_words(piece.seconds, language)})
    whole = ", ".join((said, *more_told(piece, language)))
    return whole[:1].upper() + whole[1:]


def _kind(piece: Piece, language: Language) -> str:
    known = VALUES.get(piece.kind or "")
    return known.say(language) if known else str(piece.kind)
