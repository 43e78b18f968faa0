"""The terminal as a process: exit statuses, one JSON document on standard output, clear complaints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from readiness.core.report import from_document
from tests.gui.recordings import voice
from tests.material.portraits import recording


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recordings")
    recording(folder / "film.avi")
    voice(folder / "voice.wav")
    soundfile.write(folder / "silent.wav", np.zeros(16000), 16000)
    soundfile.write(folder / "nan.wav", np.full(16000, np.nan), 16000, subtype="FLOAT")
    (folder / "empty.wav").touch()
    (folder / "garbage.avi").write_bytes(b"no film " * 100)
    return folder


def readiness(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("READINESS_")}
    return subprocess.run(
        [sys.executable, "-m", "readiness", *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        env={**kept, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), **environment},
    )


def checked(folder: Path, *arguments: str, **environment: str) -> tuple[int, dict[str, Any]]:
    done = readiness(folder, "check", "--json", *arguments, **environment)
    document = json.loads(done.stdout)
    from_document(document)
    return done.returncode, document


def test_a_good_film_is_ready(recordings: Path, tmp_path: Path) -> None:
    status, report = checked(tmp_path, "--only", "camera", "--camera-file", str(recordings / "film.avi"))
    (result,) = report["results"]
    assert status == 0
    assert report["rating"]["overall"] == "READY"
    assert report["rating"]["partial"] is True
    assert result["evidence"]["frame_rate_hz"] == 30
    assert (result["evidence"]["width"], result["evidence"]["height"]) == (640, 480)


@pytest.mark.parametrize(
    ("file", "status", "code"),
    [
        ("voice.wav", 0, "microphone.works"),
        ("silent.wav", 20, "microphone.silent"),
        ("nan.wav", 30, "microphone.unreadable_file"),
        ("empty.wav", 30, "microphone.unreadable_file"),
    ],
)
def test_the_exit_status_is_the_verdicts(
    recordings: Path, tmp_path: Path, file: str, status: int, code: str
) -> None:
    got, report = checked(tmp_path, "--only", "microphone", "--microphone-file", str(recordings / file))
    assert got == status
    assert report["results"][0]["findings"][0]["code"] == code


def test_what_is_no_film_is_told(recordings: Path, tmp_path: Path) -> None:
    status, report = checked(tmp_path, "--only", "camera", "--camera-file", str(recordings / "garbage.avi"))
    assert status == 30
    assert report["results"][0]["findings"][0]["code"] == "camera.unreadable_file"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--bogus",),
        ("--only", "telepathy"),
        ("--profile", "nix"),
        ("--camera-file", "/no/such/file"),
        ("--collector", "http://example.org"),
        ("--collector", "nonsense"),
        ("--lang", "tlh"),
    ],
)
def test_wrong_usage_is_two_with_a_sentence(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = readiness(tmp_path, "check", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_a_pipe_is_no_recording_and_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for option in ("--camera-file", "--microphone-file"):
        done = readiness(tmp_path, "check", option, str(pipe))
        assert done.returncode == 2
        assert str(pipe) in done.stderr


def test_complaints_come_in_the_language_asked_for(tmp_path: Path) -> None:
    assert "Choose among" in readiness(tmp_path, "check", "--lang", "en", "--only", "x").stderr
    assert "Välj bland" in readiness(tmp_path, "check", "--only", "x").stderr


def test_a_settings_file_that_is_wrong_is_named(tmp_path: Path) -> None:
    file = tmp_path / "motesklar" / "settings.toml"
    file.parent.mkdir()
    file.write_text("colour = 3\n")
    done = readiness(tmp_path, "check", "--only", "computer")
    assert done.returncode == 2
    assert str(file) in done.stderr


@pytest.mark.parametrize("chosen", [("computer,connection",), ("computer", "connection")])
def test_checks_are_chosen_with_commas_or_one_by_one(tmp_path: Path, chosen: tuple[str, ...]) -> None:
    words = [word for name in chosen for word in ("--only", name)]
    _, report = checked(tmp_path, *words)
    assert [result["check_id"] for result in report["results"]] == ["computer", "connection"]


def test_without_a_collector_the_report_is_kept_and_the_status_is_three(tmp_path: Path) -> None:
    status, report = checked(tmp_path, "--only", "computer", "--submit")
    assert status == 3
    assert report["delivery"]["receipt"] is None
    assert report["delivery"]["state"] == "waiting"
    assert "--collector" in report["delivery"]["reason"]["en"]
    listed = readiness(tmp_path, "outbox", "list").stdout
    assert report["id"] in listed.replace("\n", "")


def test_a_collector_that_is_away_loses_nothing(tmp_path: Path) -> None:
    status, report = checked(
        tmp_path, "--only", "computer", "--submit",
        READINESS_COLLECTOR_URL="http://127.0.0.1:9", READINESS_ENROLMENT_KEY="k",
    )  # fmt: skip
    assert status == 3
    assert report["delivery"]["state"] == "waiting"


def test_a_report_can_be_saved(tmp_path: Path) -> None:
    file = tmp_path / "rapport.json"
    status = readiness(tmp_path, "check", "--only", "computer", "--save", str(file)).returncode
    assert status in (0, 10)  # ready, or limited: this computer may be busy with other tests
    from_document(json.loads(file.read_text("utf-8")))
    assert readiness(tmp_path, "check", "--only", "computer", "--save", "/no/such/place").returncode == 2


def test_people_see_the_verdict_and_what_to_do_next(recordings: Path, tmp_path: Path) -> None:
    done = readiness(
        tmp_path, "check", "--only", "microphone", "--microphone-file", str(recordings / "silent.wav")
    )
    assert done.returncode == 20
    assert "Mikrofonen är helt tyst" in done.stdout
    assert "Gör så här nu" in done.stdout.splitlines()[-2]


def test_a_code_page_without_our_signs_costs_the_signs_alone(tmp_path: Path) -> None:
    """As on Windows, where what goes into a file has the code page of western Europe; here none but ASCII."""
    arguments = ("check", "--only", "computer", "--lang", "sv")
    whole = readiness(tmp_path, *arguments, PYTHONIOENCODING="utf-8").stdout
    assert not whole.isascii()
    assert any(ord(sign) > 0x2100 for sign in whole)
    done = readiness(tmp_path, *arguments, PYTHONIOENCODING="ascii:strict")
    assert done.returncode in (0, 10, 20, 30), done.stderr
    assert "?" in done.stdout


def test_schema_and_devices_are_json(tmp_path: Path) -> None:
    assert "properties" in json.loads(readiness(tmp_path, "schema").stdout)
    assert "devices" in json.loads(readiness(tmp_path, "devices", "--json").stdout)
