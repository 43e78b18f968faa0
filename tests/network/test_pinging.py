from __future__ import annotations

import collections
import contextlib
import itertools
import select
import socket
import struct
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.network import pinging
from readiness.network.link import Link, LinkKind
from readiness.network.locating import measure
from readiness.network.pinging import Echoes, Plan, by_calls, figures, ping, ping_all, wilson
from tests.network.test_reach import free_port

QUICK = Plan(count=10, interval_seconds=0.005, patience_seconds=0.3)


def test_this_computer_answers_itself() -> None:
    found = figures(ping("127.0.0.1", QUICK))
    assert found["method"] in ("icmp", "tcp")
    assert found["lost"] == 0
    assert 0 < found["rtt_ms_min"] <= found["rtt_ms_p50"] <= found["rtt_ms_p95"]


def test_without_icmp_a_refused_connection_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinging, "_icmp", lambda _address, _plan: None)
    found = figures(ping("127.0.0.1", QUICK, free_port()))
    assert (found["method"], found["sent"], found["lost"]) == ("tcp", 10, 0)


def test_an_address_that_leads_nowhere_gives_nothing() -> None:
    assert figures(ping("255.255.255.255", QUICK)) == {}


class Late:
    """The other end of a socket pair that answers each question so much later."""

    def __init__(self, seconds: float, *, silent: bool = False) -> None:
        self.ours, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ours.setblocking(False)
        self._seconds, self._silent = seconds, silent
        self.asked = 0
        self._thread = threading.Thread(target=self._answer)
        self._thread.start()

    def _answer(self) -> None:
        under_way: collections.deque[tuple[float, bytes]] = collections.deque()
        while True:
            due = under_way[0][0] - time.perf_counter() if under_way else None
            if due is not None and due <= 0:
                question = bytearray(under_way.popleft()[1])
                question[0] = 0
                with contextlib.suppress(OSError):
                    self._theirs.send(question)
                continue
            if select.select([self._theirs], [], [], due)[0]:
                question = bytearray(self._theirs.recv(2048))
                if not question:
                    return
                self.asked += 1
                if not self._silent:
                    under_way.append((time.perf_counter() + self._seconds, bytes(question)))

    def close(self) -> None:
        self.ours.send(b"")
        self._thread.join()
        self.ours.close()
        self._theirs.close()


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no pair of datagram sockets")
def test_the_last_answers_are_waited_for_as_long_as_the_others_took() -> None:
    late = Late(0.25)
    try:
        plan = Plan(count=20, interval_seconds=0.02, patience_seconds=0.2)
        found = figures(pinging._exchange(late.ours, plan, False))
    finally:
        late.close()
    assert (found["sent"], found["lost"]) == (20, 0)


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no pair of datagram sockets")
def test_where_nothing_comes_back_no_more_is_asked() -> None:
    late = Late(0.0, silent=True)
    try:
        found = pinging._exchange(
            late.ours, Plan(count=100, interval_seconds=0.01, patience_seconds=0.1), False
        )
    finally:
        late.close()
    assert found.rtts_ms == []
    assert 20 <= late.asked < 80


def test_several_are_asked_at_the_same_time() -> None:
    found = ping_all({"gateway": ("127.0.0.1", None), "service": ("127.0.0.2", None)}, QUICK)
    assert {name: len(echoes.rtts_ms) for name, echoes in found.items() if echoes} == {
        "gateway": 10,
        "service": 10,
    }


def test_calls_that_wait_for_their_answer_are_counted() -> None:
    answers = itertools.cycle([1.5, None])
    found = figures(by_calls(lambda: next(answers), QUICK))
    assert (found["sent"], found["lost"], found["rtt_ms_p50"]) == (10, 5, 1.5)

    def denied() -> float | None:
        raise OSError("IcmpCreateFile")

    assert by_calls(denied, QUICK) is None


def test_answers_to_others_and_garbage_are_no_answers() -> None:
    token = b"12345678"
    echo = bytearray(pinging._echo(7, token, False))
    echo[0] = 0
    header = b"\x45" + bytes(19)
    assert pinging._number(bytes(echo), token) == 7
    assert pinging._number(header + bytes(echo), token) == 7
    assert pinging._number(bytes(echo), b"87654321") is None
    for garbage in (b"", b"\0", b"\x45", b"\x4f" + bytes(30), bytes(19), b"\x08" + bytes(40)):
        assert pinging._number(garbage, token) is None


@given(st.binary(max_size=100))
def test_any_bytes_are_read_without_crashing(data: bytes) -> None:
    pinging._number(data, b"12345678")


@given(st.integers(0, 65535))
def test_the_checksum_makes_the_sum_of_all_words_ones(number: int) -> None:
    message = pinging._echo(number, b"\xff" * 8, False)
    total = sum(struct.unpack(f"!{len(message) // 2}H", message))
    while total >> 16:
        total = (total >> 16) + (total & 0xFFFF)
    assert total == 0xFFFF


@given(st.integers(1, 500), st.data())
def test_the_interval_holds_the_share(tries: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, tries))
    low, high = wilson(hits, tries)
    assert 0 <= low <= hits / tries + 1e-9
    assert hits / tries - 1e-9 <= high <= 1


class Reader:
    def read(self, towards: str) -> Link:
        return Link(kind=LinkKind.WIFI, gateway="127.0.0.3", wifi_signal_dbm=-60)

    def metered(self) -> bool | None:
        return None


def test_the_gateway_is_asked_beside_the_others_and_stays_out_of_the_evidence() -> None:
    told: list[dict[str, float]] = []
    found = measure({"targets": {"service": ["127.0.0.1", None]}}, told.append, Reader(), 0.002)
    assert found["link"]["kind"] == "wifi"
    assert found["gateway"]["sent"] == found["service"]["sent"] == 60
    assert "127.0.0.3" not in repr(found)
    assert told[-1]["fraction"] < 1


def test_a_loss_that_may_be_chance_is_asked_about_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    plans: list[int] = []

    def answers(targets: object, plan: Plan) -> dict[str, Echoes | None]:
        plans.append(plan.count)
        lost = len(plans) == 1
        return {"service": Echoes(method="icmp", sent=plan.count, rtts_ms=[1.0] * (plan.count - lost))}

    monkeypatch.setattr("readiness.network.locating.ping_all", answers)
    found = measure({"targets": {"service": ["127.0.0.1", None]}}, lambda _: None, Reader())
    assert plans == [60, 120]
    assert (found["service"]["sent"], found["service"]["lost"]) == (180, 1)
