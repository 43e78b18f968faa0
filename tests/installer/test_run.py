"""run.py as people start it: in the terminal, with the collector it brings along."""

import http.cookiejar
import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from installer.environment import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")

RUN = [sys.executable, str(ROOT / "installer" / "run.py")]
CHECK = ["--only", "computer", "--unattended", "--lang", "en"]
VERDICTS = (0, 10, 20, 30)


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The environment of a person who has no screen, no settings and no reports yet."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("READINESS_", "XDG_")) and name not in ("DISPLAY", "WAYLAND_DISPLAY")
    }
    return {**kept, "HOME": str(tmp_path)}


def run(home: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*RUN, *arguments], env=home, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=100
    )


def embedded(home: dict[str, str]) -> Path:
    (folder,) = Path(home["HOME"]).rglob("embedded-collector")
    return folder


def test_the_report_is_checked_submitted_and_readable_again(home: dict[str, str]):
    first = run(home, *CHECK, "--json")
    assert first.returncode in VERDICTS, first.stderr
    report = json.loads(first.stdout)
    assert report["delivery"]["receipt"]
    assert "http://127.0.0.1:" in first.stderr
    assert report["id"] in first.stderr
    key = embedded(home) / "enrolment.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.read_text().strip() not in first.stdout + first.stderr

    # The command it printed opens the same database again, and the link goes on working there.
    link = re.search(r"http://\S+/link/\S+", first.stderr)
    command = re.search(r"^  (\S+ -m readiness\.collector serve .*)$", first.stderr, re.MULTILINE)
    assert link
    assert command
    server = subprocess.Popen(
        [*command[1].split(), "--announce"],
        env=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with server:
        assert server.stdout
        assert json.loads(server.stdout.readline())["url"] in link[0]
        assert report["id"] in read(link[0])
        server.terminate()

    # And a second run keeps key and database.
    again = run(home, *CHECK)
    assert again.returncode in VERDICTS, again.stderr
    assert "/link/" in again.stdout
    assert key.read_text() == (embedded(home) / "enrolment.key").read_text()


def test_on_a_terminal_it_serves_until_interrupted(home: dict[str, str]):
    process, terminal = pty.fork()
    if process == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored by what a shell starts in the background
        os.execve(RUN[0], [*RUN, *CHECK, "--lang=sv"], home)
    said = ""
    link = None
    deadline = time.monotonic() + 90
    while "Tryck Ctrl-C" not in said:
        assert time.monotonic() < deadline, said
        said += os.read(terminal, 65536).decode(errors="replace")
        link = re.search(r"http://\S+/link/\S+", said)
    assert link, said
    assert "<html" in read(link[0])
    os.write(terminal, b"\x03")
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) in VERDICTS
    assert not listening(link[0])


def test_a_request_to_end_ends_the_collector_too(home: dict[str, str]):
    process, terminal = pty.fork()
    if process == 0:
        os.execve(RUN[0], [*RUN, *CHECK], home)
    said = ""
    deadline = time.monotonic() + 90
    while "Press Ctrl-C" not in said:
        assert time.monotonic() < deadline, said
        said += os.read(terminal, 65536).decode(errors="replace")
    os.kill(process, signal.SIGTERM)
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 128 + signal.SIGTERM
    link = re.search(r"http://\S+/link/\S+", said)
    assert link
    assert not listening(link[0])


def test_a_configured_collector_is_used_and_none_is_started(home: dict[str, str]):
    nobody = "http://127.0.0.1:9"
    done = run({**home, "READINESS_COLLECTOR_URL": nobody, "READINESS_ENROLMENT_KEY": "x"}, *CHECK, "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["delivery"]["receipt"] is None
    assert not list(Path(home["HOME"]).rglob("embedded-collector"))


def test_the_check_runs_where_the_collector_cannot_start(home: dict[str, str]):
    run(home, *CHECK)
    folder = embedded(home)
    (folder / "collector.sqlite3").write_text("this is no database")
    done = run(home, *CHECK, "--json")
    assert done.returncode == 3, done.stderr
    assert "could not start, so the report stays here" in done.stderr
    assert json.loads(done.stdout)["delivery"]["state"]


def test_other_commands_are_passed_on(home: dict[str, str]):
    done = run(home, "schema")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)
    assert run(home, "--no-such-option").returncode == 2


def read(url: str) -> str:
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    direct = urllib.request.ProxyHandler({})
    with urllib.request.build_opener(cookies, direct).open(url, timeout=20) as answer:
        return str(answer.read().decode())


def listening(url: str) -> bool:
    port = int(url.split(":")[2].partition("/")[0])
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
