"""What the connection check measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class HostEvidence:
    """One host; `failed_at` is dns, tcp, proxy, tls or websocket, None where it was reached.

    `only_by_proxy`: reached, but not without the proxy. `private_root`: the certificate is trusted
    only through a root that somebody added to this computer. `ipv4_works` and `ipv6_works` are None
    where the name has no such address or it was not waited for.
    """

    host: str = ""
    port: int = 0
    transport: str = "tls"
    failed_at: str | None = None
    error: str | None = None
    address: str | None = None
    dns_ms: float | None = None
    tcp_ms: float | None = None
    tls_ms: float | None = None
    websocket_ms: float | None = None
    issuer: str | None = None
    private_root: bool | None = None
    proxy: str | None = None
    proxy_error: str | None = None
    only_by_proxy: bool | None = None
    ipv4_works: bool | None = None
    ipv6_works: bool | None = None


@dataclass(frozen=True, kw_only=True)
class UdpHostEvidence:
    """One host asked over UDP (STUN). `answers` is False for silence, None where it was not asked."""

    host: str = ""
    port: int = 0
    answers: bool | None = None
    address: str | None = None
    dns_ms: float | None = None
    rtt_ms: float | None = None
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class RelayEvidence:
    """One TURN server asked for a relay; `granted` is False where it said no."""

    host: str = ""
    port: int = 0
    transport: str = ""
    answers: bool | None = None
    granted: bool | None = None
    ms: float | None = None
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class ResolverEvidence:
    """A name server that the system uses, asked directly; `ms` is None where it was silent."""

    address: str = ""
    ms: float | None = None


@dataclass(frozen=True, kw_only=True)
class PageEvidence:
    """A page with a known answer. `as_known` is None where nothing came."""

    url: str = ""
    as_known: bool | None = None
    status: int | None = None
    sent_to: str | None = None
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class ConnectionEvidence:
    """Which hosts were reached, and how.

    `has_address`: the computer has an address other than loopback. `collector_*` is the control:
    None where no collector is configured. `collector_answers_udp`: its reflector was heard over
    UDP; False only where the same collector is alive over HTTPS. `clock_ahead_seconds` is this
    computer's clock less that of `clock_source`.
    """

    has_address: bool | None = None
    hosts: tuple[HostEvidence, ...] = ()
    udp_hosts: tuple[UdpHostEvidence, ...] = ()
    relays: tuple[RelayEvidence, ...] = ()
    resolvers: tuple[ResolverEvidence, ...] = ()
    known_pages: tuple[PageEvidence, ...] = ()
    proxy_source: str | None = None
    proxy_script_error: str | None = None
    collector_configured: bool | None = None
    collector_is_local: bool | None = None
    collector_answers: bool | None = None
    collector_error: str | None = None
    collector_answers_udp: bool | None = None
    clock_ahead_seconds: float | None = None
    clock_source: str | None = None
