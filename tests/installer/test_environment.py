import shutil
import sys
from pathlib import Path

import pytest

from installer import environment
from installer.environment import SetUpError, has_screen, install, missing_packages

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the launchers have other names there")


def test_set_up_makes_an_environment_that_runs_the_project(project):
    done = project.set_up()
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(project.python)
    assert project.greet("and", "more words") == (7, "13 and more words\n")


def test_what_is_done_is_skipped(project):
    project.set_up()
    shutil.rmtree(project.wheel.parent)  # a second installation would miss it
    again = project.set_up()
    assert (again.returncode, again.stderr) == (0, "")


def test_another_lock_list_is_installed(project):
    project.set_up()
    with (project.folder / "installer" / "locked-run.txt").open("a") as lock:
        lock.write("# another\n")
    again = project.set_up()
    assert again.returncode == 0
    assert "Installing" in again.stderr


def test_the_list_for_tests_satisfies_running_as_well(project):
    project.set_up("test")
    again = project.set_up("run")
    assert (again.returncode, again.stderr) == (0, "")


def test_the_list_for_running_does_not_satisfy_the_tests(project):
    project.set_up("run")
    assert "Installing" in project.set_up("test").stderr


@pytest.mark.parametrize(
    "damage", ["python gone", "half made", "no folder but a file", "a folder moved here"]
)
def test_a_broken_environment_is_made_again(project, damage):
    venv = project.folder / ".venv"
    if damage == "no folder but a file":
        venv.write_text("")
    else:
        project.set_up()
    if damage == "python gone":
        project.python.unlink()
    if damage == "half made":
        (venv / "motesklar-incomplete").touch()
        next(venv.rglob("lucky.py")).unlink()
    if damage == "a folder moved here":
        (venv / "pyvenv.cfg").unlink()
    again = project.set_up()
    assert again.returncode == 0, again.stderr
    assert project.greet() == (7, "13\n")


def test_a_file_that_is_not_the_locked_one_is_refused_and_tried_again_later(project):
    project.lock(number=13, sha256="0" * 64)
    refused = project.set_up()
    assert refused.returncode == 1
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in refused.stderr
    project.lock(number=14)
    assert project.set_up().returncode == 0
    assert project.greet() == (7, "14\n")


def test_without_root_the_exact_command_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    apt = tmp_path / "apt-get"
    apt.write_text("#!/bin/sh\nexit 1\n")
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(environment.os, "geteuid", lambda: 1000)
    with pytest.raises(
        SetUpError, match=r"sudo apt-get install --yes --no-install-recommends libegl1 libgl1\n"
    ):
        install(["libegl1", "libgl1", "libegl1"])


def test_without_apt_the_packages_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetUpError, match="called: libegl1"):
        install(["libegl1"])


def test_as_root_lists_are_fetched_when_there_are_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    told = tmp_path / "told"
    apt = tmp_path / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$@" >>{told}\n')
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(environment.os, "geteuid", lambda: 0)
    monkeypatch.setattr(environment, "_LISTS", tmp_path)
    install(["libegl1"])
    assert [line.split()[3:] for line in told.read_text().splitlines()] == [
        ["update"],
        ["install", "--yes", "--no-install-recommends", "libegl1"],
    ]


def test_a_library_is_missing_when_it_does_not_load():
    assert missing_packages({"libc.so.6": "libc6", "libnothing.so.99": "libnothing99"}) == ["libnothing99"]


@pytest.mark.parametrize(
    ("surroundings", "platform", "screen"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_a_screen(surroundings: dict[str, str], platform: str, screen: bool):
    assert has_screen(surroundings, platform) is screen
