"""The first tables: reports, enrolment keys, accounts, sessions, links, failed logins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_time = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "enrolment_key",
        sa.Column("number", _number, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("hint", sa.String(8), nullable=False),
        sa.Column("unit", sa.String(200)),
        sa.Column("created_at", _time, nullable=False),
        sa.Column("revoked_at", _time),
        sa.PrimaryKeyConstraint("number", name="pk_enrolment_key"),
        sa.UniqueConstraint("hash", name="uq_enrolment_key_hash"),
    )
    op.create_table(
        "report",
        sa.Column("number", _number, nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("receipt", sa.String(7), nullable=False),
        sa.Column("received_at", _time, nullable=False),
        sa.Column("created_at", _time),
        sa.Column("key_number", _number),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("device_id", sa.String(100), nullable=False),
        sa.Column("host_name", sa.String(255), nullable=False),
        sa.Column("asset_tag", sa.String(100)),
        sa.Column("unit", sa.String(200)),
        sa.Column("case_name", sa.String(100)),
        sa.Column("model", sa.String(200)),
        sa.Column("system", sa.String(200), nullable=False),
        sa.Column("app_version", sa.String(50), nullable=False),
        sa.Column("profile_id", sa.String(50), nullable=False),
        sa.Column("profile_version", sa.String(50), nullable=False),
        sa.Column("overall", sa.String(20), nullable=False),
        sa.Column("listen", sa.String(20)),
        sa.Column("talk", sa.String(20)),
        sa.Column("be_seen", sa.String(20)),
        sa.Column("share_screen", sa.String(20)),
        sa.Column("partial", sa.Boolean, nullable=False),
        sa.Column("search", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_report"),
        sa.UniqueConstraint("id", name="uq_report_id"),
        sa.UniqueConstraint("receipt", name="uq_report_receipt"),
        sa.ForeignKeyConstraint(["key_number"], ["enrolment_key.number"], name="fk_report_key_number"),
    )
    op.create_index("ix_report_device_id_number", "report", ["device_id", "number"])
    op.create_index("ix_report_received_at", "report", ["received_at"])
    op.create_table(
        "account",
        sa.Column("number", _number, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_key", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("created_at", _time, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_account"),
        sa.UniqueConstraint("name_key", name="uq_account_name_key"),
    )
    op.create_table(
        "login_session",
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("account_number", _number),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("created_at", _time, nullable=False),
        sa.Column("expires_at", _time, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_login_session"),
        sa.ForeignKeyConstraint(
            ["account_number"], ["account.number"], name="fk_login_session_account_number", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_login_session_expires_at", "login_session", ["expires_at"])
    op.create_table(
        "one_time_link",
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("target", sa.String(200), nullable=False),
        sa.Column("created_at", _time, nullable=False),
        sa.Column("expires_at", _time, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_one_time_link"),
    )
    op.create_index("ix_one_time_link_expires_at", "one_time_link", ["expires_at"])
    op.create_table(
        "login_failure",
        sa.Column("number", _number, nullable=False),
        sa.Column("name_key", sa.String(200), nullable=False),
        sa.Column("address", sa.String(100), nullable=False),
        sa.Column("failed_at", _time, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_login_failure"),
    )
    op.create_index("ix_login_failure_failed_at", "login_failure", ["failed_at"])
