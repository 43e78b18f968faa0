"""The collector's command line."""

from __future__ import annotations

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
app.add_typer(cli_access.key_app, name="key")
app.add_typer(cli_access.computer_app, name="computer")
app.add_typer(cli_access.user_app, name="user")

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


def _tree(command: Any) -> dict[str, Any]:
    """The commands below `command`, each with those below it."""
    return {name: _tree(below) for name, below in getattr(command, "commands", {}).items()}


def _complain(text: Text) -> int:
    sys.stderr.write(text.say(terminal_language()) + "\n")
    return 1


def _one_line(error: Exception) -> str:
    lines = str(error).splitlines() or [""]
    return lines[0][:300]
