"""The link, and gateway, collector and service asked side by side, in the probe process."""

from __future__ import annotations

import asyncio
from collections.abc import Container, Mapping
from typing import Any
from urllib.parse import urlsplit

from readiness.checks.location.evidence import LocationEvidence
from readiness.core.check import Context
from readiness.core.evidence import parse
from readiness.core.loopback import is_own
from readiness.core.model import Notice
from readiness.devices.ports import Machine
from readiness.network.dns import is_address, look_up
from readiness.network.probing import probe


async def measure(context: Context[Machine]) -> LocationEvidence:
    """Read the link, and ask for two seconds, one where a call has just lost nothing; longer where it is not
    clear whether a loss is chance.

    On a line with room for it this goes on beside the media path's call, never beside its trains, which
    fill the line.
    """
    wanted = {"collector": _collector(context), "service": _service(context)}
    places = {name: place for name, place in wanted.items() if place is not None}
    tried = {host.host: host for host in getattr(context.earlier.get("connection"), "hosts", ())}
    addresses = await asyncio.gather(*(_address(*place, tried) for place in places.values()))
    targets = {
        name: (address, place[1])
        for (name, place), address in zip(places.items(), addresses, strict=True)
        if address is not None
    }
    names = {name: places[name][0] for name in targets}

    def on_progress(figures: Any) -> None:
        context.tell(Notice(fraction=figures["fraction"]))

    clean = _lost_nothing(context.earlier.get("media_path"))
    found = await probe("location", {"targets": targets, "clean": clean}, on_progress)
    media = await context.evidence_of("media_path")
    return parse(
        LocationEvidence,
        {
            **found.pop("link"),
            **found,
            "collector_name": names.get("collector"),
            "service_name": names.get("service"),
            **_looked_up(context, places, targets),
            **{
                f"media_{name}": getattr(media, name, None)
                for name in ("loss_percent_up", "loss_percent_down", "jitter_ms_up", "jitter_ms_down")
            },
        },
    )


def _lost_nothing(media: Any) -> bool:
    """Has a call over the line ended, with every packet there?"""
    return all(getattr(media, f"loss_percent_{way}", None) == 0 for way in ("up", "down"))


def _looked_up(
    context: Context[Machine], places: Mapping[str, tuple[str, int]], found: Container[str]
) -> dict[str, int]:
    """How many names had to be looked up, and how many were, here and by the connection check."""
    hosts = getattr(context.earlier.get("connection"), "hosts", ())
    if any(host.only_by_proxy for host in hosts):
        return {}
    asked = {place[0]: name in found for name, place in places.items()}
    asked |= {host.host: host.dns_ms is not None for host in hosts}
    names = {host: known for host, known in asked.items() if not is_address(host)}
    return {"names_asked": len(names), "names_found": sum(names.values())}


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


async def _address(host: str, port: int, tried: Mapping[str, Any]) -> str | None:
    """As the connection check found it (a resolver that is silent is not waited for twice), else looked up."""
    if host in tried:
        found_there: str | None = tried[host].address
        return found_there
    try:
        found = await look_up(host, port)
    except (OSError, TimeoutError):
        return None
    return next(iter((*found.ipv4, *found.ipv6)), None)
