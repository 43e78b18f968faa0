"""The store of reports: each is kept once, as received, with the columns that lists need."""

from __future__ import annotations

import hashlib
import json
import math
import uuid
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, exc, insert, select

from readiness.collector import fleet, receipts, tables
from readiness.collector.database import Database
from readiness.collector.tables import clean
from readiness.core.model import Activity, Report, Verdict
from readiness.core.report import ReportError, from_document

_MOST_ATTEMPTS = 20
_ZLIB = b"\x78"
"""What compressed data begins with (RFC 1950) and JSON does not."""


class OtherContentError(Exception):
    """The id was used for another report."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The answer to a report: `new` where it was stored just now."""

    report_id: str
    receipt: str
    received_utc: datetime
    new: bool


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
        self._clock = clock
        self._new_receipt = new_receipt

    def add(self, body: bytes, *, key_number: int | None = None, unit: str | None = None) -> Receipt:
        """Keep the report in `body`; it is on the disk when this returns.

        The same report again gives the same receipt. `unit` is the key's and stands above the
        report's own. Raises ReportError where the body is no report, OtherContentError where its
        id was used for another.
        """
        document = parsed(body)
        report = from_document(document)
        report_id = str(uuid.UUID(report.id))
        digest = _digest(document)
        values = _columns(report, unit) | {
            "id": report_id,
            "digest": digest,
            "document": zlib.compress(body),
            "key_number": key_number,
        }
        for _ in range(_MOST_ATTEMPTS):
            try:
                with self._database.writing() as connection:
                    if known := _receipt_of(connection, report_id, digest):
                        return known
                    received = _milliseconds(self._clock())
                    receipt = self._new_receipt()
                    stored = connection.execute(
                        insert(tables.report).values(**values, receipt=receipt, received_at=received)
                    ).inserted_primary_key
                    assert stored is not None
                    fleet.remember(connection, report, values, stored[0], receipt, received)
                return Receipt(report_id=report_id, receipt=receipt, received_utc=received, new=True)
            except exc.IntegrityError:
                continue  # the same report at the same moment, or a receipt code that is taken
        raise RuntimeError("no free receipt code was found")

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
        return Stored(row=_row(values), document=_unpacked(values["document"]))


def _unpacked(document: bytes) -> bytes:
    """The JSON of a report; those of early versions were kept as they came."""
    return zlib.decompress(document) if document.startswith(_ZLIB) else document


def parsed(body: bytes) -> Any:
    """The JSON in `body`, which must be UTF-8. Raises ReportError."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_finite, parse_float=_finite)
    except UnicodeDecodeError as error:
        raise ReportError("not JSON: it is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise ReportError(f"not JSON: {error}") from error


_ACTIVITIES = (Activity.LISTEN, Activity.TALK, Activity.BE_SEEN, Activity.SHARE_SCREEN)
_LISTED: tuple[ColumnElement[Any], ...] = tuple(
    tables.report.c[name]
    for name in (
        *("number", "id", "receipt", "received_at", "created_at", "host_name", "asset_tag", "unit"),
        *("case_name", "model", "system", "profile_id", "overall", "partial"),
        *(activity.value for activity in _ACTIVITIES),
    )
)


def _columns(report: Report, unit: str | None) -> dict[str, Any]:
    computer, rating = report.computer, report.rating
    texts = {
        "device_id": computer.device_id,
        "host_name": computer.host_name,
        "asset_tag": computer.asset_tag,
        "unit": unit or computer.unit,
        "case_name": computer.case,
        "model": computer.model,
        "system": computer.system,
        "app_version": report.app_version,
        "profile_id": rating.profile_id,
        "profile_version": rating.profile_version,
    }
    columns: dict[str, Any] = {
        name: None if value is None else clean(value, _longest(name)) for name, value in texts.items()
    }
    searched = (columns["host_name"], columns["asset_tag"], columns["case_name"])
    return columns | {
        "created_at": _moment(report.created_utc),
        "overall": rating.overall.value,
        "partial": rating.partial,
        "search": "\n".join(value for value in searched if value).casefold(),
        **{activity.value: rating.activities.get(activity) for activity in _ACTIVITIES},
    }


def _longest(column: str) -> int:
    kind = tables.report.c[column].type
    assert isinstance(kind, String)
    assert kind.length is not None
    return kind.length


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
            activity: Verdict(values[activity.value]) for activity in _ACTIVITIES if values[activity.value]
        },
        partial=values["partial"],
    )


def _receipt_of(connection: Connection, report_id: str, digest: bytes) -> Receipt | None:
    report = tables.report.c
    known = connection.execute(
        select(report.receipt, report.received_at, report.digest).where(report.id == report_id)
    ).first()
    if known is None:
        return None
    if bytes(known.digest) != digest:
        raise OtherContentError
    return Receipt(report_id=report_id, receipt=known.receipt, received_utc=known.received_at, new=False)


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


def _digest(document: Any) -> bytes:
    # The content, not the bytes: another order of keys or other spaces is the same report.
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).digest()


def _milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:20]} is no JSON number")
    return number


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
