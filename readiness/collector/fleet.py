"""The fleet: what each report changes about its computer's row. Written in the report's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from readiness import checks
from readiness.collector import receipts, webhook
from readiness.collector.tables import clean, computer, expected, standing
from readiness.core.model import Activity, Finding, Report, Verdict, severity

_CLOCK_MAY_BE_OFF = timedelta(days=1)
_WEIGHS = (Verdict.NOT_READY, Verdict.LIMITED, Verdict.UNKNOWN)
_DRIVER_OF = {"camera": "camera", "microphone": "sound", "speaker": "sound", "media_path": "network"}
"""By check: the name under which a report tells the driver."""
_TOLD = ("report_number", "tested_at", "overall", *(activity.value for activity in Activity), "rated_by")
"""What only a whole report tells of a computer."""

Findings = Sequence[tuple[str, Finding]]
"""Findings with the ids of their checks."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a computer is rated as: its verdicts by column, what was found, and under which adopted
    requirements (their number; None where the report's own rating stands)."""

    verdicts: Mapping[str, Any]
    findings: Findings
    rated_by: int | None = None


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A report that was stored just now as `number`; `columns` are those of its row."""

    report: Report
    columns: Mapping[str, Any]
    standing: Standing
    number: int
    receipt: str
    received: datetime

    @property
    def device_id(self) -> str:
        """Whose it is."""
        return str(self.columns["device_id"])

    @property
    def tested(self) -> datetime:
        """When the test was made: by the computer's clock, unless that cannot be."""
        created: datetime | None = self.columns.get("created_at")
        if created is None or created > self.received + _CLOCK_MAY_BE_OFF:
            return self.received
        return min(created, self.received)


def folded(name: str) -> str:
    """A host name or asset tag as it is compared: neither case nor spaces around it matter."""
    return name.strip().casefold()[:200]


def weighing(findings: Findings) -> Findings:
    """Those that are not good."""
    return [found for found in findings if found[1].verdict in _WEIGHS]


def own_findings(document: Report) -> Findings:
    """The findings that a report came with."""
    return [(result.check_id, finding) for result in document.results for finding in result.findings]


def remember(connection: Connection, arrivals: Sequence[Arrival]) -> None:
    """Bring the computers' rows up to date with reports that were stored.

    A report of chosen checks only, or one that is older than what is known, tells just that the
    computer was heard from.
    """
    waiting = list(arrivals)
    while waiting:
        # One report of each computer at a time; the rows in one order, so that two collectors on one
        # database never wait for each other.
        turn = {arrival.device_id: arrival for arrival in reversed(waiting)}
        _remember(connection, [turn[device] for device in sorted(turn)])
        waiting = [arrival for arrival in waiting if turn[arrival.device_id] is not arrival]


def _remember(connection: Connection, arrivals: Sequence[Arrival]) -> None:
    devices = [arrival.device_id for arrival in arrivals]
    known = {
        row.device_id: row
        for row in connection.execute(
            select(computer.c.device_id, computer.c.number, computer.c.tested_at).where(
                computer.c.device_id.in_(devices)
            )
        )
    }
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    heard: list[dict[str, Any]] = []
    whole: list[Arrival] = []
    for arrival in arrivals:
        before = known.get(arrival.device_id)
        values = _described(arrival) | {"seen_at": arrival.received}
        late = before is not None and before.tested_at is not None and before.tested_at > arrival.tested
        if arrival.report.rating.partial or late:
            if before is None:
                new.append(values | {"needs": ""} | dict.fromkeys(_TOLD))
            else:
                heard.append({"at": before.number, "seen_at": arrival.received})
            continue
        whole.append(arrival)
        values |= {"report_number": arrival.number, "tested_at": arrival.tested, **rated(arrival.standing)}
        if before is None:
            new.append(values)
        else:
            changed.append(values | {"at": before.number})
    numbers = {device: row.number for device, row in known.items()}
    if new:
        made = insert(computer).returning(computer.c.device_id, computer.c.number)
        numbers |= {row.device_id: row.number for row in connection.execute(made, new)}
    change(connection, changed)
    change(connection, heard)
    _expect(connection, numbers, [*new, *changed])
    tested = {
        numbers[arrival.device_id]: (arrival.report, arrival.standing.findings, arrival.tested)
        for arrival in whole
    }
    _tell(connection, whole, stand(connection, tested), numbers)


def change(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write these columns of computers' rows, the same of each; `at` is the computer's number."""
    if rows:
        names = [name for name in rows[0] if name != "at"]
        here = update(computer).where(computer.c.number == bindparam("at"))
        connection.execute(here.values({name: bindparam(name) for name in names}), rows)


def rated(stands: Standing) -> dict[str, Any]:
    """The columns of a computer's row that follow from how it is rated."""
    return {
        **{
            name: stands.verdicts.get(name)
            for name in ("overall", *(activity.value for activity in Activity))
        },
        "needs": needs_of([finding for _, finding in stands.findings]),
        "rated_by": stands.rated_by,
    }


def needs_of(findings: Sequence[Finding]) -> str:
    """The kinds of what is missing, in order, with spaces between."""
    return " ".join(
        sorted(
            {
                finding.need.value
                for finding in findings
                if finding.need and finding.verdict in (Verdict.NOT_READY, Verdict.LIMITED)
            }
        )
    )[:200]


def stand(
    connection: Connection, computers: Mapping[int, tuple[Report, Findings, datetime]]
) -> dict[int, list[dict[str, Any]]]:
    """Replace what stands for these computers (by number); returns the rows that did not stand before."""
    before: dict[int, dict[str, Any]] = {}
    columns = (standing.c.computer_number, standing.c.code, standing.c.verdict, standing.c.need, standing.c.driver, standing.c.since)  # fmt: skip
    for row in connection.execute(select(*columns).where(standing.c.computer_number.in_(list(computers)))):
        before.setdefault(row.computer_number, {})[row.code] = dict(row._mapping)
    gone: list[int] = []
    rows: list[dict[str, Any]] = []
    fresh: dict[int, list[dict[str, Any]]] = {}
    for number, (document, findings, tested) in computers.items():
        stood = before.get(number, {})
        now = _heaviest(number, document, findings, tested, stood)
        if now == stood:
            continue
        if stood:
            gone.append(number)
        rows += now.values()
        fresh[number] = [row for code, row in now.items() if code not in stood]
    if gone:
        connection.execute(delete(standing).where(standing.c.computer_number.in_(gone)))
    if rows:
        connection.execute(insert(standing), rows)
    return fresh


def _heaviest(
    number: int, document: Report, findings: Findings, tested: datetime, stood: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """One row for each code, of its heaviest finding."""
    heaviest: dict[str, dict[str, Any]] = {}
    for check_id, finding in sorted(weighing(findings), key=lambda found: severity(found[1].verdict)):
        driver = document.computer.drivers.get(_DRIVER_OF.get(check_id, check_id))
        code = clean(finding.code, 100)
        heaviest[code] = {
            "computer_number": number,
            "code": code,
            "verdict": finding.verdict.value,
            "need": finding.need.value if finding.need else None,
            "driver": clean(driver, 200) if driver else None,
            "since": stood[code]["since"] if code in stood else tested,
        }
    return heaviest


def _tell(
    connection: Connection,
    arrivals: Sequence[Arrival],
    fresh: Mapping[int, list[dict[str, Any]]],
    numbers: Mapping[str, int],
) -> None:
    """Tell the webhook of heavy findings that did not stand before."""
    events = [
        {
            **{name: arrival.columns[name] for name in ("host_name", "asset_tag", "unit", "model")},
            "code": row["code"],
            "title": _title(row["code"], arrival.standing.findings),
            "verdict": row["verdict"],
            "report_id": arrival.columns["id"],
            "receipt": receipts.shown(arrival.receipt),
            "happened_utc": arrival.received.isoformat(timespec="seconds").replace("+00:00", "Z"),
        }
        for arrival in arrivals
        for row in fresh.get(numbers[arrival.device_id], ())
        if row["verdict"] in (Verdict.NOT_READY, Verdict.LIMITED)
    ]
    if events:
        webhook.tell(connection, arrivals[0].received, events)


def _title(code: str, findings: Findings) -> str:
    kind = checks.kind(code)
    arguments = next((finding.arguments for _, finding in findings if finding.code == code), {})
    return clean(kind.title.say("sv", arguments), 300) if kind else code


def _described(arrival: Arrival) -> dict[str, Any]:
    kind = arrival.report.computer.network_kind
    columns = arrival.columns
    named = ("device_id", "host_name", "asset_tag", "unit", "model", "system")
    return {
        **{name: columns[name] for name in named},
        "host_key": folded(columns["host_name"]),
        "asset_key": folded(columns["asset_tag"]) if columns["asset_tag"] else None,
        "network_kind": clean(kind, 100) if kind else None,
    }


def _expect(connection: Connection, numbers: Mapping[str, int], rows: Sequence[Mapping[str, Any]]) -> None:
    """Whom IT expects under these names are these computers."""
    named = [
        {"named": name, "computer": numbers[row["device_id"]]}
        for row in rows
        for name in sorted({row["host_key"], row["asset_key"]} - {None, ""})
    ]
    if named:
        found = expected.c.computer_number
        connection.execute(
            update(expected)
            .where(
                expected.c.name == bindparam("named"), or_(found.is_(None), found != bindparam("computer"))
            )
            .values(computer_number=bindparam("computer")),
            named,
        )
