"""Bringing a database's tables up to date when the collector starts."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select, table, text
from sqlalchemy.sql import column

from readiness.collector.migrations import NEWEST
from readiness.collector.problems import StartError
from readiness.core.text import Text

_LOCK_NUMBER = 7021_1905
"""PostgreSQL's advisory lock for one migration at a time."""


def bring_up_to_date(engine: Engine, shown: str) -> None:
    """Make or change the tables, one process at a time; `shown` names the database. Raises StartError."""
    with engine.connect() as connection:
        if _revision(connection) == NEWEST:
            return
    with engine.connect() as bare:
        connection = bare.execution_options(readiness_writes=True)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
            revision = _revision(connection)
            if revision is None and inspect(connection).get_table_names():
                raise StartError(
                    Text(
                        sv=f"Databasen {shown} innehåller något annat än Mötesklars tabeller. "
                        "Ange en tom databas.",
                        en=f"The database {shown} holds something else than Mötesklar's tables. "
                        "Name an empty database.",
                    )
                )
            if revision != NEWEST:
                _migrate(connection, revision, shown)


def _migrate(connection: Connection, revision: str | None, shown: str) -> None:
    # Imported here: a start with the newest tables has no need of it, and it takes a while.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        if revision is not None:
            ScriptDirectory.from_config(config).get_revision(revision)
        command.upgrade(config, NEWEST)
    except CommandError as error:
        raise StartError(
            Text(
                sv=f"Databasen {shown} hör till en nyare version av Mötesklar ({revision}). "
                "Uppdatera Mötesklar, eller ange en annan databas.",
                en=f"The database {shown} belongs to a newer version of Mötesklar ({revision}). "
                "Update Mötesklar, or name another database.",
            )
        ) from error


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(select(column("version_num")).select_from(table("alembic_version")))
