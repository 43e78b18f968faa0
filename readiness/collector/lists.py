"""Every list of the pages, row by row: read some at a time, so that it may be as long as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from readiness import checks
from readiness.collector import choices, roster
from readiness.collector.counting import Counting
from readiness.collector.database import Database
from readiness.collector.overview import Group, State
from readiness.collector.roster import Filter
from readiness.collector.store import Row, Store
from readiness.collector.tables import computer, expected
from readiness.core.model import Activity
from readiness.core.text import Language

AT_ONCE = 1_000
Cells = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Lists:
    """What the lists are read from."""

    database: Database
    store: Store
    counting: Counting
    clock: Callable[[], datetime]

    def overview(self) -> Iterator[Cells]:
        """All computers, then unit by unit."""
        seen = self.counting.overview(self._chosen().stale_after)
        yield _group(seen.all, whole=True)
        for unit in seen.units:
            yield _group(unit, whole=False)

    def needs(self) -> Iterator[Cells]:
        """What is missing, by kind and unit."""
        chosen = self._chosen()
        for missing in self.counting.needs(chosen.stale_after):
            price = chosen.prices.get(missing.need)
            for unit, count in missing.units:
                yield {
                    "need": missing.need,
                    "unit": unit,
                    "computers": count,
                    "able_with_it": missing.gains_in.get(unit, 0),
                    "price_sek": price,
                    "cost_sek": None if price is None else price * count,
                }

    def findings(self, language: Language) -> Iterator[Cells]:
        """Each finding that stands somewhere."""
        for cluster in self.counting.clusters():
            kind = checks.kind(cluster.code)
            yield {
                "code": cluster.code,
                "title": kind.title.say(language) if kind else None,
                "computers": cluster.computers,
                "not_ready": cluster.not_ready,
                "first_utc": moment(cluster.first),
                "newest_utc": moment(cluster.newest),
            }

    def computers(self, wanted: Filter) -> Iterator[Cells]:
        """The computers that fit, by name."""
        stale_after, now, after, more = self._chosen().stale_after, self.clock(), "", True
        while more:
            with self.database.reading() as connection:
                found, more = roster.computers(
                    connection, wanted, now, after=after, size=AT_ONCE, stale_after=stale_after
                )
            for row in found:
                yield {
                    "device_id": row.device_id,
                    "host_name": row.host_name,
                    "asset_tag": row.asset_tag,
                    "unit": row.unit,
                    "model": row.model,
                    "state": row.state.value,
                    "overall": row.overall.value if row.overall else None,
                    "needs": " ".join(row.needs),
                    "tested_utc": moment(row.tested_utc),
                }
            after = found[-1].place if found else ""

    def reports(self, search: str) -> Iterator[Cells]:
        """The reports that fit, newest first."""
        page = self.store.page(search=search, size=AT_ONCE)
        while True:
            yield from map(_report, page.rows)
            if not page.older:
                return
            page = self.store.page(search=search, size=AT_ONCE, before=page.before)

    def expected(self) -> Iterator[Cells]:
        """The computers that IT expects, and which of them were heard from."""
        after = ""
        while True:
            with self.database.reading() as connection:
                rows = _expected(connection, after)
            for row in rows:
                yield {
                    "name": row.shown,
                    "unit": row.unit,
                    "device_id": row.device_id,
                    "host_name": row.host_name,
                    "tested_utc": moment(row.tested_at),
                }
            if len(rows) < AT_ONCE:
                return
            after = rows[-1].name

    def _chosen(self) -> choices.Choices:
        with self.database.reading() as connection:
            return choices.chosen(connection)


def moment(value: datetime | None) -> str | None:
    """A moment in UTC, to the second."""
    return None if value is None else value.strftime("%Y-%m-%dT%H:%M:%SZ")


def _group(group: Group, *, whole: bool) -> Cells:
    return {
        "all": whole,
        "unit": group.unit,
        "computers": group.known,
        "able_to_meet": group.ready,
        **{state.value: group.states.get(state, 0) for state in State},
        **{f"can_{activity.value}": group.can.get(activity, 0) for activity in Activity},
    }


def _report(row: Row) -> Cells:
    return {
        "id": row.report_id,
        "receipt": row.receipt,
        "received_utc": moment(row.received_utc),
        "created_utc": moment(row.created_utc),
        "host_name": row.host_name,
        "asset_tag": row.asset_tag,
        "unit": row.unit,
        "case": row.case,
        "model": row.model,
        "system": row.system,
        "profile_id": row.profile_id,
        "overall": row.overall.value,
        **{activity.value: row.activities.get(activity) for activity in Activity},
        "partial": row.partial,
    }


def _expected(connection: Connection, after: str) -> list[Any]:
    columns = (expected.c.name, expected.c.shown, expected.c.unit, computer.c.device_id, computer.c.host_name, computer.c.tested_at)  # fmt: skip
    return list(
        connection.execute(
            select(*columns)
            .select_from(expected.outerjoin(computer))
            .where(expected.c.name > after)
            .order_by(expected.c.name)
            .limit(AT_ONCE)
        ).all()
    )
