"""The client against real servers that do what servers do."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import ssl
import threading
import time
import traceback
from pathlib import Path
from typing import Any

import httpx
import pytest

from readiness.core.report import LARGEST_REPORT_BYTES, to_document
from readiness.submission import failures
from readiness.submission.client import CollectorClient, DeliveryError
from readiness.submission.wire import LARGEST_ANSWER_BYTES
from tests.submission.samples import Held, a_report
from tests.submission.servers import (
    RECEIPT,
    Answer,
    Request,
    Server,
    accepted,
    raw,
    refused,
    reply,
    serving,
)

TOKEN = "mt_secret-token-that-nobody-may-see"
TLS = Path(__file__).parent / "tls"
DOCUMENT = to_document(a_report())


def submit(url: str, document: dict[str, Any] = DOCUMENT, **changes: Any) -> str:
    return asyncio.run(a_client(url, **changes).submit(document))


def a_client(url: str, **changes: Any) -> CollectorClient:
    settings: dict[str, Any] = {"timeout_seconds": 5.0, "attempts": 1, "first_wait_seconds": 0.01}
    return CollectorClient(url, Held(TOKEN), **(settings | changes))


def failure(url: str, **changes: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        submit(url, **changes)
    text = caught.value.text
    assert text.sv != text.en
    assert text.sv.endswith(".")
    assert TOKEN not in text.sv + text.en
    return caught.value


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("receipt", [RECEIPT, "K7M4PQ2"])
def test_a_report_arrives_and_gives_a_receipt(status: int, receipt: str) -> None:
    with serving(accepted(status, receipt)) as server:
        assert submit(f"{server.url}/") == receipt
        assert submit(server.url) == receipt
    request = server.requests[0]
    assert request.line == "POST /api/v1/reports HTTP/1.1"
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["content-type"] == "application/json"
    assert request.document == DOCUMENT


def test_what_passes_is_tried_again() -> None:
    busy = refused(503, "busy")
    with serving(busy, raw(b""), accepted()) as server:
        assert submit(server.url, attempts=3) == RECEIPT
    assert len(server.requests) == 3


def test_it_gives_up_after_its_attempts() -> None:
    with serving(refused(500, "fault")) as server:
        error = failure(server.url, attempts=2)
    assert len(server.requests) == 2
    assert error.retry
    assert not error.affects_all
    assert "500" in error.text.en


def test_the_collector_says_when() -> None:
    wait = reply(429, {}, retry_after="0")
    with serving(wait, accepted()) as server:
        assert submit(server.url, attempts=2, first_wait_seconds=60) == RECEIPT


def test_a_long_wait_is_left_for_later() -> None:
    with serving(reply(429, {}, retry_after="3600"), accepted()) as server:
        error = failure(server.url, attempts=3)
    assert len(server.requests) == 1
    assert error.retry
    assert error.affects_all
    assert "busy" in error.text.en


@pytest.mark.parametrize(("status", "code"), [(401, "wrong_key"), (403, "wrong_key")])
def test_a_wrong_key_is_not_tried_again_but_the_report_waits(status: int, code: str) -> None:
    with serving(refused(status, code)) as server:
        error = failure(server.url, attempts=3)
    assert len(server.requests) == 1
    assert error.retry
    assert error.affects_all
    assert "key" in error.text.en


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "bad"), (409, "other_content"), (413, "too_large"), (415, "type"), (422, "invalid")],
)
def test_a_refused_report_is_final(status: int, code: str) -> None:
    with serving(refused(status, code, "because")) as server:
        error = failure(server.url, attempts=3)
    assert len(server.requests) == 1
    assert not error.retry
    assert not error.affects_all
    if status != 413:
        assert "en because" in error.text.en
        assert "sv because" in error.text.sv


def test_the_collectors_words_are_bounded_and_plain() -> None:
    with serving(refused(422, "invalid", "\x1b[31m{red}\n" + "x" * 5000)) as server:
        error = failure(server.url)
    assert len(error.text.en) < 500
    assert error.text.en.isprintable()
    assert "{red}" in error.text.say("en")


def bomb() -> bytes:
    import gzip

    return gzip.compress(b"x" * 10_000_000)


NOT_THE_COLLECTOR: dict[str, Answer] = {
    "a web page": reply(200, b"<html>Welcome to the hotel</html>", content_type="text/html"),
    "an error page": reply(404, b"<html>Not found</html>"),
    "JSON that is none": reply(201, b"{'id':"),
    "other JSON": reply(200, {"status": "ok"}),
    "a list": reply(200, b"[1, 2]"),
    "deep JSON": reply(200, b"[" * 60_000),
    "another report": reply(201, {"id": "0b8f3c52-6c5d-4c55-9d0a-3f5f6d2b7a10", "receipt": RECEIPT}),
    "no receipt": reply(201, {"id": DOCUMENT["id"], "receipt": None}),
    "a strange receipt": reply(201, {"id": DOCUMENT["id"], "receipt": "<script>"}),
    "a receipt with a zero": reply(201, {"id": DOCUMENT["id"], "receipt": "K7M-4P02"}),
    "an empty answer": reply(200, b""),
    "no content": raw(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "404 in JSON": refused(404, "not_found"),
    "an error of another kind": reply(422, {"detail": [{"msg": "field required"}]}),
    "a network's login": reply(511, b"<html>Log in</html>"),
    "too much": reply(200, b"x" * (LARGEST_ANSWER_BYTES + 1)),
    "a bomb": reply(200, bomb(), content_encoding="gzip"),
    "no HTTP": raw(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"),
    "noise": raw(bytes(range(256)) * 4),
}


@pytest.mark.parametrize("what", sorted(NOT_THE_COLLECTOR))
def test_something_else_answers(what: str) -> None:
    with serving(NOT_THE_COLLECTOR[what]) as server:
        error = failure(server.url)
    assert error.retry
    assert "not as Mötesklar's server" in error.text.en, error.text.en


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    sent = 0

    def endless(_request: Request, connection: socket.socket) -> None:
        nonlocal sent
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while sent < 100 * LARGEST_ANSWER_BYTES:
            sent += connection.send(b"x" * 65536)

    with serving(endless) as server:
        failure(server.url)
    assert sent < 100 * LARGEST_ANSWER_BYTES


def test_nothing_answers_in_time() -> None:
    released = threading.Event()

    def silent(_request: Request, _connection: socket.socket) -> None:
        released.wait(10)

    with serving(silent) as server:
        started = time.monotonic()
        error = failure(server.url, timeout_seconds=0.2)
        assert time.monotonic() - started < 3
        released.set()
    assert error.retry
    assert "does not answer" in error.text.en


def test_an_answer_that_trickles_is_not_waited_for() -> None:
    released = threading.Event()

    def trickle(_request: Request, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n")
        while not released.wait(0.05):
            connection.sendall(b"x")

    with serving(trickle) as server:
        started = time.monotonic()
        error = failure(server.url, timeout_seconds=0.3)
        assert time.monotonic() - started < 3
        released.set()
    assert "does not answer" in error.text.en


@pytest.mark.parametrize("content", [b"", b"HTTP/1.1 201 Created\r\nContent-Length: 90\r\n\r\n{"])
def test_an_answer_that_breaks_off(content: bytes) -> None:
    with serving(raw(content)) as server:
        error = failure(server.url)
    assert error.retry
    assert "broken off" in error.text.en


def test_nobody_listens() -> None:
    error = failure(closed_port())
    assert error.retry
    assert error.affects_all
    assert "switched off" in error.text.en


@pytest.mark.parametrize("location", ["http://elsewhere.example/login", "/login", "http://[", ""])
def test_a_redirect_is_not_followed(location: str) -> None:
    with serving(reply(307, b"", location=location)) as server:
        error = failure(server.url)
    assert len(server.requests) == 1
    assert "leads on to" in error.text.en
    assert error.retry


def test_the_token_is_not_carried_to_another_host() -> None:
    with serving(accepted()) as elsewhere, serving(reply(308, b"", location=f"{elsewhere.url}/")) as server:
        failure(server.url)
    assert elsewhere.requests == []


def test_a_report_that_is_too_large_is_not_even_sent() -> None:
    with serving(accepted()) as server:
        error = failure(server.url, document=to_document(a_report(padding="å" * (LARGEST_REPORT_BYTES // 2))))
    assert server.requests == []
    assert not error.retry
    assert "too large" in error.text.en


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://a.example",
        "a.example",
        "http://",
        "http://a:99999999",
        "http://[",
        "http://name:word@a.example",
    ],
)
def test_an_address_that_is_none(url: str) -> None:
    error = failure(url)
    assert error.retry
    assert "cannot be used" in error.text.en
    assert "word" not in error.text.en


@pytest.mark.parametrize("ahead", [3600, -3600])
def test_a_clock_that_is_off_is_told(ahead: float) -> None:
    with serving(accepted(now=time.time() - ahead)) as server:
        client = a_client(server.url)
        assert asyncio.run(client.submit(DOCUMENT)) == RECEIPT
    warning = client.clock_warning
    assert warning is not None
    assert f"60 minutes {'fast' if ahead > 0 else 'slow'}" in warning.en


@pytest.mark.parametrize(
    "date", ["yesterday", "", "Mon, 99 Foo 2026 99:99:99 GMT", "Tue, 24 Nov 2026 01:00:00 -0000"]
)
def test_a_date_that_is_none_says_nothing_about_the_clock(date: str) -> None:
    answer = reply(201, {"id": DOCUMENT["id"], "receipt": RECEIPT}, date=date)
    with serving(answer) as server:
        client = a_client(server.url)
        assert asyncio.run(client.submit(DOCUMENT)) == RECEIPT
    assert client.clock_warning is None


def certified(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / f"{name}.pem", TLS / "server.key")
    return context


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(TLS / "authority.pem"))


def test_an_encrypted_connection() -> None:
    with serving(accepted(), tls=certified("good")) as server:
        assert submit(server.url, tls=trusting()) == RECEIPT


@pytest.mark.parametrize(
    ("certificate", "says"),
    [
        ("expired", "set them right"),
        ("not_yet_valid", "set them right"),
        ("other_name", "another name"),
    ],
)
def test_a_certificate_that_does_not_fit(certificate: str, says: str) -> None:
    with serving(accepted(), tls=certified(certificate)) as server:
        error = failure(server.url, tls=trusting(), attempts=3)
    assert server.requests == []
    assert error.retry
    assert says in error.text.en


def test_what_the_system_does_not_trust() -> None:
    with serving(accepted(), tls=certified("good")) as server:
        error = failure(server.url)
    assert server.requests == []
    assert "does not trust" in error.text.en


def test_an_encrypted_address_that_is_not() -> None:
    with serving(raw(b"HTTP/1.1 400 Bad Request\r\n\r\n"), listens=False) as server:
        error = failure(server.url.replace("http:", "https:"))
    assert "secure connection" in error.text.en


@pytest.fixture
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.usefixtures("_no_proxy")
def test_the_environments_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(accepted()) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert submit("http://collector.invalid") == RECEIPT
    assert proxy.requests[0].line == "POST http://collector.invalid/api/v1/reports HTTP/1.1"


@pytest.mark.usefixtures("_no_proxy")
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_login(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = reply(407, b"<html>Log in</html>", proxy_authenticate='Basic realm="x"')
    with serving(answer) as proxy:
        monkeypatch.setenv(f"{scheme.upper()}_PROXY", proxy.url)
        error = failure(f"{scheme}://collector.invalid")
    assert "proxy wants a login" in error.text.en
    assert error.retry
    assert error.affects_all


@pytest.mark.usefixtures("_no_proxy")
def test_a_proxy_that_lets_nothing_through(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(reply(403, b"")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        error = failure("https://collector.invalid")
    assert "proxy does not let" in error.text.en


@pytest.mark.usefixtures("_no_proxy")
@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_no_proxy_for_this_computer_itself(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(accepted()) as server, serving(reply(502, b"")) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert submit(server.url.replace("127.0.0.1", name)) == RECEIPT
    assert proxy.requests == []


def test_a_name_that_does_not_exist() -> None:
    error = failure("http://collector.invalid")
    assert error.retry
    # Without any network the resolver cannot even say that the name is unknown.
    assert "cannot be found" in error.text.en or "does not reach the network" in error.text.en


def because(cause: BaseException) -> httpx.ConnectError:
    error = httpx.ConnectError("All connection attempts failed")
    error.__cause__ = (
        ExceptionGroup("several", [OSError("x"), cause]) if isinstance(cause, Exception) else cause
    )
    return error


@pytest.mark.parametrize(
    ("cause", "says"),
    [
        (OSError(errno.ENETUNREACH, "x"), "does not reach the network"),
        (OSError(errno.EHOSTUNREACH, "x"), "does not reach the network"),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "does not reach the network"),
        (socket.gaierror(socket.EAI_NONAME, "x"), "cannot be found"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "switched off"),
        (ConnectionResetError(errno.ECONNRESET, "x"), "broken off"),
        (ssl.SSLCertVerificationError("“x” certificate is expired"), "set them right"),
        (ssl.SSLCertVerificationError("“x” certificate is not trusted"), "does not trust"),
    ],
)
def test_causes_that_cannot_be_had_on_loopback(cause: Exception, says: str) -> None:
    assert says in failures.from_exception(because(cause), "a.example").text.en


def test_the_token_is_nowhere_to_be_read(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert TOKEN not in repr(a_client("http://a.example"))
    with serving(refused(401, "wrong_key"), raw(b""), reply(500, b"")) as server:
        for _ in range(3):
            with pytest.raises(DeliveryError) as caught:
                submit(server.url)
            written = "".join(traceback.format_exception(caught.value))
            assert TOKEN not in written
    assert TOKEN not in caplog.text
    assert all(TOKEN not in repr(record.__dict__) for record in caplog.records)


def test_retries_print_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with serving(reply(503, b"")) as server:
        failure(server.url, attempts=3)
    assert capfd.readouterr() == ("", "")


def test_giving_up_in_the_middle_leaves_nothing_behind() -> None:
    released = threading.Event()

    def silent(_request: Request, _connection: socket.socket) -> None:
        released.wait(10)

    async def scenario(server: Server) -> None:
        sending = asyncio.create_task(a_client(server.url).submit(DOCUMENT))
        async with asyncio.timeout(10):
            while not server.requests:
                await asyncio.sleep(0.01)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert asyncio.all_tasks() == {asyncio.current_task()}
        released.set()

    with serving(silent) as server:
        asyncio.run(scenario(server))
