"""Running checks: side by side where they share nothing, each with its own deadline."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import time
from collections.abc import AsyncIterator, Sequence
from types import MappingProxyType
from typing import Any

from readiness.core.check import Check, Context, SkipCheck
from readiness.core.evidence import encode
from readiness.core.model import Ending, Event, Figures, Finding, Finished, Notice, Progress, Result, Started

_GRACE_SECONDS = 0.3
"""How long a check may take to tidy up after it was told to stop; then it is left behind."""


async def run(
    checks: Sequence[Check[Any, Any]], context: Context[Any], stop: asyncio.Event | None = None
) -> AsyncIterator[Event]:
    """Run `checks`, and yield what happens as it happens.

    Checks that share a resource run in the order given, each when the one before has ended or released
    it; one that comes `after` another waits for its end. An exception becomes CRASHED, a check past its
    deadline TIMED_OUT; the others go on. When `stop` is set every unfinished check ends as CANCELLED
    within 0.5 s. Exactly one Finished is yielded for every check, and nothing about it afterwards.
    Raises ValueError where two checks have the same id or come after each other.
    """
    events: asyncio.Queue[Event] = asyncio.Queue()
    round_ = _Round(checks, context, events)
    if stop is not None and stop.is_set():
        round_.stop.set()
    tasks = [asyncio.create_task(round_.one(check), name=f"check {check.id}") for check in checks]
    if stop is not None:
        tasks.append(asyncio.create_task(round_.follow(stop), name="stop"))
    try:
        unfinished = len(checks)
        while unfinished:
            event = await events.get()
            unfinished -= isinstance(event, Finished)
            yield event
    finally:
        # Also where nobody listens any more. The caller's `stop` is left as it was: it may be used again.
        round_.stop.set()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Round:
    """What the checks of one run share: the queue of events, the turns, the evidence so far."""

    def __init__(
        self, checks: Sequence[Check[Any, Any]], context: Context[Any], events: asyncio.Queue[Event]
    ) -> None:
        self._context = context
        self._events = events
        self._earlier: dict[str, Any] = dict(context.earlier)
        self._ended = {check.id: asyncio.Event() for check in checks}
        self._released = {check.id: asyncio.Event() for check in checks}
        self._after, self._shares = _turns(checks)
        self.stop = asyncio.Event()

    async def follow(self, stop: asyncio.Event) -> None:
        """Stop when `stop` is set, and end when the round does."""
        asked = asyncio.create_task(stop.wait())
        ended = asyncio.create_task(self.stop.wait())
        try:
            await asyncio.wait((asked, ended), return_when=asyncio.FIRST_COMPLETED)
        finally:
            asked.cancel()
            ended.cancel()
            self.stop.set()

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
        self._released[check.id].set()
        self._events.put_nowait(Finished(result=result))

    async def _turn(self, check: Check[Any, Any]) -> None:
        for earlier in self._after[check.id]:
            await self._ended[earlier].wait()
        for earlier in self._shares[check.id]:
            await self._released[earlier].wait()

    async def _measured_and_judged(
        self, check: Check[Any, Any], started: _Clock, stopped: asyncio.Task[Any]
    ) -> Result:
        telling = True

        def tell(notice: Notice) -> None:
            if telling:  # one that was left behind has nothing more to say
                self._events.put_nowait(Progress(check_id=check.id, notice=notice))

        async def measured() -> Any:
            return await check.measure(context)

        context = dataclasses.replace(
            self._context,
            tell=tell,
            earlier=MappingProxyType(self._earlier),
            ended=MappingProxyType(self._ended),
            released=MappingProxyType(self._released),
            release=self._released[check.id].set,
        )
        measuring = asyncio.create_task(measured(), name=f"measuring {check.id}")
        measuring.add_done_callback(_look_at)
        try:
            await asyncio.wait(
                (measuring, stopped), timeout=check.deadline_seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if measuring.done():
                return self._judged(check, started, measuring)
            measuring.cancel()
            ending = Ending.CANCELLED if self.stop.is_set() else Ending.TIMED_OUT
            await asyncio.wait((measuring,), timeout=_GRACE_SECONDS)
            return started.result(check.id, ending)
        finally:
            telling = False
            measuring.cancel()

    def _judged(self, check: Check[Any, Any], started: _Clock, measuring: asyncio.Task[Any]) -> Result:
        figures: Figures | None = None
        try:
            evidence = measuring.result()
            figures = encode(evidence)
            findings = tuple(check.judge(evidence, self._context.profile))
        except SkipCheck as skipped:
            return started.result(check.id, Ending.SKIPPED, reason=str(skipped))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as fault:
            if self.stop.is_set() and isinstance(fault, asyncio.CancelledError):
                return started.result(check.id, Ending.CANCELLED)
            # BaseException: a panic in native code, or a cancellation that nobody here asked for.
            reason = f"{type(fault).__name__}: {fault}"
            return started.result(check.id, Ending.CRASHED, figures, reason=reason)
        self._earlier[check.id] = evidence
        return started.result(check.id, Ending.COMPLETED, figures, findings)


def _look_at(measuring: asyncio.Task[Any]) -> None:
    """Take notice of how it ended, or asyncio complains about the exception of one left behind."""
    if not measuring.cancelled():
        measuring.exception()


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


def _turns(checks: Sequence[Check[Any, Any]]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """For each check the ids of those it comes after, and of those ahead of it that use a resource it uses too.

    `after` weighs more than the order given, so that the two never make checks wait for each other.
    """
    ids = [check.id for check in checks]
    if len(set(ids)) < len(ids):
        raise ValueError(f"two checks have the same id: {ids}")
    after = {check.id: [earlier for earlier in check.after if earlier in ids] for check in checks}
    shares: dict[str, list[str]] = {}
    ahead: list[Check[Any, Any]] = []

    def place(check: Check[Any, Any], path: tuple[str, ...]) -> None:
        if check.id in path:
            raise ValueError(f"checks come after each other: {', '.join(path)}")
        if check in ahead:
            return
        for earlier in after[check.id]:
            place(checks[ids.index(earlier)], (*path, check.id))
        shares[check.id] = [other.id for other in ahead if other.uses & check.uses]
        ahead.append(check)

    for check in checks:
        place(check, ())
    return after, shares
