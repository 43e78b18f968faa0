"""`readiness settings`, and what a command says of a policy that cannot be used."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from readiness import cli
from readiness.settings import Places, loading, places


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    there = dataclasses.replace(
        places(),
        settings_file=tmp_path / "user.toml",
        machine_settings_file=tmp_path / "machine" / "settings.toml",
        policy_file=tmp_path / "policy.toml",
        data=tmp_path / "data",
    )
    (tmp_path / "machine").mkdir()
    for module in (loading, cli):
        monkeypatch.setattr(module, "places", lambda: there)
    for variable in ("COLLECTOR_URL", "ENROLMENT_KEY", "LANGUAGE", "PROFILE"):
        monkeypatch.delenv(f"READINESS_{variable}", raising=False)
    return there


def write(file: Path | None, content: str) -> None:
    assert file is not None
    file.write_text(content, "utf-8")


def test_each_value_and_where_it_comes_from(where: Places, capsys: pytest.CaptureFixture[str]) -> None:
    write(where.policy_file, 'collector_url = "https://moten.example.se"\n')
    write(where.secrets_file, 'enrolment_key = "mk_secret"\n')
    write(where.settings_file, 'unit = "Skolan"\n')
    assert cli.run(["settings", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert f"https://moten.example.se  [set by the organisation: {where.policy_file}, collector_url]" in said
    assert f"set (not shown)  [the computer's setting: {where.secrets_file}, enrolment_key]" in said
    assert f"Skolan  [the user's setting: {where.settings_file}, unit]" in said
    assert "language             Language: English (en)  [the command line: --lang]" in said
    assert "Requirement profile: Organisationen (organisation)  [default]" in said
    assert "mk_secret" not in said


def test_the_same_as_json(where: Places, capsys: pytest.CaptureFixture[str]) -> None:
    write(where.policy_file, 'profile = "teams"\nenrolment_key = "mk_policy"\nrecheck = 3\n')
    write(where.settings_file, 'enrolment_key = "mk_secret"\n')
    where.settings_file.chmod(0o600)
    assert cli.run(["settings", "--json"]) == 2, "something in a policy cannot be used"
    said = capsys.readouterr().out
    assert "mk_" not in said
    document = json.loads(said)
    rows = {row["name"]: row for row in document["settings"]}
    assert (rows["profile"]["value"], rows["profile"]["source"]) == ("teams", "policy")
    assert (rows["profile"]["place"], rows["profile"]["key"]) == (str(where.policy_file), "profile")
    assert (rows["enrolment_key"]["value"], rows["enrolment_key"]["set"]) == (None, True)
    assert (rows["recheck"]["value"], rows["recheck"]["source"]) == (True, "default")
    assert [(row["key"], row["source"], row["weight"]) for row in document["remarks"]] == [
        ("enrolment_key", "policy", "fault"),
        ("recheck", "policy", "fault"),
    ]


def test_a_check_goes_on_in_spite_of_a_policy_that_cannot_be_used(
    where: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    write(where.policy_file, 'collector_url = "htp:/moten"\nlanguage = "en"\nprofile = "nix"\nnew = 1\n')
    status = cli.run(["check", "--only", "computer", "--json"])
    said = capsys.readouterr()
    assert status in (0, 10), "the verdict's, not a fault of usage"
    assert json.loads(said.out)["rating"]["profile_id"] == "organisation"
    lines = [line for line in said.err.splitlines() if str(where.policy_file) in line]
    assert len(lines) == 2, "what a newer version knows is no fault"
    assert "collector_url: The address of IT's server cannot be used: htp:/moten." in said.err
    assert "profile: There is no profile nix. Choose among" in said.err


def test_a_policy_stands_above_the_command_line_and_says_so(
    where: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    write(where.policy_file, 'profile = "teams"\nlanguage = "en"\n')
    status = cli.run(["check", "--only", "computer", "--json", "--profile", "zoom"])
    said = capsys.readouterr()
    assert status in (0, 10, 20, 30)
    assert json.loads(said.out)["rating"]["profile_id"] == "teams"
    assert "The organisation has set Requirement profile. Therefore --profile is not used." in said.err


def test_what_is_asked_of_a_stored_report_is_no_setting(
    where: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--profile` of `explain` and `rate` is the question itself."""
    write(where.policy_file, 'profile = "teams"\n')
    assert cli.run(["explain", "microphone.too_quiet", "--profile", "zoom", "--json"]) == 0
    assert capsys.readouterr().err == ""


def test_a_policy_with_a_dead_address_costs_the_delivery_and_never_the_test(
    where: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    write(where.policy_file, 'collector_url = "http://127.0.0.1:9"\nlanguage = "sv"\n')
    write(where.secrets_file, 'enrolment_key = "mk_none"\n')
    line = ["check", "--unattended", "--summary", "--submit", "--only", "computer"]
    assert cli.run(line) in (0, 1), "the verdict's"
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "report=waiting" in said
    assert cli.run(["check", "--unattended", "--submit", "--only", "computer"]) == 3
    assert "Rapporten är inte skickad" in capsys.readouterr().out
    assert len(list(where.outbox.glob("*.json"))) == 2


def test_a_policy_that_cannot_be_read_is_told_and_stops_nobody(
    where: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    assert where.policy_file is not None
    where.policy_file.mkdir()
    write(where.settings_file, 'unit = "Skolan"\n')
    assert cli.run(["check", "--unattended", "--json", "--only", "computer"]) in (0, 10, 20, 30)
    said = capsys.readouterr()
    assert json.loads(said.out)["computer"]["unit"] == "Skolan"
    assert "kan inte läsas: den är en mapp. Be IT att rätta det." in said.err
