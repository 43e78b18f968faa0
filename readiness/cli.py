"""The terminal: readiness check, devices, outbox, schema. One of the three places that assemble."""

from __future__ import annotations

import asyncio
import dataclasses
import errno
import itertools
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from readiness.core.check import Options
from readiness.core.model import Report
from readiness.core.profile_file import ProfileError
from readiness.core.reasons import reason_of
from readiness.core.text import LANGUAGES, Language, Text
from readiness.settings import Places, Settings, SettingsError, load, places
from readiness.terminal import output
from readiness.terminal.commands.recheck import recheck_app
from readiness.terminal.commands.requirements import requirements_app
from readiness.terminal.commands.settings import settings_app
from readiness.terminal.commands.watch import watch_app
from readiness.terminal.common import EXIT_OF, WRONG_USAGE, Tongue, UsageProblem, settings_in_force

NO_RECEIPT = 3

app = typer.Typer(
    add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False
)
outbox_app = typer.Typer(no_args_is_help=False, help="Reports that wait to be sent.")
app.add_typer(outbox_app, name="outbox")
app.add_typer(requirements_app)
app.add_typer(recheck_app)
app.add_typer(settings_app)
app.add_typer(watch_app)  # its commands stand beside those here


def run(arguments: list[str]) -> int:
    """Do one command; the return value is the exit status."""
    try:
        status = app(arguments, standalone_mode=False, prog_name="readiness")
    except (UsageProblem, SettingsError, ProfileError) as error:
        output.complain(error.text.say(_language(arguments)))
        return WRONG_USAGE
    except typer.Abort:
        return 130
    except Exception as error:
        show = getattr(error, "show", None)  # click's own: unknown option, missing argument
        if show is None:
            raise
        show()
        return WRONG_USAGE
    return status if isinstance(status, int) else 0


@app.command()
def check(
    only: Annotated[
        list[str] | None, typer.Option(help="Ids of checks, with commas between, or one each time.")
    ] = None,
    profile: Annotated[str | None, typer.Option(help="Id of the profile to judge by.")] = None,
    camera: Annotated[str | None, typer.Option(help="Name or id of the camera.")] = None,
    microphone: Annotated[str | None, typer.Option(help="Name or id of the microphone.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Name or id of the speaker.")] = None,
    asset_tag: Annotated[str | None, typer.Option(help="The computer's inventory number.")] = None,
    unit: Annotated[str | None, typer.Option(help="The unit that the computer belongs to.")] = None,
    case: Annotated[str | None, typer.Option(help="The support case that this is about.")] = None,
    camera_file: Annotated[Path | None, typer.Option(help="A film in place of the camera.")] = None,
    microphone_file: Annotated[Path | None, typer.Option(help="A sound file in place of the microphone.")] = None,
    collector: Annotated[str | None, typer.Option(help="Address of IT's server.")] = None,
    allow_insecure: Annotated[bool, typer.Option("--allow-insecure", help="Allow an address without encryption.")] = False,
    save: Annotated[Path | None, typer.Option(help="Save the report in this file.")] = None,
    submit: Annotated[bool, typer.Option("--submit", help="Send the report to IT.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON and nothing else.")] = False,
    lang: Annotated[Tongue | None, typer.Option(help="sv or en.")] = None,
    unattended: Annotated[bool, typer.Option("--unattended", help="Ask nothing.")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="Ask nothing, print one line; exit status 1: an issue.")] = False,
    all_devices: Annotated[bool, typer.Option("--all-devices", help="Test every camera with every microphone.")] = False,
) -> int:  # fmt: skip
    """Test this computer. The exit status tells the verdict: 0, 10, 20 or 30; with --summary 0 or 1."""
    from readiness.terminal.check import Wish, check_computer
    from readiness.terminal.verdict import print_verdict

    where = places()
    settings = _settings(where, collector, allow_insecure, lang, profile, unit, asset_tag)
    for file, words in ((camera_file, "--camera-file"), (microphone_file, "--microphone-file")):
        _usable_file(file, words)
    wish = Wish(
        options=Options(
            camera=camera or settings.camera,
            microphone=microphone or settings.microphone,
            speaker=speaker or settings.speaker,
            camera_file=camera_file,
            microphone_file=microphone_file,
            collector_url=settings.collector_url,
            turn_user=settings.turn_user,
            turn_password=settings.turn_password,
            # Without a person at the keyboard there is nobody to ask.
            unattended=unattended or summary or not sys.stdin.isatty(),
        ),
        only=_ids(only),
        case=case,
        submit=submit,
        as_json=as_json or summary,
        all_devices=all_devices,
    )
    checked = asyncio.run(check_computer(settings, where, wish))
    report, delivery = checked.report, checked.delivery
    if summary:
        from readiness.terminal import summary as terminal_summary

        output.say(terminal_summary.summary(report, delivery))
    elif as_json:
        output.print_json(_with_delivery(report, delivery) | {"requirements": checked.rated_by.document})
    else:
        print_verdict(report, delivery, settings, checked.rated_by)
        if all_devices:
            from readiness.terminal.devices import print_trials

            print_trials(report, settings.language)
        if settings.collector_url is None and save is None:
            output.complain(output.SAVE.say(settings.language))
    if save is not None:
        _save(report, save, settings.language)
    if summary:
        return terminal_summary.exit_status(report)
    if submit and (delivery is None or delivery.receipt is None):
        return NO_RECEIPT
    return EXIT_OF[report.rating.overall]


@app.command()
def devices(
    listen: Annotated[bool, typer.Option("--listen", help="Find the microphone that hears you.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    lang: Annotated[Tongue | None, typer.Option(help="sv or en.")] = None,
) -> int:
    """List the cameras, microphones and speakers, or find the microphone that hears you."""
    from readiness.terminal import devices as terminal_devices

    where = places()
    settings = _settings(where, None, False, lang, None, None, None)
    if listen:
        heard = asyncio.run(terminal_devices.listen(settings, where, as_json=as_json))
        if as_json:
            output.print_json(terminal_devices.heard_document(heard))
        else:
            terminal_devices.print_heard(heard, settings.language)
        return 0
    rows = asyncio.run(terminal_devices.list_devices())
    if as_json:
        output.print_json({"devices": rows})
    else:
        output.print_devices(rows, settings.language)
    return 0


@app.command()
def schema() -> int:
    """Print the JSON schema of a report."""
    from readiness.core.report import json_schema

    output.print_json(json_schema())
    return 0


@outbox_app.callback(invoke_without_command=True)
def outbox(context: typer.Context) -> int:
    """Reports that wait to be sent: list or send."""
    return _outbox_list() if context.invoked_subcommand is None else 0


@outbox_app.command("list")
def outbox_list() -> int:
    """List the reports, those sent among them."""
    return _outbox_list()


@outbox_app.command("send")
def outbox_send(
    collector: Annotated[str | None, typer.Option(help="Address of IT's server.")] = None,
    allow_insecure: Annotated[bool, typer.Option("--allow-insecure")] = False,
) -> int:
    """Send what waits. Exit status 3 where something still waits."""
    from readiness.enrolling import enrolment_of
    from readiness.submission.client import CollectorClient
    from readiness.submission.delivery import deliver
    from readiness.submission.outbox import Outbox

    where = places()
    settings = _settings(where, collector, allow_insecure, None, None, None, None)
    if settings.collector_url is None:
        raise UsageProblem(output.NO_COLLECTOR)
    box = Outbox(where.outbox)
    enrolment = enrolment_of(settings.collector_url, settings, where)
    deliveries = asyncio.run(deliver(box, CollectorClient(enrolment.url, enrolment)))
    if enrolment.notice is not None:
        output.complain(enrolment.notice.say(settings.language))
    output.print_deliveries(deliveries, settings.language)
    return NO_RECEIPT if box.waiting() or any(sent.receipt is None for sent in deliveries) else 0


def _outbox_list() -> int:
    from readiness.submission.outbox import Outbox

    where = places()
    settings = _settings(where, None, False, None, None, None, None)
    output.print_outbox(Outbox(where.outbox).entries(), settings.language)
    return 0


def _settings(
    where: Places,
    collector: str | None,
    allow_insecure: bool,
    lang: Tongue | None,
    profile: str | None,
    unit: str | None,
    asset_tag: str | None,
) -> Settings:
    """The settings in force, the command line above all. Raises SettingsError."""
    return settings_in_force(
        where,
        {
            "collector_url": collector,
            "allow_insecure": allow_insecure or None,
            "language": lang.value if lang else None,
            "profile": profile,
            "unit": unit,
            "asset_tag": asset_tag,
        },
    )


def _ids(only: Sequence[str] | None) -> tuple[str, ...] | None:
    from readiness.checks import CHECKS

    if not only:
        return None
    known = [found.id for found in CHECKS]
    ids = tuple(part.strip() for part in ",".join(only).split(",") if part.strip())
    for wanted in ids or ("",):
        if wanted not in known:
            names = ", ".join(known)
            raise UsageProblem(
                Text(
                    sv=f"Testet ”{wanted}” finns inte. Välj bland {names}.",
                    en=f"There is no check “{wanted}”. Choose among {names}.",
                )
            )
    return ids


def _save(report: Report, file: Path, language: Language) -> None:
    from readiness.core.report import to_json
    from readiness.submission.files import write_where_asked

    try:
        write_where_asked(file, to_json(report, indent=2).encode())
    except OSError as error:
        reason = reason_of(error)
        raise UsageProblem(
            Text(
                sv=f"Rapporten kan inte sparas i {file} ({reason.sv}). Välj en annan plats.",
                en=f"The report cannot be saved in {file} ({reason.en}). Choose another place.",
            )
        ) from error
    output.print_saved(file, language)


def _usable_file(file: Path | None, option: str) -> None:
    if file is None:
        return
    try:
        # Looked at before it is opened: that would wait for ever at a pipe.
        if not stat.S_ISREG(file.stat().st_mode):
            raise OSError(errno.EINVAL, "not a file of sound or pictures")
        with file.open("rb"):
            return
    except OSError as error:
        reason = reason_of(error)
        raise UsageProblem(
            Text(
                sv=f"Filen {file} efter {option} går inte att läsa ({reason.sv}). Kontrollera namnet.",
                en=f"The file {file} after {option} cannot be read ({reason.en}). Check the name.",
            )
        ) from error


def _with_delivery(report: Report, delivery: Any) -> dict[str, Any]:
    from readiness.core.report import to_document

    document = to_document(report)
    if delivery is not None:
        document["delivery"] = {
            "state": str(delivery.state.value),
            "reason": None if delivery.reason is None else dataclasses.asdict(delivery.reason),
            "receipt": delivery.receipt,
            "kept": delivery.kept,
        }
    return document


def _language(arguments: list[str]) -> Language:
    """The language for a complaint about the command line itself."""
    said = dict(itertools.pairwise(arguments)).get("--lang")
    for language in LANGUAGES:
        if said == language or f"--lang={language}" in arguments:
            return language
    return load().settings.language
