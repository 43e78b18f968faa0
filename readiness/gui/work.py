"""What the session does, in its own thread and without Qt: run, rate, compose, send.

Loaded after the window is shown: it needs the runner and, through it, pydantic.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from readiness.checks.explaining import explain
from readiness.checks.hearing import Heard, ranked
from readiness.core import report as reports
from readiness.core.check import Context, Options
from readiness.core.evidence import parse
from readiness.core.model import Ending, Event, Finished, Question, Report, Result
from readiness.core.people import who_helps
from readiness.core.profile_file import ProfileError
from readiness.core.rating import by_importance, rate, verdict_of
from readiness.core.runner import run, utc_now
from readiness.core.text import Language, Text
from readiness.devices.ports import (
    Camera,
    Device,
    DeviceError,
    DeviceKind,
    Microphone,
    Problem,
    Speaker,
)
from readiness.gui import paper
from readiness.gui.outcome import (
    Ended,
    Filed,
    Labels,
    Letter,
    Outcome,
    Ready,
    Service,
    Shipment,
    first_step,
)
from readiness.gui.reading import Reading
from readiness.gui.stations import expected_seconds, station
from readiness.gui.supplies import Parts
from readiness.submission.files import write_where_asked
from readiness.submission.handouts import Handout

_ASKED_SECONDS = 600.0
"""The requirements are asked for again after this."""
_PATIENCE_SECONDS = 2.0
"""Nobody waits longer for a server before a run."""
VOICE_GONE = Text(
    sv="Inspelningen finns inte kvar. Testa mikrofonen igen, så kan du lyssna.",
    en="The recording is gone. Test the microphone again, and you can listen.",
)
VOICE_NOT_PLAYED = Text(
    sv="Din röst kunde inte spelas upp. Testa högtalaren igen.",
    en="Your voice could not be played. Test the speaker again.",
)

LISTEN_SECONDS = 4.0
"""How long all microphones are listened to, to find the one that hears the voice."""


@dataclass(kw_only=True)
class Work:
    """One visit of the program: the runs made, their results, and the report that they become."""

    parts: Parts
    ask: Callable[[Question], Awaitable[str | None]]
    on_event: Callable[[Event], None]
    _results: dict[str, Result] = field(default_factory=dict)
    _before: dict[str, Result] = field(default_factory=dict)
    _report_id: str = ""
    _created_utc: str = ""
    _added: Report | None = None
    _stop: asyncio.Event | None = None
    _stopped: bool = False
    _renewed_at: float | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def ready(self) -> Ready:
        """What the pages need to know before a run."""
        chosen = self.parts.profiles[0]
        return Ready(
            stations=tuple(station(check) for check in self.parts.checks),
            expected_seconds=expected_seconds(self.parts.checks),
            units=chosen.units,
            helpdesk=chosen.helpdesk,
            has_collector=self.parts.post is not None,
            line=self.parts.line.host if self.parts.line is not None else None,
            limits=chosen.limits,
            services={profile.id: profile.name for profile in self.parts.profiles},
            reminder=self.parts.reminder,
        )

    async def warm(self) -> None:
        """Build now what reads and writes evidence, so that it does not slow the first run's picture."""
        for check in self.parts.checks:
            parse(check.evidence, {})
            await asyncio.sleep(0)

    async def renew(self) -> None:
        """Ask IT's server which requirements are in force, unless that was done a moment ago."""
        async with self._turn:
            ask, last = self.parts.ask_requirements, self._renewed_at
            if ask is None or (last is not None and time.monotonic() - last < _ASKED_SECONDS):
                return
            self._renewed_at = time.monotonic()
            now = await ask()
            self.parts = dataclasses.replace(self.parts, profiles=now.profiles, rated_by=now.told)

    async def _renew_before_run(self, stop: asyncio.Event) -> None:
        """Renew; but nobody waits long for a server, and not at all once the run is stopped."""
        renewing, stopped = asyncio.create_task(self.renew()), asyncio.create_task(stop.wait())
        tasks = (renewing, stopped)
        await asyncio.wait(tasks, timeout=_PATIENCE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        problem, _ = await asyncio.gather(*tasks, return_exceptions=True)
        if isinstance(problem, Exception) and not isinstance(problem, (TimeoutError, ProfileError)):
            raise problem  # after those two what is known holds

    async def devices(self) -> Mapping[DeviceKind, tuple[Device, ...]]:
        """The devices that the computer has now; none of a kind whose driver does not answer."""
        machine = self.parts.machine
        owners: dict[DeviceKind, Camera | Microphone | Speaker] = {
            DeviceKind.CAMERA: machine.camera,
            DeviceKind.MICROPHONE: machine.microphone,
            DeviceKind.SPEAKER: machine.speaker,
        }
        found: dict[DeviceKind, tuple[Device, ...]] = {}
        for kind, owner in owners.items():
            try:
                found[kind] = tuple(await owner.devices())
            except Exception:  # whatever the driver did: the check will say what is wrong with it
                found[kind] = ()
        return found

    async def watch_devices(self, on_change: Callable[[Mapping[DeviceKind, Sequence[Device]]], None]) -> None:
        """Tell which devices there are, now and at every change, until cancelled."""
        await self.parts.machine.devices.watch(on_change)

    async def find_microphone(
        self, on_levels: Callable[[Mapping[str, float], float], None]
    ) -> Sequence[Heard]:
        """Listen with every microphone while the person talks; the one that hears best in front."""
        figures = await self.parts.machine.microphone.compare(seconds=LISTEN_SECONDS, on_levels=on_levels)
        return ranked(figures, self.parts.profiles[0])

    async def run(self, options: Options, only: str | None) -> Outcome:
        """Run all checks, or one again; what the others measured is kept."""
        chosen = [check for check in self.parts.checks if only is None or check.id == only]
        if only is None or self._added is not None or not self._report_id:
            # What was handed to the post is never changed: a run after that is a new report.
            self._report_id, self._created_utc, self._added = reports.new_id(), utc_now(), None
        self._before = {} if only is None else {only: self._results[only]}
        before = dict(self._results)
        if only is None:
            self._results = {}
        self._stop, self._stopped = asyncio.Event(), False
        if only is None:  # one test again is rated as the others were
            await self._renew_before_run(self._stop)
        context = Context(
            machine=self.parts.machine,
            profile=self.parts.profiles[0],
            profiles=self.parts.profiles,
            options=options,
            ask=self.ask,
            earlier=self._evidence(except_for=only),
        )
        async for event in run(chosen, context, self._stop):
            if isinstance(event, Finished):
                self._results[event.result.check_id] = event.result
            self.on_event(event)
        self._stop = None
        stopped, self._stopped = self._stopped, False
        if stopped and only is not None:
            self._results, self._before = before, {}
        return self._outcome(stopped)

    def stop(self) -> None:
        """End the run that goes on, if any; it ends within half a second."""
        if self._stop is not None:
            self._stopped = True
            self._stop.set()

    def ended(self, result: Result) -> Ended:
        """What a check came to, in its weightiest finding's words."""
        finding = next(iter(by_importance(result.findings)), None)
        kind = self.parts.kind(finding.code) if finding is not None else None
        return Ended(result=result, verdict=verdict_of(result), finding=finding, kind=kind)

    async def play_back(self, options: Options) -> Text | None:
        """Play the voice of the last run; None, or why that was not possible."""
        try:
            await self.parts.machine.microphone.play_back(options.speaker, on_fraction=lambda _done: None)
        except DeviceError as error:
            return VOICE_GONE if error.problem is Problem.ABSENT else VOICE_NOT_PLAYED
        except Exception:  # the driver went down: the next test gets a fresh one, without the voice
            return VOICE_NOT_PLAYED
        return None

    async def forget_voice(self) -> None:
        """The voice is kept no longer."""
        with contextlib.suppress(Exception):  # a driver that is gone keeps nothing
            await self.parts.machine.microphone.forget()

    async def letter(self, labels: Labels) -> Letter:
        """The report of the last run, with every field that could be sent."""
        said = {name: value for name, value in dataclasses.asdict(labels).items() if value}
        computer = dataclasses.replace(await self.parts.identity(), **said)
        report = reports.compose(
            report_id=self._report_id,
            created_utc=self._created_utc,
            app_version=self.parts.version,
            computer=computer,
            results=self._in_order(),
            checks=self.parts.checks,
            profiles=self.parts.profiles,
            chosen=None,
        )
        known = tuple(name for name in reports.OPTIONAL_FIELDS if getattr(computer, name))
        return Letter(report=report, optional=known)

    async def send(self, report: Report) -> Shipment:
        """Keep the report, then deliver it. The same report is never added twice.

        With other choices it is another report: what was kept once is never changed.
        """
        post = self.parts.post
        if post is None:
            raise RuntimeError("there is nowhere to send a report")
        if self._added is not None and report != self._added:
            report = dataclasses.replace(report, id=reports.new_id())
        if report != self._added:
            await post.add(report)
            self._added = report
            await self.forget_voice()
        return await post.deliver(report.id) or Shipment()

    async def file(self, labels: Labels, signed_by: str) -> Filed:
        """Keep the report of the last run under `labels`, signed, without what is optional; deliver it."""
        report = reports.redacted((await self.letter(labels)).report)
        shipment = None
        if self.parts.post is not None:
            shipment = await self.send(report)
            report = self._added or report
        await self.parts.past.add(report)
        handout = Handout(
            signed_utc=utc_now(),
            signed_by=signed_by,
            asset_tag=report.computer.asset_tag or "",
            unit=report.computer.unit,
            report_id=report.id,
            overall=report.rating.overall,
            checks={result.check_id: verdict_of(result) for result in report.results},
            receipt=shipment.receipt if shipment else None,
        )
        await asyncio.to_thread(self.parts.handouts.add, handout)
        return Filed(handout=handout, waits=shipment is not None and shipment.receipt is None)

    async def remember(self, labels: Labels) -> None:
        """Keep the run in the history of this computer."""
        if self._results:
            await self.parts.past.add((await self.letter(labels)).report)

    async def save(self, report: Report, file: Path) -> None:
        """Write the report as JSON where the person wants it. Raises OSError."""
        content = reports.to_json(report, indent=2).encode()
        await asyncio.to_thread(write_where_asked, file, content)

    def page(self, report: Report, language: Language) -> str:
        """The report as a page of rich text, for `paper` to print."""
        return paper.page(report, self._reading(report, language))

    def _reading(self, report: Report, language: Language) -> Reading:
        codes = {finding.code for result in report.results for finding in result.findings}
        return Reading(
            titles={check.id: check.title for check in self.parts.checks},
            kinds={code: kind for code in codes if (kind := self.parts.kind(code)) is not None},
            services={profile.id: profile.name for profile in self.parts.profiles},
            limits=self.parts.profiles[0].limits,
            language=language,
        )

    def _in_order(self) -> tuple[Result, ...]:
        return tuple(self._results[check.id] for check in self.parts.checks if check.id in self._results)

    def _evidence(self, except_for: str | None) -> dict[str, Any]:
        checks = {check.id: check for check in self.parts.checks}
        return {
            result.check_id: parse(checks[result.check_id].evidence, result.evidence)
            for result in self._results.values()
            if result.ending is Ending.COMPLETED and result.check_id != except_for
        }

    def _helpers(self) -> tuple[Text, ...]:
        profile = self.parts.profiles[0]
        return who_helps(profile.helpdesk, profile.ambassador(self.parts.unit))

    def _outcome(self, stopped: bool) -> Outcome:
        results = self._in_order()
        chosen, *services = self.parts.profiles
        rating = rate(results, self.parts.checks, chosen)
        codes = {finding.code for result in results for finding in result.findings}
        kinds = {code: kind for code in codes if (kind := self.parts.kind(code)) is not None}
        first = first_step(rating, results, kinds)
        return Outcome(
            results=results,
            verdicts={result.check_id: verdict_of(result) for result in results},
            rating=rating,
            rated_by=self.parts.rated_by,
            services=tuple(
                Service(name=profile.name, rating=rate(results, self.parts.checks, profile))
                for profile in services
            ),
            kinds=kinds,
            explanations={code: why for code in codes if (why := explain(code, chosen)) is not None},
            first=first and dataclasses.replace(first, helpers=self._helpers()),
            before={check_id: self.ended(result) for check_id, result in self._before.items()},
            limits=chosen.limits,
            voice=any(_holds_voice(result) for result in results),
            stopped=stopped,
        )


def with_choices(report: Report, keep: frozenset[str], unit: str | None) -> Report:
    """The report as the person chose to send it."""
    chosen = reports.redacted(report, keep)
    if unit:
        chosen = dataclasses.replace(chosen, computer=dataclasses.replace(chosen.computer, unit=unit))
    return chosen


def _holds_voice(result: Result) -> bool:
    """Did this test record somebody's voice?"""
    return (
        result.check_id == DeviceKind.MICROPHONE
        and result.ending is Ending.COMPLETED
        and not result.evidence.get("problem")
        and not result.evidence.get("unattended")
    )
