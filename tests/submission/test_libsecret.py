"""The keyring of Linux: against GNOME Keyring, and where there is none, a locked one, or not even a bus."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from readiness.submission import libsecret
from readiness.submission.libsecret import Libsecret, SecretError
from readiness.submission.token_place import SERVICE, system_keyring

if sys.platform != "linux":
    pytest.skip("the keyring of Linux", allow_module_level=True)

import secretstorage

from tests.lab.secret_service import Bus, session_bus

ROOT = Path(__file__).parents[2]
NAME, TOKEN = "https://möten.exempel.se/åäö", "mt_a-token-nobody-may-see"
PROGRAM = """
import json, sys
from pathlib import Path
from readiness.submission.token_place import TokenPlace

place = TokenPlace(Path(sys.argv[1]), patience_seconds=float(sys.argv[2]))
for line in sys.stdin:
    name, token = json.loads(line)
    told = place.read(name) if token is None else place.write(name, token)
    print(json.dumps([told, place.notice is not None]), flush=True)
"""
"""Reads and writes tokens as it is told, and tells what it read and whether it had something to say about it."""


class Program:
    """A process of its own: GLib has one session bus for a process, the first that it saw."""

    def __init__(self, environment: Mapping[str, str], file: Path, patience_seconds: float = 30) -> None:
        others = ("PYTHON_KEYRING_BACKEND", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "SECRET_BACKEND")
        kept = {name: value for name, value in os.environ.items() if name not in others}
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(file), str(patience_seconds)],
            env={**kept, **environment},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *error: object) -> None:
        _, said = self._process.communicate()
        assert (self._process.returncode, said) == (0, "")

    def read(self, name: str = NAME) -> str | None:
        return self._asked(name, None)[0]

    def write(self, token: str = TOKEN, name: str = NAME) -> bool:
        """Whether it went into the file, which is said."""
        return self._asked(name, token)[1]

    def _asked(self, name: str, token: str | None) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([name, token]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@pytest.fixture
def bus() -> Iterator[Bus]:
    with session_bus() as made:
        yield made


@pytest.fixture
def service(bus: Bus) -> Iterator[Bus]:
    with bus.secret_service():
        yield bus


def older(bus: Bus, order: str, name: str = NAME, token: str | None = None) -> str:
    """What versions before kept tokens with, through the program that it brings."""
    environment = {"PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring", **bus.environment}
    done = subprocess.run(
        [sys.executable, "-m", "keyring", order, SERVICE, name],
        env={**os.environ, **environment},
        input=token,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.removesuffix("\n")


def items(bus: Bus) -> list[dict[str, str]]:
    """Their attributes, without the one that GNOME Keyring gives every item once it has read its file again."""
    with bus.connected() as connection:
        found = secretstorage.get_default_collection(connection).get_all_items()
        given = [item.get_attributes() for item in found]
    return [{name: value for name, value in one.items() if name != "xdg:schema"} for one in given]


def in_file(environment: Mapping[str, str], folder: Path, patience_seconds: float = 30) -> None:
    """The file is used instead, and that is said."""
    file = folder / "tokens.json"
    for _ in range(2):
        with Program(environment, file, patience_seconds) as program:
            program.read()
            assert program.write()
            assert program.read() == TOKEN
    assert json.loads(file.read_text()) == {NAME: TOKEN}


@pytest.mark.parametrize("token", [TOKEN, "å ö 🔑", "x" * 60_000])
def test_a_token_is_kept_in_the_keyring_for_other_programs_too(
    token: str, service: Bus, tmp_path: Path
) -> None:
    file = tmp_path / "tokens.json"
    with Program(service.environment, file) as program:
        assert program.read() is None
        assert not program.write(token)
        assert program.read() == token
    with Program(service.environment, file) as another:
        assert another.read() == token
        assert another.read("another") is None
        assert not another.write("mt_other")
        assert not another.write("mt_another", "another")
        assert another.read() == "mt_other"
    assert list(tmp_path.iterdir()) == []
    assert len(items(service)) == 2


def test_what_an_older_version_stored_is_found_and_replaced_and_found_by_it(
    service: Bus, tmp_path: Path
) -> None:
    older(service, "set", token="mt_older")
    before = items(service)
    with Program(service.environment, tmp_path / "tokens.json") as program:
        assert program.read() == "mt_older"
        assert not program.write()
        assert program.read() == TOKEN
    assert items(service) == before
    assert older(service, "get") == TOKEN
    older(service, "set", token="mt_older")
    assert items(service) == before


def test_what_the_service_has_read_from_its_file_is_replaced_too(bus: Bus, tmp_path: Path) -> None:
    """It gives such items the attribute of a schema, which nobody wrote."""
    for token in ("mt_first", "mt_second", "mt_third"):
        with bus.secret_service(), Program(bus.environment, tmp_path / "tokens.json") as program:
            assert not program.write(token)
            assert program.read() == token
            assert len(items(bus)) == 1


def test_a_secret_is_forgotten_and_others_stay(service: Bus) -> None:
    older(service, "set", token=TOKEN)
    older(service, "set", name="another", token=TOKEN)
    code = f"from {libsecret.__name__} import Libsecret\nLibsecret().delete_password({SERVICE!r}, {NAME!r})"
    subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **service.environment}, cwd=ROOT, check=True
    )
    assert [item["username"] for item in items(service)] == ["another"]


def test_without_a_secret_service_on_the_bus_the_file_is_used(bus: Bus, tmp_path: Path) -> None:
    in_file(bus.environment, tmp_path)


def test_a_locked_keyring_that_cannot_ask_is_as_good_as_none(service: Bus, tmp_path: Path) -> None:
    service.lock()
    in_file(service.environment, tmp_path)


def test_a_locked_keyring_that_nobody_opens_is_not_waited_for_for_ever(service: Bus, tmp_path: Path) -> None:
    older(service, "set", token="mt_older")
    service.lock()
    with service.nobody_answering():
        in_file(service.environment, tmp_path, patience_seconds=1)


def test_a_program_outlives_its_session_bus(service: Bus, tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    with Program(service.environment, file) as program:
        assert not program.write("mt_older")
        service.end()
        assert program.write()
        assert program.read() == TOKEN
    assert json.loads(file.read_text()) == {NAME: TOKEN}


@pytest.mark.parametrize(
    "address", [None, "", "autolaunch:", "unix:path=/nowhere/bus", "nothing like an address"]
)
def test_without_a_bus_none_is_started_and_the_file_is_used(address: str | None, tmp_path: Path) -> None:
    launcher = tmp_path / "bin" / "dbus-launch"
    launcher.parent.mkdir()
    launcher.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    launcher.chmod(0o755)
    surroundings = {
        **({} if address is None else {"DBUS_SESSION_BUS_ADDRESS": address}),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "DISPLAY": ":99",
        "PATH": f"{launcher.parent}:{os.environ['PATH']}",
    }
    in_file(surroundings, tmp_path)
    assert not (tmp_path / "started").exists()


def test_the_bus_that_systemd_starts_is_found_without_its_address(service: Bus, tmp_path: Path) -> None:
    (service.folder / "bus").symlink_to(service.folder / "socket")
    with Program({"XDG_RUNTIME_DIR": str(service.folder)}, tmp_path / "tokens.json") as program:
        assert not program.write()
    assert older(service, "get") == TOKEN


def test_without_the_library_there_is_no_keyring(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    monkeypatch.setattr(libsecret, "_LIBRARY", "libsecret-absent.so.0")
    assert system_keyring() is None
    with pytest.raises(OSError, match="absent"):
        Libsecret()


@pytest.mark.parametrize(
    ("named", "used"),
    [
        ("keyring.backends.null.Keyring", False),
        ("keyring.backends.fail.Keyring", False),
        ("keyrings.alt.file.PlaintextKeyring", False),
        ("keyring.backends.SecretService.Keyring", True),
        ("", True),
    ],
)
def test_the_keyring_is_switched_off_as_for_other_programs(
    named: str, used: bool, service: Bus, tmp_path: Path
) -> None:
    environment = {**service.environment, "PYTHON_KEYRING_BACKEND": named}
    with Program(environment, tmp_path / "tokens.json") as program:
        assert program.write() is not used


def test_a_token_that_c_would_cut_short_is_refused(service: Bus, tmp_path: Path) -> None:
    with Program(service.environment, tmp_path / "tokens.json") as program:
        assert program.write("mt_\0rest")
        assert program.read() == "mt_\0rest"
    assert items(service) == []


def test_an_error_is_told_in_the_words_of_the_library(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
    with pytest.raises(SecretError, match="Could not connect"):
        Libsecret()
