"""A line watched for long: each window judged, and what belongs together told as one trouble. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from readiness.core.model import Verdict
from readiness.core.profile import Profile

_LIMITED = (Verdict.LIMITED, Verdict.NOT_READY)


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
    """A piece of the timeline: when it began (UTC, ISO 8601), how long, what it was like, and where."""

    utc: str
    seconds: float
    state: State
    place: Place | None = None
    loss_percent: float | None = None
    delay_ms: float | None = None


def piece_of(window: Mapping[str, Any], profile: Profile) -> Piece:
    """One window of `network/watching.py`, judged by the limits of the location check."""
    utc, seconds = str(window.get("utc", "")), float(window.get("seconds") or 0)
    gateway = window.get("gateway") or {}
    if window.get("silent"):
        return Piece(utc=utc, seconds=seconds, state=State.AWAY, place=_place(gateway, profile, silent=True))
    losses = [window.get(f"loss_percent_{way}") for way in ("up", "down")]
    delays = [window.get(f"delay_ms_p95_{way}") for way in ("up", "down")]
    lost = any(
        profile.grade("location.loss_percent", "at_most", window.get(f"loss_percent_low_{way}")) in _LIMITED
        for way in ("up", "down")
    )
    late = (
        any(profile.grade("location.spread_ms", "at_most", delay) in _LIMITED for delay in delays)
        or profile.grade("location.rtt_ms", "at_most", window.get("rtt_ms_p50")) in _LIMITED
    )
    bad = lost or late
    return Piece(
        utc=utc,
        seconds=seconds,
        state=State.TROUBLE if bad else State.GOOD,
        place=_place(gateway, profile, silent=False) if bad else None,
        loss_percent=max((loss for loss in losses if loss is not None), default=None),
        delay_ms=max((delay for delay in delays if delay is not None), default=None),
    )


def _place(gateway: Mapping[str, Any], profile: Profile, *, silent: bool) -> Place:
    """By whether the gateway had it too, in the same window."""
    if not gateway.get("sent"):
        return Place.NEAR if silent and gateway else Place.UNKNOWN
    if silent and gateway.get("lost") == gateway.get("sent"):
        return Place.NEAR
    slow, usual = gateway.get("rtt_ms_p95"), gateway.get("rtt_ms_p50")
    spread = slow - usual if slow is not None and usual is not None else None
    near = (
        profile.grade("location.loss_percent", "at_most", gateway.get("loss_percent_low")) in _LIMITED
        or profile.grade("location.spread_ms", "at_most", spread) in _LIMITED
    )
    return Place.NEAR if near else Place.OUTSIDE


def joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Neighbours of the same kind as one piece, with the worst of their figures."""
    whole: list[Piece] = []
    for piece in pieces:
        before = whole[-1] if whole else None
        if before is None or (before.state, before.place) != (piece.state, piece.place):
            whole.append(piece)
            continue
        whole[-1] = Piece(
            utc=before.utc,
            seconds=before.seconds + piece.seconds,
            state=piece.state,
            place=piece.place,
            loss_percent=_most(before.loss_percent, piece.loss_percent),
            delay_ms=_most(before.delay_ms, piece.delay_ms),
        )
    return tuple(whole)


def verdict_of(pieces: Sequence[Piece]) -> Verdict:
    """UNKNOWN where nothing was watched, LIMITED with any trouble, else READY."""
    states = {piece.state for piece in pieces} - {State.ASLEEP}
    if State.TROUBLE in states or (State.AWAY in states and State.GOOD in states):
        return Verdict.LIMITED
    return Verdict.READY if states == {State.GOOD} else Verdict.UNKNOWN


def _most(*values: float | None) -> float | None:
    return max((value for value in values if value is not None), default=None)
