"""What is built: its names, its version and its date, each from one place."""

from __future__ import annotations

import ast
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
CLIENT = "motesklar"
COLLECTOR = "motesklar-collector"
LICENCE = "MIT"
MAINTAINER = "Mötesklar <motesklar@example.org>"
HOMEPAGE = "https://example.org/motesklar"
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


class BuildError(Exception):
    """The build cannot go on; the message says why and what to do."""


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
