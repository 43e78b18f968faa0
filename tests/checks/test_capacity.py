"""The capacity: judged under small profiles, measured against a real collector and against liars."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.checks.capacity import CHECK, CapacityEvidence, judge, measure
from readiness.checks.capacity.measure import edges, red_edge
from readiness.checks.media_path import MediaPathEvidence
from readiness.core.check import Context, Options, SkipCheck
from readiness.core.evidence import encode, parse
from readiness.core.limits import Limit
from readiness.core.model import Activity, Verdict, severity
from readiness.core.profile import Profile
from readiness.core.profile_loading import load_profile
from readiness.network.metering import METERED_RUN_BYTES
from readiness.network.transfer import STREAMS, TransferError, Transferred, Transfers, arrived
from readiness.settings import places
from tests.lab.collectors import Collector, collector
from tests.network.test_reach import free_port
from tests.submission.servers import Request, raw, reply, serving

COMMON = load_profile("common", places().profiles)


def limit(way: str, required: float, recommended: float, activity: Activity) -> Limit:
    return Limit(
        figure=f"capacity.capacity_kbps_{way}",
        direction="at_least",
        unit="kbit/s",
        required=required,
        recommended=recommended,
        activity=activity,
        source="test",
        retrieved=datetime.date(2026, 11, 24),
        confidence="own_choice",
    )


PROFILE = dataclasses.replace(
    COMMON,
    limits=(
        *COMMON.limits,
        limit("up", 150, 1500, Activity.BE_SEEN),
        limit("up", 10, 58, Activity.TALK),
        limit("down", 200, 2500, Activity.LISTEN),
    ),
)
GOOD = CapacityEvidence(
    capacity_kbps_up=9000.0,
    capacity_kbps_up_low=8800.0,
    capacity_kbps_up_high=9200.0,
    capacity_kbps_down=12500.0,
    capacity_kbps_down_low=12500.0,
    idle_rtt_ms=20.0,
    loaded_rtt_ms_up=60.0,
    loaded_rtt_ms_down=40.0,
)


def found(profile: Profile = PROFILE, **changes: Any) -> list[tuple[str, str, tuple[Activity, ...]]]:
    findings = judge(dataclasses.replace(GOOD, **changes), profile)
    return [(f.code.removeprefix("capacity."), f.verdict.value, f.activities) for f in findings]


def up(kbps: float) -> dict[str, float]:
    return {
        "capacity_kbps_up": kbps,
        "capacity_kbps_up_low": kbps * 0.99,
        "capacity_kbps_up_high": kbps * 1.01,
    }


def test_a_fast_line_is_ready() -> None:
    assert found() == [("works", "READY", tuple(Activity))]


def test_a_slow_line_lowers_only_the_activities_that_want_more() -> None:
    assert found(**up(500)) == [("too_low_up", "LIMITED", (Activity.BE_SEEN,))]
    assert found(**up(100)) == [("too_low_up", "NOT_READY", (Activity.BE_SEEN,))]
    assert found(**up(30)) == [
        ("too_low_up", "NOT_READY", (Activity.BE_SEEN,)),
        ("too_low_up", "LIMITED", (Activity.TALK,)),
    ]
    down = {"capacity_kbps_down": 100.0, "capacity_kbps_down_low": 95.0, "capacity_kbps_down_high": 105.0}
    assert found(**down) == [("too_low_down", "NOT_READY", (Activity.LISTEN,))]


def test_what_is_wanted_is_said() -> None:
    (finding,) = judge(dataclasses.replace(GOOD, **up(100)), PROFILE)
    assert finding.arguments["wanted"] == 150
    (finding,) = judge(dataclasses.replace(GOOD, **up(500)), PROFILE)
    assert finding.arguments["wanted"] == 1500


def test_a_long_queue_is_told_and_never_more_than_limits() -> None:
    assert found(loaded_rtt_ms_up=1040.0) == [("bufferbloat", "LIMITED", tuple(Activity))]
    assert found(loaded_rtt_ms_up=None, loaded_rtt_ms_down=None)[0][0] == "works"


def test_what_was_not_measured_is_unknown() -> None:
    assert found(capacity_kbps_up=None)[0][:2] == ("not_measured", "UNKNOWN")
    (finding,) = judge(CapacityEvidence(problem="unreachable"), PROFILE)
    assert (finding.code, finding.verdict) == ("capacity.not_measured", Verdict.UNKNOWN)


@pytest.mark.parametrize(
    "changes", [{"problem": "nonsense"}, {"odd": "forged 12"}, {"odd": "other_session 3"}]
)
def test_a_collector_that_lies_is_a_finding_of_its_own(changes: dict[str, str]) -> None:
    assert found(**changes)[0][:2] == ("odd_collector", "UNKNOWN")


@given(st.floats(1, 20_000), st.floats(1, 20_000))
def test_a_slower_line_is_never_better(one: float, other: float) -> None:
    def weight(kbps: float) -> int:
        return max(severity(f.verdict) for f in judge(dataclasses.replace(GOOD, **up(kbps)), PROFILE))

    assert weight(min(one, other)) >= weight(max(one, other))


def test_the_limits_of_all_profiles_say_how_exact_it_must_be() -> None:
    assert edges((PROFILE, COMMON), "up") == [10, 58, 150, 1500]
    assert red_edge((PROFILE, COMMON), "up") == 150
    assert red_edge((COMMON,), "up") == 0


def test_evidence_survives_json() -> None:
    assert parse(CapacityEvidence, encode(GOOD)) == GOOD


def measured(url: str | None, token: str | None = "mt_x", **earlier: Any) -> CapacityEvidence:
    context: Context[Any] = Context(
        machine=None,
        profile=PROFILE,
        profiles=(PROFILE,),
        options=Options(collector_url=url, collector_token=giving(token)),
        earlier=earlier,
    )
    return asyncio.run(asyncio.wait_for(measure(context), CHECK.deadline_seconds))


def giving(token: str | None) -> Callable[[], Awaitable[str | None]] | None:
    async def give() -> str | None:
        return token

    return give if token else None


@pytest.mark.parametrize(("url", "token"), [(None, "mt_x"), ("http://127.0.0.1:9", None)])
def test_without_a_collector_or_its_key_it_is_skipped(url: str | None, token: str | None) -> None:
    with pytest.raises(SkipCheck, match="is configured"):
        measured(url, token)


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    with collector(tmp_path_factory.mktemp("collector")) as answering:
        yield answering


def test_both_directions_are_measured_within_the_budget(there: Collector) -> None:
    evidence = measured(there.url, there.token, media_path=SimpleNamespace(bytes_used=2_000_000))
    assert evidence.problem is None
    assert evidence.udp_answers is True
    assert evidence.capacity_kbps_up is not None
    assert evidence.capacity_kbps_down is not None
    assert min(evidence.capacity_kbps_up, evidence.capacity_kbps_down) > 500
    assert evidence.loaded_rtt_ms_up is not None
    assert evidence.budget_bytes == 10_000_000
    assert evidence.bytes_used is not None
    assert 0 < evidence.bytes_used <= 10_000_000
    assert (evidence.collector_name, evidence.collector_is_local) == ("127.0.0.1", True)


def test_a_network_that_costs_gets_less(there: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    async def yes() -> bool:
        return True

    monkeypatch.setattr(sys.modules["readiness.checks.capacity.measure"], "metered", yes)
    evidence = measured(
        there.url, there.token, media_path=SimpleNamespace(bytes_used=METERED_RUN_BYTES - 100_000)
    )
    assert evidence.metered is True
    assert evidence.budget_bytes == 100_000
    assert (evidence.bytes_used or 0) <= 100_000


def media_path(**changes: Any) -> MediaPathEvidence:
    """What the media path found of a line of 60 Mbit/s and more."""
    return MediaPathEvidence(
        **{
            **{"udp_answers": True, "bytes_used": 3_000_000, "rtt_ms_p50": 12.0},
            **{f"line_kbps_{way}{end}": 60_000.0 for way in ("up", "down") for end in ("", "_low")},
            **{f"line_is_at_least_{way}": True for way in ("up", "down")},
            **{"queue_ms_up": 3.0, "queue_ms_down": 4.0},
            **changes,
        }
    )


def of_line(way: str, low: float, kbps: float, high: float) -> dict[str, Any]:
    return {
        f"line_kbps_{way}_low": low,
        f"line_kbps_{way}": kbps,
        f"line_kbps_{way}_high": high,
        f"line_is_at_least_{way}": False,
        f"queue_full_{way}": True,
    }


def test_a_line_that_the_media_path_found_fast_is_not_filled_again(there: Collector) -> None:
    evidence = measured(there.url, there.token, media_path=media_path())
    assert (evidence.capacity_kbps_up, evidence.at_least_up) == (60_000, True)
    assert (evidence.loaded_rtt_ms_up, evidence.loaded_rtt_ms_down) == (15, 16)
    assert evidence.bytes_used == 0


def test_a_slower_line_whose_rate_is_known_well_is_not_filled_again(there: Collector) -> None:
    media = media_path(queue_ms_up=200.0, **of_line("up", 3_920, 4_000, 4_080))
    evidence = measured(there.url, there.token, media_path=media)
    assert (evidence.capacity_kbps_up, evidence.at_least_up, evidence.method_up) == (4_000, False, "udp")
    assert (evidence.capacity_kbps_up_low, evidence.capacity_kbps_up_high) == (3_920, 4_080)
    assert evidence.loaded_rtt_ms_up == 212
    assert evidence.bytes_used == 0


@pytest.mark.parametrize("line", [of_line("up", 1_000, 4_000, 7_000), of_line("up", 1_450, 1_500, 1_550)])
def test_one_that_is_not_or_that_lies_at_a_limit_is_measured_again(
    there: Collector, line: dict[str, Any]
) -> None:
    evidence = measured(there.url, there.token, media_path=media_path(**line))
    assert evidence.capacity_kbps_up != line["line_kbps_up"]
    assert evidence.capacity_kbps_down == 60_000
    assert (evidence.bytes_used or 0) > 0


def test_a_line_too_slow_for_a_meeting_is_measured_by_transfers_as_well(there: Collector) -> None:
    evidence = measured(there.url, there.token, media_path=media_path(**of_line("up", 99, 100, 101)))
    assert evidence.method_up == "https"
    assert (evidence.capacity_kbps_up or 0) > 1_000


def test_where_udp_is_silent_transfers_tell_alone(there: Collector) -> None:
    media = MediaPathEvidence(udp_answers=False, bytes_used=10_000)
    evidence = measured(there.url, there.token, media_path=media)
    assert evidence.udp_answers is False
    assert {evidence.method_up, evidence.method_down} == {"https"}


def test_a_collector_that_the_connection_found_away_is_not_asked_again(there: Collector) -> None:
    away = SimpleNamespace(collector_answers=False)
    assert measured(there.url, there.token, connection=away).problem == "unreachable"


def test_one_that_granted_the_media_path_a_session_since_is_not_away(there: Collector) -> None:
    away = SimpleNamespace(collector_answers=False)
    evidence = measured(there.url, there.token, connection=away, media_path=media_path())
    assert (evidence.problem, evidence.capacity_kbps_up) == (None, 60_000)


def test_a_token_that_is_refused_is_told(there: Collector) -> None:
    assert measured(there.url, "mt_wrong").problem == "no_key"


def test_transfers_both_ways_over_https(there: Collector) -> None:
    for way in (True, False):
        with Transfers(there.url, there.token) as line:
            done = line.go(up=way, seconds=5, total_bytes=2_000_000)
        assert sum(size for _, size in done.steps) == pytest.approx(2_000_000, rel=0.05)
        assert done.kbps() is not None
        assert done.error is None
        assert done.rtts_ms


def test_connections_are_there_before_a_transfer_is_timed(there: Collector) -> None:
    """Opening them takes longer on a thin line than the first transfer."""
    asked: list[tuple[str, int]] = []
    port = urlsplit(there.url).port

    def note(request: httpx.Request) -> None:
        held = [one for one in psutil.Process().net_connections() if one.raddr and one.raddr.port == port]
        asked.append((request.url.path.rpartition("/")[2], len(held)))

    with Transfers(there.url, there.token) as line:
        line._client.event_hooks["request"].append(note)
        line.go(up=False, seconds=5, total_bytes=100_000)
    assert [name for name, _ in asked[: STREAMS + 1]] == ["capacity"] * (STREAMS + 1)
    held = [connections for name, connections in asked if name == "down"]
    assert held == [STREAMS + 1] * STREAMS


def test_nobody_there_ends_in_time() -> None:
    begun = time.monotonic()
    evidence = measured(f"http://127.0.0.1:{free_port()}")
    assert evidence.problem == "unreachable"
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (reply(200, b"<html>Sign in"), "nonsense"),
        (reply(201, {"id": 7, "key": "x", "port": 1, "limits": {}}), "nonsense"),
        (reply(201, b"x" * 100_000), "nonsense"),
        (reply(503, {"error": {"code": "reflector_busy"}}), "busy"),
        (reply(404, {"detail": "Not Found"}), "no_reflector"),
        (raw(b""), "unreachable"),
    ],
)
def test_another_server_or_one_that_lies_is_told(answer: Any, problem: str) -> None:
    with serving(answer) as server:
        evidence = measured(server.url)
    assert evidence.problem == problem
    assert evidence.capacity_kbps_up is None
    assert judge(evidence, PROFILE)[0].verdict is Verdict.UNKNOWN


def closes(_request: Request, connection: Any) -> None:
    """Begins a transfer down, and is gone in the middle."""
    with contextlib.suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1000)


def test_a_collector_that_closes_in_the_middle_is_an_error() -> None:
    with (
        serving(closes) as server,
        Transfers(server.url, "k") as line,
        pytest.raises(TransferError, match="closed"),
    ):
        line.go(up=False, seconds=2, total_bytes=400_000)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>", b"[]", b"{}", json.dumps({"steps": [[0, 10**9]]}).encode(),
        json.dumps({"steps": [[0, -5]]}).encode(), json.dumps({"steps": [["x", "y"]]}).encode(), b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_collector_that_counts_more_than_was_sent_is_not_believed(body: bytes) -> None:
    with pytest.raises(TransferError):
        arrived(body, 1000)


def test_a_transfer_of_a_few_steps_is_known_as_a_whole() -> None:
    assert Transferred(steps=[(0.0, 1)]).kbps() is None
    assert Transferred(steps=[(0.0, 10**6)], seconds=1).kbps() == pytest.approx((8320, 4160, 16640))
    even = Transferred(steps=[(n / 100, 12_500) for n in range(101)])
    rate = even.kbps()
    assert rate is not None
    assert rate[0] == pytest.approx(10_000 * 1.04, rel=0.03)
