"""The signed list as a table that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from readiness.core.model import Verdict, severity
from readiness.core.text import Language, Text
from readiness.gui import words
from readiness.gui.times import local_time
from readiness.submission.handouts import Handout

HEADS = (
    Text(sv="Signerad", en="Signed"),
    Text(sv="Av", en="By"),
    Text(sv="Inventarienummer", en="Asset tag"),
    Text(sv="Enhet", en="Unit"),
    Text(sv="Resultat", en="Result"),
    Text(sv="Kvitto", en="Receipt"),
    Text(sv="Kontrollerat", en="Checked"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(handouts: Sequence[Handout], titles: Mapping[str, Text], language: Language) -> bytes:
    """With semicolons and a mark in front, as spreadsheets in Swedish read it."""
    written = io.StringIO(newline="")
    table = csv.writer(written, delimiter=";")
    table.writerow([head.say(language) for head in HEADS])
    for handout in handouts:
        cells = (
            local_time(handout.signed_utc, language),
            handout.signed_by,
            handout.asset_tag,
            handout.unit or "",
            words.VERDICT[handout.overall].say(language),
            handout.receipt or "",
            checked(handout, titles, language),
        )
        table.writerow([_text(cell) for cell in cells])
    return written.getvalue().encode("utf-8-sig")


def checked(handout: Handout, titles: Mapping[str, Text], language: Language) -> str:
    """What was checked, and what it came to: `Fungerar: Kamera, Mikrofon. Vet inte: Högtalare`."""
    by_verdict: dict[Verdict, list[str]] = {}
    for check_id, verdict in handout.checks.items():
        name = titles[check_id].say(language) if check_id in titles else check_id
        by_verdict.setdefault(verdict, []).append(name)
    return ". ".join(
        f"{words.VERDICT[verdict].say(language)}: {', '.join(by_verdict[verdict])}"
        for verdict in sorted(by_verdict, key=severity)
    )


def _text(cell: str) -> str:
    """A cell that a spreadsheet takes for text, never for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
