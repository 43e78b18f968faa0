"""What the location check measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class WayEvidence:
    """Small questions to one place on the way. `method` is icmp or tcp; None where neither came back.

    The loss has its interval (Wilson, 95 %).
    """

    method: str | None = None
    sent: int | None = None
    lost: int | None = None
    loss_percent: float | None = None
    loss_percent_low: float | None = None
    loss_percent_high: float | None = None
    rtt_ms_min: float | None = None
    rtt_ms_p50: float | None = None
    rtt_ms_p95: float | None = None


@dataclass(frozen=True, kw_only=True)
class LocationEvidence:
    """The link in use, and three ways asked side by side: gateway, IT's collector, meeting service.

    `kind` is ethernet, wifi, mobile, vpn or virtual. `service_name` and `collector_name` are the
    hosts asked. Of `names_asked` names that had to be looked up `names_found` were; None where all goes
    through a proxy, which looks them up. `media_*` is what the media path measured before, if it did.
    """

    kind: str | None = None
    vpn_used: bool | None = None
    metered: bool | None = None
    speed_mbps: float | None = None
    wifi_signal_dbm: float | None = None
    wifi_band_ghz: float | None = None
    wifi_rate_up_mbps: float | None = None
    wifi_rate_down_mbps: float | None = None
    gateway: WayEvidence = WayEvidence()
    collector: WayEvidence = WayEvidence()
    service: WayEvidence = WayEvidence()
    collector_name: str | None = None
    service_name: str | None = None
    names_asked: int | None = None
    names_found: int | None = None
    media_loss_percent_up: float | None = None
    media_loss_percent_down: float | None = None
    media_jitter_ms_up: float | None = None
    media_jitter_ms_down: float | None = None
    seconds: float | None = None
