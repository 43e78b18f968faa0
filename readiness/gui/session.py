"""Session: the only bridge between the window's thread and the thread where the work is done.

One daemon thread runs an asyncio loop. Methods are called on the window's thread and return at
once; what happens comes back as signals, delivered on the window's thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from readiness.core.model import Event, Finished, Notice, Progress, Question, Report, Started
from readiness.core.text import Language, Text
from readiness.devices.ports import DeviceError
from readiness.gui.background import Background
from readiness.gui.failures import failure_text, not_saved
from readiness.gui.notices import Notices
from readiness.gui.outcome import Labels

if TYPE_CHECKING:  # loaded in the session's thread, once the window is there
    from readiness.core.check import Options
    from readiness.gui.supplies import Parts
    from readiness.gui.work import Work

NO_LABELS = Labels()
PAPER = (".pdf", ".png")
"""The endings of what is printed; anything else is JSON."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question on its way to the person; `number` tells two of the same kind apart."""

    number: int
    question: Question


class Session(QObject):
    """The work as the window sees it: commands in, signals out."""

    ready = Signal(object)
    """Ready: the stations are known, a run can begin."""
    failed = Signal(object)
    """Text: what was asked for could not be done, in words."""
    remarked = Signal(object)
    """Text: something failed in the background; what goes on is not disturbed."""
    devices_found = Signal(object)
    """The devices of each DeviceKind; again whenever one comes or goes."""
    microphones_heard = Signal(object)
    """Levels now (dBFS by device id) while all microphones are listened to."""
    microphone_found = Signal(object)
    """What each microphone heard, the best in front; empty where it could not be found out."""
    check_started = Signal(str)
    check_progressed = Signal(str, object)
    """Check id and Notice. Joined: however slow the window paints, it never falls behind."""
    check_finished = Signal(object)
    """Ended."""
    asked = Signal(object)
    """Asked: answer with `answer(number, choice)`."""
    question_over = Signal(int)
    """The check that asked does not wait any more."""
    run_ended = Signal(object)
    """Outcome."""
    letter_written = Signal(object)
    """Letter."""
    shipped = Signal(object)
    """Shipment of the report that was sent."""
    backlog_changed = Signal(object)
    """Backlog: what has not been delivered."""
    saved = Signal(object)
    """Path of the report that was saved."""
    filed = Signal(object)
    """Filed."""
    handouts_read = Signal(object)
    """The computers signed for, the newest first."""
    history_read = Signal(object)
    """The reports of the runs of this computer, the newest first."""
    watched = Signal(object)
    """Piece: what the line was like in the last few seconds."""
    watch_ended = Signal(object)
    """None, or Text: why the line is watched no longer, though nobody stopped it."""
    voice_played = Signal(object)
    """None, or Text: why the voice could not be played."""
    closed = Signal()

    _notices_wait = Signal()
    _page_written = Signal(str, object)

    def __init__(self, load: Callable[[], Awaitable[Parts]]) -> None:
        super().__init__()
        self._load = load
        self._background = Background(
            on_error=lambda error: self.failed.emit(failure_text(error)),
            before_end=self._cancel,
            at_end=self._close_parts,
            on_closed=self.closed.emit,
        )
        self._work: Work | None = None
        self._loading: asyncio.Task[Work] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._waiting = 0
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[str | None]] = {}
        self._notices = Notices()
        self._notices_wait.connect(self._deliver_notices)
        self._page_written.connect(self._print)

    # Called on the window's thread

    def start(self) -> None:
        """Start the thread, and load what a run needs."""
        self._background.start()
        self._background.do(self._prepare)

    def run(self, options: Options, only: str | None = None, labels: Labels = NO_LABELS) -> None:
        """Run everything, or one check again."""
        self._background.do(lambda: self._run(options, only, labels))

    def cancel(self) -> None:
        """Stop the run that goes on; `run_ended` follows within half a second."""
        self._background.call(self._cancel)

    def answer(self, number: int, choice: str | None) -> None:
        """Answer a question."""
        self._background.call(lambda: self._answered(number, choice))

    def list_devices(self) -> None:
        """Look which devices there are; `devices_found` follows."""
        self._background.do(lambda: self._in_background(self._list_devices))

    def play_back(self, options: Options) -> None:
        """Play the voice of the last run; `voice_played` follows."""
        self._background.do(lambda: self._play_back(options))

    def find_microphone(self) -> None:
        """Listen with every microphone while the person talks; `microphone_found` follows."""
        self._background.do(self._find_microphone)

    def write_letter(self, labels: Labels) -> None:
        """Compose the report; `letter_written` follows."""
        self._background.do(lambda: self._write_letter(labels))

    def send(self, report: Report) -> None:
        """Keep the report and deliver it; `shipped` follows."""
        self._background.do(lambda: self._send(report))

    def send_waiting(self) -> None:
        """Try again to deliver the reports that wait; `backlog_changed` follows."""
        self._background.do(lambda: self._in_background(self._send_waiting))

    def file(self, labels: Labels, signed_by: str) -> None:
        """File the report of the last run, signed, and deliver it where possible; `filed` follows."""
        self._background.do(lambda: self._file(labels, signed_by))

    def read_handouts(self) -> None:
        """Look up the computers signed for; `handouts_read` follows."""
        self._background.do(lambda: self._in_background(self._read_handouts))

    def read_history(self) -> None:
        """Look up the runs of this computer; `history_read` follows."""
        self._background.do(self._read_history)

    def watch(self) -> None:
        """Watch the line until `stop_watching`; `watched` follows every few seconds."""
        self._background.call(self._watch)

    def stop_watching(self) -> None:
        """Watch no longer."""
        self._background.call(self._stop_watching)

    def save(self, report: Report, file: Path, language: Language) -> None:
        """Write the report to a file; `saved` or `failed` follows."""
        self._background.do(lambda: self._save(report, file, language))

    def close(self) -> None:
        """Stop everything, and end the thread; `closed` follows."""
        self._background.close()

    def join(self, seconds: float) -> bool:
        """Wait for the thread to end; false if it has not after `seconds`."""
        return self._background.join(seconds)

    @Slot(str, object)
    def _print(self, page: str, file: Path) -> None:
        """On the window's thread, where Qt lays out text."""
        from readiness.gui import paper

        try:
            paper.print_page(page, file)
        except OSError as error:
            self.failed.emit(not_saved(file, error))
        else:
            self.saved.emit(file)

    @Slot()
    def _deliver_notices(self) -> None:
        for check_id, notice in self._notices.take().items():
            self.check_progressed.emit(check_id, notice)

    # In the session's thread

    async def _close_parts(self) -> None:
        if self._work is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self._work.parts.close(), 0.4)

    async def _prepare(self) -> None:
        work = await self._loaded()
        self.ready.emit(work.ready())
        await work.warm()
        if work.parts.ask_requirements is not None:
            self._background.do(lambda: self._in_background(lambda: self._renew(work)))
        self._background.do(lambda: self._in_background(lambda: self._watch_devices(work)))
        await self._in_background(lambda: self._warm_devices(work))
        await self._in_background(self._send_waiting)

    async def _renew(self, work: Work) -> None:
        await work.renew()
        self.ready.emit(work.ready())

    async def _warm_devices(self, work: Work) -> None:
        await work.parts.start()
        self.devices_found.emit(await work.devices())

    async def _watch_devices(self, work: Work) -> None:
        await work.watch_devices(self.devices_found.emit)

    async def _find_microphone(self) -> None:
        found: Sequence[Any] = ()
        try:
            work = await self._loaded()
            found = await work.find_microphone(lambda levels, _done: self.microphones_heard.emit(levels))
        except DeviceError:
            pass  # none was found: the window says so
        finally:
            self.microphone_found.emit(found)

    async def _in_background(self, work: Callable[[], Awaitable[None]]) -> None:
        """Nobody waits for `work`: if it fails that is said, and nothing else changes."""
        try:
            await work()
        except Exception as error:
            self.remarked.emit(failure_text(error))

    async def _loaded(self) -> Work:
        """The work, loaded once; after a failure the next try loads again."""
        if self._loading is None or (self._loading.done() and self._loading.exception() is not None):
            self._loading = asyncio.create_task(self._load_work())
            self._background.keep(self._loading)
        return await asyncio.shield(self._loading)

    async def _load_work(self) -> Work:
        from readiness.gui.work import Work

        self._work = Work(parts=await self._load(), ask=self._ask, on_event=self._on_event)
        return self._work

    async def _run(self, options: Options, only: str | None, labels: Labels) -> None:
        work = await self._loaded()
        self.ready.emit(work.ready())
        outcome = await work.run(options, only)
        self.run_ended.emit(outcome)
        if not outcome.stopped:
            await self._in_background(lambda: work.remember(labels))
        await self._in_background(self._send_waiting)

    def _cancel(self) -> None:
        if self._work is not None:
            self._work.stop()

    async def _list_devices(self) -> None:
        self.devices_found.emit(await (await self._loaded()).devices())

    async def _play_back(self, options: Options) -> None:
        self.voice_played.emit(await (await self._loaded()).play_back(options))

    async def _write_letter(self, labels: Labels) -> None:
        self.letter_written.emit(await (await self._loaded()).letter(labels))

    async def _send(self, report: Report) -> None:
        work = await self._loaded()
        self.shipped.emit(await work.send(report))
        await self._in_background(lambda: self._tell_backlog(work))

    async def _send_waiting(self) -> None:
        work = await self._loaded()
        await self._tell_backlog(work)
        if work.parts.post is not None and self._waiting:
            await work.parts.post.deliver(None)
            await self._tell_backlog(work)

    async def _read_handouts(self) -> None:
        work = await self._loaded()
        self.handouts_read.emit(await asyncio.to_thread(work.parts.handouts.newest))

    async def _file(self, labels: Labels, signed_by: str) -> None:
        work = await self._loaded()
        self.filed.emit(await work.file(labels, signed_by))
        await self._in_background(lambda: self._tell_backlog(work))

    async def _read_history(self) -> None:
        self.history_read.emit(await (await self._loaded()).parts.past.reports())

    def _watch(self) -> None:
        self._stop_watching()
        self._watching = asyncio.create_task(self._watch_line())
        self._background.keep(self._watching)

    def _stop_watching(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None

    async def _watch_line(self) -> None:
        problem: Text | None = None
        try:
            line = (await self._loaded()).parts.line
            if line is not None:
                await line.watch(self.watched.emit)
        except Exception as error:
            problem = failure_text(error)
        self.watch_ended.emit(problem)

    async def _save(self, report: Report, file: Path, language: Language) -> None:
        work = await self._loaded()
        if file.suffix.lower() in PAPER:
            self._page_written.emit(work.page(report, language), file)
            return
        try:
            await work.save(report, file)
        except OSError as error:
            self.failed.emit(not_saved(file, error))
        else:
            self.saved.emit(file)

    async def _tell_backlog(self, work: Work) -> None:
        """Say what has not been delivered."""
        if work.parts.post is not None:
            backlog = await work.parts.post.backlog()
            self._waiting = backlog.waiting
            self.backlog_changed.emit(backlog)

    async def _ask(self, question: Question) -> str | None:
        number = next(self._numbers)
        self._answers[number] = self._background.loop.create_future()
        self.asked.emit(Asked(number=number, question=question))
        try:
            return await self._answers[number]
        finally:
            del self._answers[number]
            self.question_over.emit(number)

    def _answered(self, number: int, choice: str | None) -> None:
        waiting = self._answers.get(number)
        if waiting is not None and not waiting.done():
            waiting.set_result(choice)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Started):
            self.check_started.emit(event.check_id)
        elif isinstance(event, Progress):
            self._put(event.check_id, event.notice)
        elif isinstance(event, Finished) and self._work is not None:
            self.check_finished.emit(self._work.ended(event.result))

    def _put(self, check_id: str, notice: Notice) -> None:
        """Keep what is newest until the window has time; wake it once."""
        if self._notices.put(check_id, notice):
            self._notices_wait.emit()
