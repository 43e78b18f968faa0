"""No sound and no picture is kept or sent: a whole run, and then a look into the disk and the report.

What the devices give is random noise that is known here. Afterwards everything that the program and
its collector wrote (home, data, settings, cache, temporary files, database, report) is searched for
any part of it, and the files that the processes held open meanwhile are looked at as well.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil
import pytest
import soundfile

from tests.lab.sound_server import SoundServer

pytestmark = pytest.mark.device

RATE = 48_000
PIECE_SAMPLES = 24
PIECE_PIXELS = 24
LONGEST_LIST, LONGEST_TEXT, LARGEST_REPORT = 128, 600, 200_000


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything that a program may write to is in one folder."""
    home = tmp_path / "home"
    for name, part in (
        ("HOME", "."), ("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config"), ("XDG_CACHE_HOME", "cache"),
        ("XDG_STATE_HOME", "state"), ("XDG_RUNTIME_DIR", "run"), ("TMPDIR", "tmp"),
    ):  # fmt: skip
        (home / part).mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv(name, str(home / part))
    return home


@pytest.fixture
def collector(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real collector whose database lies in the same folder."""
    database = f"sqlite:///{home / 'collector.sqlite3'}"
    command = [sys.executable, "-m", "readiness.collector"]
    key = subprocess.check_output([*command, "key", "new", "--database", database], text=True).strip()
    serving = subprocess.Popen(
        [*command, "serve", "--port", "0", "--announce", "--database", database],
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert serving.stdout is not None
        monkeypatch.setenv("READINESS_COLLECTOR_URL", json.loads(serving.stdout.readline())["url"])
        monkeypatch.setenv("READINESS_ENROLMENT_KEY", key)
        yield
    finally:
        serving.terminate()
        serving.wait()
        serving.stdout.close()


class Watched(threading.Thread):
    """Sees which ordinary files a program and its children have open for writing, until it ends."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        super().__init__(daemon=True)
        self._process = process
        self.written: set[str] = set()

    def run(self) -> None:
        root = psutil.Process(self._process.pid)
        while self._process.poll() is None:
            with contextlib.suppress(psutil.Error):
                for process in (root, *root.children(recursive=True)):
                    with contextlib.suppress(psutil.Error):
                        self.written |= {
                            file.path for file in process.open_files() if file.mode not in ("r", "rb")
                        }


def check(*arguments: str) -> tuple[dict[str, Any], set[str]]:
    """One run that is submitted; its report, and the files that were open for writing."""
    command = [sys.executable, "-m", "readiness", "check", "--unattended", "--submit", "--json", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, env=dict(os.environ)
    ) as process:
        watched = Watched(process)
        watched.start()
        out, _ = process.communicate(timeout=110)
        watched.join(10)
    document: dict[str, Any] = json.loads(out)
    return document, watched.written


def pieces_of_sound(samples: np.ndarray) -> list[bytes]:
    """Short pieces from all over a recording (full scale 1), as each sample format would hold them."""
    pieces = []
    for at in range(RATE // 10, len(samples) - PIECE_SAMPLES, 101):
        piece = samples[at : at + PIECE_SAMPLES]
        whole = np.round(piece * 32768).astype(np.int16)
        pieces += [
            whole.tobytes(), piece.astype(np.float32).tobytes(), piece.astype(np.float64).tobytes(),
            (whole.astype(np.int32) << 16).tobytes(),
        ]  # fmt: skip
    return pieces


def pieces_of_film(file: Path) -> list[bytes]:
    """Pieces of rows of its pictures in the ways that they are held, and of the file itself."""
    pieces = []
    capture = cv2.VideoCapture(str(file), cv2.CAP_FFMPEG)
    while (got := capture.read())[0]:
        picture = got[1]
        for row in picture[::17]:
            for held in (row, row[:, ::-1], cv2.cvtColor(row[None], cv2.COLOR_BGR2GRAY)[0]):
                pieces.append(np.ascontiguousarray(held[100 : 100 + PIECE_PIXELS]).tobytes())
    capture.release()
    encoded = file.read_bytes()
    return pieces + [encoded[at : at + 32] for at in range(4096, len(encoded) - 32, 997)]


def holds(data: bytes, pieces: set[bytes]) -> bool:
    """Whether any of `pieces` (of equal length within each length) is somewhere in `data`."""
    for length in {len(piece) for piece in pieces}:
        wanted = {piece for piece in pieces if len(piece) == length}
        if any(data[at : at + length] in wanted for at in range(len(data) - length + 1)):
            return True
    return False


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def look(home: Path, document: dict[str, Any], pieces: list[bytes], own: set[Path]) -> None:
    """Neither the disk nor the report holds a piece."""
    wanted = {piece for piece in pieces if len(set(piece)) > 8}  # silence and plain areas are everywhere
    assert len(wanted) > 1000
    report = json.dumps(document).encode()
    assert not holds(report, wanted)
    found = [path for path in files(home) if path not in own]
    assert any(path.suffix == ".sqlite3" for path in found)
    for path in found:
        assert not holds(path.read_bytes(), wanted), path


def is_figures_only(value: Any) -> None:
    """Nothing in a report is long enough to be sound or picture."""
    if isinstance(value, dict):
        for name, part in value.items():
            assert len(name) < 100
            is_figures_only(part)
    elif isinstance(value, list):
        assert len(value) <= LONGEST_LIST
        for part in value:
            is_figures_only(part)
    elif isinstance(value, str):
        assert len(value) <= LONGEST_TEXT


def noise(seconds: float) -> np.ndarray:
    """Known noise, in whole steps of 16 bits."""
    return np.round(np.random.default_rng(7).uniform(-0.2, 0.2, int(seconds * RATE)) * 32768) / 32768


def film(file: Path) -> Path:
    rng = np.random.default_rng(8)
    writer = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), 30, (640, 480))
    for _ in range(30):
        writer.write(rng.integers(0, 255, (480, 640, 3)).astype(np.uint8))
    writer.release()
    return file


def test_the_search_finds_what_is_there(home: Path, tmp_path: Path) -> None:
    """Else the tests below would prove nothing."""
    samples = noise(1.0)
    pieces = pieces_of_sound(samples)
    (home / "collector.sqlite3").touch()
    look(home, {}, pieces, set())
    (home / "tmp" / "left.bin").write_bytes(b"xyz" + samples[9000:20000].astype(np.float32).tobytes())
    with pytest.raises(AssertionError, match=r"left\.bin"):
        look(home, {}, pieces, set())
    (home / "tmp" / "left.bin").unlink()
    filmed = film(tmp_path / "film.avi")
    capture = cv2.VideoCapture(str(filmed), cv2.CAP_FFMPEG)
    picture = capture.read()[1]
    capture.release()
    (home / "cache" / "frame.raw").write_bytes(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB).tobytes())
    with pytest.raises(AssertionError, match=r"frame\.raw"):
        look(home, {}, pieces_of_film(filmed), set())
    with pytest.raises(AssertionError):
        is_figures_only({"evidence": {"samples": [0.1] * 1000}})


def test_a_submitted_run_on_devices_leaves_figures_only(
    sound_server: SoundServer, home: Path, tmp_path: Path, collector: None
) -> None:
    samples = noise(60.0)
    recording = tmp_path / "room.wav"
    soundfile.write(recording, samples, RATE, subtype="PCM_16")
    before = set(Path("/dev/shm").iterdir())
    with sound_server.playing(recording):
        document, written = check("--only", "camera,microphone,speaker")
    assert document["delivery"]["receipt"]
    (microphone,) = (result for result in document["results"] if result["check_id"] == "microphone")
    assert microphone["evidence"]["noise_dbfs"] > -30, "the microphone did not hear the noise"
    _nothing_is_left(home, document, pieces_of_sound(samples), written, before)


def test_a_submitted_run_on_recordings_leaves_figures_only(
    home: Path, tmp_path: Path, collector: None
) -> None:
    samples, filmed = noise(4.0), film(tmp_path / "film.avi")
    recording = tmp_path / "voice.wav"
    soundfile.write(recording, samples, RATE, subtype="PCM_16")
    before = set(Path("/dev/shm").iterdir())
    document, written = check(
        "--only", "camera,microphone", "--camera-file", str(filmed), "--microphone-file", str(recording)
    )
    assert document["delivery"]["receipt"]
    assert all(result["ending"] == "COMPLETED" for result in document["results"])
    pieces = pieces_of_sound(samples) + pieces_of_film(filmed)
    _nothing_is_left(home, document, pieces, written, before)


def test_a_run_whose_processes_are_killed_leaves_nothing(
    sound_server: SoundServer, home: Path, tmp_path: Path
) -> None:
    """At the moment when it holds most: no process can tidy up after itself."""
    samples, filmed = noise(60.0), film(tmp_path / "film.avi")
    recording, here = tmp_path / "room.wav", home / "here"
    here.mkdir()
    soundfile.write(recording, samples, RATE, subtype="PCM_16")
    before = set(Path("/dev/shm").iterdir())
    command = [sys.executable, "-m", "readiness", "check", "--json", "--only", "camera,microphone"]
    command += ["--camera-file", str(filmed)]
    with (
        sound_server.playing(recording),
        subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd=here,
            env=dict(os.environ),
        ) as process,
    ):  # fmt: skip
        program = psutil.Process(process.pid)
        pause = threading.Event()
        while not _records(sound_server, program):
            assert process.poll() is None, "it ended before it recorded"
            pause.wait(0.05)
        pause.wait(0.5)
        for one in (*program.children(recursive=True), program):
            with contextlib.suppress(psutil.NoSuchProcess):
                one.send_signal(signal.SIGSEGV)  # as a driver that crashes; then for good
                one.kill()
    left = set(Path("/dev/shm").iterdir()) - before
    assert not {path.name for path in left if path.name.startswith(("motesklar", "psm_"))}
    assert files(here) == []
    wanted = {piece for piece in pieces_of_sound(samples) + pieces_of_film(filmed) if len(set(piece)) > 8}
    for path in files(home):
        assert not holds(path.read_bytes(), wanted), path


def _records(server: SoundServer, program: psutil.Process) -> bool:
    """Whether a child of `program` has a stream of the microphone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        ours = {child.pid for child in program.children(recursive=True)}
        told = server.control("list", "source-outputs")
        return any(f'application.process.id = "{pid}"' in told for pid in ours)
    return False


def _nothing_is_left(
    home: Path, document: dict[str, Any], pieces: list[bytes], written: set[str], shared_before: set[Path]
) -> None:
    look(home, document, pieces, set())
    is_figures_only(document)
    assert len(json.dumps(document)) < LARGEST_REPORT
    # What was written meanwhile lies in the folders that were searched.
    stray = {path for path in written if not path.startswith((str(home), "/dev/", "/proc/", "/memfd:"))}
    assert stray == set()
    ours = {path.name for path in set(Path("/dev/shm").iterdir()) - shared_before}
    assert not {name for name in ours if name.startswith(("motesklar", "psm_"))}
