"""The tables of the collector's database. Changes to them come with a migration."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps it as text without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_number = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts INTEGER keys alone

enrolment_key = Table(
    "enrolment_key",
    metadata,
    Column("number", _number, primary_key=True),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    Column("hint", String(8), nullable=False),
    Column("unit", String(200)),
    Column("created_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
)

report = Table(
    "report",
    metadata,
    Column("number", _number, primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("receipt", String(7), nullable=False, unique=True),
    Column("received_at", UtcTime, nullable=False),
    Column("created_at", UtcTime),
    Column("key_number", _number, ForeignKey("enrolment_key.number")),
    Column("digest", LargeBinary(32), nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("device_id", String(100), nullable=False),
    Column("host_name", String(255), nullable=False),
    Column("asset_tag", String(100)),
    Column("unit", String(200)),
    Column("case_name", String(100)),
    Column("model", String(200)),
    Column("system", String(200), nullable=False),
    Column("app_version", String(50), nullable=False),
    Column("profile_id", String(50), nullable=False),
    Column("profile_version", String(50), nullable=False),
    Column("overall", String(20), nullable=False),
    Column("listen", String(20)),
    Column("talk", String(20)),
    Column("be_seen", String(20)),
    Column("share_screen", String(20)),
    Column("partial", Boolean, nullable=False),
    Column("search", Text, nullable=False),
    Index(None, "device_id", "number"),
    Index(None, "received_at"),
)

account = Table(
    "account",
    metadata,
    Column("number", _number, primary_key=True),
    Column("name", String(100), nullable=False),
    Column("name_key", String(200), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

login_session = Table(
    "login_session",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("account_number", _number, ForeignKey("account.number", ondelete="CASCADE")),
    Column("role", String(20), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
)

one_time_link = Table(
    "one_time_link",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("target", String(200), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
)

login_failure = Table(
    "login_failure",
    metadata,
    Column("number", _number, primary_key=True),
    Column("name_key", String(200), nullable=False),
    Column("address", String(100), nullable=False),
    Column("failed_at", UtcTime, nullable=False, index=True),
)
