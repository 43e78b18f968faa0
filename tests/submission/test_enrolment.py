"""Enrolment against real servers: the exchange, where the token is kept, and what goes wrong."""

from __future__ import annotations

import asyncio
import json
import logging
import stat
import threading
from pathlib import Path
from typing import Any

import keyring.backend
import pytest

from readiness.core.report import to_document
from readiness.submission.client import CollectorClient, DeliveryError
from readiness.submission.delivery import deliver
from readiness.submission.enrolment import Enrolment
from readiness.submission.outbox import Outbox, State
from readiness.submission.token_place import SERVICE, Keyring, TokenPlace, system_keyring
from tests.submission.samples import DEVICE, a_report, enrolment
from tests.submission.servers import RECEIPT, Answer, accepted, raw, refused, reply, serving

KEY, TOKEN = "mk_a-key-nobody-may-see", "mt_a-token-nobody-may-see"


def given(token: str = TOKEN, device_id: str = DEVICE) -> Answer:
    return reply(201, {"token": token, "device_id": device_id, "unit": None})


def tried(url: str, folder: Path, key: str | None = KEY) -> Any:
    client = CollectorClient(url, enrolment(url, key, folder), attempts=1, timeout_seconds=5)
    return asyncio.run(client.submit(to_document(a_report())))


def failure(url: str, folder: Path, key: str | None = KEY) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        tried(url, folder, key)
    said = caught.value.text
    assert KEY not in said.sv + said.en
    assert TOKEN not in said.sv + said.en
    return caught.value


def paths(server: Any) -> list[str]:
    return [request.line.split()[1].rpartition("/")[2] for request in server.requests]


def test_the_first_delivery_exchanges_the_key_and_the_next_does_not(tmp_path: Path) -> None:
    with serving(given(), accepted()) as server:
        assert tried(server.url, tmp_path) == RECEIPT
        assert tried(server.url, tmp_path) == RECEIPT
    assert paths(server) == ["enrolments", "reports", "reports"]
    first, second, _ = server.requests
    assert first.headers["authorization"] == f"Bearer {KEY}"
    assert first.document == {"device_id": DEVICE}
    assert second.headers["authorization"] == f"Bearer {TOKEN}"
    file = tmp_path / "tokens.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert KEY not in file.read_text()


def test_a_computer_that_has_its_token_needs_no_key_any_more(tmp_path: Path) -> None:
    with serving(given(), accepted()) as server:
        tried(server.url, tmp_path)
        assert tried(server.url, tmp_path, key=None) == RECEIPT


def test_each_collector_has_a_token_of_its_own(tmp_path: Path) -> None:
    with serving(given("mt_one"), accepted()) as one, serving(given("mt_two"), accepted()) as two:
        for server in (one, two, one, two):
            tried(server.url, tmp_path)
    assert {request.headers["authorization"] for request in one.requests[1:]} == {"Bearer mt_one"}
    assert {request.headers["authorization"] for request in two.requests[1:]} == {"Bearer mt_two"}


def test_a_token_that_the_collector_lost_is_renewed_once(tmp_path: Path) -> None:
    with serving(
        given("mt_old"), accepted(), refused(401, "unknown_token"), given("mt_new"), accepted()
    ) as server:
        tried(server.url, tmp_path)
        assert tried(server.url, tmp_path) == RECEIPT
        assert tried(server.url, tmp_path) == RECEIPT
    assert paths(server) == ["enrolments", "reports", "reports", "enrolments", "reports", "reports"]
    assert server.requests[-1].headers["authorization"] == "Bearer mt_new"
    with serving(given(), refused(401, "unknown_token")) as forgetful:
        error = failure(forgetful.url, tmp_path)
    assert len(forgetful.requests) <= 4, "no endless renewing"
    assert error.retry


@pytest.mark.parametrize("key", [None, "", "  ", "two words", "nyckel-å", "line\r\nX-Injected: 1", "k" * 600])
def test_a_key_that_cannot_be_sent(key: str | None, tmp_path: Path) -> None:
    with serving(given(), accepted()) as server:
        error = failure(server.url, tmp_path, key)
    assert server.requests == []
    assert error.retry
    assert error.affects_all
    assert "no valid key" in error.text.en


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (refused(401, "wrong_key"), "does not recognise this computer's key"),
        (refused(403, "computer_revoked"), "has shut this computer out"),
        (refused(404, "not_found"), "is older than Mötesklar"),
        (refused(422, "invalid_request"), "not as Mötesklar's server"),
        (refused(503, "database_unavailable"), "has a fault (503)"),
        (refused(500, "fault"), "has a fault (500)"),
        (refused(429, "too_many_requests"), "is busy"),
        (reply(200, b"<html>"), "not as Mötesklar's server"),
        (reply(201, b"{}"), "not as Mötesklar's server"),
        (given(device_id="another"), "not as Mötesklar's server"),
        (given(token="two words"), "not as Mötesklar's server"),
        (reply(302, b"", location="http://elsewhere.example/"), "leads on to"),
        (raw(b""), "was broken off"),
    ],
)
def test_an_exchange_that_fails_says_what_to_do_and_the_report_waits(
    answer: Answer, says: str, tmp_path: Path
) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.add(a_report())
    with serving(answer) as server:
        client = CollectorClient(server.url, enrolment(server.url, KEY, tmp_path), attempts=1)
        (delivery,) = asyncio.run(deliver(outbox, client))
    assert delivery.state is State.WAITING
    assert delivery.reason is not None
    assert says in delivery.reason.en
    assert not (tmp_path / "tokens.json").exists()


def test_a_computer_that_is_shut_out_later_is_told_and_keeps_its_reports(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.add(a_report())
    with serving(given(), refused(403, "computer_revoked"), accepted()) as server:
        client = CollectorClient(server.url, enrolment(server.url, KEY, tmp_path), attempts=3)
        (delivery,) = asyncio.run(deliver(outbox, client))
        assert delivery.state is State.WAITING
        assert delivery.reason is not None
        assert "Ring IT" in delivery.reason.sv
        assert len(server.requests) == 2, "not tried again at once"
        (delivery,) = asyncio.run(deliver(outbox, client))
    assert delivery.state is State.DELIVERED


def test_a_report_of_another_computer_is_final(tmp_path: Path) -> None:
    with serving(given(), refused(403, "other_computer", "another one's")) as server:
        error = failure(server.url, tmp_path)
    assert not error.retry
    assert "another one's" in error.text.en


def test_secrets_are_in_no_log(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(given(), accepted(), refused(401, "unknown_token"), refused(401, "wrong_key")) as server:
        credentials = enrolment(server.url, KEY, tmp_path)
        tried(server.url, tmp_path)
        failure(server.url, tmp_path)
    assert KEY not in repr(credentials)
    for secret in (KEY, TOKEN):
        assert secret not in caplog.text
        assert all(secret not in repr(record.__dict__) for record in caplog.records)


def checked(credentials: Enrolment, times: int = 1) -> list[str | None]:
    async def ask() -> list[str | None]:
        return list(await asyncio.gather(*(credentials.checked() for _ in range(times))))

    return asyncio.run(ask())


def test_measuring_asks_once_whether_the_token_is_known(tmp_path: Path) -> None:
    with serving(given("mt_old"), reply(401, {}), given("mt_new"), reply(200, {})) as server:
        credentials = enrolment(server.url, KEY, tmp_path)
        assert checked(credentials, 3) == ["mt_old"] * 3
        again = enrolment(server.url, KEY, tmp_path)
        assert checked(again, 3) == ["mt_new"] * 3
    assert paths(server) == ["enrolments", "token", "enrolments"]


def test_measuring_without_a_collector_or_a_key_does_not_fail_and_does_not_wait_twice(tmp_path: Path) -> None:
    with serving(raw(b"")) as server:
        credentials = enrolment(server.url, KEY, tmp_path)
        assert checked(credentials, 3) == [None] * 3
    assert len(server.requests) == 1
    assert checked(enrolment("http://127.0.0.1:9", None, tmp_path)) == [None]


class Ring(keyring.backend.KeyringBackend):
    """A keyring in memory, as a backend of the library."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


class Locked(Ring):
    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("locked")

    set_password = get_password  # type: ignore[assignment]


class Asking(Ring):
    """Asks somebody who is not there."""

    def get_password(self, service: str, username: str) -> str | None:
        threading.Event().wait(30)
        return None


def test_a_keyring_is_used_where_there_is_one(tmp_path: Path) -> None:
    ring = Ring()
    place = TokenPlace(tmp_path / "tokens.json", lambda: ring)
    assert place.read("a") is None
    place.write("a", TOKEN)
    assert ring.kept == {(SERVICE, "a"): TOKEN}
    assert list(tmp_path.iterdir()) == []
    assert place.notice is None
    assert TokenPlace(tmp_path / "tokens.json", lambda: ring).read("a") == TOKEN


@pytest.mark.parametrize("ring", [None, Locked(), Asking()])
def test_without_a_keyring_that_opens_the_file_is_used_and_that_is_said(
    ring: Keyring | None, tmp_path: Path
) -> None:
    file = tmp_path / "settings" / "tokens.json"
    place = TokenPlace(file, lambda: ring, patience_seconds=0.2)
    assert place.read("a") is None
    place.write("a", TOKEN)
    place.write("b", "mt_other")
    assert json.loads(file.read_text()) == {"a": TOKEN, "b": "mt_other"}
    assert place.notice is not None
    assert str(file) in place.notice.sv
    assert TokenPlace(file, lambda: ring, patience_seconds=0.2).read("a") == TOKEN


def test_a_token_moves_from_the_file_to_the_keyring_that_came_later(tmp_path: Path) -> None:
    file, ring = tmp_path / "tokens.json", Ring()
    TokenPlace(file, lambda: None).write("a", TOKEN)
    place = TokenPlace(file, lambda: ring)
    assert place.read("a") == TOKEN
    place.write("a", "mt_new")
    assert "a" not in json.loads(file.read_text())
    assert place.read("a") == "mt_new"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": 1}', b"\xff", b"[" * 100_000])
def test_a_damaged_file_holds_no_token_and_is_written_anew(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    file.write_bytes(content)
    file.chmod(0o644)
    place = TokenPlace(file, lambda: None)
    assert place.read("a") is None
    place.write("a", TOKEN)
    assert place.read("a") == TOKEN
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_others_can_read_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    file.write_text(json.dumps({"a": TOKEN}))
    file.chmod(0o644)
    assert TokenPlace(file, lambda: None).read("a") == TOKEN
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_tests_never_find_the_keyring_of_whoever_runs_them() -> None:
    assert system_keyring() is None
