"""The fleet: what each report changes about its computer's row. Written in the report's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from readiness import checks
from readiness.collector import receipts, webhook
from readiness.collector.tables import clean, computer, expected, standing
from readiness.core.model import Activity, Finding, Report, Verdict, severity

_CLOCK_MAY_BE_OFF = timedelta(days=1)
_WEIGHS = (Verdict.NOT_READY, Verdict.LIMITED, Verdict.UNKNOWN)
_DRIVER_OF = {"camera": "camera", "microphone": "sound", "speaker": "sound", "media_path": "network"}
"""By check: the name under which a report tells the driver."""


def folded(name: str) -> str:
    """A host name or asset tag as it is compared: neither case nor spaces around it matter."""
    return name.strip().casefold()[:200]


def remember(
    connection: Connection,
    document: Report,
    columns: Mapping[str, Any],
    number: int,
    receipt: str,
    received: datetime,
) -> None:
    """Bring the computer's row up to date with the report stored as `number`.

    `columns` are those of the report's own row. A report of chosen checks only, or one that is
    older than what is known, tells just that the computer was heard from.
    """
    tested = _tested(columns.get("created_at"), received)
    known = connection.execute(
        select(computer.c.number, computer.c.tested_at).where(computer.c.device_id == columns["device_id"])
    ).first()
    values = _described(document, columns) | {"seen_at": received}
    if document.rating.partial or (known and known.tested_at and known.tested_at > tested):
        if known is None:
            _added(connection, values | {"needs": ""})
        else:
            connection.execute(
                update(computer).where(computer.c.number == known.number).values(seen_at=received)
            )
        return
    findings = [
        (result.check_id, finding)
        for result in document.results
        for finding in result.findings
        if finding.verdict in _WEIGHS
    ]
    values |= {
        "report_number": number,
        "tested_at": tested,
        "needs": needs_of([finding for _, finding in findings]),
        **{name: columns[name] for name in ("overall", *Activity)},
    }
    if known is None:
        computer_number = _added(connection, values)
    else:
        computer_number = known.number
        connection.execute(update(computer).where(computer.c.number == computer_number).values(**values))
        _expect(connection, computer_number, values)
    new = _stand(connection, computer_number, document, findings, tested)
    heavy = [row for row in new if row["verdict"] in (Verdict.NOT_READY, Verdict.LIMITED)]
    webhook.tell(
        connection,
        received,
        [
            {
                **{name: columns[name] for name in ("host_name", "asset_tag", "unit", "model")},
                "code": row["code"],
                "title": _title(row["code"], findings),
                "verdict": row["verdict"],
                "report_id": columns["id"],
                "receipt": receipts.shown(receipt),
                "happened_utc": received.isoformat(timespec="seconds").replace("+00:00", "Z"),
            }
            for row in heavy
        ],
    )


def _title(code: str, findings: list[tuple[str, Finding]]) -> str:
    kind = checks.kind(code)
    arguments = next((finding.arguments for _, finding in findings if finding.code == code), {})
    return clean(kind.title.say("sv", arguments), 300) if kind else code


def needs_of(findings: list[Finding]) -> str:
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


def _tested(created: datetime | None, received: datetime) -> datetime:
    """When the test was made: by the computer's clock, unless that cannot be."""
    if created is None or created > received + _CLOCK_MAY_BE_OFF:
        return received
    return min(created, received)


def _described(document: Report, columns: Mapping[str, Any]) -> dict[str, Any]:
    kind = document.computer.network_kind
    named = ("device_id", "host_name", "asset_tag", "unit", "model", "system")
    return {
        **{name: columns[name] for name in named},
        "host_key": folded(columns["host_name"]),
        "asset_key": folded(columns["asset_tag"]) if columns["asset_tag"] else None,
        "network_kind": clean(kind, 100) if kind else None,
    }


def _added(connection: Connection, values: dict[str, Any]) -> int:
    made = connection.execute(insert(computer).values(**values)).inserted_primary_key
    assert made is not None
    number: int = made[0]
    _expect(connection, number, values)
    return number


def _expect(connection: Connection, number: int, values: Mapping[str, Any]) -> None:
    """Whom IT expects under this name is this computer."""
    names = [name for name in (values["host_key"], values["asset_key"]) if name]
    connection.execute(
        update(expected)
        .where(expected.c.name.in_(names), or_(expected.c.computer_number.is_(None), expected.c.computer_number != number))
        .values(computer_number=number)
    )  # fmt: skip


def _stand(
    connection: Connection,
    number: int,
    document: Report,
    findings: list[tuple[str, Finding]],
    tested: datetime,
) -> list[dict[str, Any]]:
    """Replace what stands; the rows that did not stand before."""
    since = {
        row.code: row.since
        for row in connection.execute(
            select(standing.c.code, standing.c.since).where(standing.c.computer_number == number)
        )
    }
    if since:
        connection.execute(delete(standing).where(standing.c.computer_number == number))
    heaviest: dict[str, dict[str, Any]] = {}
    for check_id, finding in sorted(findings, key=lambda found: severity(found[1].verdict)):
        driver = document.computer.drivers.get(_DRIVER_OF.get(check_id, check_id))
        code = clean(finding.code, 100)
        heaviest[code] = {
            "computer_number": number,
            "code": code,
            "verdict": finding.verdict.value,
            "need": finding.need.value if finding.need else None,
            "driver": clean(driver, 200) if driver else None,
            "since": since.get(code, tested),
        }
    if heaviest:
        connection.execute(insert(standing), list(heaviest.values()))
    return [row for code, row in heaviest.items() if code not in since]
