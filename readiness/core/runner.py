"""Running checks: side by side where they share nothing, each with its own deadline."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

from readiness.core.check import Check, Context, Resource, SkipCheck
from readiness.core.evidence import encode
from readiness.core.model import Ending, Event, Figures, Finding, Finished, Notice, Progress, Result, Started

_GRACE_SECONDS = 0.3
"""How long a check may take to tidy up after it was told to stop; then it is left behind."""


async def run(
    checks: Sequence[Check[Any, Any]], context: Context[Any], stop: asyncio.Event | None = None
) -> AsyncIterator[Event]:
    """Run `checks`, and yield what happens as it happens.

    Checks that share a resource run in the order given; one that comes `after` another waits for
    it. An exception becomes CRASHED, a check past its deadline TIMED_OUT; the others go on. When
    `stop` is set every unfinished check ends as CANCELLED within 0.5 s. Exactly one Finished is
    yielded for every check.
    """
    events: asyncio.Queue[Event] = asyncio.Queue()
    round_ = _Round(checks, context, events, stop or asyncio.Event())
    tasks = [asyncio.create_task(round_.one(check), name=f"check {check.id}") for check in checks]
    try:
        unfinished = len(checks)
        while unfinished:
            event = await events.get()
            unfinished -= isinstance(event, Finished)
            yield event
    finally:
        round_.stop.set()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Round:
    """What the checks of one run share: the queue of events, the locks, the evidence so far."""

    def __init__(
        self,
        checks: Sequence[Check[Any, Any]],
        context: Context[Any],
        events: asyncio.Queue[Event],
        stop: asyncio.Event,
    ) -> None:
        self._context = context
        self._events = events
        self._earlier: dict[str, Any] = dict(context.earlier)
        self._ended = {check.id: asyncio.Event() for check in checks}
        self._waits_for = {check.id: _before(check, checks) for check in checks}
        self.stop = stop

    async def one(self, check: Check[Any, Any]) -> None:
        started = _Clock()
        turn = asyncio.create_task(self._turn(check))
        stopped = asyncio.create_task(self.stop.wait())
        try:
            await asyncio.wait((turn, stopped), return_when=asyncio.FIRST_COMPLETED)
            if self.stop.is_set():
                result = started.result(check.id, Ending.CANCELLED)
            else:
                started = _Clock()
                self._events.put_nowait(Started(check_id=check.id))
                result = await self._measured_and_judged(check, started, stopped)
        finally:
            turn.cancel()
            stopped.cancel()
        self._ended[check.id].set()
        self._events.put_nowait(Finished(result=result))

    async def _turn(self, check: Check[Any, Any]) -> None:
        for earlier in self._waits_for[check.id]:
            await self._ended[earlier].wait()

    async def _measured_and_judged(
        self, check: Check[Any, Any], started: _Clock, stopped: asyncio.Task[Any]
    ) -> Result:
        def tell(notice: Notice) -> None:
            self._events.put_nowait(Progress(check_id=check.id, notice=notice))

        context = dataclasses.replace(self._context, tell=tell, earlier=self._earlier)
        measuring = asyncio.ensure_future(check.measure(context))
        await asyncio.wait(
            (measuring, stopped), timeout=check.deadline_seconds, return_when=asyncio.FIRST_COMPLETED
        )
        if not measuring.done():
            measuring.cancel()
            await asyncio.wait((measuring,), timeout=_GRACE_SECONDS)
            ending = Ending.CANCELLED if self.stop.is_set() else Ending.TIMED_OUT
            return started.result(check.id, ending)
        try:
            evidence = measuring.result()
            figures = encode(evidence)
            findings = tuple(check.judge(evidence, context.profile))
        except SkipCheck as reason:
            return started.result(check.id, Ending.SKIPPED, reason=str(reason))
        except asyncio.CancelledError:
            return started.result(check.id, Ending.CANCELLED)
        except Exception as fault:
            return started.result(check.id, Ending.CRASHED, reason=f"{type(fault).__name__}: {fault}")
        self._earlier[check.id] = evidence
        return started.result(check.id, Ending.COMPLETED, figures, findings)


class _Clock:
    """When a check started, in UTC, and how long ago that is."""

    def __init__(self) -> None:
        self._utc = utc_now()
        self._monotonic = time.monotonic()

    def result(
        self,
        check_id: str,
        ending: Ending,
        evidence: Figures | None = None,
        findings: tuple[Finding, ...] = (),
        reason: str | None = None,
    ) -> Result:
        return Result(
            check_id=check_id,
            ending=ending,
            reason=reason,
            started_utc=self._utc,
            seconds=round(time.monotonic() - self._monotonic, 3),
            evidence=evidence or {},
            findings=findings,
        )


def utc_now() -> str:
    """The time now in UTC, ISO 8601, to the second, with a final Z."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _before(check: Check[Any, Any], checks: Sequence[Check[Any, Any]]) -> list[str]:
    """The ids of the checks that must have ended before `check` may start.

    Those it comes after, and those earlier in the order that use a resource it uses too.
    """
    before: list[str] = []
    position = [other.id for other in checks].index(check.id)
    for index, other in enumerate(checks):
        shares: frozenset[Resource] = check.uses & other.uses
        if other.id in check.after or (index < position and shares):
            before.append(other.id)
    return before
