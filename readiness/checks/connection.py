"""The connection: can this computer reach the meeting services, and our own collector as control?"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import psutil

from readiness.core.check import Check, Context, Resource
from readiness.core.evidence import parse
from readiness.core.model import Action, Activity, Finding, FindingKind, Need, Notice, Owner, Remedy, Verdict
from readiness.core.profile import Profile
from readiness.core.rating import by_importance
from readiness.core.text import Text
from readiness.devices.ports import Machine
from readiness.network.collector_health import Health, health
from readiness.network.reach import Reach, Step, reach

_ALL = tuple(Activity)
_TIMEOUT_SECONDS = 4.0


@dataclass(frozen=True, kw_only=True)
class HostEvidence:
    """One try to reach one host; `failed_at` is dns, tcp or tls, None where it was reached."""

    host: str = ""
    port: int = 0
    failed_at: str | None = None
    error: str | None = None
    address: str | None = None
    dns_ms: float | None = None
    tcp_ms: float | None = None
    tls_ms: float | None = None
    issuer: str | None = None


@dataclass(frozen=True, kw_only=True)
class ConnectionEvidence:
    """Which hosts were reached.

    `has_address`: the computer has an address other than loopback. `collector_*` is the control:
    None where no collector is configured. `clock_ahead_seconds` is this computer's clock less the
    collector's.
    """

    has_address: bool | None = None
    hosts: tuple[HostEvidence, ...] = ()
    collector_configured: bool | None = None
    collector_is_local: bool | None = None
    collector_answers: bool | None = None
    collector_error: str | None = None
    clock_ahead_seconds: float | None = None


_AGAIN = Remedy(text=Text(sv="Gör testet igen om en stund.", en="Run the test again in a while."), action=Action.RUN_AGAIN)  # fmt: skip
_CABLE = Remedy(
    text=Text(sv="Se efter att sladden sitter i, eller att wifi är på.", en="See that the cable is in, or that the Wi-Fi is on."),
    action=Action.OPEN_NETWORK_SETTINGS,
)  # fmt: skip
_ASK_IT = Remedy(text=Text(sv="Kontakta IT och läs upp vad som står här.", en="Contact IT and read out what it says here."), owner=Owner.IT)  # fmt: skip
_CLOCK = Remedy(text=Text(sv="Ställ in att datorn själv hämtar rätt tid.", en="Set the computer to fetch the right time by itself."))  # fmt: skip

NO_NETWORK = FindingKind(
    code="connection.no_network",
    title=Text(sv="Datorn är inte ansluten till något nät", en="The computer is not connected to any network"),
    activities=_ALL, evidence=("has_address",), need=Need.NETWORK_LINE, remedies=(_CABLE, _ASK_IT),
)  # fmt: skip
DNS_FAILED = FindingKind(
    code="connection.dns_failed",
    title=Text(sv="Datorn hittar inte vägen till mötestjänsten", en="The computer does not find the way to the meeting service"),
    detail=Text(sv="Namnet {host} går inte att slå upp.", en="The name {host} cannot be looked up."),
    activities=_ALL, evidence=("hosts",), need=Need.NETWORK_LINE, remedies=(_CABLE, _AGAIN, _ASK_IT),
)  # fmt: skip
TCP_BLOCKED = FindingKind(
    code="connection.tcp_blocked",
    title=Text(sv="Nätet släpper inte fram till mötestjänsten", en="The network does not let through to the meeting service"),
    detail=Text(sv="{host} svarar inte på ingång (port) {port:d}.", en="{host} does not answer at entrance (port) {port:d}."),
    activities=_ALL, evidence=("hosts",), need=Need.NETWORK_LINE, remedies=(_ASK_IT, _AGAIN),
)  # fmt: skip
TLS_FAILED = FindingKind(
    code="connection.tls_failed",
    title=Text(sv="Den säkra kopplingen till mötestjänsten går inte att lita på", en="The secure connection to the meeting service cannot be trusted"),
    detail=Text(sv="Det gäller {host}.", en="This is about {host}."),
    activities=_ALL, evidence=("hosts",), need=Need.NETWORK_LINE, remedies=(_ASK_IT,),
)  # fmt: skip
COLLECTOR_UNREACHABLE = FindingKind(
    code="connection.collector_unreachable",
    title=Text(sv="IT:s egen server svarar inte just nu", en="IT's own server does not answer right now"),
    detail=Text(sv="Det är inget fel på din dator. Rapporten skickas senare.", en="Nothing is wrong with your computer. The report is sent later."),
    activities=_ALL, evidence=("collector_answers", "collector_error"), remedies=(_AGAIN,),
)  # fmt: skip
CLOCK_OFF = FindingKind(
    code="connection.clock_off",
    title=Text(sv="Datorns klocka går fel", en="The computer's clock is wrong"),
    detail=Text(sv="Den går {seconds:.0f} sekunder fel.", en="It is {seconds:.0f} seconds off."),
    activities=_ALL, evidence=("clock_ahead_seconds",), need=Need.KNOWLEDGE, remedies=(_CLOCK, _ASK_IT),
)  # fmt: skip
NOT_MEASURED = FindingKind(
    code="connection.not_measured",
    title=Text(sv="Vägen till mötestjänsten är inte mätt", en="The way to the meeting service was not measured"),
    activities=_ALL, evidence=("hosts",), remedies=(_AGAIN,),
)  # fmt: skip
NOTHING_TO_REACH = FindingKind(
    code="connection.nothing_to_reach",
    title=Text(sv="Profilen nämner inga servrar att nå", en="The profile names no servers to reach"),
    activities=_ALL, evidence=("hosts",),
)  # fmt: skip
WORKS = FindingKind(
    code="connection.works",
    title=Text(sv="Datorn når mötestjänsten", en="The computer reaches the meeting service"),
    activities=_ALL, evidence=("hosts",),
)  # fmt: skip


async def measure(context: Context[Machine]) -> ConnectionEvidence:
    """Try every host that an enabled profile names, and the collector, all at once."""
    hosts = tuple(
        dict.fromkeys(
            (host.host, host.port, host.transport)
            for profile in context.profiles
            for host in profile.hosts
            if host.transport != "udp"
        )
    )
    url = context.options.collector_url
    done = 0

    async def one(host: str, port: int, transport: str) -> Reach:
        nonlocal done
        found = await reach(host, port, tls=transport == "tls", timeout_seconds=_TIMEOUT_SECONDS)
        done += 1
        context.tell(Notice(fraction=done / (len(hosts) + 1)))
        return found

    async def control() -> Health | None:
        return await health(url, _TIMEOUT_SECONDS) if url else None

    healthy, *reached = await asyncio.gather(control(), *(one(*host) for host in hosts))
    return parse(
        ConnectionEvidence,
        {
            "has_address": _has_address(),
            "hosts": [vars(found) for found in reached if isinstance(found, Reach)],
            "collector_configured": url is not None,
            "collector_is_local": url is not None and _is_local(url),
            **(
                {
                    "collector_answers": healthy.answers,
                    "collector_error": healthy.error,
                    "clock_ahead_seconds": healthy.clock_ahead_seconds,
                }
                if isinstance(healthy, Health)
                else {}
            ),
        },
    )


def judge(evidence: ConnectionEvidence, profile: Profile) -> Sequence[Finding]:
    """What the tries mean for the hosts of this profile; the heaviest finding first."""
    findings: list[Finding] = []
    wanted = {(host.host, host.port) for host in profile.hosts if host.transport != "udp"}
    tried = [host for host in evidence.hosts if (host.host, host.port) in wanted]
    failed = [host for host in tried if host.failed_at is not None]
    if not wanted:
        findings.append(NOTHING_TO_REACH.found(Verdict.READY))
    elif not tried:
        findings.append(NOT_MEASURED.found(Verdict.UNKNOWN))
    elif failed and evidence.has_address is False:
        findings.append(NO_NETWORK.found(Verdict.NOT_READY))
    elif failed:
        findings.extend(_failure(host) for host in failed[:3])
    else:
        findings.append(WORKS.found(Verdict.READY, hosts=len(tried)))
    if evidence.collector_configured and evidence.collector_answers is False:
        # Our own server being down is never the employee's fault: a note that lowers nothing.
        findings.append(COLLECTOR_UNREACHABLE.found(Verdict.READY, error=evidence.collector_error))
    if evidence.clock_ahead_seconds is not None:
        off = abs(evidence.clock_ahead_seconds)
        verdict = profile.grade("connection.clock_off_seconds", "at_most", off)
        if verdict is not Verdict.READY:
            findings.append(CLOCK_OFF.found(verdict, seconds=off))
    return by_importance(findings)


def _failure(host: HostEvidence) -> Finding:
    kinds = {Step.DNS: DNS_FAILED, Step.TCP: TCP_BLOCKED, Step.TLS: TLS_FAILED}
    kind = kinds[Step(host.failed_at)] if host.failed_at in tuple(Step) else TCP_BLOCKED
    return kind.found(Verdict.NOT_READY, host=host.host, port=host.port)


def _has_address() -> bool:
    addresses = psutil.net_if_addrs()
    return any(
        interface.isup
        and any(
            address.family in (socket.AF_INET, socket.AF_INET6)
            and not address.address.startswith(("127.", "::1", "fe80"))
            for address in addresses.get(name, ())
        )
        for name, interface in psutil.net_if_stats().items()
    )


def _is_local(url: str) -> bool:
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")


KINDS = (
    NO_NETWORK, DNS_FAILED, TCP_BLOCKED, TLS_FAILED, COLLECTOR_UNREACHABLE, CLOCK_OFF, NOT_MEASURED,
    NOTHING_TO_REACH, WORKS,
)  # fmt: skip

CHECK = Check[Machine, ConnectionEvidence](
    id="connection",
    title=Text(sv="Nätverk", en="Network"),
    evidence=ConnectionEvidence,
    measure=measure,
    judge=judge,
    kinds=KINDS,
    activities=_ALL,
    deadline_seconds=15.0,
    typical_seconds=2.0,
    uses=frozenset((Resource.LINE,)),
)
