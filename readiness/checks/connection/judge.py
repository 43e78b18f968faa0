"""What the tries mean for the hosts of one profile. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

from readiness.checks.connection.evidence import ConnectionEvidence, HostEvidence
from readiness.checks.connection.findings import (
    CAPTIVE_PORTAL,
    CLOCK_OFF,
    COLLECTOR_UNREACHABLE,
    DNS_FAILED,
    IPV6_BROKEN,
    NO_NETWORK,
    NOT_MEASURED,
    NOTHING_TO_REACH,
    PROXY_FAILED,
    PROXY_REQUIRED,
    RELAY_FAILED,
    TCP_BLOCKED,
    TLS_FAILED,
    TLS_INTERCEPTED,
    UDP_BLOCKED,
    UDP_UNKNOWN,
    WEBSOCKET_BLOCKED,
    WORKS,
)
from readiness.core.model import Finding, Verdict
from readiness.core.profile import Profile
from readiness.core.rating import by_importance

_STREAMS = ("tcp", "tls", "wss")
_MOST_FAILURES = 3


def judge(evidence: ConnectionEvidence, profile: Profile) -> Sequence[Finding]:
    """The findings under `profile`, the heaviest first."""
    return by_importance(
        [
            *_streams(evidence, profile),
            *_datagrams(evidence, profile),
            *_relays(evidence, profile),
            *_collector(evidence),
            *_clock(evidence, profile),
        ]
    )


def _streams(evidence: ConnectionEvidence, profile: Profile) -> Iterator[Finding]:
    wanted = {(host.host, host.port) for host in profile.hosts if host.transport in _STREAMS}
    tried = [host for host in evidence.hosts if (host.host, host.port) in wanted]
    failed = [host for host in tried if host.failed_at is not None]
    if not wanted:
        yield NOTHING_TO_REACH.found(Verdict.READY)
        return
    if not tried:
        yield NOT_MEASURED.found(Verdict.UNKNOWN)
        return
    if failed and evidence.has_address is False:
        yield NO_NETWORK.found(Verdict.NOT_READY)
    elif failed and _portal(evidence):
        yield CAPTIVE_PORTAL.found(Verdict.NOT_READY, sent_to=_portal(evidence))
    elif failed:
        for host in failed[:_MOST_FAILURES]:
            yield _failure(host)
    else:
        yield WORKS.found(Verdict.READY, hosts=len(tried))
    if not failed and any(host.only_by_proxy for host in tried):
        yield PROXY_REQUIRED.found(Verdict.LIMITED)
    for host in tried:
        if host.failed_at is None and host.private_root and not _is_inside(host):
            # Told, not held against anybody: the organisation wants it so.
            yield TLS_INTERCEPTED.found(Verdict.READY, host=host.host, issuer=host.issuer)
            break
    if any(host.ipv6_works is False and host.ipv4_works for host in tried):
        yield IPV6_BROKEN.found(Verdict.READY)


def _failure(host: HostEvidence) -> Finding:
    name, port, proxy = host.host, host.port, host.proxy
    if host.failed_at == "proxy" or (host.proxy_error and host.failed_at in ("dns", "tcp")):
        # The system says that this is the way, so what is wrong is there.
        return PROXY_FAILED.found(Verdict.NOT_READY, host=name, proxy=proxy)
    if host.failed_at == "dns":
        return DNS_FAILED.found(Verdict.NOT_READY, host=name)
    if host.failed_at == "tls":
        return TLS_FAILED.found(Verdict.NOT_READY, host=name)
    if host.failed_at == "websocket":
        return WEBSOCKET_BLOCKED.found(Verdict.NOT_READY, host=name)
    return TCP_BLOCKED.found(Verdict.NOT_READY, host=name, port=port)


def _portal(evidence: ConnectionEvidence) -> str | None:
    """Who answered in the place of the known pages, where none of them came as known."""
    pages = [page for page in evidence.known_pages if page.as_known is not None]
    if not pages or any(page.as_known for page in pages):
        return None
    return next((page.sent_to for page in pages if page.sent_to), pages[0].url)


def _is_inside(host: HostEvidence) -> bool:
    """A server of the organisation's own, which may well have a certificate of its own."""
    try:
        return host.address is not None and ipaddress.ip_address(host.address).is_private
    except ValueError:
        return False


def _datagrams(evidence: ConnectionEvidence, profile: Profile) -> Iterator[Finding]:
    """Silence of somebody else's server proves nothing; our own, alive over HTTPS, is the control."""
    wanted = {(host.host, host.port) for host in profile.hosts if host.transport == "udp"}
    asked = [host for host in evidence.udp_hosts if (host.host, host.port) in wanted]
    passes = (
        evidence.collector_answers_udp
        or any(host.answers for host in evidence.udp_hosts)
        or any(relay.transport == "turn_udp" and relay.answers for relay in evidence.relays)
    )
    if passes:
        return
    if evidence.collector_answers and evidence.collector_answers_udp is False:
        yield UDP_BLOCKED.found(Verdict.LIMITED)
    elif wanted and evidence.has_address is not False:
        silent = asked[0].host if asked else min(wanted)[0]
        yield UDP_UNKNOWN.found(Verdict.UNKNOWN, host=silent)


def _relays(evidence: ConnectionEvidence, profile: Profile) -> Iterator[Finding]:
    wanted = {(h.host, h.port, h.transport) for h in profile.hosts if h.transport.startswith("turn_")}
    asked = [relay for relay in evidence.relays if (relay.host, relay.port, relay.transport) in wanted]
    if asked and not any(relay.granted for relay in asked):
        relay = asked[0]
        known = any(relay.granted is False or relay.transport != "turn_udp" for relay in asked)
        verdict = Verdict.LIMITED if known else Verdict.UNKNOWN
        yield RELAY_FAILED.found(verdict, host=relay.host, port=relay.port)


def _collector(evidence: ConnectionEvidence) -> Iterator[Finding]:
    if evidence.collector_configured and evidence.collector_answers is False:
        # Our own server being down is never the employee's fault: a note that lowers nothing.
        yield COLLECTOR_UNREACHABLE.found(Verdict.READY, error=evidence.collector_error)


def _clock(evidence: ConnectionEvidence, profile: Profile) -> Iterator[Finding]:
    if evidence.clock_ahead_seconds is None:
        return
    off = abs(evidence.clock_ahead_seconds)
    verdict = profile.grade("connection.clock_off_seconds", "at_most", off)
    if verdict is not Verdict.READY:
        yield CLOCK_OFF.found(verdict, seconds=off)
