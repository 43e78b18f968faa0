"""The whole program for Windows as its MSI installs it, under Wine: settings, a check, a report, an upgrade, removal.

Python is CPython's own; what Wine lacks is lent (tests/lab/wine.py).
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from installer.packing import windows
from installer.packing.listing import MIB, size_bytes
from installer.packing.product import version
from installer.windows.msi import build
from readiness.settings.places import MACHINE_KEY, POLICY_KEY
from tests.gui.recordings import film, voice
from tests.lab import collectors, windows_python
from tests.lab.wine import Wine, fresh_wine, lend

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]
NEWER = "0.9.0"
_AT_WORK = "import time, cv2, numpy, readiness.cli; print('at work', flush=True); time.sleep(3600)"


@dataclass(frozen=True, kw_only=True)
class Computer:
    """A Windows with the program, told of a collector by its package."""

    wine: Wine
    payload: Path
    package: Path
    newer: Path
    collector: collectors.Collector
    database: Path


@pytest.fixture(scope="module")
def computer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Computer]:
    folder = tmp_path_factory.mktemp("windows")
    payload = windows.assemble(windows_python.embeddable(folder), folder)
    lend(payload)
    package, newer = folder / "motesklar.msi", folder / "newer.msi"
    build(payload, package)
    print(f"{package.stat().st_size / MIB:.1f} MiB packed, {size_bytes(payload) / MIB:.1f} MiB installed")
    shutil.copytree(payload, folder / "later")
    (folder / "later" / "new.txt").write_text("new")
    build(folder / "later", newer, NEWER)
    with fresh_wine(folder / "prefix") as wine, collectors.collector(folder) as collector:
        given = (f"COLLECTORURL={collector.url}", f"ENROLMENTKEY={collector.key}")
        assert wine.install("/i", package, *given) == 0
        yield Computer(
            wine=wine,
            payload=payload,
            package=package,
            newer=newer,
            collector=collector,
            database=folder / "collector.sqlite3",
        )


def files(payload: Path) -> set[str]:
    return {file.relative_to(payload).as_posix() for file in payload.rglob("*") if file.is_file()}


def test_every_file_is_installed_byte_for_byte(computer: Computer):
    names = files(computer.payload)
    assert any(name.endswith("Qt6Widgets.dll") for name in names)
    assert computer.wine.files() == names
    for name in names:
        assert (computer.wine.installed / name).read_bytes() == (computer.payload / name).read_bytes(), name


def policy(wine: Wine, *arguments: str) -> None:
    assert wine.run("wine", "reg", "add", rf"HKLM\{POLICY_KEY}", *arguments, "/f").returncode == 0


def test_policy_stands_above_what_the_package_was_given_and_a_wrong_one_is_told(computer: Computer):
    wine = computer.wine

    def line(name: str) -> str:
        told = wine.readiness("settings").stdout.splitlines()
        return next(row for row in told if row.startswith(name))

    assert computer.collector.url in line("collector_url")
    policy(wine, "/v", "CollectorUrl", "/d", "https://moten.example.se")
    assert "https://moten.example.se" in line("collector_url")
    assert POLICY_KEY in line("collector_url")
    policy(wine, "/v", "CollectorUrl", "/t", "REG_DWORD", "/d", "3")
    wrong = wine.readiness("settings")
    assert wrong.returncode == 2
    assert "CollectorUrl" in wrong.stdout + wrong.stderr
    assert computer.collector.url in line("collector_url"), "the next source holds"
    wine.run("wine", "reg", "delete", rf"HKLM\{POLICY_KEY}", "/f")


def test_a_check_of_network_and_recordings_is_delivered(computer: Computer, tmp_path: Path):
    film(tmp_path / "film.avi")
    voice(tmp_path / "voice.wav", times=2)
    done = computer.wine.readiness(
        *("check", "--unattended", "--json", "--submit"),
        *("--only", "computer,camera,microphone,connection,media_path,capacity"),
        *("--camera-file", f"Z:{tmp_path / 'film.avi'}", "--microphone-file", f"Z:{tmp_path / 'voice.wav'}"),
    )
    answer = json.loads(done.stdout)
    results = {result["check_id"]: result for result in answer["results"]}
    assert {name: result["ending"] for name, result in results.items()} == dict.fromkeys(
        ("computer", "camera", "microphone", "connection", "media_path", "capacity"), "COMPLETED"
    )
    assert results["computer"]["evidence"]["system"] == "Windows"
    assert results["camera"]["evidence"]["frames"] == 60
    assert results["microphone"]["evidence"]["voice_seconds"] > 5
    assert results["connection"]["evidence"]["collector_answers_udp"] is True
    assert results["media_path"]["evidence"]["packets_received_up"] > 100
    assert answer["delivery"]["state"] == "delivered", answer["delivery"]
    with closing(sqlite3.connect(computer.database)) as database:
        stored = database.execute("SELECT receipt, app_version FROM report").fetchall()
    assert (answer["delivery"]["receipt"].replace("-", ""), version()) in stored


def test_an_upgrade_keeps_settings_outbox_and_history_and_removal_leaves_them(computer: Computer):
    wine = computer.wine
    waiting = wine.readiness(
        *("check", "--unattended", "--submit", "--only", "computer", "--collector", "http://127.0.0.1:9")
    )
    assert waiting.returncode == 3, waiting.stderr
    (mine,) = wine.drive.glob("users/*/AppData/Local/motesklar")
    kept = files(mine)
    assert any("outbox" in name for name in kept)
    given = wine.values(MACHINE_KEY)
    assert wine.install("/i", computer.newer) == 0
    assert wine.values(MACHINE_KEY) == given
    assert wine.files() == files(computer.payload) | {"new.txt"}
    assert files(mine) == kept
    listed = wine.readiness("outbox")
    assert listed.returncode == 0, listed.stderr
    assert wine.install("/i", computer.package) != 0, "an older version"
    assert "new.txt" in wine.files()
    assert wine.install("/x", computer.newer) == 0
    assert not wine.installed.exists(), "the program left nothing of its own there"
    assert wine.values(MACHINE_KEY) == {}
    assert files(mine) == kept, "a person's own data stays"


def test_an_upgrade_beneath_the_running_program_is_whole(computer: Computer):
    """0, or 3010 where Windows puts files that are in use in place at its next start."""
    wine = computer.wine
    assert wine.install("/i", computer.package, f"COLLECTORURL={computer.collector.url}") == 0
    with wine.running(_AT_WORK) as working:
        assert working.stdout is not None
        assert working.stdout.readline(), "it is at work"
        assert wine.install("/i", computer.newer) in (0, 3010)
        assert working.poll() is None
    assert wine.files() >= files(computer.payload) | {"new.txt"}
    told = wine.readiness("settings")
    assert (told.returncode, computer.collector.url in told.stdout) == (0, True), told.stderr
    assert wine.install("/x", computer.newer) in (0, 3010)
