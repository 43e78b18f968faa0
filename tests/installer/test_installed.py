"""The packages in a fresh Debian system: installed, used, upgraded, disturbed and removed.

Building and installing takes minutes. MOTESKLAR_PACKAGES names a folder that holds a build already.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import pytest
import soundfile

from installer.packing import compress, linux
from installer.packing.libraries import OPENED_BY_NAME, needs
from installer.packing.product import CLIENT, COLLECTOR, ROOT, version
from readiness.gui.tokens import LIGHT
from tests.gui.recordings import film, voice
from tests.lab.debian_root import DebianRoot, fresh_root

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(sys.platform != "linux", reason="packages of Linux"),
]

OLDER = "0.0.9"
SETTINGS = 'language = "en"\nunit = "Hemtjänsten"\n'


@dataclass(frozen=True, kw_only=True)
class Packages:
    client: Path
    collector: Path
    older_client: Path


@dataclass(frozen=True, kw_only=True)
class Computer:
    """A system with both packages, the client upgraded from an older version, and a person, anna."""

    root: DebianRoot
    before: frozenset[str]
    outbox_before: tuple[str, ...]
    outbox_after: tuple[str, ...]

    def readiness(self, *arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
        return self.root.run("readiness", *arguments, user="anna", check=False, **more)  # type: ignore[arg-type]

    def outbox(self) -> tuple[str, ...]:
        return _outbox(self.root)


@pytest.fixture(scope="module")
def packages(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Packages:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linux, "version", lambda: OLDER)
        patch.setattr(linux, "WORK", tmp_path_factory.mktemp("older"))
        patch.setattr(compress, "again", lambda package, kind: None)  # it would take minutes
        stage = linux.WORK / "stage"
        shutil.copytree(built / "stage" / CLIENT, stage, symlinks=True)
        (stage / "usr" / "lib" / CLIENT / "_internal" / "of_the_older_version").touch()
        older = linux.write_package(CLIENT, "deb", stage, needs(stage, OPENED_BY_NAME))
    return Packages(
        client=built / f"{CLIENT}_{version()}_amd64.deb",
        collector=built / f"{COLLECTOR}_{version()}_amd64.deb",
        older_client=older.file,
    )


@pytest.fixture(scope="module")
def computer(packages: Packages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Computer]:
    folder = tmp_path_factory.mktemp("debian") / "root"
    root = fresh_root(folder)
    try:
        root.run("useradd", "--create-home", "anna")
        before = frozenset(root.paths())
        root.install(packages.older_client)
        settings = folder / "home" / "anna" / ".config" / "motesklar"
        settings.mkdir(parents=True)
        (settings / "settings.toml").write_text(SETTINGS)
        root.run("chown", "-R", "anna:", "/home/anna")
        nowhere = ("--collector", "http://127.0.0.1:9")
        root.run(
            *("readiness", "check", "--unattended", "--submit", "--only", "computer", *nowhere),
            user="anna",
            check=False,
            environment={"READINESS_ENROLMENT_KEY": "mk_none"},
        )
        kept = _outbox(root)
        root.install(packages.client)
        root.install(packages.collector)
        yield Computer(root=root, before=before, outbox_before=kept, outbox_after=_outbox(root))
    finally:
        shutil.rmtree(folder)


def _outbox(root: DebianRoot) -> tuple[str, ...]:
    folder = root.folder / "home" / "anna" / ".local" / "share" / "motesklar" / "outbox"
    return tuple(sorted(file.name for file in folder.rglob("*.json")))


def installed_version(root: DebianRoot) -> str:
    return root.run("dpkg-query", "--show", "--showformat=${Version}", CLIENT).stdout


def test_an_upgrade_keeps_settings_and_outbox(computer: Computer):
    assert installed_version(computer.root) == version()
    assert not (computer.root.folder / "usr/lib/motesklar/_internal/of_the_older_version").exists()
    assert computer.outbox_before
    assert computer.outbox_after == computer.outbox_before
    shown = computer.readiness("settings")
    assert "Hemtjänsten" in shown.stdout, shown.stderr


def test_every_check_runs_to_its_end(computer: Computer):
    done = computer.readiness("check", "--unattended", "--json")
    results = json.loads(done.stdout)["results"]
    assert len(results) >= 8
    assert [
        (result["check_id"], result["reason"]) for result in results if result["ending"] == "CRASHED"
    ] == []
    devices = computer.readiness("devices")
    assert devices.returncode == 0, devices.stderr


def test_without_a_screen_the_window_says_what_to_do_instead(computer: Computer):
    done = computer.readiness("window", timeout=60)
    assert done.returncode != 0


@contextmanager
def packaged_collector(root: DebianRoot) -> Iterator[tuple[str, str]]:
    """The collector started as its service starts it; its address and an enrolment key."""
    key = root.run("readiness-collector", "key", "new", user="motesklar-collector").stdout.strip()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = ("readiness-collector", "serve", "--port", str(port), "--udp-port", "0")
    process = root.start(*serve, user="motesklar-collector")
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"{url}/api/v1/health", timeout=5, trust_env=False)
                break
            except httpx.TransportError:
                assert process.poll() is None, process.communicate()[0]
                assert time.monotonic() < deadline, "the collector does not answer"
                time.sleep(0.2)
        yield url, key
    finally:
        process.kill()
        with contextlib.suppress(ValueError):  # it was read to its end already
            process.communicate()


def test_a_report_reaches_the_packaged_collector(computer: Computer, tmp_path: Path):
    with packaged_collector(computer.root) as (url, key):
        secret = {"READINESS_COLLECTOR_URL": url, "READINESS_ENROLMENT_KEY": key}
        only = ("--only", "computer,media_path")
        done = computer.readiness(
            "check", "--unattended", "--submit", "--json", *only, environment=secret, timeout=120
        )
        assert done.returncode in (0, 10, 20, 30), done.stderr
        results = {result["check_id"]: result for result in json.loads(done.stdout)["results"]}
        # The reflector is a process of its own, which the frozen collector started.
        assert results["media_path"]["ending"] == "COMPLETED", results["media_path"]["reason"]
        delivery = json.loads(done.stdout)["delivery"]
        assert delivery["state"] == "delivered"
        said = computer.root.run("readiness-collector", "link", user="motesklar-collector").stdout
        assert "/link/" in said
    folder = computer.root.folder / "var" / "lib" / "motesklar"
    assert folder.stat().st_mode & 0o077 == 0o050
    kept = shutil.copytree(folder, tmp_path / "kept")  # as it lies there after the collector was killed
    with contextlib.closing(sqlite3.connect(kept / "collector.sqlite3")) as database:
        stored = database.execute("SELECT receipt, unit, app_version, partial FROM report").fetchall()
    assert (delivery["receipt"].replace("-", ""), "Hemtjänsten", version(), 1) in stored
    # What the older version had kept while no collector answered came with it.
    assert len(stored) == 1 + len(computer.outbox_before)


def typed_beside(file: Path) -> None:
    """Keys beneath the voice, which the model that takes the voice out is asked about."""
    samples, rate = soundfile.read(file)
    rng = np.random.default_rng(4)
    for start in rng.integers(0, samples.size - rate, samples.size * 8 // rate):
        samples[start : start + rate // 60] += rng.normal(0, 0.08, rate // 60)
    soundfile.write(file, samples, rate)


def test_a_recording_gives_the_figures_that_it_gives_from_source(computer: Computer, tmp_path: Path):
    """Every detector and model is in the package: speech, reverberation, the noise behind it, faces."""
    typed_beside(voice(tmp_path / "voice.wav", times=2))
    film(tmp_path / "film.avi")
    for name in ("voice.wav", "film.avi"):
        shutil.copy(tmp_path / name, computer.root.folder / "tmp")
    only = ("check", "--unattended", "--json", "--only", "camera,microphone")
    recordings = ("--microphone-file", "voice.wav", "--camera-file", "film.avi")
    inside = [f"/tmp/{part}" if "." in part else part for part in recordings]
    packaged = computer.readiness(*only, *inside).stdout
    here = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": "", "XDG_DATA_HOME": ""}
    source = subprocess.run(
        [sys.executable, "-m", "readiness", *only]
        + [str(tmp_path / part) if "." in part else part for part in recordings],
        capture_output=True,
        text=True,
        env=here,
        cwd=ROOT,
    ).stdout
    of_package, of_source = ({}, {})
    for said, evidence in ((packaged, of_package), (source, of_source)):
        for result in json.loads(said)["results"]:
            evidence |= {f"{result['check_id']}.{name}": value for name, value in result["evidence"].items()}
    assert of_source["microphone.snr_beneath_db"] is not None
    assert of_source["camera.frames"] == of_package["camera.frames"] == 60
    figures = {name: value for name, value in of_source.items() if isinstance(value, float)}
    assert len(figures) > 25
    print({name: (value, of_package[name]) for name, value in figures.items()})
    for name, value in figures.items():
        assert of_package[name] == pytest.approx(value, abs=0.05, rel=0.01), name


@contextmanager
def screen(folder: Path) -> Iterator[tuple[str, Path]]:
    """A display in memory, and the file that holds what it shows."""
    read, write = os.pipe()
    size = ("-screen", "0", "1280x900x24", "-fbdir", str(folder), "-nolisten", "tcp")
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), *size], pass_fds=[write], stderr=subprocess.DEVNULL
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()
        yield f":{number}", folder / "Xvfb_screen0"
    finally:
        process.terminate()
        process.wait()


def pixels(shown: Path) -> np.ndarray:
    """What a screen shows (a file as xwd writes it): rows of pixels, each 0xRRGGBB."""
    content = shown.read_bytes()
    header, width, height, entries = (struct.unpack_from(">I", content, at)[0] for at in (0, 16, 20, 76))
    all_of_it = np.frombuffer(content, "<u4", width * height, header + 12 * entries)
    return all_of_it.reshape(height, width) & 0xFFFFFF


def wait_for(window: subprocess.Popen[str], told: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not told():
        assert window.poll() is None, window.communicate()[0]
        assert time.monotonic() < deadline, what
        time.sleep(0.5)


def test_the_window_outlives_an_upgrade_and_asks_to_be_opened_again(
    computer: Computer, packages: Packages, tmp_path: Path
):
    button, notice = (int(colour.removeprefix("#"), 16) for colour in (LIGHT.accent, LIGHT.not_ready.tint))

    def shows(colour: int) -> bool:
        return bool(np.count_nonzero(pixels(shown) == colour) > 5000)

    with screen(tmp_path) as (display, shown):
        process = computer.root.start("readiness", user="anna", environment={"DISPLAY": display})
        try:
            wait_for(process, lambda: shows(button), "no button is shown")
            rows, columns = np.nonzero(pixels(shown) == button)
            assert not shows(notice)
            computer.root.install(packages.client)
            computer.root.run("dpkg", "--install", f"/tmp/{packages.client.name}")
            assert process.poll() is None, process.communicate()[0]
            place = (str(int(np.median(columns))), str(int(np.median(rows))))
            press = ["xdotool", "mousemove", *place, "click", "1"]
            subprocess.run(press, env={**os.environ, "DISPLAY": display}, check=True)
            wait_for(process, lambda: shows(notice), "the window says nothing of the upgrade")
            if keep := os.environ.get("MOTESKLAR_PICTURE"):
                shutil.copy(shown, keep)
        finally:
            process.kill()
            process.communicate()


def test_going_back_is_refused_and_changes_nothing(computer: Computer, packages: Packages):
    shutil.copy(packages.older_client, computer.root.folder / "tmp")
    refused = computer.root.run("dpkg", "--install", f"/tmp/{packages.older_client.name}", check=False)
    assert refused.returncode != 0
    assert "Nothing was changed" in refused.stderr
    assert installed_version(computer.root) == version()
    assert computer.readiness("--help").returncode == 0


def test_without_rights_nothing_is_installed(computer: Computer, packages: Packages):
    shutil.copy(packages.client, computer.root.folder / "tmp")
    refused = computer.root.run("dpkg", "--install", f"/tmp/{packages.client.name}", user="anna", check=False)
    assert refused.returncode != 0
    assert "superuser" in refused.stderr
    assert installed_version(computer.root) == version()


def test_a_path_with_letters_and_spaces_of_its_own(computer: Computer):
    root = computer.root
    root.run("sh", "-c", "mkdir -p '/opt/Möten å spaces'; cp -r /usr/lib/motesklar '/opt/Möten å spaces/'")
    try:
        moved = "/opt/Möten å spaces/motesklar/readiness"
        done = root.run(
            *(moved, "check", "--unattended", "--json", "--only", "computer,camera"),
            user="anna",
            check=False,
            environment={"HOME": "/tmp/hem å hus"},
        )
        results = json.loads(done.stdout)["results"]
        assert [result["ending"] for result in results] == ["COMPLETED"] * 2, done.stderr
    finally:
        root.run("rm", "-r", "/opt/Möten å spaces")


def test_a_home_on_a_full_disk_is_told_and_keeps_what_it_had(computer: Computer):
    script = """
        mkdir -p /tmp/full; mount -t tmpfs -o size=256k tmpfs /tmp/full
        mkdir -p /tmp/full/.config/motesklar; echo 'language = "en"' > /tmp/full/.config/motesklar/settings.toml
        chown -R anna: /tmp/full; head -c 1M /dev/zero > /tmp/full/filler 2> /dev/null || true
        runuser -u anna -- env HOME=/tmp/full READINESS_ENROLMENT_KEY=mk_none readiness check --unattended \
            --submit --only computer --collector http://127.0.0.1:9 || echo "status $?"
        cat /tmp/full/.config/motesklar/settings.toml
    """
    done = computer.root.run("sh", "-c", script)
    assert "Traceback" not in done.stderr
    assert "Show this to IT" not in done.stderr
    assert 'language = "en"' in done.stdout
    assert "status 3" in done.stdout, done.stdout + done.stderr
    said = (done.stdout + done.stderr).lower()
    assert "full" in said or "space" in said, said


def test_removing_leaves_data_and_nothing_else(computer: Computer):
    root = computer.root
    kept = computer.outbox()
    root.run("apt-get", "-y", "-qq", "remove", CLIENT, COLLECTOR)
    ours = sorted(
        path for path in root.paths() - computer.before if "motesklar" in path.lower() or "readiness" in path
    )
    elsewhere = [
        path for path in ours if not path.startswith(("home/", "var/lib/motesklar", "var/lib/dpkg/"))
    ]
    assert elsewhere == ["etc/motesklar", "etc/motesklar/collector.toml"]
    assert computer.outbox() == kept
    assert (root.folder / "var/lib/motesklar/collector.sqlite3").is_file()
    root.run("dpkg", "--purge", COLLECTOR)
    ours = sorted(
        path for path in root.paths() - computer.before if "motesklar" in path.lower() or "readiness" in path
    )
    assert [path for path in ours if not path.startswith("home/")] == []
    assert computer.outbox() == kept
