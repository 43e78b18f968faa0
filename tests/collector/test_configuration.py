import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from readiness.collector.configuration import VARIABLE, configured, defaults
from readiness.collector.problems import StartError


def at(tmp_path: Path, content: str | bytes) -> dict[str, str]:
    file = tmp_path / "collector.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return {VARIABLE: str(file)}


def test_without_the_usual_file_nothing_is_set(tmp_path: Path):
    assert configured({}, tmp_path / "not" / "there.toml") == {}


def test_the_usual_file_is_read(tmp_path: Path):
    at(tmp_path, 'host = "0.0.0.0"\nport = 443\n')
    assert configured({}, tmp_path / "collector.toml") == {"host": "0.0.0.0", "port": 443}


def test_a_named_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(StartError) as told:
        configured({VARIABLE: str(tmp_path / "none.toml")})
    assert "cannot be used: it does not exist." in told.value.text.en
    assert "den finns inte." in told.value.text.sv


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("port = ", "the file is no TOML"),
        (b"\xff\xfe", "the file is no TOML"),
        ('port = "443"', "the value of port does not fit: '443'"),
        ("port = 70000", "the value of port does not fit: 70000"),
        ("port = true", "the value of port does not fit: True"),
        ("allow_insecure = 1", "the value of allow_insecure does not fit: 1"),
        ("colour = 'blue'", "unknown setting colour. There are host, port"),
        ("database = 7", "the value of database does not fit: …"),
        ("#" * 70_000, "the file is too large"),
    ],
)
def test_what_is_wrong_is_told_with_the_file(tmp_path: Path, content: str | bytes, said: str):
    environment = at(tmp_path, content)
    with pytest.raises(StartError) as told:
        configured(environment)
    assert said in told.value.text.en
    assert environment[VARIABLE] in told.value.text.sv


def test_every_command_gets_the_database_and_serve_all_of_it():
    values = {"port": 443, "database": "postgresql:///m"}
    commands = {"serve": {}, "backup": {}, "key": {"new": {}, "list": {}}}
    only_database = {"database": "postgresql:///m"}
    assert defaults(values, commands) == {
        "serve": values,
        "backup": only_database,
        "key": {"new": only_database, "list": only_database},
    }


SHIPPED = Path(__file__).parent.parent.parent / "installer" / "linux" / "collector.toml"


def test_as_packaged_it_answers_behind_a_proxy_and_computers_reach_the_measuring_past_that(tmp_path: Path):
    content = SHIPPED.read_text("utf-8")
    for said, there in (
        ("port = 8470", "port = 0"),
        ("udp_port = 3478", "udp_port = 0"),
        ("sqlite:////var/lib/motesklar/collector.sqlite3", f"sqlite:///{tmp_path / 'c.sqlite3'}"),
    ):
        assert said in content
        content = content.replace(said, there)
    serving = subprocess.Popen(
        [sys.executable, "-m", "readiness.collector", "serve", "--announce"],
        env={**os.environ, **at(tmp_path, content)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert serving.stdout is not None
        assert urlsplit(json.loads(serving.stdout.readline())["url"]).hostname == "127.0.0.1"
        process = psutil.Process(serving.pid)
        sockets = [
            (found.type, found.laddr.ip)
            for one in (process, *process.children(recursive=True))
            for found in one.net_connections("inet4")
            if found.laddr and not found.raddr
        ]
        assert {ip for kind, ip in sockets if kind is socket.SOCK_STREAM} == {"127.0.0.1"}
        assert {ip for kind, ip in sockets if kind is socket.SOCK_DGRAM} == {"0.0.0.0"}
    finally:
        serving.terminate()
        serving.wait(20)
        if serving.stdout is not None:
            serving.stdout.close()
