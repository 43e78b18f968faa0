"""One window of a watched line judged: what it was like, and where its trouble sat. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from readiness.core.model import Verdict
from readiness.core.profile import Profile
from readiness.core.timeline import Piece, Place, State

_LIMITED = (Verdict.LIMITED, Verdict.NOT_READY)


def piece_of(window: Mapping[str, Any], profile: Profile) -> Piece:
    """One window of `network/watching.py`, judged by the limits of the location check."""
    utc, seconds = str(window.get("utc", "")), float(window.get("seconds") or 0)
    gateway = window.get("gateway") or {}
    kind, signal = window.get("kind"), window.get("signal_dbm")
    if window.get("silent"):
        place = _place(gateway, profile, silent=True)
        return Piece(utc=utc, seconds=seconds, state=State.AWAY, place=place, kind=kind, signal_dbm=signal)
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
        rtt_ms=window.get("rtt_ms_p50"),
        kind=kind,
        signal_dbm=signal,
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
