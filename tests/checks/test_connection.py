"""The connection: measured against servers on loopback, judged under a small profile."""

from __future__ import annotations

import asyncio
import dataclasses
import sys
import time
from types import SimpleNamespace
from typing import Any

import pytest

from readiness.checks.connection import (
    CHECK,
    ConnectionEvidence,
    HostEvidence,
    PageEvidence,
    RelayEvidence,
    UdpHostEvidence,
    judge,
    measure,
)
from readiness.core.check import Context, Options
from readiness.core.evidence import encode, parse
from readiness.core.model import Verdict, severity
from readiness.core.profile import Host, KnownPage, Profile
from readiness.core.profile_loading import load_profile
from readiness.network import stun
from readiness.network.reach import Reach
from readiness.settings import places
from tests.network.test_datagrams import bound, datagrams
from tests.network.test_reach import answering, free_port
from tests.network.test_reach import page as http
from tests.submission.servers import raw, reply, serving

COMMON = load_profile("common", places().profiles)
PROFILE = dataclasses.replace(
    COMMON,
    hosts=(
        Host(host="meet.example", port=443, transport="tls"),
        Host(host="meet.example", port=3478, transport="udp"),
        Host(host="meet.example", port=5349, transport="turn_tls"),
        Host(host="meet.example", port=3478, transport="turn_udp"),
    ),
)
REACHED = HostEvidence(host="meet.example", port=443, address="20.1.2.3", issuer="A")
GOOD = ConnectionEvidence(
    has_address=True,
    hosts=(REACHED,),
    udp_hosts=(UdpHostEvidence(host="meet.example", port=3478, answers=True),),
)
SILENT = (UdpHostEvidence(host="meet.example", port=3478, answers=False),)


def found(evidence: ConnectionEvidence = GOOD, /, **changes: Any) -> list[tuple[str, str]]:
    findings = judge(dataclasses.replace(evidence, **changes), PROFILE)
    return [(finding.code.removeprefix("connection."), finding.verdict.value) for finding in findings]


def test_all_reached_is_ready() -> None:
    assert found() == [("works", "READY")]


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("dns", "dns_failed"),
        ("tcp", "tcp_blocked"),
        ("proxy", "proxy_failed"),
        ("tls", "tls_failed"),
        ("websocket", "websocket_blocked"),
        ("something new", "tcp_blocked"),
    ],
)
def test_where_it_ended_is_what_is_said(step: str, code: str) -> None:
    assert found(hosts=(dataclasses.replace(REACHED, failed_at=step),))[0] == (code, "NOT_READY")


def test_a_computer_without_any_address_is_told_that_alone() -> None:
    failed = dataclasses.replace(REACHED, failed_at="dns")
    assert found(hosts=(failed,), udp_hosts=SILENT, has_address=False) == [("no_network", "NOT_READY")]


def test_a_sign_in_page_is_the_cause_of_what_failed_and_nothing_without_failures() -> None:
    portal = (PageEvidence(url="http://known", as_known=False, sent_to="login.hotel.example"),)
    failed = dataclasses.replace(REACHED, failed_at="tls")
    assert found(hosts=(failed,), known_pages=portal)[0] == ("captive_portal", "NOT_READY")
    assert found(known_pages=portal) == [("works", "READY")]
    one_true = (*portal, PageEvidence(url="http://other", as_known=True))
    assert found(hosts=(failed,), known_pages=one_true)[0] == ("tls_failed", "NOT_READY")
    nothing_came = (PageEvidence(url="http://known", as_known=None),)
    assert found(hosts=(failed,), known_pages=nothing_came)[0] == ("tls_failed", "NOT_READY")


def test_interception_is_told_and_lowers_nothing() -> None:
    seen = dataclasses.replace(REACHED, private_root=True, issuer="Kommunen")
    assert found(hosts=(seen,)) == [("works", "READY"), ("tls_intercepted", "READY")]


def test_an_inner_server_with_a_certificate_of_its_own_is_not_intercepted() -> None:
    inner = dataclasses.replace(REACHED, private_root=True, address="10.1.2.3")
    assert found(hosts=(inner,)) == [("works", "READY")]


def test_the_only_way_through_a_proxy_is_told() -> None:
    by_proxy = dataclasses.replace(REACHED, only_by_proxy=True, proxy="http://proxy:80")
    assert found(hosts=(by_proxy,))[0] == ("proxy_required", "LIMITED")


def test_a_proxy_that_the_system_wants_and_that_refuses_is_the_cause() -> None:
    refused = dataclasses.replace(
        REACHED, failed_at="tcp", proxy="http://proxy:80", proxy_error="the proxy answers 407"
    )
    assert found(hosts=(refused,))[0] == ("proxy_failed", "NOT_READY")


def test_silence_of_a_strange_server_is_unknown_never_blocked() -> None:
    assert found(udp_hosts=SILENT)[0] == ("udp_unknown", "UNKNOWN")
    assert found(udp_hosts=())[0] == ("udp_unknown", "UNKNOWN")
    assert found(udp_hosts=SILENT, collector_answers=True)[0] == ("udp_unknown", "UNKNOWN")
    dead = found(udp_hosts=SILENT, collector_answers=False, collector_answers_udp=False)
    assert dead[0] == ("udp_unknown", "UNKNOWN")


def test_silence_of_our_own_that_lives_over_https_is_blocked() -> None:
    blocked = found(udp_hosts=SILENT, collector_answers=True, collector_answers_udp=False)
    assert blocked[0] == ("udp_blocked", "LIMITED")


@pytest.mark.parametrize(
    "heard",
    [
        {"collector_answers": True, "collector_answers_udp": True},
        {"udp_hosts": (*SILENT, UdpHostEvidence(host="stun.example", port=1, answers=True))},
        {"relays": (RelayEvidence(host="x", transport="turn_udp", answers=True, granted=True),)},
    ],
)
def test_any_answer_over_udp_shows_that_it_gets_out(heard: dict[str, Any]) -> None:
    assert found(**{"udp_hosts": SILENT, **heard}) == [("works", "READY")]


def relay(**known: Any) -> RelayEvidence:
    return RelayEvidence(host="meet.example", port=known.pop("port", 5349), **known)


def test_relays_that_refuse_are_told_and_one_that_helps_is_enough() -> None:
    refused = relay(transport="turn_tls", answers=True, granted=False)
    silent = relay(transport="turn_udp", port=3478, answers=False)
    granted = relay(transport="turn_udp", port=3478, answers=True, granted=True)
    assert found(relays=(refused,))[0] == ("relay_failed", "LIMITED")
    assert found(relays=(silent,))[0] == ("relay_failed", "UNKNOWN")
    assert found(relays=(refused, granted)) == [("works", "READY")]


def test_ipv6_that_leads_nowhere_is_told() -> None:
    broken = dataclasses.replace(REACHED, ipv4_works=True, ipv6_works=False)
    assert found(hosts=(broken,)) == [("works", "READY"), ("ipv6_broken", "READY")]


def test_the_clock_is_compared_by_whoever_tells_the_time() -> None:
    assert found(clock_ahead_seconds=600.0, clock_source="example.org")[0] == ("clock_off", "LIMITED")
    assert found(clock_ahead_seconds=-60.0) == [("works", "READY")]


def test_evidence_of_an_older_version_is_read_and_never_ready_by_silence() -> None:
    older = parse(
        ConnectionEvidence,
        {"has_address": True, "hosts": [{"host": "meet.example", "port": 443, "tcp_ms": 3.0}]},
    )
    assert max(severity(f.verdict) for f in judge(older, PROFILE)) == severity(Verdict.UNKNOWN)
    assert parse(ConnectionEvidence, encode(GOOD)) == GOOD


def measured(profile: Profile, **options: Any) -> tuple[ConnectionEvidence, float]:
    context: Context[Any] = Context(
        machine=None, profile=profile, profiles=(profile, profile), options=Options(**options)
    )
    begun = time.monotonic()
    evidence = asyncio.run(measure(context))
    return evidence, time.monotonic() - begun


def here(port: int, transport: Any) -> Host:
    return Host(host="127.0.0.1", port=port, transport=transport)


@pytest.fixture(autouse=True)
def no_proxy_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_every_host_page_and_control_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def all_of_it() -> ConnectionEvidence:
        async with answering(b"") as open_port, datagrams(bound) as udp_port:
            closed = free_port()
            profile = dataclasses.replace(
                COMMON,
                hosts=(here(open_port, "tcp"), here(closed, "tls"), here(udp_port, "udp")),
                known_pages=(KnownPage(url=known.url, contains="success"),),
            )
            context: Context[Any] = Context(
                machine=None,
                profile=profile,
                profiles=(profile, profile),
                options=Options(collector_url=collector.url),
            )
            return await measure(context)

    healthy = b'{"service": "motesklar-collector", "time_utc": "2020-01-01T00:00:00Z"}'
    with serving(reply(200, b"success")) as known, serving(reply(200, healthy)) as collector:
        evidence = asyncio.run(all_of_it())
    assert [host.failed_at for host in evidence.hosts] == [None, "tcp"]
    assert [host.answers for host in evidence.udp_hosts] == [True]
    assert [page.as_known for page in evidence.known_pages] == [True]
    assert evidence.collector_answers is True
    assert evidence.clock_source == "collector"
    assert evidence.has_address is not None
    assert len(known.requests) == 1


@pytest.mark.parametrize("silent", ["udp", "tls"])
def test_what_is_silent_leaves_the_line_to_others(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over UDP as soon as the rest is done; a connection when nothing has moved for a while."""

    async def scenario() -> ConnectionEvidence:
        released = asyncio.Event()

        async def asked(*_: Any, **__: Any) -> Any:  # it ends only once the line has been released
            await released.wait()
            return SimpleNamespace(answers=False) if silent == "udp" else Reach(host="127.0.0.1", port=9)

        measuring = sys.modules["readiness.checks.connection.measure"]
        if silent == "udp":
            monkeypatch.setattr(stun, "binding", asked)
        else:
            monkeypatch.setattr(measuring, "reach", asked)
        profile = dataclasses.replace(COMMON, hosts=(here(9, silent),), known_pages=())
        context: Context[Any] = Context(
            machine=None, profile=profile, profiles=(profile,), release=released.set
        )
        async with asyncio.timeout(30):
            return await measure(context)

    assert asyncio.run(scenario())


def test_a_network_where_nothing_answers_ends_in_time() -> None:
    """Connections that nobody accepts, silence over UDP, a collector that says nothing."""
    import socket

    with (
        socket.create_server(("127.0.0.1", 0), backlog=8) as deaf,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute,
    ):
        mute.bind(("127.0.0.1", 0))
        profile = dataclasses.replace(
            COMMON,
            hosts=(here(deaf.getsockname()[1], "tls"), here(mute.getsockname()[1], "udp")),
            known_pages=(KnownPage(url=f"http://127.0.0.1:{deaf.getsockname()[1]}/"),),
        )
        evidence, seconds = measured(profile, collector_url=f"http://127.0.0.1:{deaf.getsockname()[1]}")
    assert [host.failed_at for host in evidence.hosts] == ["tls"]
    assert evidence.udp_hosts[0].answers is False
    assert evidence.known_pages[0].as_known is None
    assert evidence.collector_answers is False
    assert seconds < CHECK.deadline_seconds


@pytest.mark.parametrize(
    "answer", [raw(http(b"<html>Sign in")), reply(302, b"", location="http://login/"), raw(b"\0" * 100)]
)
def test_a_collector_that_is_somebody_else_is_told_and_lowers_nothing(answer: Any) -> None:
    with serving(answer) as somebody:
        evidence, _ = measured(dataclasses.replace(COMMON, known_pages=()), collector_url=somebody.url)
    assert evidence.collector_answers is False
    assert evidence.collector_error
    codes = [(f.code, f.verdict) for f in judge(evidence, COMMON)]
    assert ("connection.collector_unreachable", Verdict.READY) in codes


def test_the_way_through_the_systems_proxy_is_tried_beside_the_direct_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(raw(b"HTTP/1.1 407 Sign in\r\n\r\n")) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url.replace("http://", "http://anna:hemligt@"))
        host = Host(host="meet.invalid", port=443, transport="tls")
        evidence, _ = measured(dataclasses.replace(COMMON, hosts=(host,), known_pages=()))
    assert evidence.proxy_source == "environment"
    assert evidence.hosts[0].failed_at == "dns"
    assert evidence.hosts[0].proxy == proxy.url
    assert "407" in (evidence.hosts[0].proxy_error or "")
    assert "hemligt" not in repr(evidence)


def test_the_check_never_raises_where_the_folder_of_profiles_names_no_host() -> None:
    evidence, _ = measured(dataclasses.replace(COMMON, hosts=(), known_pages=()))
    assert evidence.hosts == ()
