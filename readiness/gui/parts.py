"""The real parts of a run: the checks, the profiles, this computer, the outbox and the collector.

Loaded in the session's thread, after the window is shown.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
from collections.abc import Callable
from urllib.parse import urlsplit

from readiness import __version__, in_force
from readiness.checks import CHECKS, kind
from readiness.checks.watching import Watch
from readiness.core.check import Options
from readiness.core.inventory import Inventory
from readiness.core.model import Computer, Report
from readiness.core.profile import Profile
from readiness.core.text import Text
from readiness.core.timeline import Piece
from readiness.devices import inventory
from readiness.devices.machine import LocalMachine
from readiness.devices.system import identity
from readiness.enrolling import enrolment_of
from readiness.gui.outcome import Backlog, Shipment
from readiness.gui.supplies import Parts, WatchedLine
from readiness.in_force import InForce
from readiness.network.session import SessionError
from readiness.network.this_link import network_kind
from readiness.settings import Places, Settings
from readiness.submission.client import CollectorClient
from readiness.submission.delivery import deliver
from readiness.submission.enrolment import Enrolment
from readiness.submission.handouts import Handouts
from readiness.submission.history import History
from readiness.submission.known_states import KnownStates
from readiness.submission.outbox import Outbox, State

KEY_REFUSED = Text(
    sv="IT:s server godtar inte programmets nyckel. Be IT om en ny, så kan linjen bevakas.",
    en="IT's server does not accept the program's key. Ask IT for a new one, and the line can be watched.",
)
_DAY_SECONDS = 86_400.0
CHANGED = Text(
    sv="Datorn har ändrats sedan förra testet. Testa gärna igen.",
    en="The computer has changed since the last test. Please test again.",
)
_MOST_REASONS = 4


async def load_parts(
    settings: Settings, options: Options, where: Places, enrolment: Enrolment | None = None
) -> Parts:
    """Everything that a run needs. Raises ProfileError where a profile cannot be used.

    `enrolment` is that of the measurements, so that both use one token.
    """
    known = (await asyncio.to_thread(in_force.kept, settings, where)).with_helpdesk_of(settings)
    url = options.collector_url
    if url is not None and enrolment is None:
        enrolment = enrolment_of(url, settings, where)
    machine, outbox, tested = LocalMachine(), Outbox(where.outbox), KnownStates(where.data)
    return Parts(
        checks=CHECKS,
        profiles=known.profiles,
        rated_by=known.told,
        ask_requirements=functools.partial(_asked, settings, where, enrolment) if enrolment else None,
        machine=machine.machine,
        kind=kind,
        identity=functools.partial(_computer, settings, where),
        version=__version__,
        post=OutboxPost(outbox, CollectorClient(enrolment.url, enrolment)) if enrolment else None,
        past=KeptRuns(History(where.data / "history", outbox), tested),
        handouts=Handouts(where.data / "handed-out.jsonl"),
        start=machine.start,
        close=machine.close,
        unit=settings.unit,
        line=_line(enrolment, known.profiles[0]) if enrolment and await enrolment.possible() else None,
        reminder=reminder(tested) if settings.recheck else None,
    )


async def _asked(settings: Settings, where: Places, enrolment: Enrolment) -> InForce:
    asked = dataclasses.replace(settings, collector_url=enrolment.url)
    return (await in_force.asked(asked, where, enrolment)).with_helpdesk_of(settings)


def _line(enrolment: Enrolment, profile: Profile) -> WatchedLine:
    async def watch(tell: Callable[[Piece], None]) -> None:
        try:
            await Watch(enrolment.url, enrolment.checked, profile, _DAY_SECONDS, tell).run(asyncio.Event())
        except SessionError as error:
            raise LineRefused from error

    return WatchedLine(host=urlsplit(enrolment.url).hostname or "", watch=watch)


class LineRefused(Exception):
    """IT's server does not take the key, so the line cannot be watched."""

    text = KEY_REFUSED


async def _computer(settings: Settings, where: Places) -> Computer:
    return dataclasses.replace(
        await identity(where.data, await network_kind()), unit=settings.unit, asset_tag=settings.asset_tag
    )


def reminder(tested: KnownStates) -> Text | None:
    """What has changed since the last test, where the person was asked to test again for it."""
    asked = tested.asked()
    if asked is None or not asked.reasons:
        return None  # who never tested sees the button
    said = [change.text for change in asked.reasons[:_MOST_REASONS]]
    return Text(
        sv=" ".join([CHANGED.sv, *(text.sv for text in said)]),
        en=" ".join([CHANGED.en, *(text.en for text in said)]),
    )


class KeptRuns:
    """The history, read and written beside the session's thread, and the states that were tested."""

    def __init__(
        self, history: History, tested: KnownStates, inventory: Callable[[], Inventory] = inventory.take
    ) -> None:
        self._history, self._tested, self._inventory = history, tested, inventory

    async def add(self, report: Report) -> None:
        """On disk when this returns."""
        await asyncio.to_thread(self._history.add, report)
        if not report.rating.partial:
            await asyncio.to_thread(lambda: self._tested.record(self._inventory(), report))

    async def reports(self) -> tuple[Report, ...]:
        """All runs, the newest first."""
        return await asyncio.to_thread(self._history.reports)


class OutboxPost:
    """Reports go to the outbox first, and from there to the collector."""

    def __init__(self, outbox: Outbox, client: CollectorClient) -> None:
        self._outbox = outbox
        self._client = client

    async def add(self, report: Report) -> None:
        """On disk when this returns."""
        await asyncio.to_thread(self._outbox.add, report)

    async def deliver(self, report_id: str | None) -> Shipment | None:
        """One report, or all that wait."""
        deliveries = await deliver(self._outbox, self._client, only=report_id)
        if not deliveries:
            return None
        last = deliveries[-1]
        return Shipment(receipt=last.receipt, reason=last.reason, kept=last.state is State.WAITING)

    async def backlog(self) -> Backlog:
        """What the outbox holds that has not arrived."""
        entries = await asyncio.to_thread(self._outbox.entries)
        waiting = [entry for entry in entries if entry.state is State.WAITING]
        return Backlog(
            waiting=len(waiting),
            reason=next((entry.reason for entry in reversed(waiting) if entry.reason), None),
            damaged=tuple(entry.reason for entry in entries if entry.state is State.CORRUPT and entry.reason),
        )
