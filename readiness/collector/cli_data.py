"""The commands about what is kept: backup, restore, erase, expect."""

from __future__ import annotations

import getpass
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readiness.collector.problems import StartError, terminal_language
from readiness.core.reasons import reason_of
from readiness.core.text import Text

if TYPE_CHECKING:
    from readiness.collector.database import Database

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help=Text(
            sv="sqlite:////sökväg/fil eller postgresql://användare@server/namn. Annars en fil i din datamapp.",
            en="sqlite:////path/file or postgresql://user@server/name. Otherwise a file in your data folder.",
        ).say(terminal_language()),
    ),
]
BACKUP_HELP = Text(sv="Kopiera databasen till en fil, även medan servern är igång.", en="Copy the database to a file, also while the server runs.")  # fmt: skip
RESTORE_HELP = Text(sv="Lägg tillbaka en kopia. Databasen får inte finnas redan.", en="Put a copy back. The database must not exist yet.")  # fmt: skip
ERASE_HELP = Text(sv="Ta bort allt om en dator.", en="Remove all about one computer.")
EXPECT_HELP = Text(sv="Läs in vilka datorer som ska finnas, från en CSV-fil: namn, enhet.", en="Read which computers there should be, from a CSV file: name, unit.")  # fmt: skip

HOOK_HELP = Text(
    sv="Berätta för ett annat system om nya fel. Utan adress: sluta. Hemligheten skrivs ut en gång.",
    en="Tell another system of new faults. Without an address: stop. The secret is printed once.",
)

TEMPLATE_HELP = Text(sv="plain, zammad eller en egen fil.", en="plain, zammad, or a file of your own.")


@contextmanager
def opened_database(address: str | None) -> Iterator[Database]:
    """The database at `address` for as long as a command needs it. Raises StartError."""
    from readiness.collector.database import open_database

    database = open_database(address)
    try:
        yield database
    finally:
        database.close()


def backup(file: Path, database: DatabaseOption = None) -> None:
    """Copy the database to `file`."""
    from readiness.collector.backups import back_up
    from readiness.collector.database import database_url

    back_up(database_url(database), file)
    _say(sv=f"Kopian finns i {file}.", en=f"The copy is in {file}.")


def restore(file: Path, database: DatabaseOption = None) -> None:
    """Put the copy in `file` back."""
    from readiness.collector.backups import restore as put_back
    from readiness.collector.database import database_url

    put_back(database_url(database), file)
    _say(sv="Databasen är tillbaka.", en="The database is back.")


def erase(computer: str, database: DatabaseOption = None) -> None:
    """Remove all about a computer: its device id, host name or asset tag."""
    from readiness.collector.database import open_database
    from readiness.collector.keeping import erase as remove

    opened = open_database(database)
    try:
        with opened.writing() as connection:
            reports = remove(connection, datetime.now(UTC), getpass.getuser(), computer)
    finally:
        opened.close()
    if reports is None:
        raise StartError(
            Text(
                sv=f"Ingen eller flera datorer heter {computer}. Ange datorns id.",
                en=f"No computer, or several, are called {computer}. Give the computer's id.",
            )
        )
    _say(sv=f"Borttagna rapporter: {reports}.", en=f"Reports removed: {reports}.")


def expect(file: Path, database: DatabaseOption = None) -> None:
    """Replace the list of computers there should be by the one in `file`."""
    from readiness.collector.auditing import record
    from readiness.collector.choices import LARGEST_LIST_BYTES, ChoiceError, expect
    from readiness.collector.database import open_database

    try:
        raw = file.read_bytes()
        if len(raw) > LARGEST_LIST_BYTES:
            raise StartError(Text(sv=f"Filen {file} är för stor.", en=f"The file {file} is too large."))
        listed = raw.decode("utf-8-sig")
    except OSError as error:
        raise StartError(
            Text(
                sv=f"Filen {file} går inte att läsa: {reason_of(error).sv}.",
                en=f"The file {file} cannot be read: {reason_of(error).en}.",
            )
        ) from error
    except UnicodeDecodeError:
        listed = raw.decode("cp1252", "replace")  # what Excel in Swedish writes
    opened = open_database(database)
    try:
        with opened.writing() as connection:
            count = expect(connection, listed)
            record(connection, datetime.now(UTC), getpass.getuser(), "changed choices", f"{count} expected")
    except ChoiceError as error:
        raise StartError(error.text) from error
    finally:
        opened.close()
    _say(sv=f"Datorer i listan: {count}.", en=f"Computers in the list: {count}.")


def webhook(
    url: Annotated[str | None, typer.Argument()] = None,
    template: Annotated[str, typer.Option(help=TEMPLATE_HELP.say(terminal_language()))] = "plain",
    database: DatabaseOption = None,
) -> None:
    """Set the webhook; what lets us in there comes from READINESS_WEBHOOK_AUTHORIZATION."""
    from readiness.collector import webhook as hooks
    from readiness.collector.database import open_database
    from readiness.settings import places

    secret = secrets.token_urlsafe(24)
    known = hooks.templates(places().resources)
    opened = open_database(database)
    try:
        body = known[template] if template in known else Path(template).read_text("utf-8")
        hook = None if url is None else hooks.Hook(
            url=url, secret=secret, template=body, authorization=os.environ.get("READINESS_WEBHOOK_AUTHORIZATION", "")
        )  # fmt: skip
        with opened.writing() as connection:
            hooks.choose(connection, hook)
    except (OSError, UnicodeDecodeError) as error:
        raise StartError(
            Text(
                sv=f"Mallen {template} går inte att läsa. Välj bland {', '.join(known)}, eller ange en fil.",
                en=f"The template {template} cannot be read. Choose among {', '.join(known)}, or name a file.",
            )
        ) from error
    except hooks.HookError as error:
        raise StartError(
            Text(
                sv=f"Så går det inte att berätta vidare: {error.text.sv}.",
                en=f"It cannot be told that way: {error.text.en}.",
            )
        ) from error
    finally:
        opened.close()
    if hook is not None:
        _say(sv="Hemligheten visas bara nu:", en="The secret is shown only now:")
        typer.echo(secret)


def _say(*, sv: str, en: str) -> None:
    sys.stderr.write(Text(sv=sv, en=en).say(terminal_language()) + "\n")
