"""Tables for spreadsheets: CSV as Excel opens it, in which nothing runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

MARK = "\ufeff"
"""What tells a spreadsheet that the file is UTF-8."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def written(rows: Iterable[Sequence[Any]]) -> str:
    """The rows as lines with semicolons, as spreadsheets in Sweden expect."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: Any) -> Any:
    """A spreadsheet runs a text that begins like a formula (OWASP, CSV injection): shown as text instead."""
    if not isinstance(cell, str):
        return cell
    return f"'{cell}" if cell.lstrip(" \N{NO-BREAK SPACE}").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell  # fmt: skip
