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


def clean(value: str, longest: int) -> str:
    """`value` as every database can keep it: no NUL, no half characters, not too long."""
    whole = value.encode("utf-8", "replace").decode("utf-8") if not value.isascii() else value
    return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")[:longest]


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

device_token = Table(
    "device_token",
    metadata,
    Column("number", _number, primary_key=True),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    Column("device_id", String(100), nullable=False, index=True),
    Column("key_number", _number, ForeignKey("enrolment_key.number"), nullable=False, index=True),
    Column("created_at", UtcTime, nullable=False),
    Column("used_at", UtcTime, nullable=False, index=True),
)
"""What each computer sends with. `used_at` is true to a day."""

revoked_device = Table(
    "revoked_device",
    metadata,
    Column("device_id", String(100), primary_key=True),
    Column("revoked_at", UtcTime, nullable=False),
)
"""The computers that may not send, whatever token or key they hold."""

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
    Index(None, "search", "number"),
    Index("ix_report_listing", "number", "search"),  # a search that finds much reads this alone
)

searched = Table("searched", metadata, Column("text", String(500), primary_key=True))
"""What reports are searched by (`report.search`), once for each text: far fewer than there are reports."""

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
    Column("name", String(100)),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
)
"""`name` is that of somebody whom the organisation's own sign-in vouched for."""

sign_in = Table(
    "sign_in",
    metadata,
    Column("state_hash", LargeBinary(32), primary_key=True),
    Column("browser_hash", LargeBinary(32), nullable=False),
    Column("nonce", String(100), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("target", String(1000), nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
)
"""Who is away at the organisation's own sign-in, and is to come back with `state`."""

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

computer = Table(
    "computer",
    metadata,
    Column("number", _number, primary_key=True),
    Column("device_id", String(100), nullable=False, unique=True),
    Column("host_name", String(255), nullable=False),
    Column("host_key", String(255), nullable=False),
    Column("asset_tag", String(100)),
    Column("asset_key", String(200), index=True),
    Column("unit", String(200)),
    Column("model", String(200)),
    Column("system", String(200), nullable=False),
    Column("network_kind", String(100)),
    Column("report_number", _number, ForeignKey("report.number")),
    Column("tested_at", UtcTime),
    Column("seen_at", UtcTime, nullable=False),
    Column("overall", String(20)),
    Column("listen", String(20)),
    Column("talk", String(20)),
    Column("be_seen", String(20)),
    Column("share_screen", String(20)),
    Column("needs", String(200), nullable=False),
    Column("rated_by", Integer),
    # The overview reads these alone, so it never touches the rows themselves.
    Index("ix_computer_overview", "unit", "overall", "tested_at", "seen_at", "listen", "talk", "be_seen", "share_screen"),
    Index("ix_computer_listing", "host_key", "number", "asset_key"),
    Index("ix_computer_needs", "needs", "unit"),
    Index("ix_computer_tested", "tested_at"),
)  # fmt: skip
"""Each computer as its newest whole report tells: one row, however many reports there are.

`needs` are the kinds of what is missing (words with spaces between, in order), of findings that
make it NOT_READY or LIMITED. `rated_by` is the number of the adopted requirements that the verdicts
follow from; None: the report's own rating stands.
"""

standing = Table(
    "standing",
    metadata,
    Column("computer_number", _number, ForeignKey("computer.number", ondelete="CASCADE"), primary_key=True),
    Column("code", String(100), primary_key=True),
    Column("verdict", String(20), nullable=False),
    Column("need", String(30)),
    Column("driver", String(200)),
    Column("since", UtcTime, nullable=False),
    Index("ix_standing_code", "code", "verdict", "computer_number"),
)
"""What each computer's newest whole report found; `since` is when it was first found there."""

expected = Table(
    "expected",
    metadata,
    Column("name", String(255), primary_key=True),
    Column("shown", String(255), nullable=False),
    Column("unit", String(200)),
    Column("computer_number", _number, ForeignKey("computer.number", ondelete="SET NULL"), index=True),
    Index("ix_expected_overview", "unit", "computer_number"),
)
"""The computers that IT knows of, by folded host name or asset tag."""

note = Table(
    "note",
    metadata,
    Column("number", _number, primary_key=True),
    Column(
        "computer_number", _number, ForeignKey("computer.number", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("written_at", UtcTime, nullable=False),
    Column("author", String(100)),
    Column("text", Text, nullable=False),
)  # fmt: skip

trend = Table(
    "trend",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("unit", String(200), primary_key=True),
    Column("known", Integer, nullable=False),
    Column("ready", Integer, nullable=False),
)
"""How many computers were known and ready, day by day; the unit "" is the whole organisation."""

choice = Table(
    "choice",
    metadata,
    Column("name", String(50), primary_key=True),
    Column("value", Text, nullable=False),
)
"""What IT chose on the pages: the goal, prices, how long things are kept. JSON values."""

audit = Table(
    "audit",
    metadata,
    Column("number", _number, primary_key=True),
    Column("happened_at", UtcTime, nullable=False, index=True),
    Column("who", String(100), nullable=False),
    Column("what", String(50), nullable=False),
    Column("target", String(300)),
)
"""Who read and changed what."""

hook_event = Table(
    "hook_event",
    metadata,
    Column("number", _number, primary_key=True),
    Column("happened_at", UtcTime, nullable=False),
    Column("facts", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", UtcTime, index=True),
    Column("delivered_at", UtcTime),
    Column("error", String(300)),
)
"""What the webhook tells others: `due_at` is None where it was delivered or given up."""

adopted = Table(
    "adopted",
    metadata,
    Column("number", _number, primary_key=True),
    Column("version", String(50), nullable=False),
    Column("base", String(60), nullable=False),
    Column("text", Text, nullable=False),
    Column("adopted_at", UtcTime, nullable=False),
    Column("who", String(100), nullable=False),
)
"""The organisation's requirements as they were adopted here, as TOML; the last row is in force.

`base` is what they were made from: `shipped:ID`, or `adopted:NUMBER`.
"""

job = Table(
    "job",
    metadata,
    Column("number", _number, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("asked_at", UtcTime, nullable=False),
    Column("who", String(100), nullable=False),
    Column("base", String(60), nullable=False),
    Column("text", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("beat_at", UtcTime),
    Column("result", Text),
    Column("error", String(300)),
)
"""What takes longer than a request may: rating the whole fleet under other requirements.

`kind` is what_if or re_rate; `state` waiting, running, done or failed; `done` of `total` computers are
rated; `beat_at` is when the process that does it last said so. `result` is JSON.
"""
