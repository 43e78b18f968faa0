"""The store of reports: each is kept once, as received, with the columns that lists need."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from readiness.collector import receipts, tables
from readiness.collector.database import Database
from readiness.collector.documents import unpacked
from readiness.collector.intake import ACTIVITIES, Intake, OtherContentError, Receipt, incoming
from readiness.collector.tables import clean
from readiness.core.model import Activity, Verdict

__all__ = ["ACTIVITIES", "OtherContentError", "Page", "Receipt", "Row", "Store", "Stored"]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One report in a list."""

    number: int
    report_id: str
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
    """Some reports, newest first, and whether there are newer and older ones."""

    rows: tuple[Row, ...]
    newer: bool
    older: bool


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

    def add(self, body: bytes, *, key_number: int | None = None, unit: str | None = None) -> Receipt:
        """Keep the report in `body`; it is on the disk when this returns.

        The same report again gives the same receipt. `unit` is the key's and stands above the
        report's own. Raises ReportError where the body is no report, OtherContentError where its
        id was used for another.
        """
        return self._intake.keep(incoming(body, key_number=key_number, unit=unit))

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
        statement = select(*_LISTED).limit(size + 1)
        if search.strip():
            statement = statement.where(_matches(search))
        backwards = after is not None and before is None
        if backwards:
            statement = statement.where(number > after).order_by(number)
        else:
            statement = statement.order_by(number.desc())
            if before is not None:
                statement = statement.where(number < before)
        with self._database.reading() as connection:
            found = [_row(values) for values in connection.execute(statement).mappings()]
        more = len(found) > size
        rows = tuple(found[:size])
        if backwards:
            return Page(rows=rows[::-1], newer=more, older=True)
        return Page(rows=rows, newer=before is not None, older=more)

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
        *("number", "id", "receipt", "received_at", "created_at", "host_name", "asset_tag", "unit"),
        *("case_name", "model", "system", "profile_id", "overall", "partial"),
        *(activity.value for activity in ACTIVITIES),
    )
)


def _row(values: Any) -> Row:
    return Row(
        number=values["number"],
        report_id=values["id"],
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


def _matches(search: str) -> ColumnElement[bool]:
    # Folded here and not by the database: SQLite folds only A to Z.
    part = clean(search.strip(), 200).casefold()
    matches: ColumnElement[bool] = tables.report.c.search.contains(part, autoescape=True)
    if (named := _named(search)) is not None:
        matches = matches | named
    return matches
