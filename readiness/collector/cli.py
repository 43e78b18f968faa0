"""The collector's command line."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from readiness.collector import cli_access, cli_data
from readiness.collector.cli_data import DatabaseOption, opened_database
from readiness.collector.configuration import configured, defaults
from readiness.collector.limiting import ADDRESS, Rate, Rates
from readiness.collector.problems import DatabaseUnavailableError, StartError, terminal_language
from readiness.collector.reflector_process import DEFAULT_PORT as DEFAULT_UDP_PORT
from readiness.collector.reflector_process import ReflectorPlace, ReflectorProcess
from readiness.collector.serve import DEFAULT_HOST, DEFAULT_PORT, Place, check, listen
from readiness.core.text import Text


def _said(sv: str, en: str) -> str:
    return Text(sv=sv, en=en).say(terminal_language())


app = typer.Typer(
    help=_said(
        "IT:s server: tar emot datorernas rapporter och visar dem.",
        "IT's server: receives and shows reports.",
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_user = typer.Typer(
    help=_said("Konton för dem som läser.", "Accounts of those who read."), no_args_is_help=True
)
app.add_typer(cli_access.key_app, name="key")
app.add_typer(cli_access.computer_app, name="computer")
app.add_typer(_user, name="user")

for _command, _help in (
    (cli_data.backup, cli_data.BACKUP_HELP),
    (cli_data.restore, cli_data.RESTORE_HELP),
    (cli_data.erase, cli_data.ERASE_HELP),
    (cli_data.expect, cli_data.EXPECT_HELP),
    (cli_data.webhook, cli_data.HOOK_HELP),
):
    app.command(help=_help.say(terminal_language()))(_command)


def run() -> int:
    """Run the command of `sys.argv`; the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        command = typer.main.get_command(app)
        status = command(prog_name="readiness-collector", default_map=defaults(configured(), _tree(command)))
    except StartError as error:
        return _complain(error.text)
    except DatabaseUnavailableError as error:
        return _complain(
            Text(
                sv=f"Databasen svarar inte: {_one_line(error)}",
                en=f"The database does not answer: {_one_line(error)}",
            )
        )
    return int(status or 0)


@app.command("serve", help=_said("Starta servern.", "Start the server."))
def serve_command(
    host: Annotated[
        str, typer.Option(help=_said("Adress att svara på.", "Address to answer at."))
    ] = DEFAULT_HOST,
    port: Annotated[
        int,
        typer.Option(min=0, max=65535, help=_said("Port; 0 väljer en ledig.", "Port; 0 picks a free one.")),
    ] = DEFAULT_PORT,
    udp_port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help=_said(
                "UDP-port som nätet mäts mot; 0 väljer en ledig. Annars 3478.",
                "UDP port that the network is measured against; 0 picks a free one. Otherwise 3478.",
            ),
        ),
    ] = None,
    udp_host: Annotated[
        str | None,
        typer.Option(
            help=_said(
                "Namnet som datorer når UDP-porten på, om det inte är serverns eget.",
                "The name that computers reach the UDP port by, if it is not the server's own.",
            )
        ),
    ] = None,
    udp_address: Annotated[
        str | None,
        typer.Option(
            help=_said(
                "Adress att svara på över UDP, om det inte är --host: bakom en proxy 0.0.0.0.",
                "Address to answer at over UDP, if that is not --host: behind a proxy 0.0.0.0.",
            )
        ),
    ] = None,
    database: DatabaseOption = None,
    tls_certificate: Annotated[
        Path | None, typer.Option(help=_said("Certifikatkedja (PEM).", "Certificate chain (PEM)."))
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(help=_said("Dess nyckel (PEM).", "Its key (PEM)."))] = None,
    allow_insecure: Annotated[
        bool,
        typer.Option(
            "--allow-insecure",
            help=_said(
                "Svara okrypterat även på andra adresser än den egna datorns.",
                "Answer without encryption at other addresses than this computer's own too.",
            ),
        ),
    ] = False,
    address_rate: Annotated[
        float,
        typer.Option(
            min=0,
            help=_said(
                "Så många förfrågningar i sekunden tas emot från en och samma adress; 0 är utan gräns.",
                "So many requests a second are taken from one and the same address; 0 is no limit.",
            ),
        ),
    ] = ADDRESS.per_second,
    sign_in: Annotated[
        Path | None,
        typer.Option(
            help=_said(
                "TOML-fil om organisationens inloggning (OpenID Connect).",
                "TOML file about the organisation's sign-in (OpenID Connect).",
            )
        ),
    ] = None,
    announce: Annotated[
        bool,
        typer.Option(
            "--announce",
            help=_said(
                "Skriv adressen som en rad JSON när servern svarar.",
                "Write the address as a line of JSON when serving.",
            ),
        ),
    ] = False,
) -> None:
    """Start the server."""
    from readiness.collector.serve import serve
    from readiness.collector.sign_in_settings import read_settings

    place = Place(
        host=host, port=port, certificate=tls_certificate, key=tls_key, allow_insecure=allow_insecure
    )
    check(place)
    organisation = read_settings(sign_in) if sign_in else None
    listener = listen(place)
    if udp_port is None:
        udp_port = DEFAULT_UDP_PORT if port else 0
    reflector = ReflectorProcess(
        ReflectorPlace(host=udp_address or host, port=udp_port, public_host=udp_host)
    )
    rates = Rates(Rate(burst=max(20 * address_rate, 1), per_second=address_rate))
    with listener, opened_database(database) as opened:
        reflector.start()
        try:
            serve(opened, place, listener, reflector, rates, organisation, announce=announce)
        finally:
            reflector.stop()


@_user.command(
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


@_user.command("list", help=_said("Visa kontona.", "List the accounts."))
def list_users(database: DatabaseOption = None) -> None:
    """List the accounts."""
    from readiness.collector.access import Access

    with opened_database(database) as opened:
        for account in Access(opened).accounts():
            typer.echo(f"{account.name}\t{account.role}")


@_user.command(
    "remove", help=_said("Ta bort ett konto och logga ut det.", "Remove an account and sign it out.")
)
def remove_user(name: str, database: DatabaseOption = None) -> None:
    """Remove an account."""
    from readiness.collector.access import Access

    with opened_database(database) as opened:
        if not Access(opened).remove_account(name):
            raise StartError(Text(sv=f"Kontot {name} finns inte.", en=f"There is no account {name}."))


@app.command(
    "link",
    help=_said("Skapa en länk som loggar in en läsare en gång.", "Make a link that signs a reader in once."),
)
def link(
    report: Annotated[
        str | None,
        typer.Option(
            help=_said("Rapporten att öppna: id eller kvittokod.", "Report to open: id or receipt code.")
        ),
    ] = None,
    url: Annotated[
        str, typer.Option(help=_said("Serverns adress.", "The server's address."))
    ] = f"http://{DEFAULT_HOST}:{DEFAULT_PORT}",
    database: DatabaseOption = None,
) -> None:
    """Print a one-time link."""
    from readiness.collector.access import Access
    from readiness.collector.store import Store

    with opened_database(database) as opened:
        target = "/overview"
        if report is not None:
            stored = Store(opened).find(report)
            if stored is None:
                raise StartError(
                    Text(
                        sv=f"Det finns ingen rapport {report} i databasen {opened.name}.",
                        en=f"There is no report {report} in the database {opened.name}.",
                    )
                )
            target = f"/reports/{stored.row.report_id}"
        typer.echo(f"{url.rstrip('/')}/link/{Access(opened).new_link(target)}")


def _password_from_input() -> str | None:
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        return None
    return sys.stdin.readline().rstrip("\r\n") or None


def _tree(command: Any) -> dict[str, Any]:
    """The commands below `command`, each with those below it."""
    return {name: _tree(below) for name, below in getattr(command, "commands", {}).items()}


def _complain(text: Text) -> int:
    sys.stderr.write(text.say(terminal_language()) + "\n")
    return 1


def _one_line(error: Exception) -> str:
    lines = str(error).splitlines() or [""]
    return lines[0][:300]
