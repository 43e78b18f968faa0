"""The collector's own file: what IT sets once, so that every command finds the same database.

`/etc/motesklar/collector.toml`, or the file that READINESS_COLLECTOR_CONFIG names. What a command line
says is stronger.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from readiness.collector.problems import StartError
from readiness.core.reasons import reason_of
from readiness.core.text import Text

VARIABLE = "READINESS_COLLECTOR_CONFIG"
USUAL_FILE = Path("/etc/motesklar/collector.toml")
KINDS: Mapping[str, type] = {
    "host": str,
    "port": int,
    "udp_port": int,
    "udp_host": str,
    "udp_address": str,
    "tls_certificate": str,
    "tls_key": str,
    "allow_insecure": bool,
    "database": str,
}
"""What can be set, and as what. All but the database is for `serve` alone."""
_LARGEST_BYTES = 64 * 1024
_PORTS = range(65536)


def configured(environment: Mapping[str, str] = os.environ, usual: Path = USUAL_FILE) -> dict[str, Any]:
    """The values in the file; none where there is no usual file. Raises StartError, which says what is wrong."""
    named = environment.get(VARIABLE)
    file = Path(named) if named else usual
    if not named and (os.name == "nt" or not _is_there(file)):
        return {}
    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST_BYTES + 1)
    except OSError as error:
        reason = reason_of(error)
        raise _faulty(file, reason.sv, reason.en) from error
    if len(content) > _LARGEST_BYTES:
        raise _faulty(file, "filen är för stor", "the file is too large")
    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _faulty(file, f"filen är inte TOML: {error}", f"the file is no TOML: {error}") from error
    for name, value in values.items():
        _check(file, name, value)
    return values


def defaults(values: Mapping[str, Any], commands: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the defaults of a tree of commands (`click` calls that a default map).

    `commands` names every command; a group's value holds the commands in it.
    """
    database = {name: value for name, value in values.items() if name == "database"}
    filled: dict[str, Any] = {}
    for name, below in commands.items():
        filled[name] = defaults(values, below) if below else dict(values if name == "serve" else database)
    return filled


def _is_there(file: Path) -> bool:
    try:
        return file.exists()
    except OSError:  # a folder that may not be entered: what is in it is not ours to use
        return False


def _check(file: Path, name: str, value: Any) -> None:
    kind = KINDS.get(name)
    if kind is None:
        known = ", ".join(KINDS)
        raise _faulty(
            file,
            f"okänd inställning {name}. De som finns är {known}",
            f"unknown setting {name}. There are {known}",
        )
    if type(value) is not kind or (kind is int and value not in _PORTS):
        # The address of a database may hold a password.
        shown = "…" if name == "database" else repr(value)
        raise _faulty(
            file, f"värdet för {name} passar inte: {shown}", f"the value of {name} does not fit: {shown}"
        )


def _faulty(file: Path, sv: str, en: str) -> StartError:
    return StartError(
        Text(
            sv=f"Filen {file} kan inte användas: {sv}. Rätta filen.",
            en=f"The file {file} cannot be used: {en}. Correct the file.",
        )
    )
