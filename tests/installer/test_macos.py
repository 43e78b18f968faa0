"""The files for macOS, as far as reading goes: nothing of them is run here."""

from __future__ import annotations

import ast
import plistlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from installer.packing.product import ROOT
from readiness.core.text import LANGUAGES
from readiness.settings.places import BUNDLE

FILES = ROOT / "installer" / "macos"
ASKED = ("NSCameraUsageDescription", "NSMicrophoneUsageDescription")


def information() -> dict[str, object]:
    read: dict[str, object] = plistlib.loads((FILES / "Info.plist").read_bytes())
    return read


def test_the_app_says_what_it_needs_camera_and_microphone_for() -> None:
    read = information()
    assert read["CFBundleIdentifier"] == BUNDLE
    assert read["LSMinimumSystemVersion"] == "13.0"
    for key in ASKED:
        assert len(str(read[key])) > 20
    assert set(LANGUAGES) == set(read["CFBundleLocalizations"])  # type: ignore[call-overload]


def test_links_from_support_open_it() -> None:
    (scheme,) = information()["CFBundleURLTypes"]  # type: ignore[misc]
    assert scheme["CFBundleURLSchemes"] == ["motesklar"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_questions_of_the_system_are_in_both_languages(language: str) -> None:
    content = (FILES / f"{language}.lproj" / "InfoPlist.strings").read_text("utf-8")
    rows = re.findall(r'^"?(\w+)"? = "((?:[^"\\]|\\.)*)";$', content, re.MULTILINE)
    assert len(rows) == len(content.splitlines()), "every line is a row"
    assert set(ASKED) <= set(dict(rows))
    if language == "sv":
        assert {dict(rows)[key] for key in ASKED} == {information()[key] for key in ASKED}


def test_the_entitlements_are_camera_and_microphone_alone() -> None:
    read = plistlib.loads((FILES / "entitlements.plist").read_bytes())
    assert read == {
        "com.apple.security.device.audio-input": True,
        "com.apple.security.device.camera": True,
    }


def test_the_specification_is_python_and_uses_files_that_are_there() -> None:
    source = (FILES / "motesklar.spec").read_text("utf-8")
    tree = ast.parse(source)
    compile(tree, "motesklar.spec", "exec")
    called = {node.func.id: node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}  # fmt: skip
    assert {"Analysis", "PYZ", "EXE", "COLLECT", "BUNDLE"} <= set(called)
    bundle = {keyword.arg: ast.unparse(keyword.value) for keyword in called["BUNDLE"].keywords}
    assert bundle["name"] == "'Motesklar.app'"
    assert bundle["info_plist"] == "information"
    executable = {keyword.arg: ast.unparse(keyword.value) for keyword in called["EXE"].keywords}
    task = plistlib.loads((FILES / "se.motesklar.recheck.plist").read_bytes())
    assert task["ProgramArguments"][0].endswith(f"/Contents/MacOS/{ast.literal_eval(executable['name'])}")
    assert (ROOT / "installer" / "packing" / "start_client.py").is_file()


def test_the_scheduled_recheck_is_a_recheck() -> None:
    task = plistlib.loads((FILES / "se.motesklar.recheck.plist").read_bytes())
    assert task["ProgramArguments"][1:] == ["recheck", "--notify"]
    assert task["RunAtLoad"] is True


@pytest.mark.parametrize("script", sorted((ROOT / "installer").rglob("*.sh")), ids=lambda script: script.name)
def test_a_script_parses_and_is_without_known_mistakes(script: Path) -> None:
    subprocess.run(["sh", "-n", script], check=True)
    assert shutil.which("shellcheck"), "shellcheck is missing. On Debian: apt-get install shellcheck"
    checked = subprocess.run(["shellcheck", script], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    assert script.stat().st_mode & 0o111


def test_signing_without_an_identity_says_what_is_missing() -> None:
    done = subprocess.run(
        [FILES / "sign-and-notarise.sh", "a.app", "a.dmg"],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin"},
    )
    assert done.returncode != 0
    assert "SIGN_IDENTITY" in done.stderr
