"""The link, and gateway, collector and service asked side by side, in the probe process."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from readiness.checks.location.evidence import LocationEvidence
from readiness.core.check import Context
from readiness.core.evidence import parse
from readiness.core.loopback import is_own
from readiness.core.model import Notice
from readiness.devices.ports import Machine
from readiness.network.dns import look_up
from readiness.network.probing import probe

_LOOKUP_SECONDS = 2.0


async def measure(context: Context[Machine]) -> LocationEvidence:
    """Read the link, and ask for two seconds; longer where it is not clear whether a loss is chance."""
    targets: dict[str, tuple[str, int]] = {}
    names: dict[str, str] = {}
    for name, place in (("collector", _collector(context)), ("service", _service(context))):
        address = await _address(*place) if place else None
        if place and address:
            names[name], targets[name] = place[0], (address, place[1])

    def on_progress(figures: Any) -> None:
        context.tell(Notice(fraction=figures["fraction"]))

    found = await probe("location", {"targets": targets}, on_progress)
    media = context.earlier.get("media_path")
    return parse(
        LocationEvidence,
        {
            **found.pop("link"),
            **found,
            "collector_name": names.get("collector"),
            "service_name": names.get("service"),
            **{
                f"media_{name}": getattr(media, name, None)
                for name in ("loss_percent_up", "loss_percent_down", "jitter_ms_up", "jitter_ms_down")
            },
        },
    )


def _collector(context: Context[Machine]) -> tuple[str, int] | None:
    parts = urlsplit(context.options.collector_url or "")
    if not parts.hostname or is_own(parts.hostname):
        return None
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def _service(context: Context[Machine]) -> tuple[str, int] | None:
    """The first host of the profile that the connection check reached, else its first."""
    wanted = [(h.host, h.port) for h in context.profile.hosts if h.transport in ("tls", "tcp", "wss")]
    tried = getattr(context.earlier.get("connection"), "hosts", ())
    reached = {(h.host, h.port) for h in tried if h.failed_at is None and not h.only_by_proxy}
    return next((place for place in wanted if place in reached), wanted[0] if wanted else None)


async def _address(host: str, port: int) -> str | None:
    try:
        found = await look_up(host, port, _LOOKUP_SECONDS)
    except (OSError, TimeoutError):
        return None
    return next(iter((*found.ipv4, *found.ipv6)), None)
