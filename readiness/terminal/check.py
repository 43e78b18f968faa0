"""`readiness check`: one run in the terminal, from the devices to the receipt."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from dataclasses import dataclass

from readiness import __version__, in_force
from readiness.checks import CHECKS
from readiness.core import report as reports
from readiness.core.check import Context, Options, ask_nobody
from readiness.core.model import Finished, Report, Result, Trial
from readiness.core.runner import run, utc_now
from readiness.core.text import Text
from readiness.devices import inventory
from readiness.devices.machine import LocalMachine
from readiness.devices.system import identity
from readiness.enrolling import enrolment_of
from readiness.in_force import InForce
from readiness.network.this_link import network_kind
from readiness.settings import Places, Settings
from readiness.submission.client import CollectorClient
from readiness.submission.delivery import Delivery, deliver
from readiness.submission.enrolment import Enrolment
from readiness.submission.known_states import KnownStates
from readiness.submission.outbox import Outbox, OutboxError, State
from readiness.terminal import output
from readiness.terminal.devices import AllDevices


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What one call of `readiness check` asks for."""

    options: Options
    only: tuple[str, ...] | None = None
    case: str | None = None
    submit: bool = False
    as_json: bool = False
    all_devices: bool = False


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What came of it: the report, its delivery if one was wished for, and what it was rated by."""

    report: Report
    delivery: Delivery | None
    rated_by: InForce


async def check_computer(settings: Settings, where: Places, wish: Wish) -> Checked:
    """Run the checks that are wished for; submit the report if that is. Raises ProfileError."""
    url, enrolment = settings.collector_url, None
    if url is not None:
        enrolment = enrolment_of(url, settings, where)
        if await enrolment.possible():
            options = dataclasses.replace(wish.options, collector_token=enrolment.checked)
            wish = dataclasses.replace(wish, options=options)
    report_id, created_utc = reports.new_id(), utc_now()
    rated_by = await in_force.asked(settings, where, enrolment)
    profiles = rated_by.profiles
    if rated_by.remark is not None and wish.as_json:  # else the verdict says it
        output.complain(rated_by.remark.say(settings.language))
    checks = [check for check in CHECKS if wish.only is None or check.id in wish.only]
    screen = output.Screen(settings.language, quiet=wish.as_json)
    local = LocalMachine()
    results: list[Result] = []
    stop = asyncio.Event()

    trials: list[Trial] = []
    through = AllDevices(local.machine, wish.options, settings.language) if wish.all_devices else None
    try:
        context = Context(
            machine=local.machine,
            profile=profiles[0],
            profiles=profiles,
            options=wish.options if through is None else await through.first(),
            ask=ask_nobody if wish.options.unattended else screen.ask,
        )
        with output.stopped_by_interrupt(stop):
            with screen.showing(checks):
                async for event in run(checks, context, stop):
                    screen.show(event)
                    if isinstance(event, Finished):
                        results.append(event.result)
            if through is not None:
                trials = await through.go_through(results, context, screen, stop)
    finally:
        await local.close()
    computer = dataclasses.replace(
        await identity(where.data, await network_kind()),
        asset_tag=settings.asset_tag,
        unit=settings.unit,
        case=wish.case,
    )
    order = [check.id for check in CHECKS]
    report = reports.compose(
        report_id=report_id,
        created_utc=created_utc,
        app_version=__version__,
        computer=computer,
        results=sorted(results, key=lambda result: order.index(result.check_id)),
        checks=CHECKS,
        profiles=profiles,
        chosen=wish.only,
        trials=trials,
    )
    whole = wish.only is None and wish.options.camera_file is None and wish.options.microphone_file is None
    if whole and not stop.is_set():
        with contextlib.suppress(OSError):  # a full disk: the reminder comes once more
            await asyncio.to_thread(lambda: KnownStates(where.data).record(inventory.take(), report))
    keep = frozenset(name for name in reports.OPTIONAL_FIELDS if getattr(settings, f"send_{name}"))
    report = reports.redacted(report, keep)
    delivery = await _submitted(report, settings, where, enrolment) if wish.submit else None
    return Checked(report=report, delivery=delivery, rated_by=rated_by)


async def _submitted(
    report: Report, settings: Settings, where: Places, enrolment: Enrolment | None
) -> Delivery:
    outbox = Outbox(where.outbox)
    reason: Text | None = None
    kept = False
    try:
        outbox.add(report)
        kept = True
        if enrolment is None:
            reason = output.NO_COLLECTOR
        else:
            client = CollectorClient(enrolment.url, enrolment)
            for delivery in await deliver(outbox, client, only=report.id):
                if delivery.state is State.DELIVERED:  # then what waits from earlier runs may arrive too
                    with contextlib.suppress(OutboxError):
                        await deliver(outbox, client)
                if enrolment.notice is not None:
                    output.complain(enrolment.notice.say(settings.language))
                return delivery
    except OutboxError as error:
        reason = error.text
    return Delivery(report_id=report.id, state=State.WAITING, reason=reason, kept=kept)
