"""A limit on guessing passwords: how many wrong ones, for whom and from where."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from readiness.collector.tables import login_failure

GUESSING_WINDOW = timedelta(minutes=15)
MOST_FAILURES_HERE = 10
"""Wrong passwords for one name from one address within the window."""
MOST_FAILURES_ADDRESS = 50
"""Wrong passwords from one address, whatever the names."""
MOST_FAILURES_NAME = 100
"""Wrong passwords for one name from everywhere: high, so that strangers cannot easily lock it."""


class TooManyFailuresError(Exception):
    """Too many wrong passwords; try again after `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


def refuse(connection: Connection, now: datetime, name_key: str, address: str) -> None:
    """Raises TooManyFailuresError where there were too many for this name or from this address."""
    same_name, same_address = login_failure.c.name_key == name_key, login_failure.c.address == address
    limits = (
        (same_name & same_address, MOST_FAILURES_HERE),
        (same_address, MOST_FAILURES_ADDRESS),
        (same_name, MOST_FAILURES_NAME),
    )
    for condition, most in limits:
        count, oldest = connection.execute(
            select(func.count(), func.min(login_failure.c.failed_at)).where(
                condition, login_failure.c.failed_at > now - GUESSING_WINDOW
            )
        ).one()
        if count >= most:
            raise TooManyFailuresError(max(1, int((oldest + GUESSING_WINDOW - now).total_seconds())))


def remember(connection: Connection, now: datetime, name_key: str, address: str) -> None:
    """Count a wrong password."""
    connection.execute(insert(login_failure).values(name_key=name_key, address=address, failed_at=now))


def forget_old(connection: Connection, now: datetime) -> None:
    """What no longer counts is not kept."""
    connection.execute(delete(login_failure).where(login_failure.c.failed_at <= now - GUESSING_WINDOW))
