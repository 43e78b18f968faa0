"""Access: enrolment keys, accounts, sessions, and one-time links.

Tokens are random and long, so a plain hash of them is safe to keep; passwords are kept by argon2.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import argon2
from sqlalchemy import Connection, delete, exc, func, insert, select, update

from readiness.collector import guessing, tables
from readiness.collector.database import Database
from readiness.collector.tables import clean

SESSION_LASTS = timedelta(hours=12)
LINK_LASTS = timedelta(hours=24)
KEY_PREFIX = "mk_"
LONGEST_NAME = 100
LONGEST_PASSWORD = 1000
SHORTEST_PASSWORD = 12


class Role(StrEnum):
    """What an account may do: read, support people, or administer."""

    READER = "reader"
    SUPPORT = "support"
    ADMIN = "admin"


class WrongLoginError(Exception):
    """The name and the password do not belong together."""


class NameTakenError(Exception):
    """There is an account with that name."""


@dataclass(frozen=True, kw_only=True)
class Key:
    """An enrolment key, without the key itself; `hint` is its end."""

    number: int
    hint: str
    unit: str | None
    created_utc: datetime
    revoked: bool


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who is signed in; `name` is None for somebody who came by a one-time link."""

    name: str | None
    role: Role
    account_number: int | None = None


def usable_name(name: str) -> bool:
    """Whether an account can have this name: HTTP Basic ends it at a colon."""
    return bool(name.strip()) and len(name) <= LONGEST_NAME and name.isprintable() and ":" not in name


class Access:
    """Who may send and who may read."""

    def __init__(
        self, database: Database, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._clock = clock
        self._hasher = argon2.PasswordHasher()
        self._nobody: str | None = None

    def new_key(self, unit: str | None = None) -> str:
        """A new enrolment key; it is not kept and cannot be shown again."""
        key = f"{KEY_PREFIX}{secrets.token_urlsafe(24)}"
        with self._database.writing() as connection:
            connection.execute(
                insert(tables.enrolment_key).values(
                    hash=_hash(key),
                    hint=key[-4:],
                    unit=None if unit is None else clean(unit, 200),
                    created_at=self._clock(),
                )
            )
        return key

    def key(self, key: str) -> Key | None:
        """The enrolment key, if it is known and not revoked."""
        table = tables.enrolment_key
        with self._database.reading() as connection:
            found = connection.execute(
                select(table).where(table.c.hash == _hash(key), table.c.revoked_at.is_(None))
            ).first()
        return None if found is None else _key(found)

    def all_keys(self) -> tuple[Key, ...]:
        """All keys, oldest first."""
        table = tables.enrolment_key
        with self._database.reading() as connection:
            return tuple(_key(row) for row in connection.execute(select(table).order_by(table.c.number)))

    def revoke_key(self, number: int) -> bool:
        """The key is not accepted any more. False where there is no such key."""
        table = tables.enrolment_key
        with self._database.writing() as connection:
            return bool(
                connection.execute(
                    update(table)
                    .where(table.c.number == number, table.c.revoked_at.is_(None))
                    .values(revoked_at=self._clock())
                ).rowcount
            )

    def add_account(self, name: str, role: Role, password: str) -> None:
        """A new account. Raises NameTakenError."""
        password_hash = self._hasher.hash(password)
        try:
            with self._database.writing() as connection:
                connection.execute(
                    insert(tables.account).values(
                        name=clean(name, LONGEST_NAME),
                        name_key=_name_key(name),
                        role=role.value,
                        password_hash=password_hash,
                        created_at=self._clock(),
                    )
                )
        except exc.IntegrityError as error:
            raise NameTakenError(name) from error

    def remove_account(self, name: str) -> bool:
        """Remove an account and its sessions. False where there is no such account."""
        table = tables.account
        with self._database.writing() as connection:
            return bool(connection.execute(delete(table).where(table.c.name_key == _name_key(name))).rowcount)

    def accounts(self) -> tuple[Reader, ...]:
        """All accounts, by name."""
        table = tables.account
        with self._database.reading() as connection:
            found = connection.execute(select(table).order_by(table.c.name_key))
            return tuple(
                Reader(name=row.name, role=Role(row.role), account_number=row.number) for row in found
            )

    def login(self, name: str, password: str, address: str) -> Reader:
        """The account of this name and password.

        Raises WrongLoginError, or guessing.TooManyFailuresError without looking at the password. Each call
        takes 64 MiB and a processor for a while: the caller sees to it that few run at once.
        """
        name_key, address = _name_key(name), clean(address, 100)
        with self._database.reading() as connection:
            guessing.refuse(connection, self._clock(), name_key, address)
        table = tables.account
        with self._database.reading() as connection:
            found = connection.execute(select(table).where(table.c.name_key == name_key)).first()
        if not self._fits(found.password_hash if found else None, password) or found is None:
            with self._database.writing() as connection:
                guessing.remember(connection, self._clock(), name_key, address)
            raise WrongLoginError
        return Reader(name=found.name, role=Role(found.role), account_number=found.number)

    def new_session(self, reader: Reader) -> str:
        """Sign `reader` in; the token goes into the browser's cookie."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._database.writing() as connection:
            _forget_old(connection, now)
            connection.execute(
                insert(tables.login_session).values(
                    token_hash=_hash(token),
                    account_number=reader.account_number,
                    role=reader.role.value,
                    name=reader.name if reader.account_number is None else None,
                    created_at=now,
                    expires_at=now + SESSION_LASTS,
                )
            )
        return token

    def session(self, token: str) -> Reader | None:
        """Who is signed in with `token`."""
        sessions, accounts = tables.login_session, tables.account
        statement = (
            select(
                sessions.c.role,
                sessions.c.account_number,
                func.coalesce(accounts.c.name, sessions.c.name).label("name"),
            )
            .select_from(sessions.outerjoin(accounts))
            .where(sessions.c.token_hash == _hash(token), sessions.c.expires_at > self._clock())
        )
        with self._database.reading() as connection:
            found = connection.execute(statement).first()
        if found is None:
            return None
        return Reader(name=found.name, role=Role(found.role), account_number=found.account_number)

    def end_session(self, token: str) -> None:
        """Sign out."""
        table = tables.login_session
        with self._database.writing() as connection:
            connection.execute(delete(table).where(table.c.token_hash == _hash(token)))

    def new_link(self, target: str, role: Role = Role.READER) -> str:
        """The token of a link that signs somebody in once, with `role`, and opens `target`."""
        token, now = secrets.token_urlsafe(24), self._clock()
        with self._database.writing() as connection:
            _forget_old(connection, now)
            connection.execute(
                insert(tables.one_time_link).values(
                    token_hash=_hash(token),
                    role=role.value,
                    target=target,
                    created_at=now,
                    expires_at=now + LINK_LASTS,
                )
            )
        return token

    def use_link(self, token: str) -> tuple[Reader, str] | None:
        """The reader and the page of a one-time link, which is used up by this."""
        table = tables.one_time_link
        condition = table.c.token_hash == _hash(token)
        with self._database.writing() as connection:
            found = connection.execute(select(table).where(condition)).first()
            # Whoever deletes the row has the link: of two at once only one counts a row.
            if not connection.execute(delete(table).where(condition)).rowcount or found is None:
                return None
        if found.expires_at <= self._clock():
            return None
        return Reader(name=None, role=Role(found.role)), found.target

    def _fits(self, password_hash: str | None, password: str) -> bool:
        if len(password) > LONGEST_PASSWORD:
            return False
        if self._nobody is None:
            self._nobody = self._hasher.hash(secrets.token_urlsafe(16))
        try:
            # An unknown name takes as long as a wrong password, and so tells nothing.
            self._hasher.verify(password_hash or self._nobody, password.encode("utf-8", "replace"))
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
        return password_hash is not None


def form_token(cookie: str) -> str:
    """The token that our own forms carry for the browser that holds `cookie`."""
    return hashlib.sha256(f"form:{cookie}".encode("utf-8", "replace")).hexdigest()


def _forget_old(connection: Connection, now: datetime) -> None:
    for table in (tables.login_session, tables.one_time_link):
        connection.execute(delete(table).where(table.c.expires_at <= now))
    guessing.forget_old(connection, now)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _name_key(name: str) -> str:
    # A folded character can become several.
    return clean(clean(name.strip(), LONGEST_NAME).casefold(), 200)


def _key(row: Any) -> Key:
    return Key(
        number=row.number,
        hint=row.hint,
        unit=row.unit,
        created_utc=row.created_at,
        revoked=row.revoked_at is not None,
    )
