"""Search and lists that do not slow down with the number of reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """What reports are searched by, once for each text; and the indexes that lists read alone."""
    op.create_table(
        "searched",
        sa.Column("text", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("text", name="pk_searched"),
    )
    # An index holds no longer texts than this; a name is far shorter.
    op.execute("UPDATE report SET search = substr(search, 1, 400) WHERE length(search) > 400")
    op.create_index("ix_report_search_number", "report", ["search", "number"])
    op.create_index("ix_report_listing", "report", ["number", "search"])
    op.execute("INSERT INTO searched (text) SELECT DISTINCT search FROM report")
    op.create_index("ix_computer_listing", "computer", ["host_key", "number", "asset_key"])
    op.drop_index("ix_computer_host_key", "computer")
