"""The organisation's requirements as adopted here, and the work of rating the fleet under others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_time = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create their tables."""
    op.create_table(
        "adopted",
        sa.Column("number", _number, nullable=False),
        sa.Column("version", sa.String(50), nullable=False),
        sa.Column("base", sa.String(60), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("adopted_at", _time, nullable=False),
        sa.Column("who", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_adopted"),
    )
    op.create_table(
        "job",
        sa.Column("number", _number, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("asked_at", _time, nullable=False),
        sa.Column("who", sa.String(100), nullable=False),
        sa.Column("base", sa.String(60), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("beat_at", _time),
        sa.Column("result", sa.Text),
        sa.Column("error", sa.String(300)),
        sa.PrimaryKeyConstraint("number", name="pk_job"),
    )
    op.create_index("ix_job_state", "job", ["state"])
    op.add_column("computer", sa.Column("rated_by", sa.Integer))
