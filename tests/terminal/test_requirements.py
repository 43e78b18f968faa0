"""`readiness rate`, `explain` and `profiles`, as they are typed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from readiness.cli import run
from readiness.core.profile_loading import load_profile
from readiness.settings import places

ID = "5f0c1e4e-0d8e-4c8b-9d6f-0d5d3f0a7f11"
MICROPHONE = {
    "swing_p999": 0.3, "active_level_dbfs": -42.0, "activity_percent": 60.0, "snr_db": 35.0,
    "clipped_percent": 0.0, "dc_offset": 0.0,
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("READINESS_PROFILE", "READINESS_LANGUAGE", "READINESS_COLLECTOR_URL"):
        monkeypatch.delenv(name, raising=False)


def a_report(folder: Path, **changes: Any) -> Path:
    rating = {
        "profile_id": "teams", "profile_version": "1", "overall": "READY",
        "activities": {"talk": "READY"}, "deciding": [], "partial": True,
    }  # fmt: skip
    document = {
        "schema": 1, "id": ID, "created_utc": "2025-02-03T08:00:00Z", "app_version": "0.1.0",
        "computer": {"device_id": "d", "host_name": "PC-1", "system": "Windows 11"},
        "rating": rating, "services": [],
        "results": [
            {
                "check_id": "microphone", "ending": "COMPLETED", "started_utc": "2025-02-03T08:00:00Z",
                "seconds": 6.0, "evidence": MICROPHONE, "findings": [],
            }
        ],
    }  # fmt: skip
    path = folder / "report.json"
    path.write_text(json.dumps(document | changes), "utf-8")
    return path


def test_an_old_report_is_judged_beside_its_original_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rate", str(a_report(tmp_path)), "--profile", "teams", "--json"]) == 10
    told = json.loads(capsys.readouterr().out)
    assert told["original"]["overall"] == "READY"
    assert told["original"]["profile_version"] == "1"
    assert told["now"]["overall"] == "LIMITED"
    assert told["now"]["profile_version"] == load_profile("teams", places().profiles).version
    assert told["now"]["deciding"] == ["microphone.too_quiet"]
    assert told["now"]["lifts"][0] == {"activity": None, "verdict": "READY", "needs": ["knowledge"], "codes": ["microphone.too_quiet"]}  # fmt: skip
    assert [found["code"] for found in told["findings"]] == ["microphone.too_quiet"]


def test_the_same_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rate", str(a_report(tmp_path)), "--profile", "teams", "--lang", "en"]) == 10
    said = capsys.readouterr().out
    assert "PC-1, report of 2025-02-03, held against Microsoft Teams" in said
    assert "Then (teams 1)" in said
    assert "microphone.too_quiet: Your voice is faint. The sound is 4 dB too weak." in said
    assert "With a step of your own: ready." in said


def test_a_test_that_came_later_is_not_known_and_said_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rating = {"profile_id": "o", "profile_version": "1", "overall": "READY", "activities": {}}
    assert run(["rate", str(a_report(tmp_path, rating=rating)), "--lang", "sv"]) == 30
    said = capsys.readouterr().out
    assert "Kamera: inte mätt i den här rapporten" in said
    assert "Av det som mättes då: Delvis redo." in said


def test_a_report_of_a_newer_schema_is_read_as_far_as_it_is_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_report(tmp_path, schema=7, hologram={"depth": 3})
    assert run(["rate", str(path), "--profile", "teams", "--lang", "en"]) == 10
    assert "newer than the program" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "Check the name"),
        (b"", "is no report"),
        (b"{}", "is no report"),
        (b'{"schema": NaN}', "is no report"),
        (b"\xff\xfe\x00", "is no report"),
        (b"[" * 100_000, "is no report"),
        (b" " * (1024 * 1024 + 1), "is no report"),
    ],
)
def test_what_is_no_report_is_told_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, says: str
) -> None:
    path = tmp_path / "report.json"
    if content is not None:
        path.write_bytes(content)
    assert run(["rate", str(path), "--lang", "en"]) == 2
    assert says in capsys.readouterr().err


def test_profiles_of_ones_own_can_be_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    strict = (
        (places().profiles / "common.toml").read_text("utf-8").replace("required = -48", "required = -40")
    )
    (folder / "common.toml").write_text(strict.replace('extends = "computer"', ""), "utf-8")
    arguments = ["--profile", "common", "--profiles", str(folder), "--json"]
    assert run(["rate", str(a_report(tmp_path)), *arguments]) == 20
    capsys.readouterr()
    assert run(["explain", "microphone.too_quiet", *arguments]) == 0
    assert json.loads(capsys.readouterr().out)["limits"][0]["required"] == -40


def test_a_profile_that_is_wrong_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "p.toml").write_text('id = "p"\nversion = "1"\nnme = "P"\n', "utf-8")
    arguments = ["--profile", "p", "--profiles", str(tmp_path), "--lang", "sv"]
    assert run(["rate", str(a_report(tmp_path)), *arguments]) == 2
    assert "p.toml, rad 3 (nme): nyckeln ”nme” finns inte. Skriv ”name”." in capsys.readouterr().err


def test_a_finding_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = str(a_report(tmp_path))
    assert (
        run(["explain", "microphone.too_quiet", "--profile", "teams", "--report", report, "--lang", "en"])
        == 0
    )
    said = capsys.readouterr().out
    assert "microphone.active_level_dbfs = -42.0" in said
    assert "required at least −48 dBFS, good from −38 dBFS" in said
    assert "RFC 7874" in said
    assert re.search(r"Read 20\d\d-\d\d-\d\d, our own choice\.", said)
    assert "Windows: Open Start and choose Settings." in said


def test_an_explanation_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "camera.absent", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["need"] == "camera"
    assert told["limits"] == []
    assert told["remedies"][0]["owner"] == "you"
    assert set(told["title"]) == {"sv", "en"}


def test_a_code_that_does_not_exist_names_its_neighbours(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "microphone.to_quiet", "--lang", "en"]) == 2
    assert "Write “microphone.too_quiet”" in capsys.readouterr().err


def test_the_profiles_are_listed_with_where_their_rows_come_from(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["profiles", "--json", "--lang", "en"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)["profiles"]}
    assert rows["teams"]["rows"]["official"] > 3
    assert "No requirements are published" in rows["visiba"]["note"]
    assert run(["profiles"]) == 0
    assert "✔ teams" in capsys.readouterr().out


def test_faults_and_misspelt_figures_of_ones_own_profiles_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (places().profiles / "common.toml").read_text("utf-8").replace('extends = "computer"', "")
    (tmp_path / "common.toml").write_text(text.replace("frame_rate_hz", "fram_rate_hz"), "utf-8")
    assert run(["profiles", str(tmp_path), "--lang", "en"]) == 0
    assert (
        "No test measures camera.fram_rate_hz. Do you mean camera.frame_rate_hz?" in capsys.readouterr().out
    )
    (tmp_path / "p.toml").write_text("id = 7", "utf-8")
    assert run(["profiles", str(tmp_path), "--lang", "en"]) == 2
    assert "✖ p: The profile cannot be read. p.toml, line 1" in capsys.readouterr().out
