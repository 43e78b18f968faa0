"""What is built: its names, its version and its date, each from one place."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
CLIENT = "motesklar"
COLLECTOR = "motesklar-collector"
LICENCE = "MIT"
SUMMARIES = {
    CLIENT: "Tells whether this computer can join web meetings",
    COLLECTOR: "Receives and shows Mötesklar's reports",
}
DESCRIPTIONS = {
    CLIENT: """Mötesklar tests the camera, the microphone, the speaker, the network and the
computer itself, and says whether it can join web meetings, for each meeting
service, and what to do if not.""",
    COLLECTOR: """The server that IT runs: it receives the reports of the organisation's
computers, shows who is equipped for web meetings and what is missing, and
answers when computers measure the network.""",
}

_PUBLISHER = {
    "name": r"[^<>\n]{1,100}",
    "email": r"[^<>@\s]+@[^<>@\s]+",
    "homepage": r"https?://[^\s<>\"]+",
}


class BuildError(Exception):
    """The build cannot go on; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """Who gives out the packages: installer/publisher.toml, or the file that MOTESKLAR_PUBLISHER names."""

    name: str
    email: str
    homepage: str

    @property
    def maintainer(self) -> str:
        """As packages of Debian and RPM name somebody."""
        return f"{self.name} <{self.email}>"


def publisher() -> Publisher:
    """The publisher of this build. Raises BuildError where the file does not state one."""
    file = Path(os.environ.get("MOTESKLAR_PUBLISHER") or ROOT / "installer" / "publisher.toml")
    try:
        stated = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BuildError(f"{file} cannot be read: {error}") from error
    for key, form in _PUBLISHER.items():
        if not isinstance(stated.get(key), str) or not re.fullmatch(form, stated[key]):
            raise BuildError(f"{file} must state {key}, as installer/publisher.toml does.")
    if unknown := sorted(stated.keys() - _PUBLISHER.keys()):
        raise BuildError(f"{file} states what is not known: {', '.join(unknown)}")
    return Publisher(**stated)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep others from building into `folder` meanwhile. Raises BuildError where another one does."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.name == "nt":
        yield
        return
    import fcntl

    opened = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildError(
                f"Another build is at work in {folder}. Wait for it, then start again."
            ) from None
        yield
    finally:
        os.close(opened)


def version() -> str:
    """The version, as `readiness/__init__.py` states it."""
    tree = ast.parse((ROOT / "readiness" / "__init__.py").read_text("utf-8"))
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="__version__")], value=ast.Constant(value=str(stated))):
                return stated
    raise BuildError("readiness/__init__.py states no __version__.")


def source_date() -> int:
    """Seconds since 1970 that every file of the build is dated with: those of the newest commit.

    SOURCE_DATE_EPOCH states another, for a checkout without its history.
    """
    stated = os.environ.get("SOURCE_DATE_EPOCH")
    if stated is None:
        asked = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True)
        stated = asked.stdout.strip()
    try:
        return int(stated)
    except ValueError:
        raise BuildError(
            "This checkout has no history to take a date from. "
            "Set SOURCE_DATE_EPOCH (seconds since 1970), then build again."
        ) from None
