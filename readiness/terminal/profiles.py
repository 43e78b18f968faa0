"""The profiles of a folder: their rows by confidence, and what is wrong with them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from readiness.checks.explaining import known_figures
from readiness.core.profile import Profile
from readiness.core.profile_file import ProfileError
from readiness.core.profile_loading import load_profile
from readiness.core.text import Language, Text
from readiness.terminal.output import TRUST, print_json


def show_profiles(folder: Path, language: Language, *, as_json: bool) -> bool:
    """Print the profiles there are, their rows by confidence, and what is wrong; is none faulty?"""
    rows: list[dict[str, Any]] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            rows.append(_profile_row(load_profile(file.stem, folder), language))
        except ProfileError as error:
            rows.append({"id": file.stem, "fault": error.text.say(language)})
    if as_json:
        print_json({"profiles": rows})
    else:
        console = Console(highlight=False, soft_wrap=True)
        for row in rows:
            if "fault" in row:
                console.print(f"✖ {row['id']}: {row['fault']}", style="red", markup=False)
                continue
            counts = ", ".join(f"{number} {TRUST[trust].say(language)}" for trust, number in row["rows"].items())  # fmt: skip
            console.print(f"✔ {row['id']} {row['version']}  {row['name']}  ({counts})", markup=False)
            for line in (row["note"], *row["undecided"]):
                if line:
                    console.print(f"    {line}", style="dim", markup=False)
    return not any("fault" in row for row in rows)


def _profile_row(profile: Profile, language: Language) -> dict[str, Any]:
    rows: tuple[Any, ...] = (
        *profile.limits, *profile.openings, *profile.hosts, *profile.programs, *profile.systems,
    )  # fmt: skip
    counts = {trust: sum(row.confidence == trust for row in rows) for trust in TRUST}
    known = known_figures()
    strange = sorted({limit.figure for limit in profile.limits} - known)
    return {
        "id": profile.id,
        "version": profile.version,
        "name": profile.name,
        "rows": {trust: count for trust, count in counts.items() if count},
        "note": profile.note.say(language) if profile.note else "",
        "undecided": [_not_measured(figure, sorted(known)).say(language) for figure in strange],
    }


def _not_measured(figure: str, known: Sequence[str]) -> Text:
    near = difflib.get_close_matches(figure, known, n=1)
    if near:
        return Text(
            sv=f"Inget test mäter {figure}. Menar du {near[0]}?",
            en=f"No test measures {figure}. Do you mean {near[0]}?",
        )
    return Text(sv=f"Inget test mäter {figure}.", en=f"No test measures {figure}.")
