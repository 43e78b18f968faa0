"""A computer's token, made beside a collector in its own database, for tests of what is measured with it."""

from __future__ import annotations

from readiness.collector.access import Access
from readiness.collector.database import open_database
from readiness.collector.tokens import Tokens


def token_in(database: str, device_id: str = "lab") -> str:
    """A token that the collector on `database` takes."""
    opened = open_database(database)
    try:
        access = Access(opened)
        key = access.key(access.new_key())
        assert key is not None
        return Tokens(opened).enrol(key.number, device_id)
    finally:
        opened.close()
