"""What the person chose in the window, remembered until the next time: text size and language.

A file of the program's own beside the user's data: the settings files are written by people.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from readiness.core.text import Language

LEAST_PERCENT, MOST_PERCENT = 100, 200
_MOST_BYTES = 4096


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """None: nothing was chosen, so it is as the system and the settings have it."""

    text_percent: int | None = None
    language: Language | None = None


def read_chosen(file: Path) -> Chosen:
    """What was chosen last. Whatever the file holds: what cannot be used counts as not chosen."""
    try:
        with file.open("rb") as opened:
            document = json.loads(opened.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return Chosen()
    if not isinstance(document, dict):
        return Chosen()
    percent, language = document.get("text_percent"), document.get("language")
    return Chosen(
        text_percent=percent if _is_percent(percent) else None,
        language=language if language in get_args(Language) else None,
    )


def keep_chosen(file: Path, chosen: Chosen) -> None:
    """Remember it. Where that is not possible (a full disk) it holds until the window closes."""
    said = {name: value for name, value in asdict(chosen).items() if value is not None}
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(said), "utf-8")
        part.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _is_percent(value: Any) -> bool:
    return type(value) is int and LEAST_PERCENT <= value <= MOST_PERCENT
