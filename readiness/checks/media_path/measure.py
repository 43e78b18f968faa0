"""Measuring the media path: a session from the collector, and a probe process that uses it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from typing import Any

from readiness.checks.media_path.evidence import MediaPathEvidence
from readiness.core.check import Context, SkipCheck
from readiness.core.evidence import parse
from readiness.core.model import Notice
from readiness.core.profile import Profile
from readiness.devices.ports import Machine
from readiness.network.metering import metered
from readiness.network.prediction import CELLS, FAILED, UNKNOWN, WANTED_KBPS
from readiness.network.probing import ProbeError, probe
from readiness.network.reach import reach
from readiness.network.session import Session, SessionError, SessionFault, open_session

_SESSION_SECONDS, _LEAST_SESSION_SECONDS, _GREETING_SECONDS = 4.0, 3.0, 3.0
_CONTROL_SECONDS = 3.0
_CONTROLS = 4
_COURTESY_SECONDS = 1.5
"""At most so long the line is left to the connection check: by then only what is late or lost is under way."""
_MOST_SECONDS, _OVER_BY_SECONDS = 7.5, 12.5
"""Of the call, and when it is to be over: where a lossy line held up what comes before there is less time for it."""
_WANTED_LINES = 360
_FIGURES = ("concealed_percent", "mouth_to_ear_ms", "still_percent")


async def measure(context: Context[Machine]) -> MediaPathEvidence:
    """Streams like a call's, both ways at once. Raises SkipCheck without a collector to measure against."""
    url = context.options.collector_url
    if url is None:
        raise SkipCheck("no collector is configured")
    if context.options.collector_token is None:
        raise SkipCheck("no enrolment key is configured")
    begun = time.monotonic()
    try:
        token = await context.options.collector_token()
        # Where asking for the token took its time, as it does where nobody answers, less is left.
        left = max(_LEAST_SESSION_SECONDS, _SESSION_SECONDS - (time.monotonic() - begun))
        session, costs = await asyncio.gather(open_session(url, token, left), metered())
    except SessionError as error:
        context.release()
        lost = error.fault is SessionFault.UNREACHABLE and await _nothing_is_reached(context)
        return _without(error.fault, str(error), FAILED if lost else UNKNOWN, time.monotonic() - begun)

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_COURTESY_SECONDS):
            await context.room_beside("connection")

    def on_progress(told: Mapping[str, Any]) -> None:
        context.tell(Notice(fraction=told["fraction"]))
        if told.get("leaves_room"):
            context.release()

    try:
        figures = await probe(
            "media_path",
            {
                "session": session.to_json(),
                "wanted_kbps": WANTED_KBPS[_WANTED_LINES],
                "seconds": _MOST_SECONDS,
                "over_by_seconds": _OVER_BY_SECONDS - (time.monotonic() - begun),
                "limits": limits_of(context.profile),
                "strictest_loss_percent": strictest_loss(context.profiles),
                "sparing": bool(costs),
                "greeting_seconds": _GREETING_SECONDS,
            },
            on_progress,
        )
    except ProbeError as error:
        return _without("probe", str(error), UNKNOWN, time.monotonic() - begun)
    return parse(MediaPathEvidence, {**await _blocked(context, figures, session), **figures})


def limits_of(profile: Profile) -> dict[str, dict[str, tuple[float | None, float | None, bool]]]:
    """For each direction, a figure's steps: degraded, bad, and whether more is worse."""
    names = (*_FIGURES, *(f"picture_{lines}_kbps" for lines in WANTED_KBPS))
    return {
        way: {name: _steps(profile, f"media_path.{name}_{way}", rising=name in _FIGURES) for name in names}
        for way in ("up", "down")
    }


def strictest_loss(profiles: Sequence[Profile]) -> float | None:
    """The least share lost, in per cent, that any profile recommends not to pass."""
    limits = [
        profile.limit(f"media_path.loss_percent_{way}", "at_most")
        for profile in profiles
        for way in ("up", "down")
    ]
    return min(
        (limit.recommended for limit in limits if limit is not None and limit.recommended is not None),
        default=None,
    )


def _steps(profile: Profile, figure: str, *, rising: bool) -> tuple[float | None, float | None, bool]:
    limit = profile.limit(figure, "at_most" if rising else "at_least")
    return (None, None, rising) if limit is None else (limit.recommended, limit.required, rising)


def _without(problem: str, detail: str, expected: str, seconds: float) -> MediaPathEvidence:
    """There was no run: a call would fail where nothing else is reached either; else nobody knows."""
    cells = _all(expected)
    return MediaPathEvidence(
        problem=str(problem),
        problem_detail=detail,
        seconds=round(seconds, 3),
        bytes_used=0,
        prediction=cells,
        prediction_busy=cells,
    )


async def _nothing_is_reached(context: Context[Machine]) -> bool:
    """The control: whether every host of the meeting services failed as well.

    As the connection check found; where it was not run, some of them are tried here.
    """
    found = await context.evidence_of("connection")
    tried: Sequence[Any] = getattr(found, "hosts", ())
    if found is None:
        hosts = {
            (host.host, host.port): host
            for profile in context.profiles
            for host in profile.hosts
            if host.transport in ("tcp", "tls")
        }
        tried = await asyncio.gather(
            *(
                reach(host.host, host.port, transport=host.transport, timeout_seconds=_CONTROL_SECONDS)
                for host in list(hosts.values())[:_CONTROLS]
            )
        )
    return bool(tried) and all(host.failed_at is not None for host in tried)


async def _blocked(context: Context[Machine], figures: Mapping[str, Any], session: Session) -> dict[str, Any]:
    """What holds of a call where nothing came over UDP, though the same collector has just answered over HTTPS."""
    if figures.get("udp_answers") is None:
        return {"prediction": _all(UNKNOWN), "prediction_busy": _all(UNKNOWN)}
    if figures["udp_answers"]:
        return {}
    context.release()
    relays = getattr(await context.evidence_of("connection"), "relays", ())
    relayed = any(relay.granted and relay.transport != "turn_udp" for relay in relays)
    cells = _all(UNKNOWN if relayed else FAILED)
    return {"path": f"{session.host}:{session.port}", "prediction": cells, "prediction_busy": cells}


def _all(found: str) -> dict[str, dict[str, str]]:
    return {cell: {"up": found, "down": found} for cell in CELLS}
