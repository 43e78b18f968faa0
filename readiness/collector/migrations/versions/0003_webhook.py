"""What the webhook has to tell."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_time = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create its table."""
    op.create_table(
        "hook_event",
        sa.Column("number", _number, nullable=False),
        sa.Column("happened_at", _time, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", _time),
        sa.Column("delivered_at", _time),
        sa.Column("error", sa.String(300)),
        sa.PrimaryKeyConstraint("number", name="pk_hook_event"),
    )
    op.create_index("ix_hook_event_due_at", "hook_event", ["due_at"])
