"""The fleet: each computer's newest state, what IT expects and chose, notes, the trend, the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_time = sa.DateTime(timezone=True)
_TESTED = ("listen", "talk", "be_seen", "share_screen")


def upgrade() -> None:
    """Create the tables. Computers appear in them with their next report."""
    op.create_table(
        "computer",
        sa.Column("number", _number, nullable=False),
        sa.Column("device_id", sa.String(100), nullable=False),
        sa.Column("host_name", sa.String(255), nullable=False),
        sa.Column("host_key", sa.String(255), nullable=False),
        sa.Column("asset_tag", sa.String(100)),
        sa.Column("asset_key", sa.String(200)),
        sa.Column("unit", sa.String(200)),
        sa.Column("model", sa.String(200)),
        sa.Column("system", sa.String(200), nullable=False),
        sa.Column("network_kind", sa.String(100)),
        sa.Column("report_number", _number),
        sa.Column("tested_at", _time),
        sa.Column("seen_at", _time, nullable=False),
        sa.Column("overall", sa.String(20)),
        *(sa.Column(activity, sa.String(20)) for activity in _TESTED),
        sa.Column("needs", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_computer"),
        sa.UniqueConstraint("device_id", name="uq_computer_device_id"),
        sa.ForeignKeyConstraint(
            ["report_number"], ["report.number"], name="fk_computer_report_number_report"
        ),
    )
    op.create_index("ix_computer_host_key", "computer", ["host_key"])
    op.create_index("ix_computer_asset_key", "computer", ["asset_key"])
    overview = ["unit", "overall", "tested_at", "seen_at", *_TESTED]
    op.create_index("ix_computer_overview", "computer", overview)
    op.create_index("ix_computer_needs", "computer", ["needs", "unit"])
    op.create_index("ix_computer_tested", "computer", ["tested_at"])
    op.create_table(
        "standing",
        sa.Column("computer_number", _number, nullable=False),
        sa.Column("code", sa.String(100), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("need", sa.String(30)),
        sa.Column("driver", sa.String(200)),
        sa.Column("since", _time, nullable=False),
        sa.PrimaryKeyConstraint("computer_number", "code", name="pk_standing"),
        sa.ForeignKeyConstraint(
            ["computer_number"], ["computer.number"], name="fk_standing_computer_number_computer", ondelete="CASCADE"
        ),
    )  # fmt: skip
    op.create_index("ix_standing_code", "standing", ["code", "verdict", "computer_number"])
    op.create_table(
        "expected",
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("shown", sa.String(255), nullable=False),
        sa.Column("unit", sa.String(200)),
        sa.Column("computer_number", _number),
        sa.PrimaryKeyConstraint("name", name="pk_expected"),
        sa.ForeignKeyConstraint(
            ["computer_number"], ["computer.number"], name="fk_expected_computer_number_computer", ondelete="SET NULL"
        ),
    )  # fmt: skip
    op.create_index("ix_expected_computer_number", "expected", ["computer_number"])
    op.create_index("ix_expected_overview", "expected", ["unit", "computer_number"])
    op.create_table(
        "note",
        sa.Column("number", _number, nullable=False),
        sa.Column("computer_number", _number, nullable=False),
        sa.Column("written_at", _time, nullable=False),
        sa.Column("author", sa.String(100)),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_note"),
        sa.ForeignKeyConstraint(
            ["computer_number"], ["computer.number"], name="fk_note_computer_number_computer", ondelete="CASCADE"
        ),
    )  # fmt: skip
    op.create_index("ix_note_computer_number", "note", ["computer_number"])
    op.create_table(
        "trend",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("unit", sa.String(200), nullable=False),
        sa.Column("known", sa.Integer, nullable=False),
        sa.Column("ready", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", "unit", name="pk_trend"),
    )
    op.create_table(
        "choice",
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_choice"),
    )
    op.create_table(
        "audit",
        sa.Column("number", _number, nullable=False),
        sa.Column("happened_at", _time, nullable=False),
        sa.Column("who", sa.String(100), nullable=False),
        sa.Column("what", sa.String(50), nullable=False),
        sa.Column("target", sa.String(300)),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )
    op.create_index("ix_audit_happened_at", "audit", ["happened_at"])
