"""Asking the collector for a session, and having the probe process fill the line for a moment."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from readiness.checks.capacity.evidence import CapacityEvidence
from readiness.core.check import Context, SkipCheck
from readiness.core.evidence import parse
from readiness.core.loopback import is_own
from readiness.core.model import Notice
from readiness.core.profile import Profile
from readiness.devices.ports import Machine
from readiness.network.capacity import exact
from readiness.network.metering import METERED_RUN_BYTES, RUN_BYTES, metered
from readiness.network.probing import ProbeError, probe
from readiness.network.session import Session, SessionError, SessionFault, open_session
from readiness.network.train import Line

_SESSION_SECONDS = 4.0


async def measure(context: Context[Machine]) -> CapacityEvidence:
    """Measure both directions against the collector, within the run's budget of data."""
    url, source = context.options.collector_url, context.options.collector_token
    if url is None:
        raise SkipCheck("no collector is configured")
    if source is None:
        raise SkipCheck("no enrolment key is configured")
    host = urlsplit(url).hostname or ""
    known: dict[str, Any] = {"collector_name": host, "collector_is_local": is_own(host)}
    media = context.earlier.get("media_path")
    away = getattr(context.earlier.get("connection"), "collector_answers", None) is False
    if away and getattr(media, "udp_answers", None) is None:  # nor did it grant a session since
        return parse(CapacityEvidence, {**known, "problem": SessionFault.UNREACHABLE.value})
    token = await source()
    limits = {way: edges(context.profiles, way) for way in ("up", "down")}
    lines = {way: line for way in limits if (line := _line(media, way)) is not None}
    session: Session | None = None
    # Where UDP is silent, or has told all that it can, there is nothing more to learn from it.
    if getattr(media, "udp_answers", None) is not False and not all(
        exact(lines.get(way), limits[way]) for way in limits
    ):
        try:
            session = await open_session(url, token, _SESSION_SECONDS)
        except SessionError as error:
            known |= {"problem": error.fault.value, "error": str(error)}
            if error.fault not in (SessionFault.NO_REFLECTOR, SessionFault.BUSY):
                return parse(CapacityEvidence, known)
    costs = await metered()
    budget = METERED_RUN_BYTES if costs else RUN_BYTES
    budget -= int(getattr(media, "bytes_used", None) or 0)

    def on_progress(figures: Any) -> None:
        context.tell(Notice(fraction=figures["fraction"]))

    try:
        found = await probe(
            "capacity",
            {
                "url": url,
                "token": token or "",
                "session": session.to_json() if session is not None else None,
                "edges_kbps": limits,
                "red_kbps": {way: red_edge(context.profiles, way) for way in ("up", "down")},
                "budget_bytes": max(0, budget),
                "known": {
                    "udp_answers": getattr(media, "udp_answers", None),
                    "rtt_ms": getattr(media, "rtt_ms_p50", None),
                    **{way: dataclasses.asdict(line) for way, line in lines.items()},
                },
            },
            on_progress,
        )
    except ProbeError as error:
        found = {"error": str(error)}
    words = found.pop("error", None) or known.get("error")
    return parse(
        CapacityEvidence, {**known, **found, "error": words, "metered": costs, "budget_bytes": budget}
    )


def _line(media: Any, way: str) -> Line | None:
    """One direction of the line, where the media path's trains told of it."""
    kbps, low, high, at_least, queue_ms, full = (
        getattr(media, f"{name}_{way}{end}", None)
        for name, end in (
            ("line_kbps", ""),
            ("line_kbps", "_low"),
            ("line_kbps", "_high"),
            ("line_is_at_least", ""),
            ("queue_ms", ""),
            ("queue_full", ""),
        )
    )
    if kbps is None or low is None or at_least is None:
        return None
    return Line(kbps, low, high or kbps, at_least, queue_ms or 0.0, bool(full))


def edges(profiles: Sequence[Profile], direction: str) -> list[float]:
    """Every limit of the capacity in one direction."""
    return sorted({edge for limit in _limits(profiles, direction) for edge in limit if edge is not None})


def red_edge(profiles: Sequence[Profile], direction: str) -> float:
    """The highest capacity below which some activity is not possible; 0 where there is none."""
    return max(
        (required for required, _ in _limits(profiles, direction) if required is not None), default=0.0
    )


def _limits(profiles: Sequence[Profile], direction: str) -> list[tuple[float | None, float | None]]:
    return [
        (limit.required, limit.recommended)
        for profile in profiles
        for limit in profile.limits
        if limit.figure == f"capacity.capacity_kbps_{direction}" and limit.direction == "at_least"
    ]
