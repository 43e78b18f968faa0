"""Where the trouble sits: judged by what three ways have in common."""

from __future__ import annotations

import asyncio
import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.checks.location import LocationEvidence, WayEvidence, judge, measure
from readiness.core.check import Context
from readiness.core.evidence import encode, parse
from readiness.core.model import Verdict
from readiness.core.profile import Host
from readiness.core.profile_loading import load_profile
from readiness.network.pinging import wilson
from readiness.settings import places
from tests.network.test_reach import answering

PROFILE = load_profile("common", places().profiles)


def way(lost: int = 0, sent: int = 180, usual: float = 20.0, slow: float = 25.0) -> WayEvidence:
    low, high = wilson(lost, sent)
    return WayEvidence(
        method="icmp",
        sent=sent,
        lost=lost,
        loss_percent=100 * lost / sent,
        loss_percent_low=100 * low,
        loss_percent_high=100 * high,
        rtt_ms_p50=usual,
        rtt_ms_p95=slow,
    )


NEAR = way(usual=2.0, slow=4.0)
NOT_ASKED = WayEvidence()


def found(**evidence: Any) -> tuple[str, str]:
    (finding,) = judge(LocationEvidence(**{"service_name": "teams.example", **evidence}), PROFILE)
    return finding.code.removeprefix("location."), finding.verdict.value


def test_good_ways_have_no_trouble_anywhere() -> None:
    assert found(gateway=NEAR, collector=way(), service=way()) == ("works", "READY")


@pytest.mark.parametrize("bad", [way(lost=18), way(usual=250, slow=260), way(slow=140)])
def test_what_only_the_far_ways_have_is_on_the_line(bad: WayEvidence) -> None:
    assert found(gateway=NEAR, collector=bad, service=bad) == ("line", "LIMITED")


def test_what_only_one_far_way_has_is_beyond() -> None:
    assert found(gateway=NEAR, collector=way(), service=way(lost=18)) == ("beyond", "LIMITED")
    assert found(gateway=NEAR, collector=way(lost=18), service=way()) == ("beyond", "LIMITED")


def test_with_one_far_way_the_line_and_what_is_beyond_cannot_be_told_apart() -> None:
    assert found(gateway=NEAR, service=way(lost=18)) == ("outside", "LIMITED")


def test_what_the_gateway_has_already_is_in_the_building() -> None:
    bad = way(lost=18)
    assert found(gateway=way(lost=15, usual=2, slow=4), collector=bad, service=bad) == ("lan", "LIMITED")
    late = way(usual=60, slow=200)
    assert found(gateway=way(usual=5, slow=150), service=late) == ("lan", "LIMITED")


def test_a_gateway_that_answers_seldom_is_no_trouble_while_the_ways_through_it_are_good() -> None:
    assert found(gateway=way(lost=120), collector=way(), service=way()) == ("works", "READY")
    assert found(gateway=way(slow=400), service=way()) == ("works", "READY")


def test_a_weak_wifi_is_named_and_a_strong_one_with_trouble_is_the_building() -> None:
    bad = {"gateway": way(lost=15), "service": way(lost=18), "kind": "wifi"}
    assert found(**bad, wifi_signal_dbm=-81.0) == ("wifi_weak", "LIMITED")
    assert found(**bad, wifi_signal_dbm=-50.0) == ("lan", "LIMITED")
    assert found(**bad) == ("lan", "LIMITED")
    assert found(kind="wifi", wifi_signal_dbm=-81.0, gateway=NEAR, service=way())[0] == "wifi_weak"


def test_without_the_gateway_it_is_not_guessed() -> None:
    assert found(service=way(lost=18)) == ("somewhere", "LIMITED")
    assert found(service=way()) == ("works", "READY")


def test_nothing_asked_is_unknown() -> None:
    assert found() == ("not_measured", "UNKNOWN")


def test_from_the_gateway_alone_nothing_follows() -> None:
    assert found(gateway=NEAR) == ("not_measured", "UNKNOWN")


def test_where_no_name_is_found_but_the_rest_answers_the_names_are_the_place() -> None:
    lost = {"names_asked": 5, "names_found": 0}
    assert found(gateway=NEAR, **lost) == ("names", "LIMITED")
    assert found(gateway=NEAR, collector=way(), **lost) == ("names", "LIMITED")
    assert found(gateway=NEAR, collector=way(lost=60), **lost) == ("outside", "LIMITED")
    assert found(**lost) == ("not_measured", "UNKNOWN")
    assert found(gateway=NEAR, service=way(), names_asked=5, names_found=4) == ("works", "READY")


def test_names_are_counted_unless_a_proxy_looks_them_up() -> None:
    """A resolver that knows no name of `.invalid` (RFC 6761) is as good as none."""
    hosts = (Host(host="meet.invalid", port=443, transport="tls"),)
    profile = dataclasses.replace(PROFILE, hosts=hosts)

    def measured(**figures: Any) -> LocationEvidence:
        tried = SimpleNamespace(host="other.invalid", port=443, failed_at="dns", **figures)
        context: Context[Any] = Context(
            machine=None,
            profile=profile,
            profiles=(profile,),
            earlier={"connection": SimpleNamespace(hosts=(tried,))},
        )
        return asyncio.run(measure(context))

    nameless = measured(dns_ms=None, only_by_proxy=None)
    assert (nameless.names_asked, nameless.names_found) == (2, 0)
    assert judge(nameless, PROFILE)[0].code != "location.works"
    assert measured(dns_ms=None, only_by_proxy=True).names_asked is None


@pytest.mark.parametrize(
    ("call", "asked"),
    [
        ({}, 60),
        ({"media_path": SimpleNamespace(loss_percent_up=0.0, loss_percent_down=0.0)}, 30),
        ({"media_path": SimpleNamespace(loss_percent_up=0.0, loss_percent_down=0.4)}, 60),
        ({"media_path": SimpleNamespace(loss_percent_up=None, loss_percent_down=None)}, 60),
    ],
    ids=["no call", "nothing lost", "lost", "not measured"],
)
def test_an_address_that_was_found_is_asked_at_once_and_less_where_a_call_lost_nothing(
    call: dict[str, Any], asked: int
) -> None:
    """`.invalid` is no name (RFC 6761): whoever is asked under it was found by the connection check."""

    async def scenario() -> LocationEvidence:
        async with answering(b"") as port:
            hosts = (Host(host="meet.invalid", port=port, transport="tls"),)
            profile = dataclasses.replace(PROFILE, hosts=hosts)
            tried = SimpleNamespace(
                host="meet.invalid",
                port=port,
                failed_at=None,
                address="127.0.0.1",
                dns_ms=1.0,
                only_by_proxy=None,
            )
            context: Context[Any] = Context(
                machine=None,
                profile=profile,
                profiles=(profile,),
                earlier={"connection": SimpleNamespace(hosts=(tried,)), **call},
            )
            return await measure(context)

    evidence = asyncio.run(scenario())
    assert evidence.service.sent == asked
    assert (evidence.names_asked, evidence.names_found) == (1, 1)


def test_one_loss_in_sixty_may_be_chance() -> None:
    assert found(gateway=NEAR, service=way(lost=1, sent=60)) == ("works", "READY")
    assert found(gateway=NEAR, service=way(lost=6, sent=60)) == ("outside", "LIMITED")


ways = st.builds(way, lost=st.integers(0, 180), usual=st.floats(0, 500), slow=st.floats(500, 900)) | st.just(
    NOT_ASKED
)


@given(ways, ways, ways, st.none() | st.floats(-100, -20), st.sampled_from(["wifi", "ethernet", None]))
def test_there_is_always_one_answer_and_never_worse_than_limited(
    gateway: WayEvidence, collector: WayEvidence, service: WayEvidence, signal: float | None, kind: str | None
) -> None:
    evidence = LocationEvidence(
        kind=kind, wifi_signal_dbm=signal, gateway=gateway, collector=collector, service=service
    )
    (finding,) = judge(evidence, PROFILE)
    assert finding.verdict is not Verdict.NOT_READY
    assert parse(LocationEvidence, encode(evidence)) == evidence


@given(ways, ways, ways)
def test_the_building_is_never_blamed_for_what_came_through_it_well(
    gateway: WayEvidence, collector: WayEvidence, service: WayEvidence
) -> None:
    evidence = LocationEvidence(gateway=gateway, collector=way(), service=way())
    assert judge(evidence, PROFILE)[0].code == "location.works"


def test_the_first_host_of_the_profile_is_asked() -> None:
    async def measured() -> LocationEvidence:
        async with answering(b"") as port:
            profile = dataclasses.replace(
                PROFILE, hosts=(Host(host="127.0.0.1", port=port, transport="tcp"),)
            )
            context: Context[Any] = Context(machine=None, profile=profile, profiles=(profile,))
            return await measure(context)

    evidence = asyncio.run(measured())
    assert evidence.service_name == "127.0.0.1"
    assert evidence.service.method in ("icmp", "tcp")
    assert evidence.service.sent is not None
    assert evidence.service.sent >= 20
    assert evidence.service.rtt_ms_p50 is not None
    assert evidence.collector.sent is None
    assert evidence.seconds is not None
