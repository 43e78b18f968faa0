"""From the outbox to a server, over real HTTP on loopback."""

from __future__ import annotations

import asyncio
import datetime
import errno
import socket
import threading
import time
from pathlib import Path

import pytest

from readiness.submission import files
from readiness.submission import outbox as outboxes
from readiness.submission.client import CollectorClient
from readiness.submission.delivery import Delivery, deliver
from readiness.submission.outbox import Outbox, State
from tests.submission.samples import Held, a_report
from tests.submission.servers import RECEIPT, Request, accepted, raw, refused, reply, serving


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox")


def sent(outbox: Outbox, url: str, only: str | None = None) -> tuple[Delivery, ...]:
    client = CollectorClient(url, Held(), timeout_seconds=5, attempts=1, first_wait_seconds=0.01)
    return asyncio.run(deliver(outbox, client, only=only))


def test_nothing_to_send(outbox: Outbox) -> None:
    assert sent(outbox, "http://127.0.0.1:9") == ()


def test_what_waits_is_sent_the_oldest_first(outbox: Outbox) -> None:
    entries = [outbox.add(a_report(number)) for number in (2, 1)]
    with serving(accepted()) as server:
        deliveries = sent(outbox, server.url)
    assert [request.document["id"] for request in server.requests] == [
        entries[1].report_id,
        entries[0].report_id,
    ]
    assert [(delivery.state, delivery.receipt, delivery.reason) for delivery in deliveries] == [
        (State.DELIVERED, RECEIPT, None)
    ] * 2
    assert outbox.waiting() == ()
    with serving(accepted()) as server:
        assert sent(outbox, server.url) == ()
    assert server.requests == []


def test_only_one(outbox: Outbox) -> None:
    other, entry = outbox.add(a_report(1)), outbox.add(a_report(2))
    with serving(accepted()) as server:
        (delivery,) = sent(outbox, server.url, only=entry.report_id)
        assert delivery.report_id == entry.report_id
        (again,) = sent(outbox, server.url, only=entry.report_id)
    assert again.receipt == RECEIPT
    assert len(server.requests) == 1, "a delivered report is not sent again"
    assert [waiting.report_id for waiting in outbox.waiting()] == [other.report_id]
    assert sent(outbox, server.url, only="no such report") == ()


def test_what_everybody_would_meet_is_met_once(outbox: Outbox) -> None:
    for number in range(3):
        outbox.add(a_report(number))
    with serving(refused(401, "wrong_key")) as server:
        deliveries = sent(outbox, server.url)
    assert len(server.requests) == 1
    assert {delivery.state for delivery in deliveries} == {State.WAITING}
    assert len({delivery.reason for delivery in deliveries}) == 1
    assert deliveries[0].reason is not None
    assert [entry.attempts for entry in outbox.waiting()] == [1, 0, 0]


def test_what_one_report_meets_does_not_hold_up_the_others(outbox: Outbox) -> None:
    ids = [outbox.add(a_report(number)).report_id for number in range(4)]
    with serving(refused(422, "invalid"), refused(500, "fault"), accepted()) as server:
        deliveries = sent(outbox, server.url)
    assert [delivery.state for delivery in deliveries] == [
        *(State.REFUSED, State.WAITING, State.DELIVERED, State.DELIVERED)
    ]
    assert [entry.report_id for entry in outbox.waiting()] == [ids[1]]


def test_the_pause_that_the_collector_asks_for_is_kept(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = outbox.add(a_report(1)), outbox.add(a_report(2))
    with serving(
        reply(429, {"error": {}}, retry_after="60"), accepted(), reply(503, {}, retry_after="60")
    ) as server:
        deliveries = sent(outbox, server.url)
        assert [delivery.state for delivery in deliveries] == [State.WAITING] * 2
        assert len(server.requests) == 1
        again = sent(outbox, server.url)
        assert len(server.requests) == 1, "nobody is asked before the time"
        assert [delivery.reason for delivery in again] == [deliveries[0].reason] * 2
        # A person who asks for one report gets that one tried.
        assert sent(outbox, server.url, only=first.report_id)[0].state is State.DELIVERED
        assert sent(outbox, server.url)[0].state is State.WAITING
        assert len(server.requests) == 3
        later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=61)
        monkeypatch.setattr(outboxes, "_moment", lambda: later)
        server.answers[:] = [accepted()]
        assert sent(outbox, server.url)[0].state is State.DELIVERED


def test_no_pause_is_longer_than_an_hour_and_a_clock_that_is_set_back_ends_it(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.add(a_report())
    with serving(reply(429, {}, retry_after=f"{10**9}"), accepted()) as server:
        assert sent(outbox, server.url)[0].state is State.WAITING
        assert sent(outbox, server.url)[0].state is State.WAITING
        assert len(server.requests) == 1
        monkeypatch.setattr(outboxes, "_moment", lambda: datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
        assert sent(outbox, server.url)[0].state is State.DELIVERED


def test_a_refused_report_is_sent_again_when_somebody_asks_for_it(outbox: Outbox) -> None:
    entry = outbox.add(a_report())
    with serving(refused(422, "invalid"), accepted()) as server:
        assert sent(outbox, server.url)[0].state is State.REFUSED
        assert sent(outbox, server.url) == ()
        assert sent(outbox, server.url, only=entry.report_id)[0].state is State.DELIVERED


def test_no_network_now_and_later_it_works(outbox: Outbox) -> None:
    report = a_report()
    outbox.add(report)
    with serving(raw(b"")) as server:
        (delivery,) = sent(outbox, server.url)
    assert delivery.state is State.WAITING
    assert delivery.reason is not None
    assert outbox.waiting()[0].reason == delivery.reason
    with serving(accepted()) as server:
        (delivery,) = sent(outbox, server.url)
    assert delivery == Delivery(report_id=report.id, state=State.DELIVERED, receipt=RECEIPT)


def test_damaged_files_are_told_first_and_the_others_are_sent(outbox: Outbox, tmp_path: Path) -> None:
    bad, good = outbox.add(a_report(2)), outbox.add(a_report(1))
    (tmp_path / "outbox" / f"{bad.report_id}.json").write_bytes(b"{")
    with serving(accepted()) as server:
        deliveries = sent(outbox, server.url)
    assert [delivery.state for delivery in deliveries] == [State.CORRUPT, State.DELIVERED]
    assert deliveries[0].reason is not None
    assert deliveries[1].report_id == good.report_id


def test_a_disk_that_is_full_afterwards_is_no_loss_and_no_double(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    outbox.add(a_report())
    with serving(accepted(201), accepted(200)) as server:
        with monkeypatch.context() as patched:
            patched.setattr(files, "_sync", full_disk)
            (delivery,) = sent(outbox, server.url)
        assert (delivery.state, delivery.receipt) == (State.DELIVERED, RECEIPT)
        assert delivery.reason is not None
        assert "harmless" in delivery.reason.en
        assert len(outbox.waiting()) == 1
        (delivery,) = sent(outbox, server.url)
    assert (delivery.state, delivery.receipt, delivery.reason) == (State.DELIVERED, RECEIPT, None)
    assert server.requests[0].body == server.requests[1].body
    assert outbox.waiting() == ()


def test_a_full_disk_does_not_hide_why_it_was_not_sent(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    outbox.add(a_report())
    monkeypatch.setattr(files, "_sync", full_disk)
    with serving(refused(401, "wrong_key")) as server:
        (delivery,) = sent(outbox, server.url)
    assert delivery.reason is not None
    assert "key" in delivery.reason.en


def test_a_clock_that_is_off_is_told_with_the_receipt(outbox: Outbox) -> None:
    outbox.add(a_report())
    with serving(accepted(now=time.time() + 86400)) as server:
        (delivery,) = sent(outbox, server.url)
    assert delivery.receipt == RECEIPT
    assert delivery.reason is not None
    assert "clock" in delivery.reason.en


def test_breaking_off_keeps_the_report_waiting(outbox: Outbox) -> None:
    released = threading.Event()
    outbox.add(a_report())

    async def scenario(url: str, arrived: list[Request]) -> None:
        sending = asyncio.create_task(deliver(outbox, CollectorClient(url, Held())))
        async with asyncio.timeout(10):
            while not arrived:
                await asyncio.sleep(0.01)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        released.set()

    def silent(_request: Request, _connection: socket.socket) -> None:
        released.wait(10)

    with serving(silent) as server:
        asyncio.run(scenario(server.url, server.requests))
    assert [entry.attempts for entry in outbox.waiting()] == [0]


def test_two_at_once_do_no_harm(outbox: Outbox, tmp_path: Path) -> None:
    """Both may send the same report: the same body, and the collector knows the id."""
    for number in range(5):
        outbox.add(a_report(number))

    async def scenario(url: str) -> None:
        clients = [CollectorClient(url, Held()), CollectorClient(url, Held())]
        await asyncio.gather(*(deliver(Outbox(tmp_path / "outbox"), client) for client in clients))

    with serving(accepted()) as server:
        asyncio.run(scenario(server.url))
    bodies = {request.document["id"]: request.body for request in server.requests}
    assert len(bodies) == 5
    assert all(request.body == bodies[request.document["id"]] for request in server.requests)
    assert {entry.state for entry in outbox.entries()} == {State.DELIVERED}


def test_a_server_that_recovers_within_the_round(outbox: Outbox) -> None:
    outbox.add(a_report())
    with serving(reply(500, b""), accepted()) as server:
        client = CollectorClient(server.url, Held(), attempts=2, first_wait_seconds=0.01)
        (delivery,) = asyncio.run(deliver(outbox, client))
    assert delivery.state is State.DELIVERED
