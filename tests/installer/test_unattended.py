"""What starts `readiness recheck` by itself on each system, and Intune's scripts."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from installer.packing.product import ROOT
from installer.windows.definition import TASK_FILE, Launchers, task
from readiness.cli import app

NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
WINDOWS = ROOT / "installer" / "windows"
LINUX = ROOT / "installer" / "linux"
SCRIPTS = sorted((WINDOWS / "intune").glob("*.ps1"))


def commands() -> set[str]:
    return {command.name or command.callback.__name__ for group in (app, *(found.typer_instance for found in app.registered_groups if not found.name)) for command in group.registered_commands}  # fmt: skip


def test_the_command_is_there() -> None:
    assert {"check", "recheck", "settings"} <= commands()


@pytest.mark.parametrize(
    ("launchers", "program", "arguments"),
    [
        (Launchers(window="readiness.exe", terminal="readiness.exe"), "readiness.exe", "recheck --notify"),
        (
            Launchers(window="pythonw.exe", terminal="python.exe", arguments="-B -m readiness"),
            "pythonw.exe",
            "-B -m readiness recheck --notify",
        ),
    ],
)
def test_the_task_of_windows(launchers: Launchers, program: str, arguments: str) -> None:
    made = task((WINDOWS / TASK_FILE).read_text("utf-8"), launchers)
    assert made.startswith(b"\xff\xfe"), "UTF-16, as the scheduler writes it"
    root = Xml.fromstring(made)
    assert root.tag == f"{NAMESPACE}Task"
    order = [child.tag.removeprefix(NAMESPACE) for child in root]
    assert order == ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
    assert root.findtext(f"{NAMESPACE}Actions/{NAMESPACE}Exec/{NAMESPACE}Command") == rf'"%ProgramFiles%\Motesklar\{program}"'  # fmt: skip
    assert root.findtext(f"{NAMESPACE}Actions/{NAMESPACE}Exec/{NAMESPACE}Arguments") == arguments
    principal = root.find(f"{NAMESPACE}Principals/{NAMESPACE}Principal")
    assert principal is not None
    assert principal.findtext(f"{NAMESPACE}GroupId") == "S-1-5-32-545", "the person at the computer"
    assert principal.findtext(f"{NAMESPACE}RunLevel") == "LeastPrivilege"
    assert root.findtext(f"{NAMESPACE}Settings/{NAMESPACE}ExecutionTimeLimit") == "PT5M"
    for query in root.iter(f"{NAMESPACE}Subscription"):
        events = Xml.fromstring(query.text or "")
        assert events.tag == "QueryList"
        assert "Kernel-PnP" in events[0].attrib["Path"]


def test_the_units_of_systemd(tmp_path: Path) -> None:
    service = configparser.ConfigParser(interpolation=None, strict=False)
    service.optionxform = str  # type: ignore[assignment,method-assign]
    service.read(LINUX / "motesklar-recheck.service", "utf-8")
    assert service["Service"]["ExecStart"] == "/usr/bin/readiness recheck --notify"
    assert "10" in service["Service"]["SuccessExitStatus"].split()
    timer = (LINUX / "motesklar-recheck.timer").read_text("utf-8")
    assert "OnCalendar=daily" in timer
    if shutil.which("systemd-analyze") is None:
        return
    for name in ("motesklar-recheck.service", "motesklar-recheck.timer"):
        content = (LINUX / name).read_text("utf-8").replace("/usr/bin/readiness", "/bin/true")
        (tmp_path / name).write_text(content, "utf-8")
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *tmp_path.iterdir()], capture_output=True, text=True
    )
    assert "motesklar-recheck" not in checked.stderr, checked.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_of_intune_never_tests_by_itself_and_names_nobody(script: Path) -> None:
    content = script.read_text("utf-8")
    assert content.isascii(), "Windows PowerShell reads a file without a mark as ANSI"
    code = "\n".join(line for line in content.splitlines() if not line.startswith("#"))
    assert "recheck" in code
    assert not re.search(r"\bcheck\b(?!s)", code), "only a person starts camera and microphone"
    assert not re.search(r"USERNAME|COMPUTERNAME|whoami|hostname|Exception\.Message", code, re.IGNORECASE)
    for opening, closing in ("{}", "()", "[]"):
        assert code.count(opening) == code.count(closing)
    assert "2048" in code
    assert set(re.findall(r"exit (\d+)", code)) == {"0", "1"}


def test_there_is_one_script_to_find_and_one_to_ask() -> None:
    assert [script.name for script in SCRIPTS] == ["detection.ps1", "remediation.ps1"]
    detection, remediation = (script.read_text("ascii") for script in SCRIPTS)
    assert "--notify" not in detection
    assert "recheck --notify --summary" in remediation
