"""What IT chose on the pages: the goal, prices, how long a test holds, and which computers there should be."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from readiness.collector.fleet import folded
from readiness.collector.overview import STALE_AFTER, Goal
from readiness.collector.tables import choice, clean, computer, expected
from readiness.core.model import Need
from readiness.core.text import Text

LARGEST_LIST_BYTES = 8 * 1024 * 1024
MOST_EXPECTED = 500_000
_HIGHEST_PRICE = 1_000_000.0
_MOST_DAYS = 3650
_AT_ONCE = 5_000
_DAYS = {"stale_days": "stale_after", "report_days": "keep_reports", "log_days": "keep_log"}
"""What is chosen in days: the name in a form, and in Choices."""


class ChoiceError(ValueError):
    """What was written cannot be used; `text` says what to write."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, kw_only=True)
class Choices:
    """All of them; prices are in kronor each, by kind of need."""

    goal: Goal | None = None
    stale_after: timedelta = STALE_AFTER
    keep_reports: timedelta = timedelta(days=730)
    keep_log: timedelta = timedelta(days=365)
    prices: Mapping[str, float] = field(default_factory=dict)


def chosen(connection: Connection) -> Choices:
    """What is chosen now."""
    values = {
        row.name: json.loads(row.value) for row in connection.execute(select(choice.c.name, choice.c.value))
    }
    goal = values.get("goal")
    return Choices(
        goal=Goal(percent=goal["percent"], day=goal["day"]) if goal else None,
        **{name: timedelta(days=values[days]) for days, name in _DAYS.items() if days in values},
        prices=values.get("prices", {}),
    )


def choose(connection: Connection, form: Mapping[str, str]) -> None:
    """Keep what a form says of goal, prices and days; what it does not name stays. Raises ChoiceError."""
    if "goal_percent" in form:
        percent, day = form["goal_percent"].strip(), form.get("goal_day", "").strip()
        _keep(connection, "goal", _goal(percent, day) if percent or day else None)
    for days in _DAYS:
        if form.get(days, "").strip():
            _keep(connection, days, int(_number(form[days], 1, _MOST_DAYS)))
    prices = {
        need.value: _number(form[f"price_{need.value}"], 0, _HIGHEST_PRICE)
        for need in Need
        if form.get(f"price_{need.value}", "").strip()
    }
    if any(name.startswith("price_") for name in form):
        _keep(connection, "prices", prices)


def expect(connection: Connection, listed: str) -> int:
    """Replace the list of computers there should be; how many it holds now. Raises ChoiceError.

    `listed` is CSV with comma, semicolon or tab: host name or asset tag, then the unit. A first
    line that names the columns is passed over.
    """
    rows = _expected(listed)
    connection.execute(delete(expected))
    for start in range(0, len(rows), _AT_ONCE):
        connection.execute(insert(expected), rows[start : start + _AT_ONCE])
    # Two statements and not one with "or": each uses its own index.
    for key in (computer.c.asset_key, computer.c.host_key):
        found = select(func.max(computer.c.number)).where(key == expected.c.name).scalar_subquery()
        connection.execute(
            update(expected).where(expected.c.computer_number.is_(None)).values(computer_number=found)
        )
    return len(rows)


def expected_count(connection: Connection) -> int:
    """How many computers the list holds."""
    return connection.scalar(select(func.count()).select_from(expected)) or 0


def _expected(listed: str) -> list[dict[str, Any]]:
    head = listed[:10_000]
    delimiter = max(";,\t", key=head.count)
    rows: dict[str, dict[str, Any]] = {}
    try:
        for line, row in enumerate(csv.reader(io.StringIO(listed), delimiter=delimiter), start=1):
            shown = clean(row[0].strip().lstrip("\ufeff"), 200) if row else ""
            if not shown or (line == 1 and _is_heading(shown)):
                continue
            unit = clean(row[1].strip(), 200) if len(row) > 1 else ""
            rows[folded(shown)] = {
                "name": folded(shown),
                "shown": shown,
                "unit": unit or None,
                "computer_number": None,
            }
            if len(rows) > MOST_EXPECTED:
                raise ChoiceError(
                    Text(
                        sv=f"Listan har fler än {MOST_EXPECTED} datorer. Dela upp den.",
                        en=f"The list has more than {MOST_EXPECTED} computers. Split it.",
                    )
                )
    except csv.Error as error:
        raise ChoiceError(
            Text(
                sv=f"Listan kan inte läsas: {error}. Skriv ett namn och en enhet på varje rad.",
                en=f"The list cannot be read: {error}. Write a name and a unit on each line.",
            )
        ) from error
    return list(rows.values())


def _is_heading(first: str) -> bool:
    words = ("namn", "name", "dator", "computer", "inventarienummer", "asset tag", "asset_tag", "host")
    return first.casefold() in words


def _goal(percent: str, day: str) -> dict[str, Any]:
    try:
        when = date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise ChoiceError(
            Text(sv="Skriv dagen som 2027-06-30.", en="Write the day as 2027-06-30.")
        ) from error
    return {"percent": _number(percent, 0, 100), "day": when}


def _number(written: str, least: float, most: float) -> float:
    try:
        value = float(written.strip().replace(" ", "").replace("\u00a0", "").replace(",", "."))
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise ChoiceError(
            Text(
                sv=f"”{written[:30]}” passar inte. Skriv ett tal från {least:g} till {most:g}.",
                en=f"“{written[:30]}” does not fit. Write a number from {least:g} to {most:g}.",
            )
        )
    return value


def _keep(connection: Connection, name: str, value: Any) -> None:
    connection.execute(delete(choice).where(choice.c.name == name))
    if value is not None:
        connection.execute(insert(choice).values(name=name, value=json.dumps(value)))
