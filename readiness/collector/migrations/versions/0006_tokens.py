"""A token for each computer, and signing in by the organisation's own accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_time = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create their tables. Keys stay as they are: a computer gets its token for the one it has."""
    op.create_table(
        "device_token",
        sa.Column("number", _number, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("device_id", sa.String(100), nullable=False),
        sa.Column("key_number", _number, nullable=False),
        sa.Column("created_at", _time, nullable=False),
        sa.Column("used_at", _time, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_device_token"),
        sa.UniqueConstraint("hash", name="uq_device_token_hash"),
        sa.ForeignKeyConstraint(["key_number"], ["enrolment_key.number"], name="fk_device_token_key_number"),
    )
    for column in ("device_id", "key_number", "used_at"):
        op.create_index(f"ix_device_token_{column}", "device_token", [column])
    op.create_table(
        "revoked_device",
        sa.Column("device_id", sa.String(100), nullable=False),
        sa.Column("revoked_at", _time, nullable=False),
        sa.PrimaryKeyConstraint("device_id", name="pk_revoked_device"),
    )
    op.add_column("login_session", sa.Column("name", sa.String(100)))
    op.create_table(
        "sign_in",
        sa.Column("state_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("nonce", sa.String(100), nullable=False),
        sa.Column("verifier", sa.String(128), nullable=False),
        sa.Column("target", sa.String(1000), nullable=False),
        sa.Column("expires_at", _time, nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name="pk_sign_in"),
    )
    op.create_index("ix_sign_in_expires_at", "sign_in", ["expires_at"])
