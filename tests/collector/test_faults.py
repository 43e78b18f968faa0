"""What happens to the computer under the collector: a full disk, a database that is away, clients that dawdle."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from readiness.collector.slow_clients import HEAD_SECONDS
from tests.collector import samples
from tests.collector.postgres import postgres
from tests.collector.test_process import COMMAND, said, sending, serving


@contextmanager
def serving_from_a_disk_of(size: str, database: Path) -> Iterator[tuple[str, Callable[[str], None]]]:
    """A collector whose copy of `database` lies on a disk in memory that it alone sees; and what resizes that disk."""
    folder = database.parent / "disk"
    folder.mkdir()
    script = f'mount -t tmpfs -o size={size} tmpfs "$1" && cp "$2" "$1" && cd "$1" && shift 2 && exec "$@"'
    serve = [*COMMAND, "serve", "--port", "0", "--announce", "--database", str(folder / database.name)]
    process = subprocess.Popen(
        ["unshare", "--mount", "sh", "-c", script, "sh", str(folder), str(database), *serve],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )

    def resize(wanted: str) -> None:
        inside = ["nsenter", "--target", str(process.pid), "--mount"]
        subprocess.run([*inside, "mount", "-o", f"remount,size={wanted}", folder], check=True)

    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())["url"], resize
    finally:
        process.terminate()
        process.stdout.close()
        assert process.wait(20) == 0


def kept(client: httpx.Client, password: str) -> list[str]:
    answer = client.get("/api/v1/reports?limit=500", auth=("eva", password))
    return sorted(row["id"] for row in answer.json()["reports"])


@pytest.mark.skipif(os.getuid() != 0, reason="a small disk of one's own can be mounted by root alone")
def test_a_full_disk_refuses_with_a_reason_and_loses_nothing(tmp_path: Path) -> None:
    database = tmp_path / "c.sqlite3"
    key = said("key", "new", "--database", str(database))
    password = said("user", "add", "eva", "--role", "reader", "--database", str(database))
    accepted: list[str] = []
    with (
        serving_from_a_disk_of("3m", database) as (url, resize),
        httpx.Client(base_url=url, trust_env=False, timeout=30) as client,
    ):
        headers = sending(client, key)
        for _ in range(100):
            body = samples.body(note="x" * 20_000)
            answer = client.post("/api/v1/reports", content=body, headers=headers)
            if answer.status_code != 201:
                break
            accepted.append(json.loads(body)["id"])
        assert accepted
        assert answer.status_code == 503, answer.text
        assert int(answer.headers["Retry-After"]) > 0, "the outbox comes again"
        assert kept(client, password) == sorted(accepted)
        assert client.get("/api/v1/health").status_code in (200, 503), "it still tells how it is"
        resize("50m")
        answer = client.post("/api/v1/reports", content=body, headers=headers)
        assert answer.status_code == 201, answer.text
        assert kept(client, password) == sorted([*accepted, json.loads(body)["id"]])


def test_a_database_that_is_away_and_comes_back(tmp_path: Path) -> None:
    with postgres(durable=True) as server:
        database = server.new_database()
        key = said("key", "new", "--database", database)
        password = said("user", "add", "eva", "--role", "reader", "--database", database)
        with (
            serving("--database", database) as (url, _),
            httpx.Client(base_url=url, trust_env=False, timeout=30) as client,
        ):
            headers = sending(client, key)
            first, second = samples.body(), samples.body()
            assert client.post("/api/v1/reports", content=first, headers=headers).status_code == 201
            server.stop()
            try:
                refused = client.post("/api/v1/reports", content=second, headers=headers)
                ill = client.get("/api/v1/health")
            finally:
                server.start()
            assert refused.status_code == 503, refused.text
            assert int(refused.headers["Retry-After"]) > 0
            assert ill.status_code == 503, ill.text
            assert client.post("/api/v1/reports", content=second, headers=headers).status_code == 201
            assert client.get("/api/v1/health").status_code == 200
            assert kept(client, password) == sorted(json.loads(body)["id"] for body in (first, second))


def test_clients_that_never_finish_a_request_keep_nobody_out(tmp_path: Path) -> None:
    """Two hundred connections that say a line of a head each; some have had an answer before."""
    with (
        serving("--database", str(tmp_path / "c.sqlite3")) as (url, _),
        httpx.Client(base_url=url, trust_env=False, timeout=30) as client,
    ):
        place = ("127.0.0.1", int(url.rpartition(":")[2]))
        slow = [socket.create_connection(place) for _ in range(200)]
        try:
            opened = time.monotonic()
            for number, connection in enumerate(slow):
                if number % 10 == 0:
                    connection.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
                    while b"\r\n\r\n" not in connection.recv(65536):
                        pass
                connection.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            assert client.get("/api/v1/health").status_code == 200, "others are served meanwhile"
            for connection in slow:
                connection.settimeout(HEAD_SECONDS + 60)
                while connection.recv(65536):
                    pass  # what was left of an answer; then the end
            assert time.monotonic() - opened >= HEAD_SECONDS * 0.9, "nobody was cut off before the time"
        finally:
            for connection in slow:
                connection.close()
