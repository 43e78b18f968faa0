"""The log of who read and changed what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from readiness.collector.tables import audit, clean


def record(connection: Connection, now: datetime, who: str | None, what: str, target: str = "") -> None:
    """Write in the log who read or changed what; a one-time link has no name."""
    connection.execute(
        insert(audit).values(
            happened_at=now, who=clean(who or "–", 100), what=what, target=clean(target, 300) or None
        )
    )


def log(connection: Connection, size: int = 200) -> tuple[Any, ...]:
    """The newest entries of the log, newest first."""
    statement = select(audit).order_by(audit.c.number.desc()).limit(size)
    return tuple(connection.execute(statement).all())
