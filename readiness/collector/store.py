"""The store of reports: each is kept once, as received, with the columns that lists need."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from readiness.collector import receipts, tables
from readiness.collector.database import Database
from readiness.collector.documents import unpacked
from readiness.collector.intake import (
    ACTIVITIES,
    Intake,
    OtherComputerError,
    OtherContentError,
    Receipt,
    incoming,
)
from readiness.collector.tables import clean
from readiness.core.model import Activity, Verdict

__all__ = [
    "ACTIVITIES",
    "OtherComputerError",
    "OtherContentError",
    "Page",
    "Receipt",
    "Row",
    "Store",
    "Stored",
]

_FEW = 5_000
"""Up to so many texts that fit, their reports are looked up; above, the list is read until enough fit."""
_WINDOW = 50_000
"""So many reports are read at most for one page of a search that fits many."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One report in a list."""

    number: int
    report_id: str
    device_id: str
    receipt: str
    received_utc: datetime
    created_utc: datetime | None
    host_name: str
    asset_tag: str | None
    unit: str | None
    case: str | None
    model: str | None
    system: str
    profile_id: str
    overall: Verdict
    activities: dict[Activity, Verdict]
    partial: bool


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some reports, newest first, and whether there are newer and older ones.

    `before` and `after` are what to ask for those with; of a search that finds much there may be more
    even where a page has few rows, or none.
    """

    rows: tuple[Row, ...]
    newer: bool
    older: bool
    before: int = 0
    after: int = 0


@dataclass(frozen=True, kw_only=True)
class Stored:
    """One report: its row, and its JSON as received."""

    row: Row
    document: bytes


class Store:
    """Reports in a database."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_receipt: Callable[[], str] = receipts.new_receipt,
    ) -> None:
        self._database = database
        self._intake = Intake(database, clock=clock, new_receipt=new_receipt)

    def add(
        self,
        body: bytes,
        *,
        key_number: int | None = None,
        unit: str | None = None,
        device_id: str | None = None,
    ) -> Receipt:
        """Keep the report in `body`; it is on the disk when this returns.

        The same report again gives the same receipt. `unit` is the key's and stands above the
        report's own; `device_id` is that of the computer that sends. Raises ReportError where the
        body is no report, OtherContentError where its id was used for another, OtherComputerError
        where it is, or its id was used, by another computer than `device_id`.
        """
        return self._intake.keep(incoming(body, key_number=key_number, unit=unit, device_id=device_id))

    def page(
        self,
        *,
        search: str = "",
        before: int | None = None,
        after: int | None = None,
        size: int = 50,
    ) -> Page:
        """At most `size` reports, newest first: those older than `before`, or newer than `after`.

        `search` is a part of a host name, an asset tag or a case, or a receipt code.
        """
        number = tables.report.c.number
        backwards = after is not None and before is None
        statement = select(*_LISTED).limit(size + 1).order_by(number if backwards else number.desc())
        with self._database.reading() as connection:
            newest = connection.scalar(select(func.max(number))) or 0
            low, high = (after or 0) if backwards else 0, newest + 1 if before is None else before
            if search.strip():
                matches, many = _matches(connection, search)
                statement = statement.where(matches)
                if many and backwards:
                    high = min(high, low + 1 + _WINDOW)
                elif many:
                    low = max(low, high - 1 - _WINDOW)
            statement = statement.where(number > low, number < high)
            found = [_row(values) for values in connection.execute(statement).mappings()]
        full = len(found) > size
        rows = tuple(found[:size])[:: -1 if backwards else 1]
        return Page(
            rows=rows,
            newer=full or high <= newest if backwards else before is not None,
            older=True if backwards else full or low > 0,
            before=rows[-1].number if rows and (full or backwards) else low + 1,
            after=rows[0].number if rows and (full or not backwards) else high - 1,
        )

    def find(self, name: str) -> Stored | None:
        """The report with the id or the receipt code `name`."""
        condition = _named(name)
        if condition is None:
            return None
        statement = select(*_LISTED, tables.report.c.document).where(condition)
        with self._database.reading() as connection:
            values = connection.execute(statement).mappings().first()
        if values is None:
            return None
        return Stored(row=_row(values), document=unpacked(values["document"]))


_LISTED: tuple[ColumnElement[Any], ...] = tuple(
    tables.report.c[name]
    for name in (
        *("number", "id", "device_id", "receipt", "received_at", "created_at", "host_name", "asset_tag"),
        *("unit", "case_name", "model", "system", "profile_id", "overall", "partial"),
        *(activity.value for activity in ACTIVITIES),
    )
)


def _row(values: Any) -> Row:
    return Row(
        number=values["number"],
        report_id=values["id"],
        device_id=values["device_id"],
        receipt=receipts.shown(values["receipt"]),
        received_utc=values["received_at"],
        created_utc=values["created_at"],
        host_name=values["host_name"],
        asset_tag=values["asset_tag"],
        unit=values["unit"],
        case=values["case_name"],
        model=values["model"],
        system=values["system"],
        profile_id=values["profile_id"],
        overall=Verdict(values["overall"]),
        activities={
            activity: Verdict(values[activity.value]) for activity in ACTIVITIES if values[activity.value]
        },
        partial=values["partial"],
    )


def _named(name: str) -> ColumnElement[bool] | None:
    if code := receipts.read(name):
        return tables.report.c.receipt == code
    try:
        return tables.report.c.id == str(uuid.UUID(name))
    except ValueError:
        return None


def _matches(connection: Connection, search: str) -> tuple[ColumnElement[bool], bool]:
    """Which reports fit, and whether that is asked of so many that they must be read some at a time."""
    # Folded here and not by the database: SQLite folds only A to Z.
    part = clean(search.strip(), 200).casefold()
    report, texts = tables.report.c, tables.searched.c.text
    fits = texts.contains(part, autoescape=True)
    few = select(func.count()).select_from(select(texts).where(fits).limit(_FEW + 1).subquery())
    many = (connection.scalar(few) or 0) > _FEW
    matches: ColumnElement[bool] = (
        report.search.contains(part, autoescape=True)
        if many
        else report.search.in_(select(texts).where(fits))
    )
    if (named := _named(search)) is not None:
        matches = matches | named
    return matches, many
