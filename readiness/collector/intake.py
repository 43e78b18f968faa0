"""How reports come into the store: those that arrive together are written in one transaction.

A commit waits for the disk, and takes as long for forty reports as for one. So whoever finds nobody
writing writes its own report and all that wait; a receipt is given when that commit has returned.
"""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, String, exc, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from readiness.collector import documents, fleet, tables
from readiness.collector.database import Database
from readiness.collector.fleet import Arrival
from readiness.collector.requirements import Requirements
from readiness.collector.tables import clean
from readiness.core.model import Activity, Report
from readiness.core.report import from_document

ACTIVITIES = (Activity.LISTEN, Activity.TALK, Activity.BE_SEEN, Activity.SHARE_SCREEN)
MOST_TOGETHER = 100
_LONGEST_SEARCH = 400
"""Characters: what an index of PostgreSQL can hold, whatever the letters."""
_MOST_ATTEMPTS = 20


class OtherContentError(Exception):
    """The id was used for another report."""


class OtherComputerError(Exception):
    """The report is, or its id was used by, another computer than the one that sends it."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The answer to a report: `new` where it was stored just now."""

    report_id: str
    receipt: str
    received_utc: datetime
    new: bool


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A report that can be stored: `values` are the columns of its row, but for receipt and time.

    `sender` is the id of the computer that sends it, None where that is not asked.
    """

    body: bytes
    report: Report
    values: dict[str, Any]
    sender: str | None = None

    @property
    def id(self) -> str:
        """The report's id."""
        return str(self.values["id"])


@dataclass(kw_only=True)
class _Place:
    """Where a report waits for its turn and its answer."""

    arrived: Incoming
    stands: fleet.Standing
    answer: Receipt | None = None
    error: BaseException | None = None
    done: bool = field(default=False)


def incoming(
    body: bytes, *, key_number: int | None, unit: str | None, device_id: str | None = None
) -> Incoming:
    """The report in `body`, from the computer `device_id`. `unit` stands above its own.

    Raises ReportError where it is none, OtherComputerError where it is another computer's.
    """
    report = from_document(documents.parsed(body))
    values = _columns(report, unit) | {
        "id": str(uuid.UUID(report.id)),
        "digest": hashlib.sha256(body).digest(),
        "document": documents.packed(body),
        "key_number": key_number,
    }
    if device_id is not None and values["device_id"] != device_id:
        raise OtherComputerError
    return Incoming(body=body, report=report, values=values, sender=device_id)


class Intake:
    """Writes reports to the database; its one method may be called from many threads."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime],
        new_receipt: Callable[[], str],
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_receipt = new_receipt
        self._requirements = Requirements()
        self._waiting: deque[_Place] = deque()
        self._changed = threading.Condition()
        self._writing = False

    def keep(self, arrived: Incoming) -> Receipt:
        """Store it; it is on the disk when this returns.

        Raises OtherContentError, OtherComputerError, DatabaseUnavailableError.
        """
        # Rated here and not in the transaction, in which everybody else waits.
        stands = self._requirements.latest().standing(arrived.report, arrived.values)
        place = _Place(arrived=arrived, stands=stands)
        with self._changed:
            self._waiting.append(place)
            while self._writing and not place.done:
                self._changed.wait()
            if not place.done:
                self._writing = True
                together = [self._waiting.popleft() for _ in range(min(MOST_TOGETHER, len(self._waiting)))]
        if not place.done:
            try:
                self._write(together)
            finally:
                with self._changed:
                    for one in together:
                        one.done = True
                    self._writing = False
                    self._changed.notify_all()
        if place.error is not None:
            raise place.error
        assert place.answer is not None
        return place.answer

    def _write(self, together: list[_Place]) -> None:
        try:
            self._transact(together)
        except exc.IntegrityError:
            for place in together:  # one of them is in the way; each by itself
                self._alone(place)
        except BaseException as error:
            for place in together:
                place.answer, place.error = None, error

    def _alone(self, place: _Place) -> None:
        place.answer = place.error = None
        for _ in range(_MOST_ATTEMPTS):
            try:
                self._transact([place])
            except exc.IntegrityError:
                continue  # the same report at the same moment, or a receipt code that is taken
            except BaseException as error:
                place.error = error
            return
        place.error = RuntimeError("no free receipt code was found")

    def _transact(self, together: Sequence[_Place]) -> None:
        """Store these and answer them. What is wrong with one alone is its own error."""
        with self._database.writing() as connection:
            known = _known(connection, [place.arrived.id for place in together])
            received = _milliseconds(self._clock())
            fresh: list[tuple[_Place, Receipt]] = []
            for place in together:
                if earlier := known.get(place.arrived.id):
                    _answer(place, earlier)
                    continue
                place.answer = Receipt(
                    report_id=place.arrived.id, receipt=self._new_receipt(), received_utc=received, new=True
                )
                fresh.append((place, place.answer))
                known[place.arrived.id] = _Earlier(
                    receipt=replace(place.answer, new=False),
                    digest=place.arrived.values["digest"],
                    device_id=place.arrived.values["device_id"],
                    body=partial(bytes, place.arrived.body),
                )
            if fresh:
                self._insert(connection, fresh)

    def _insert(self, connection: Connection, fresh: list[tuple[_Place, Receipt]]) -> None:
        report = tables.report
        rows = [
            place.arrived.values | {"receipt": given.receipt, "received_at": given.received_utc}
            for place, given in fresh
        ]
        made = connection.execute(insert(report).returning(report.c.id, report.c.number), rows)
        numbers = {row.id: row.number for row in made}
        _remember_texts(connection, {row["search"] for row in rows})
        in_force = self._requirements.now(connection)
        fleet.remember(
            connection,
            [
                Arrival(
                    report=place.arrived.report,
                    columns=place.arrived.values,
                    standing=place.stands
                    if place.stands.rated_by == in_force.number
                    else in_force.standing(place.arrived.report, place.arrived.values),
                    number=numbers[given.report_id],
                    receipt=given.receipt,
                    received=given.received_utc,
                )
                for place, given in fresh
            ],
        )


def _remember_texts(connection: Connection, texts: set[str]) -> None:
    """Keep what reports can be searched by."""
    added: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = added.insert(tables.searched).on_conflict_do_nothing()
    # In one order: two collectors on one database never wait for each other.
    connection.execute(statement, [{"text": one} for one in sorted(texts)])


@dataclass(frozen=True, kw_only=True)
class _Earlier:
    """A report that has the id already: what was answered then, and what it said."""

    receipt: Receipt
    digest: bytes
    device_id: str
    body: Callable[[], bytes]


def _known(connection: Connection, ids: list[str]) -> dict[str, _Earlier]:
    report = tables.report.c
    columns = (report.id, report.receipt, report.received_at, report.digest, report.device_id)
    return {
        row.id: _Earlier(
            receipt=Receipt(report_id=row.id, receipt=row.receipt, received_utc=row.received_at, new=False),
            digest=bytes(row.digest),
            device_id=row.device_id,
            body=partial(_stored, connection, row.id),
        )
        for row in connection.execute(select(*columns).where(report.id.in_(ids)))
    }


def _stored(connection: Connection, report_id: str) -> bytes:
    document = connection.scalar(select(tables.report.c.document).where(tables.report.c.id == report_id))
    return documents.unpacked(document or b"")


def _answer(place: _Place, earlier: _Earlier) -> None:
    """The same report again has the same answer; the bytes are compared where their digests differ."""
    arrived = place.arrived
    if arrived.sender is not None and arrived.sender != earlier.device_id:
        place.error = OtherComputerError()
    elif earlier.digest == arrived.values["digest"] or documents.same(arrived.body, earlier.body()):
        place.answer = earlier.receipt
    else:
        place.error = OtherContentError()


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
        "search": "\n".join(value for value in searched if value).casefold()[:_LONGEST_SEARCH],
        **{activity.value: rating.activities.get(activity) for activity in ACTIVITIES},
    }


def _longest(column: str) -> int:
    kind = tables.report.c[column].type
    assert isinstance(kind, String)
    assert kind.length is not None
    return kind.length


def _milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
