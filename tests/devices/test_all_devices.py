"""One technician's run through all devices, and finding the microphone that hears: the program on a real sound server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from readiness.core.report import from_document
from tests.gui.recordings import voice
from tests.lab.sound_server import SoundServer

pytestmark = pytest.mark.device


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path


def program(*arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "readiness", *arguments, "--lang", "en"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=110,
        env=dict(os.environ),
    )
    return done.returncode, done.stdout, done.stderr


def test_every_microphone_is_gone_through_and_each_is_told(sound_server: SoundServer, home: Path) -> None:
    sound_server.plug_another_microphone("hearing", hears=True)
    sound_server.plug_another_microphone("deaf")
    with sound_server.looped():
        status, out, said = program(
            "check", "--unattended", "--all-devices", "--only", "camera,microphone,speaker", "--json"
        )
    document = json.loads(out)
    trials = document["trials"]
    assert {trial["devices"]["microphone"] for trial in trials} == {"lab_microphone", "hearing", "deaf"}
    assert {trial["devices"]["speaker"] for trial in trials} == {"lab_speaker", "lab_into_microphone"}
    assert trials[0]["results"] == document["results"]

    def first_code(microphone: str) -> Any:
        (trial,) = (trial for trial in trials if trial["devices"]["microphone"] == microphone)
        (result,) = (result for result in trial["results"] if result["check_id"] == "microphone")
        assert result["evidence"]["device_id"] == microphone
        return result["findings"][0]["code"]

    assert first_code("lab_microphone") == first_code("hearing") == "microphone.nobody_spoke"
    assert first_code("deaf") in ("microphone.silent", "microphone.not_proven", "microphone.wrong_device")
    assert from_document(document).trials[0].devices["microphone"] == "lab_microphone"
    assert "Round 3 of 3" in said
    assert status in (0, 10, 20, 30)


def test_the_microphone_that_hears_is_found(sound_server: SoundServer, home: Path) -> None:
    sound_server.plug_another_microphone("deaf")
    sound_server.control("set-default-source", "deaf")
    with sound_server.playing(voice(home / "voice.wav", times=9)):
        status, out, _ = program("devices", "--listen", "--json")
    document = json.loads(out)
    assert status == 0
    rows = {row["id"]: row for row in document["microphones"]}
    assert set(rows) == {"lab_microphone", "deaf"}
    assert rows["deaf"]["hears_voice"] is False
    assert rows["lab_microphone"]["evidence"]["active_level_dbfs"] > -40
    assert document["microphones"][0]["id"] == "lab_microphone"


def test_without_any_microphone_that_is_said(sound_server: SoundServer, home: Path) -> None:
    sound_server.unplug_everything()
    status, out, _ = program("devices", "--listen")
    assert status == 0
    assert "The computer finds no microphone" in out
