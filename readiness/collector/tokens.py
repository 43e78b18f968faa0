"""Tokens: what each computer sends with. Given for an enrolment key, and to that computer alone.

A key opens nothing by itself but this exchange. A token outlives the key it was given for, so keys
can be changed without a visit to each computer; a computer is shut out by its id, whatever it holds.

A key and another computer's id are enough to enrol as that computer: a computer that lost its token must
get in again, and has nothing else to show. A token only sends, so nothing is read by it; and it is told
to IT where two tokens of one computer are in use, which one that lost its token never causes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, insert, null, select, update

from readiness.collector import auditing
from readiness.collector.database import Database
from readiness.collector.tables import clean, computer, device_token, enrolment_key, revoked_device

PREFIX = "mt_"
MOST_FOR_ONE = 4
"""Tokens of one computer at a time; those go first that nobody used, then the one unused for longest."""
LASTS_UNUSED = timedelta(days=400)
LONGEST_ID = 100
_MOST_LISTED = 200
_DAY = timedelta(days=1)


class RevokedComputerError(Exception):
    """An administrator has shut the computer out."""


@dataclass(frozen=True, kw_only=True)
class Device:
    """Whose token it is; `unit` is that of the key it was given for."""

    device_id: str
    key_number: int
    unit: str | None


@dataclass(frozen=True, kw_only=True)
class Enrolled:
    """A computer that holds a token or is shut out. Names are those of its newest report."""

    device_id: str
    host_name: str | None
    asset_tag: str | None
    key_hint: str | None
    created_utc: datetime | None
    revoked_utc: datetime | None
    clash: bool = False
    """An older token of its own was used after a newer was given: two send as this computer."""


class Tokens:
    """The tokens in a database."""

    def __init__(
        self, database: Database, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._clock = clock

    def enrol(self, key_number: int, device_id: str) -> str:
        """A new token for a computer; it is not kept and cannot be shown again.

        Raises RevokedComputerError.
        """
        token, now, device_id = (
            f"{PREFIX}{secrets.token_urlsafe(32)}",
            self._clock(),
            clean(device_id, LONGEST_ID),
        )
        with self._database.writing() as connection:
            if _revoked(connection, device_id):
                raise RevokedComputerError(device_id)
            older = connection.scalars(
                select(device_token.c.number)
                .where(device_token.c.device_id == device_id)
                .order_by(_WAS_USED.desc(), device_token.c.used_at.desc(), device_token.c.number.desc())
            ).all()
            again = bool(older)
            older = older[MOST_FOR_ONE - 1 :]
            connection.execute(delete(device_token).where(device_token.c.number.in_(older)))
            connection.execute(
                insert(device_token).values(
                    hash=_hash(token), device_id=device_id, key_number=key_number, created_at=now, used_at=now
                )
            )
            auditing.record(
                connection, now, None, "gave another token" if again else "gave a token", device_id
            )
        return token

    def device(self, token: str) -> Device | None:
        """Whose token it is, None where it is nobody's. Raises RevokedComputerError."""
        now = self._clock()
        newest = (
            select(func.max(_OTHER.c.created_at))
            .where(_OTHER.c.device_id == device_token.c.device_id)
            .scalar_subquery()
        )
        statement = (
            select(device_token, enrolment_key.c.unit, revoked_device.c.revoked_at, newest.label("newest"))
            .join(enrolment_key)
            .outerjoin(revoked_device, revoked_device.c.device_id == device_token.c.device_id)
            .where(device_token.c.hash == _hash(token))
        )
        with self._database.reading() as connection:
            found = connection.execute(statement).first()
        if found is None:
            return None
        if found.revoked_at is not None:
            raise RevokedComputerError(found.device_id)
        first_use = found.used_at == found.created_at < now
        if now - found.used_at > _DAY or first_use or found.used_at <= found.newest > found.created_at:
            with self._database.writing() as connection:
                connection.execute(
                    update(device_token).where(device_token.c.number == found.number).values(used_at=now)
                )
        return Device(device_id=found.device_id, key_number=found.key_number, unit=found.unit)

    def revoke(self, device_id: str, who: str | None) -> bool:
        """Shut a computer out: neither its tokens nor a key help it. False where it was out already."""
        with self._database.writing() as connection:
            if _revoked(connection, device_id):
                return False
            now = self._clock()
            connection.execute(
                insert(revoked_device).values(device_id=clean(device_id, LONGEST_ID), revoked_at=now)
            )
            auditing.record(connection, now, who, "shut a computer out", device_id)
            return True

    def allow(self, device_id: str, who: str | None) -> bool:
        """Let a computer in again. It needs a new token, which it gets for a key by itself."""
        with self._database.writing() as connection:
            gone = connection.execute(
                delete(revoked_device).where(revoked_device.c.device_id == device_id)
            ).rowcount
            if not gone:
                return False
            # Whoever copied its old token does not come in together with it.
            connection.execute(delete(device_token).where(device_token.c.device_id == device_id))
            auditing.record(connection, self._clock(), who, "let a computer in", device_id)
            return True

    def forget_those_of(self, key_number: int) -> int:
        """Take back every token that was given for a key; how many there were."""
        with self._database.writing() as connection:
            return connection.execute(
                delete(device_token).where(device_token.c.key_number == key_number)
            ).rowcount

    def named(self, name: str) -> str | None:
        """The id of the one computer with this id, host name or asset tag; None for none or several."""
        name = clean(name.strip(), 200)
        with self._database.reading() as connection:
            for table in (device_token, revoked_device):
                if connection.scalar(select(table.c.device_id).where(table.c.device_id == name).limit(1)):
                    return name
            key = name.casefold()
            found = connection.scalars(
                select(computer.c.device_id)
                .where(
                    (computer.c.device_id == name)
                    | (computer.c.host_key == key)
                    | (computer.c.asset_key == key)
                )
                .limit(2)
            ).all()
        return found[0] if len(found) == 1 else None

    def listed(self, search: str = "", *, most: int = _MOST_LISTED) -> tuple[Enrolled, ...]:
        """Computers that two send as, those shut out, then those that got a token, the newest first.

        `search` is the beginning of an id, a host name or an asset tag.
        """
        shut_out = (
            select(
                *(revoked_device.c.device_id, revoked_device.c.revoked_at, *_NAMES),
                *(null().label("hint"), null().label("created_at")),
            )
            .outerjoin(computer, computer.c.device_id == revoked_device.c.device_id)
            .order_by(revoked_device.c.revoked_at.desc())
        )
        holding = (
            select(
                *(device_token.c.device_id, device_token.c.created_at, *_NAMES, enrolment_key.c.hint),
                null().label("revoked_at"),
            )
            .join(enrolment_key)
            .outerjoin(computer, computer.c.device_id == device_token.c.device_id)
            .order_by(device_token.c.number.desc())
        )
        found: dict[str, Enrolled] = {}
        with self._database.reading() as connection:
            clashing = _clashing(connection)
            several = holding.where(device_token.c.device_id.in_(clashing))
            for statement, table in (
                (shut_out, revoked_device),
                (several, device_token),
                (holding, device_token),
            ):
                for row in connection.execute(_begins(statement, table, search).limit(MOST_FOR_ONE * most)):
                    found.setdefault(row.device_id, _enrolled(row, clash=row.device_id in clashing))
        return tuple(sorted(found.values(), key=lambda one: not one.clash))[:most]


_OTHER = device_token.alias("other")
_WAS_USED = device_token.c.used_at > device_token.c.created_at
_NAMES = (computer.c.host_name, computer.c.asset_tag)


def _begins(statement: Select[Any], table: Table, search: str) -> Select[Any]:
    wanted = clean(search.strip(), 200)
    if not wanted:
        return statement
    key = wanted.casefold()
    # Found among the computers first: a condition over both tables at once would have to join them all.
    named = select(computer.c.device_id).where(
        computer.c.host_key.startswith(key, autoescape=True)
        | computer.c.asset_key.startswith(key, autoescape=True)
    )
    by_id = select(table.c.device_id).where(table.c.device_id.startswith(wanted, autoescape=True))
    return statement.where(table.c.device_id.in_(named.union_all(by_id)))


def _clashing(connection: Connection) -> frozenset[str]:
    """The computers that two send as, of those that got a token more than once."""
    several = (
        select(device_token.c.device_id)
        .group_by(device_token.c.device_id)
        .having(func.count() > 1)
        .limit(_MOST_LISTED)
    )
    statement = (
        select(device_token.c.device_id, device_token.c.created_at, device_token.c.used_at)
        .where(device_token.c.device_id.in_(several))
        .order_by(device_token.c.number)
    )
    clashing: set[str] = set()
    used: dict[str, datetime] = {}
    for device_id, created_at, used_at in connection.execute(statement):
        if device_id in used and used[device_id] > created_at:
            clashing.add(device_id)
        used[device_id] = max(used_at, used.get(device_id, used_at))
    return frozenset(clashing)


def forget_unused(connection: Connection, now: datetime) -> int:
    """Remove tokens that nobody has used for long; a computer that comes back gets another."""
    return connection.execute(
        delete(device_token).where(device_token.c.used_at < now - LASTS_UNUSED)
    ).rowcount


def forget_computer(connection: Connection, device_id: str) -> None:
    """Remove what is kept here about a computer that is erased."""
    for table in (device_token, revoked_device):
        connection.execute(delete(table).where(table.c.device_id == device_id))


def _revoked(connection: Connection, device_id: str) -> bool:
    name = clean(device_id, LONGEST_ID)
    return (
        connection.scalar(select(revoked_device.c.device_id).where(revoked_device.c.device_id == name))
        is not None
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _enrolled(row: Any, *, clash: bool = False) -> Enrolled:
    return Enrolled(
        device_id=row.device_id,
        host_name=row.host_name,
        asset_tag=row.asset_tag,
        key_hint=row.hint,
        created_utc=row.created_at,
        revoked_utc=row.revoked_at,
        clash=clash,
    )
