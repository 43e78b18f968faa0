"""The commands about who may send (keys, computers) and who may read (accounts)."""

from __future__ import annotations

import getpass
import secrets
import sys
from typing import Annotated

import typer

from readiness.collector.cli_data import DatabaseOption, opened_database
from readiness.collector.problems import StartError, terminal_language
from readiness.core.text import Text


def _said(sv: str, en: str) -> str:
    return Text(sv=sv, en=en).say(terminal_language())


key_app = typer.Typer(
    help=_said(
        "Nycklar, som datorer byter mot en egen kod att skicka med.",
        "Keys, which computers exchange for a code of their own to send with.",
    ),
    no_args_is_help=True,
)
computer_app = typer.Typer(
    help=_said("Vilka datorer som får skicka.", "Which computers may send."), no_args_is_help=True
)
user_app = typer.Typer(
    help=_said("Konton för dem som läser.", "Accounts of those who read."), no_args_is_help=True
)


@key_app.command(
    "new", help=_said("Skapa en nyckel. Den visas bara nu.", "Create a key. It is shown only now.")
)
def new_key(
    unit: Annotated[
        str | None,
        typer.Option(
            help=_said("Enhet för de datorer som får nyckeln.", "Unit of the computers that get the key.")
        ),
    ] = None,
    database: DatabaseOption = None,
) -> None:
    """Create an enrolment key."""
    from readiness.collector.access import Access

    with opened_database(database) as opened:
        key = Access(opened).new_key(unit)
    typer.echo(_said("Nyckeln visas bara nu:", "The key is shown only now:"), err=True)
    typer.echo(key)


@key_app.command(
    "list", help=_said("Visa nycklarna, utan själva nyckeln.", "List the keys, not the keys themselves.")
)
def list_keys(database: DatabaseOption = None) -> None:
    """List the enrolment keys."""
    from readiness.collector.access import Access

    revoked = _said("återkallad", "revoked")
    with opened_database(database) as opened:
        for key in Access(opened).all_keys():
            state = revoked if key.revoked else ""
            typer.echo(
                f"{key.number}\t…{key.hint}\t{key.created_utc:%Y-%m-%d}\t{key.unit or '–'}\t{state}".rstrip()
            )


@key_app.command(
    "revoke", help=_said("Återkalla en nyckel, med numret från list.", "Revoke a key, by its number in list.")
)
def revoke_key(
    number: Annotated[int, typer.Argument(min=1, max=2**53)],
    tokens: Annotated[
        bool,
        typer.Option(
            "--computers",
            help=_said(
                "Ta också tillbaka koderna för de datorer som kom in med den.",
                "Also take back the codes of the computers that came in by it.",
            ),
        ),
    ] = False,
    database: DatabaseOption = None,
) -> None:
    """Revoke an enrolment key. Computers that have a token keep it, unless asked for."""
    from readiness.collector.access import Access
    from readiness.collector.tokens import Tokens

    with opened_database(database) as opened:
        known = Access(opened)
        if not known.revoke_key(number) and not tokens:
            raise StartError(
                Text(
                    sv=f"Det finns ingen giltig nyckel nummer {number}.",
                    en=f"There is no valid key number {number}.",
                )
            )
        if tokens:
            gone = Tokens(opened).forget_those_of(number)
            typer.echo(_said(f"{gone} koder är borta.", f"{gone} codes are gone."), err=True)


@computer_app.command(
    "list",
    help=_said("Visa datorer med kod, och de avstängda.", "List computers with a code, and those shut out."),
)
def list_computers(
    search: Annotated[
        str, typer.Argument(help=_said("Början av namn eller id.", "Start of name or id."))
    ] = "",
    database: DatabaseOption = None,
) -> None:
    """List the computers that hold a token or are shut out."""
    from readiness.collector.tokens import Tokens

    shut_out = _said("avstängd", "shut out")
    with opened_database(database) as opened:
        for one in Tokens(opened).listed(search, most=100_000):
            state = shut_out if one.revoked_utc else f"{one.created_utc:%Y-%m-%d}"
            if one.clash:
                state += " " + _said("TVÅ SKICKAR SOM DEN", "TWO SEND AS IT")
            key = f"…{one.key_hint}" if one.key_hint else "–"
            typer.echo(f"{one.device_id}\t{one.host_name or '–'}\t{one.asset_tag or '–'}\t{key}\t{state}")


@computer_app.command(
    "revoke", help=_said("Stäng av en dator: id, namn eller inventarienummer.", "Shut a computer out: id, name or asset tag.")
)  # fmt: skip
def revoke_computer(name: str, database: DatabaseOption = None) -> None:
    """Shut a computer out; neither its token nor a key helps it."""
    _switch(name, database, out=True)


@computer_app.command("allow", help=_said("Släpp in en avstängd dator igen.", "Let a computer in again."))
def allow_computer(name: str, database: DatabaseOption = None) -> None:
    """Let a computer in again; it gets a new token for its key by itself."""
    _switch(name, database, out=False)


def _switch(name: str, database: str | None, *, out: bool) -> None:
    from readiness.collector.tokens import Tokens

    with opened_database(database) as opened:
        tokens = Tokens(opened)
        device_id = tokens.named(name)
        if device_id is None:
            raise StartError(
                Text(
                    sv=f"Ingen eller flera datorer heter {name}. Ange datorns id.",
                    en=f"No computer, or several, are called {name}. Give the computer's id.",
                )
            )
        (tokens.revoke if out else tokens.allow)(device_id, getpass.getuser())


@user_app.command(
    "add",
    help=_said(
        "Skapa ett konto. Lösenordet visas bara nu.", "Create an account. The password is shown only now."
    ),
)
def add_user(
    name: str,
    role: Annotated[str, typer.Option(help="reader, support, admin")],
    database: DatabaseOption = None,
) -> None:
    """Create an account; its password comes on standard input, or is made and printed."""
    from readiness.collector.access import (
        LONGEST_NAME,
        LONGEST_PASSWORD,
        SHORTEST_PASSWORD,
        Access,
        NameTakenError,
        Role,
        usable_name,
    )

    if role not in tuple(Role):
        raise StartError(
            Text(sv="Rollen är reader, support eller admin.", en="The role is reader, support or admin.")
        )
    if not usable_name(name):
        raise StartError(
            Text(
                sv=f"Namnet ska ha 1–{LONGEST_NAME} tecken och inget kolon.",
                en=f"The name has 1–{LONGEST_NAME} characters and no colon.",
            )
        )
    given = _password_from_input()
    if given is not None and not SHORTEST_PASSWORD <= len(given) <= LONGEST_PASSWORD:
        raise StartError(
            Text(
                sv=f"Lösenordet ska ha minst {SHORTEST_PASSWORD} tecken.",
                en=f"The password has at least {SHORTEST_PASSWORD} characters.",
            )
        )
    password = given or secrets.token_urlsafe(15)
    with opened_database(database) as opened:
        try:
            Access(opened).add_account(name.strip(), Role(role), password)
        except NameTakenError as error:
            raise StartError(
                Text(sv=f"Kontot {name} finns redan.", en=f"The account {name} exists already.")
            ) from error
    if given is None:
        typer.echo(_said("Lösenordet visas bara nu:", "The password is shown only now:"), err=True)
        typer.echo(password)


@user_app.command("list", help=_said("Visa kontona.", "List the accounts."))
def list_users(database: DatabaseOption = None) -> None:
    """List the accounts."""
    from readiness.collector.access import Access

    with opened_database(database) as opened:
        for account in Access(opened).accounts():
            typer.echo(f"{account.name}\t{account.role}")


@user_app.command(
    "remove", help=_said("Ta bort ett konto och logga ut det.", "Remove an account and sign it out.")
)
def remove_user(name: str, database: DatabaseOption = None) -> None:
    """Remove an account."""
    from readiness.collector.access import Access

    with opened_database(database) as opened:
        if not Access(opened).remove_account(name):
            raise StartError(Text(sv=f"Kontot {name} finns inte.", en=f"There is no account {name}."))


def _password_from_input() -> str | None:
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        return None
    return sys.stdin.readline().rstrip("\r\n") or None
