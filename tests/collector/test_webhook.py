"""The webhook against a receiver of its own, on loopback."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import select

from readiness.collector import webhook
from readiness.collector.database import Database
from readiness.collector.tables import hook_event
from readiness.collector.webhook import EXAMPLE, Hook, HookError, Messenger
from readiness.core.model import Verdict
from readiness.settings import places
from tests.collector.test_fleet import NOW, Reports

PLAIN = webhook.templates(places().resources)["plain"]
ABSENT = {"camera.absent": "camera"}


class Receiver:
    """Takes what comes, and answers as told."""

    def __init__(self) -> None:
        self.status = 201
        self.got: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    running = Receiver()
    yield running
    running.close()


@pytest.fixture
def reports(database: Database) -> Reports:
    return Reports(database)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def set_up(database: Database, hook: Hook | None) -> None:
    with database.writing() as connection:
        webhook.choose(connection, hook)


def test_a_new_finding_is_told_once_and_signed(database: Database, reports: Reports, receiver: Receiver) -> None:  # fmt: skip
    set_up(database, Hook(url=receiver.url, secret="s3cret", template=PLAIN, authorization="Token token=x"))
    reports.come('RH-1 "Å"', Verdict.NOT_READY, findings=ABSENT, computer={"unit": "Skolan"})
    reports.come('RH-1 "Å"', Verdict.NOT_READY, findings=ABSENT, at=NOW + timedelta(hours=1))
    messenger = Messenger(database, clock=lambda: NOW + timedelta(hours=2))
    assert messenger.once() == 1
    assert messenger.once() == 0
    ((headers, body),) = receiver.got
    told = json.loads(body)
    assert (told["code"], told["host_name"], told["unit"]) == ("camera.absent", 'RH-1 "Å"', "Skolan")
    assert told["title"] == "Datorn hittar ingen kamera"
    seconds, _, digest = headers["x-motesklar-signature"].partition(",v1=")
    signed = seconds.removeprefix("t=").encode() + b"." + body
    assert hmac.new(b"s3cret", signed, hashlib.sha256).hexdigest() == digest
    assert headers["authorization"] == "Token token=x"


def test_it_is_tried_again_with_growing_pauses_and_given_up_in_the_end(
    database: Database, reports: Reports, receiver: Receiver
) -> None:
    set_up(database, Hook(url=receiver.url, secret="s", template=PLAIN))
    reports.come("RH-1", Verdict.NOT_READY, findings=ABSENT)
    receiver.status = 503
    clock, pauses = Clock(), []
    messenger = Messenger(database, clock=clock)
    while (due := _event(database).due_at) is not None:
        pauses.append((due - clock.now).total_seconds() / 60)
        clock.now = due
        messenger.once()
    assert pauses == sorted(pauses)
    assert len(receiver.got) == len(pauses) > 5
    assert len({headers["x-motesklar-event"] for headers, _ in receiver.got}) == 1
    assert _event(database).error == "HTTP 503"
    assert _event(database).delivered_at is None


def test_it_arrives_when_the_other_side_is_back(database: Database, reports: Reports, receiver: Receiver) -> None:  # fmt: skip
    url = receiver.url
    set_up(database, Hook(url="http://127.0.0.1:9/none", secret="s", template=PLAIN))
    reports.come("RH-1", Verdict.NOT_READY, findings=ABSENT)
    clock = Clock()
    messenger = Messenger(database, clock=clock)
    assert messenger.once() == 0
    assert "ConnectError" in _event(database).error
    set_up(database, Hook(url=url, secret="s", template=PLAIN))
    clock.now += timedelta(minutes=2)
    assert messenger.once() == 1
    assert _event(database).delivered_at == clock.now


def test_without_a_webhook_nothing_is_kept(database: Database, reports: Reports) -> None:
    reports.come("RH-1", Verdict.NOT_READY, findings=ABSENT)
    set_up(database, None)
    with database.reading() as connection:
        assert connection.execute(select(hook_event)).all() == []


@pytest.mark.parametrize("name", sorted(webhook.templates(places().resources)))
def test_every_template_gives_json_whatever_the_names_hold(name: str) -> None:
    hook = Hook(url="https://x.example/", secret="s", template=webhook.templates(places().resources)[name])
    odd = dict.fromkeys(EXAMPLE, '"}],{{ 7*7 }}\n<script>\\') | {"asset_tag": None}
    assert "{{ 7*7 }}" in json.dumps(json.loads(webhook.body_of(hook, odd)))


@pytest.mark.parametrize(
    ("url", "template"),
    [
        ("ftp://host/", PLAIN),
        ("http://host.example/", PLAIN),
        ("https://name:word@host.example/", PLAIN),
        ("nonsense", PLAIN),
        ("https://host.example/", "{{ nobody }}"),
        ("https://host.example/", "no JSON"),
        ("https://host.example/", "{% for"),
        ("https://host.example/", "{{ ''.__class__.__mro__ }}"),
        ("https://host.example/", "{{ ('x' * 99999) | tojson }}"),
    ],
)
def test_what_cannot_work_is_refused(database: Database, url: str, template: str) -> None:
    with pytest.raises(HookError):
        set_up(database, Hook(url=url, secret="s", template=template))


def _event(database: Database):  # type: ignore[no-untyped-def]
    with database.reading() as connection:
        return connection.execute(select(hook_event)).one()
