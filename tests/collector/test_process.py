"""The collector as a process of its own, as `readiness-collector` starts it."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.collector import samples
from tests.collector.postgres import Postgres

COMMAND = (sys.executable, "-m", "readiness.collector")
ID = "0e4f2f8e-6f0c-4f5a-9d8a-1d3b6f0a2c11"


def run(*arguments: str, language: str = "sv_SE.UTF-8", given: str = "") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("LC_ALL", "LANG")}
    return subprocess.run(
        [*COMMAND, *arguments],
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        env=environment | {"LANG": language},
    )


def said(*arguments: str, given: str = "") -> str:
    done = run(*arguments, given=given)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--announce", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())["url"], process
    finally:
        if process.poll() is None:
            process.kill()
        process.stdout.close()
        process.wait()


def sending(client: httpx.Client, key: str, host_name: str = samples.HOST) -> dict[str, str]:
    """The headers of a computer that has exchanged the key for its token."""
    wish = {"device_id": samples.device_id(host_name)}
    given = client.post("/api/v1/enrolments", json=wish, headers={"Authorization": f"Bearer {key}"})
    assert given.status_code == 201, given.text
    return {"Authorization": f"Bearer {given.json()['token']}", "Content-Type": "application/json"}


def test_from_a_key_to_a_report_on_a_page(database_url: str) -> None:
    with serving("--database", database_url) as (url, process), httpx.Client(base_url=url) as client:
        key = said("key", "new", "--unit", "Skolan", "--database", database_url)
        sent = client.post(
            "/api/v1/reports", content=samples.body(report_id=ID), headers=sending(client, key)
        )
        assert sent.status_code == 201
        password = said("user", "add", "eva", "--role", "reader", "--database", database_url)
        read = client.get(f"/api/v1/reports/{sent.json()['receipt']}", auth=("eva", password))
        assert read.json()["id"] == ID
        link = said("link", "--report", sent.json()["receipt"], "--url", url, "--database", database_url)
        assert link.startswith(f"{url}/link/")
        page = client.get(link, follow_redirects=True)
        assert page.url == f"{url}/reports/{ID}"
        assert "RH-4711" in page.text
        assert process.stdout is not None
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0
        assert process.stdout.read() == ""


def test_it_ends_cleanly_on_ctrl_c(tmp_path: Path) -> None:
    with serving("--database", str(tmp_path / "c.sqlite3")) as (url, process):
        assert httpx.get(f"{url}/api/v1/health").status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=15) == 0


def test_a_stop_that_comes_while_it_starts_is_obeyed(tmp_path: Path) -> None:
    """A service that is stopped at once would otherwise run on until it is killed."""
    program = (
        "import os, signal, sys\n"
        "from readiness.collector import keeping\n"
        "from readiness.collector.__main__ import main\n"
        "keeping.Housekeeper.start = lambda self: os.kill(os.getpid(), signal.SIGTERM)\n"
        "keeping.Housekeeper.stop = lambda self: None\n"
        "sys.exit(main())\n"
    )
    arguments = ("serve", "--port", "0", "--announce", "--database", f"sqlite:///{tmp_path}/c.sqlite3")
    ended = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["url"], "it had come so far that it answered"


def test_many_clients_at_once_lose_and_double_nothing(database_url: str) -> None:
    key = said("key", "new", "--database", database_url)
    bodies = {f"RH-{number}": samples.body(host_name=f"RH-{number}") for number in range(40)}
    with serving("--database", database_url) as (url, _), httpx.Client(base_url=url, timeout=60) as client:
        headers = {host: sending(client, key, host) for host in bodies}

        def send(host: str) -> tuple[int, str]:
            answer = client.post("/api/v1/reports", content=bodies[host], headers=headers[host])
            return answer.status_code, answer.json()["receipt"]

        with ThreadPoolExecutor(16) as clients:
            answers = list(clients.map(send, list(bodies) * 4))
        assert sorted(status for status, _ in answers) == [200] * 120 + [201] * 40
        assert len({receipt for _, receipt in answers}) == 40
        password = said("user", "add", "eva", "--role", "reader", "--database", database_url)
        kept = client.get("/api/v1/reports?limit=500", auth=("eva", password)).json()["reports"]
        assert sorted(row["host_name"] for row in kept) == sorted(bodies)


def test_several_processes_serve_one_postgresql(postgres_server: Postgres) -> None:
    database = postgres_server.new_database()
    key = said("key", "new", "--database", database)
    password = said("user", "add", "eva", "--role", "reader", "--database", database)
    bodies = {f"RH-{number}": samples.body(host_name=f"RH-{number}") for number in range(20)}
    files = ("--database", database)
    with serving(*files) as (one, ended), serving(*files) as (other, _), httpx.Client(timeout=60) as client:
        urls = [one, other]
        first = httpx.Client(base_url=one, timeout=60)
        headers = {host: sending(first, key, host) for host in bodies}
        first.close()

        def send(turn: int) -> tuple[int, str]:
            host = f"RH-{turn % 20}"
            url = urls[turn // 20 % 2]
            answer = client.post(f"{url}/api/v1/reports", content=bodies[host], headers=headers[host])
            return answer.status_code, answer.json()["receipt"]

        with ThreadPoolExecutor(16) as clients:
            answers = list(clients.map(send, range(80)))
        assert sorted(status for status, _ in answers) == [200] * 60 + [201] * 20
        assert len({receipt for _, receipt in answers}) == 20
        ended.kill()
        kept = client.get(f"{other}/api/v1/reports?limit=500", auth=("eva", password)).json()["reports"]
        assert sorted(row["host_name"] for row in kept) == sorted(bodies)


def test_behind_a_proxy_on_this_computer_each_client_counts_for_itself(tmp_path: Path) -> None:
    files = ("--database", str(tmp_path / "c.sqlite3"), "--address-rate", "0.01")
    with serving(*files) as (url, _), httpx.Client(base_url=url, trust_env=False) as client:
        statuses = [
            client.get("/login", headers={"X-Forwarded-For": address}).status_code
            for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2")
        ]
    assert statuses == [200, 429, 200]


def test_garbage_on_the_wire_is_refused(tmp_path: Path) -> None:
    with serving("--database", str(tmp_path / "c.sqlite3")) as (url, _):
        port = int(url.rpartition(":")[2])
        for request in (
            b"GARBAGE\r\n\r\n",
            b"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            b"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
            b"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /reports HTTP/1.1\r\nHost: [\r\n\r\n",
            b"POST /login HTTP/1.1\r\nHost: [::1]]:x\r\nContent-Length: 0\r\n\r\n",
            b"GET /reports/%ff%00?q=%ff HTTP/1.1\r\nHost: \xff\r\nCookie: motesklar_session=\xff; ;=\r\n\r\n",
        ):
            with socket.create_connection(("127.0.0.1", port), timeout=15) as wire:
                wire.sendall(request)
                wire.shutdown(socket.SHUT_WR)
                answer = wire.recv(65536)
                assert not answer or answer[:10] in (b"HTTP/1.1 3", b"HTTP/1.1 4"), answer[:200]
        assert httpx.get(f"{url}/api/v1/health").status_code == 200


def test_tls_is_served_with_the_named_files(tmp_path: Path) -> None:
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        *name,
    ]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    files = ("--tls-certificate", str(certificate), "--tls-key", str(key))
    with serving("--database", str(tmp_path / "c.sqlite3"), *files) as (url, _):
        assert url.startswith("https://127.0.0.1:")
        trusted = ssl.create_default_context(cafile=certificate)
        answer = httpx.get(f"{url}/login", verify=trusted)
        assert "max-age" in answer.headers["strict-transport-security"]
        assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize("language", ["sv_SE.UTF-8", "en_GB.UTF-8"])
def test_what_cannot_start_says_why_in_one_sentence(tmp_path: Path, language: str) -> None:
    database = str(tmp_path / "c.sqlite3")
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        for arguments, swedish, english in (
            (("--port", port), "används redan", "is used by another program"),
            (("--host", "192.0.2.1", "--allow-insecure"), "kan inte svara på", "cannot answer at"),
            (("--host", "no.such.host.invalid", "--allow-insecure"), "kan inte svara på", "cannot answer at"),
            (("--host", "0.0.0.0"), "Utan kryptering", "Without encryption"),
            (("--tls-certificate", str(broken)), "hör ihop", "belong together"),
            (
                ("--tls-certificate", str(broken), "--tls-key", str(broken)),
                "inte ett certifikat",
                "not a certificate",
            ),
            (("--tls-certificate", "/no", "--tls-key", "/no"), "går inte att läsa", "cannot be read"),
            (("--database", "/nowhere/x.sqlite3"), "Kontrollera att mappen", "Check that the folder"),
            (("--database", f"sqlite:///{broken}"), "Kontrollera --database", "Check --database"),
        ):
            done = run("serve", "--port", "0", "--database", database, *arguments, language=language)
            assert done.returncode == 1
            assert (swedish if language.startswith("sv") else english) in done.stderr
            assert len(done.stderr.strip().splitlines()) == 1
            assert done.stdout == ""


def test_wrong_usage_ends_with_2() -> None:
    assert run("serve", "--port", "x").returncode == 2
    assert run("nothing").returncode == 2


def test_accounts_and_keys_are_managed(tmp_path: Path) -> None:
    database = ("--database", str(tmp_path / "c.sqlite3"))
    assert said("user", "add", "eva", "--role", "admin", *database, given="korrekt häst batteri\n") == ""
    for arguments, given in (
        (("user", "add", "EVA", "--role", "reader"), ""),
        (("user", "add", "åsa", "--role", "boss"), ""),
        (("user", "add", "åsa:b", "--role", "reader"), ""),
        (("user", "add", "åsa", "--role", "reader"), "short\n"),
        (("user", "remove", "nobody"), ""),
        (("key", "revoke", "7"), ""),
        (("link", "--report", ID), ""),
    ):
        done = run(*arguments, *database, given=given)
        assert done.returncode == 1
        assert len(done.stderr.strip().splitlines()) == 1
    assert said("user", "list", *database) == "eva\tadmin"
    said("user", "remove", "eva", *database)
    assert said("user", "list", *database) == ""
    key = said("key", "new", *database)
    assert key.startswith("mk_")
    said("key", "revoke", "1", *database)
    listed = said("key", "list", *database)
    assert listed.endswith("återkallad")
    assert key not in listed


def test_the_default_database_is_shared_by_the_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    said("key", "new", "--unit", "Vården")
    assert "Vården" in said("key", "list")
    with serving() as (url, _):
        assert httpx.get(f"{url}/api/v1/health").json()["status"] == "ok"
    assert (tmp_path / "data" / "motesklar-collector" / "collector.sqlite3").exists()


def test_a_first_start_lets_its_administrator_in_once(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--udp-port", "0", "--database", str(tmp_path / "c.sqlite3")],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        link = next(line for line in process.stderr if "/link/" in line).split()[-1]
        with httpx.Client(follow_redirects=True) as client:
            page = client.get(link)
            assert page.url.path == "/choices"
            assert page.status_code == 200
            assert client.get(link).status_code == 410
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()
