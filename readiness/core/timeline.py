"""A line watched for long: the pieces of its time, and what belongs together told as one trouble. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from readiness.core.model import Verdict


class State(StrEnum):
    """What a piece of the time was like."""

    GOOD = "good"
    TROUBLE = "trouble"
    AWAY = "away"
    """Nothing came through at all."""
    ASLEEP = "asleep"
    """The computer slept, or the program was stopped."""


class Place(StrEnum):
    """Where the trouble sat."""

    NEAR = "near"
    """Between this computer and the network's first box."""
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of the timeline: when it began (UTC, ISO 8601), how long, what it was like, and where.

    `delay_ms` is what the slow packets took longer than the quickest, `rtt_ms` the usual answer time,
    `kind` that of the network, `signal_dbm` the Wi-Fi's strength.
    """

    utc: str
    seconds: float
    state: State
    place: Place | None = None
    loss_percent: float | None = None
    delay_ms: float | None = None
    rtt_ms: float | None = None
    kind: str | None = None
    signal_dbm: float | None = None


def joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Neighbours of the same kind as one piece, with the worst of their figures."""
    whole: list[Piece] = []
    for piece in pieces:
        before = whole[-1] if whole else None
        if before is None or _sort(before) != _sort(piece):
            whole.append(piece)
            continue
        whole[-1] = Piece(
            utc=before.utc,
            seconds=before.seconds + piece.seconds,
            state=piece.state,
            place=piece.place,
            loss_percent=_most(before.loss_percent, piece.loss_percent),
            delay_ms=_most(before.delay_ms, piece.delay_ms),
            rtt_ms=_most(before.rtt_ms, piece.rtt_ms),
            kind=piece.kind,
            signal_dbm=_least(before.signal_dbm, piece.signal_dbm),
        )
    return tuple(whole)


def _sort(piece: Piece) -> tuple[State, Place | None, str | None]:
    return piece.state, piece.place, piece.kind


def verdict_of(pieces: Sequence[Piece]) -> Verdict:
    """UNKNOWN where nothing was watched, LIMITED with any trouble, else READY."""
    states = {piece.state for piece in pieces} - {State.ASLEEP}
    if State.TROUBLE in states or (State.AWAY in states and State.GOOD in states):
        return Verdict.LIMITED
    return Verdict.READY if states == {State.GOOD} else Verdict.UNKNOWN


def watched_seconds(pieces: Sequence[Piece]) -> tuple[float, float]:
    """How long the line was watched, and how much of that it was good; sleep counts for neither."""
    return (
        sum(piece.seconds for piece in pieces if piece.state is not State.ASLEEP),
        sum(piece.seconds for piece in pieces if piece.state is State.GOOD),
    )


def document(pieces: Sequence[Piece], host: str) -> dict[str, Any]:
    """The timeline as JSON values: the line to `host`, the verdict, and what belongs together."""
    whole = joined(pieces)
    seconds, good = watched_seconds(whole)
    return {
        "collector": host,
        "verdict": verdict_of(whole).value,
        "watched_seconds": round(seconds, 1),
        "good_percent": round(100 * good / seconds, 1) if seconds else None,
        "timeline": [dataclasses.asdict(piece) for piece in whole],
    }


def _most(*values: float | None) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _least(*values: float | None) -> float | None:
    return min((value for value in values if value is not None), default=None)
