"""The check as a whole: skipped, without a session, and against a real collector on loopback."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from readiness.checks import media_path
from readiness.checks.connection import ConnectionEvidence, HostEvidence, RelayEvidence
from readiness.checks.media_path import MediaPathEvidence, judge
from readiness.checks.media_path.measure import strictest_loss
from readiness.core.check import Context, Options, SkipCheck
from readiness.core.profile_loading import load_profiles
from readiness.network.probing import ProbeError
from readiness.settings import places
from tests.lab.tokens import token_in
from tests.network.test_reach import free_port

MEASURE = sys.modules["readiness.checks.media_path.measure"]
PROFILES = load_profiles("organisation", places().profiles)
REACHED = HostEvidence(host="teams.microsoft.com", port=443)
FAILED = HostEvidence(host="teams.microsoft.com", port=443, failed_at="dns")


def measured(url: str | None, token: str | None = "token", **connection: Any) -> MediaPathEvidence:
    context = Context(
        machine=SimpleNamespace(),
        profile=PROFILES[0],
        profiles=PROFILES,
        options=Options(collector_url=url, collector_token=giving(token)),
        earlier={"connection": ConnectionEvidence(**connection)} if connection else {},
    )
    return asyncio.run(media_path.measure(context))


def giving(token: str | None) -> Callable[[], Awaitable[str | None]] | None:
    async def give() -> str | None:
        return token

    return give if token else None


def cells(evidence: MediaPathEvidence) -> set[str]:
    assert evidence.prediction is not None
    return {found for cell in evidence.prediction.values() for found in cell.values()}


@pytest.mark.parametrize(("url", "token"), [(None, "token"), ("http://127.0.0.1:9", None)])
def test_without_a_collector_or_its_key_it_is_skipped_with_that_reason(
    url: str | None, token: str | None
) -> None:
    with pytest.raises(SkipCheck, match="is configured"):
        measured(url, token)


@pytest.mark.parametrize(
    ("connection", "expected"),
    [
        ({"hosts": (FAILED, FAILED)}, "failed"),
        ({"hosts": (FAILED, REACHED)}, "unknown"),
        ({"has_address": True}, "unknown"),
    ],
)
def test_a_collector_out_of_reach_fails_a_call_only_where_everything_else_fails_too(
    connection: dict[str, Any], expected: str
) -> None:
    evidence = measured(f"http://127.0.0.1:{free_port()}", **connection)
    assert evidence.problem == "unreachable"
    assert cells(evidence) == {expected}
    assert [finding.code for finding in judge(evidence, PROFILES[0])] == ["media_path.not_measured"]


@pytest.mark.parametrize(("fails_at", "expected"), [("dns", "failed"), (None, "unknown")])
def test_without_the_connection_check_it_tries_the_services_itself(
    monkeypatch: pytest.MonkeyPatch, fails_at: str | None, expected: str
) -> None:
    async def reached(host: str, port: int, **_: Any) -> HostEvidence:
        return HostEvidence(host=host, port=port, failed_at=fails_at)

    monkeypatch.setattr(MEASURE, "reach", reached)
    assert cells(measured(f"http://127.0.0.1:{free_port()}")) == {expected}


@pytest.mark.parametrize(
    ("relays", "expected"),
    [
        ((), "failed"),
        ((RelayEvidence(transport="turn_udp", granted=True),), "failed"),
        ((RelayEvidence(transport="turn_tls", granted=True),), "unknown"),
    ],
)
def test_a_blocked_path_fails_a_call_unless_a_relay_was_granted(
    collector: tuple[str, str], monkeypatch: pytest.MonkeyPatch, relays: tuple[Any, ...], expected: str
) -> None:
    async def silent(*_: Any) -> dict[str, Any]:
        return {"udp_answers": False}

    monkeypatch.setattr(MEASURE, "probe", silent)
    evidence = measured(*collector, relays=relays)
    assert cells(evidence) == {expected}
    assert evidence.path


def test_nothing_is_sent_before_the_connection_check_has_what_answers(
    collector: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> tuple[bool, list[str]]:
        url, token = collector
        released, sent, told = asyncio.Event(), asyncio.Event(), []

        async def sends(_what: str, _how: Any, on_progress: Callable[[Any], None]) -> dict[str, Any]:
            sent.set()
            for room in (False, True):
                on_progress({"fraction": 0.5, "leaves_room": room})
                told.append("released" if media_released.is_set() else "kept")
            return {"udp_answers": True}

        media_released = asyncio.Event()
        monkeypatch.setattr(MEASURE, "probe", sends)
        context = Context(
            machine=SimpleNamespace(),
            profile=PROFILES[0],
            profiles=PROFILES,
            options=Options(collector_url=url, collector_token=giving(token)),
            released={"connection": released},
            release=media_released.set,
        )
        measuring = asyncio.create_task(media_path.measure(context))
        await asyncio.wait((measuring,), timeout=0.3)
        early = sent.is_set()
        released.set()
        await measuring
        return early, told

    assert asyncio.run(scenario()) == (False, ["kept", "released"])


def test_a_probe_that_crashes_leaves_it_unknown(
    collector: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crashes(*_: Any) -> dict[str, Any]:
        raise ProbeError("it ended with -11")

    monkeypatch.setattr(MEASURE, "probe", crashes)
    evidence = measured(*collector)
    assert (evidence.problem, cells(evidence)) == ("probe", {"unknown"})


def test_the_strictest_service_decides_how_long_nothing_must_be_lost() -> None:
    assert strictest_loss(PROFILES) == 1.0
    assert strictest_loss(PROFILES[:1]) is None


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A collector as it is served, with its reflector; its address and a token."""
    database = f"sqlite:///{tmp_path_factory.mktemp('collector') / 'c.sqlite3'}"
    command = [sys.executable, "-m", "readiness.collector"]
    token = token_in(database)
    serving = subprocess.Popen(
        [*command, "serve", "--port", "0", "--announce", "--database", database],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout is not None
    try:
        yield json.loads(serving.stdout.readline())["url"], token
    finally:
        serving.terminate()
        serving.wait(15)
        serving.stdout.close()


def test_against_a_real_collector_this_computers_own_loopback_is_measured(collector: tuple[str, str]) -> None:
    evidence = measured(*collector)
    assert evidence.udp_answers
    assert evidence.path is not None
    assert evidence.rtt_ms_p50 is not None
    assert evidence.rtt_ms_p50 < 100
    assert evidence.loss_percent_up is not None
    assert evidence.loss_percent_up < 20
    assert evidence.loss_percent_up_low is not None
    assert evidence.loss_percent_up_high is not None
    assert evidence.loss_percent_up_low <= evidence.loss_percent_up <= evidence.loss_percent_up_high
    for late, sent in (
        (evidence.delay_ms_up, evidence.delay_seconds_up),
        (evidence.delay_ms_down, evidence.delay_seconds_down),
    ):
        assert late is not None
        assert sent is not None
        assert 8 <= len(late) == len(sent) <= 240
        assert min(late) >= 0
        assert sent == tuple(sorted(sent))
    assert evidence.seconds is not None
    assert evidence.bytes_used is not None
    assert evidence.bytes_used < 8_000_000
    assert judge(evidence, PROFILES[0])
