"""The log of who read and changed what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from readiness.collector.tables import audit, clean, computer, report


def record(connection: Connection, now: datetime, who: str | None, what: str, target: str = "") -> None:
    """Write in the log who read or changed what; a one-time link has no name."""
    connection.execute(
        insert(audit).values(
            happened_at=now, who=clean(who or "–", 100), what=what, target=clean(target, 300) or None
        )
    )


def log(connection: Connection, size: int = 200) -> tuple[Any, ...]:
    """The newest entries of the log, newest first; `host_name` is that of the computer or report it is about."""
    newest = select(audit).order_by(audit.c.number.desc()).limit(size).subquery()
    statement = (
        select(newest, func.coalesce(computer.c.host_name, report.c.host_name).label("host_name"))
        .outerjoin(computer, computer.c.device_id == newest.c.target)
        .outerjoin(report, report.c.id == newest.c.target)
        .order_by(newest.c.number.desc())
    )
    return tuple(connection.execute(statement).all())
