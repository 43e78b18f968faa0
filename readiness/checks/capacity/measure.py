"""Asking the collector for a session, and having the probe process fill the line for a moment."""

from __future__ import annotations

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
from readiness.network.link import system_reader
from readiness.network.probing import ProbeError, probe
from readiness.network.session import Session, SessionError, SessionFault, open_session
from readiness.network.waiting import in_thread

RUN_BYTES = 12_000_000
"""What one run may transfer altogether, the media path included."""
METERED_RUN_BYTES = 4_000_000
_SESSION_SECONDS = 4.0
_LINK_SECONDS = 3.0


async def measure(context: Context[Machine]) -> CapacityEvidence:
    """Measure both directions against the collector, within the run's budget of data."""
    url, key = context.options.collector_url, context.options.enrolment_key
    if url is None:
        raise SkipCheck("no collector is configured")
    if key is None:
        raise SkipCheck("no enrolment key is configured")
    host = urlsplit(url).hostname or ""
    known: dict[str, Any] = {"collector_name": host, "collector_is_local": is_own(host)}
    session: Session | None = None
    if getattr(context.earlier.get("connection"), "collector_answers", None) is False:
        return parse(CapacityEvidence, {**known, "problem": SessionFault.UNREACHABLE.value})
    try:
        session = await open_session(url, key, _SESSION_SECONDS)
    except SessionError as error:
        known |= {"problem": error.fault.value, "error": str(error)}
        if error.fault not in (SessionFault.NO_REFLECTOR, SessionFault.BUSY):
            return parse(CapacityEvidence, known)
    metered = await _metered()
    budget = METERED_RUN_BYTES if metered else RUN_BYTES
    budget -= int(getattr(context.earlier.get("media_path"), "bytes_used", None) or 0)

    def on_progress(figures: Any) -> None:
        context.tell(Notice(fraction=figures["fraction"]))

    try:
        found = await probe(
            "capacity",
            {
                "url": url,
                "enrolment_key": key,
                "session": session.to_json() if session is not None else None,
                "edges_kbps": {way: edges(context.profiles, way) for way in ("up", "down")},
                "red_kbps": {way: red_edge(context.profiles, way) for way in ("up", "down")},
                "budget_bytes": max(0, budget),
                "known": _known(context.earlier.get("media_path")),
            },
            on_progress,
        )
    except ProbeError as error:
        found = {"error": str(error)}
    words = found.pop("error", None) or known.get("error")
    return parse(
        CapacityEvidence, {**known, **found, "error": words, "metered": metered, "budget_bytes": budget}
    )


def _known(media: Any) -> dict[str, Any]:
    """What the media path's short floods told of the line."""
    known: dict[str, Any] = {"rtt_ms": getattr(media, "rtt_ms_p50", None)}
    for way in ("up", "down"):
        kbps, at_least, queue_ms = (
            getattr(media, f"{name}_{way}", None) for name in ("line_kbps", "line_is_at_least", "queue_ms")
        )
        if kbps and at_least is not None:
            known[way] = {"kbps": kbps, "at_least": at_least, "queue_ms": queue_ms}
    return known


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


async def _metered() -> bool | None:
    """Whether the system says that traffic costs; None where it does not say."""
    try:
        return await in_thread(lambda: system_reader().metered(), _LINK_SECONDS)
    except (OSError, TimeoutError, ValueError):
        return None
