"""What people see in the terminal: progress while the checks run, the verdict, what to do next."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text as Styled

from readiness.core.check import Check
from readiness.core.model import (
    Activity,
    Ending,
    Event,
    Finished,
    Progress,
    Question,
    Result,
    Started,
    Verdict,
)
from readiness.core.rating import verdict_of
from readiness.core.text import Language, Text

if TYPE_CHECKING:
    from readiness.submission.delivery import Delivery
    from readiness.submission.outbox import Entry

NO_COLLECTOR = Text(
    sv="Ingen adress till IT:s server är inställd. Rapporten ligger kvar på datorn. Be IT om adressen och skriv den efter --collector.",
    en="No address of IT's server is set. The report stays on the computer. Ask IT for the address and write it after --collector.",
)
VERDICTS = {
    Verdict.READY: (Text(sv="Redo", en="Ready"), "bold green", "✔"),
    Verdict.LIMITED: (Text(sv="Delvis redo", en="Partly ready"), "bold yellow", "▲"),
    Verdict.NOT_READY: (Text(sv="Inte redo", en="Not ready"), "bold red", "✖"),
    Verdict.UNKNOWN: (Text(sv="Vet inte", en="Not known"), "bold cyan", "?"),
}
ACTIVITIES = {
    Activity.LISTEN: Text(sv="Lyssna och titta", en="Listen and watch"),
    Activity.TALK: Text(sv="Prata", en="Talk"),
    Activity.BE_SEEN: Text(sv="Synas", en="Be seen"),
    Activity.SHARE_SCREEN: Text(sv="Dela skärmen", en="Share the screen"),
}
TRUST = {
    "official": Text(sv="tjänstens egna krav", en="the service's own requirement"),
    "third_party": Text(sv="någon annans uppgift", en="somebody else's word"),
    "unverified": Text(sv="inte kontrollerat", en="not verified"),
    "own_choice": Text(sv="vårt eget val", en="our own choice"),
}
ENDINGS = {
    Ending.SKIPPED: Text(sv="Testet hoppades över", en="The test was left out"),
    Ending.TIMED_OUT: Text(sv="Testet blev inte klart i tid", en="The test did not finish in time"),
    Ending.CANCELLED: Text(sv="Testet avbröts", en="The test was cancelled"),
    Ending.CRASHED: Text(sv="Testet stannade av ett fel", en="The test stopped because of a fault"),
}
_WAITS = Text(sv="väntar", en="waits")
_RUNS = Text(sv="pågår", en="runs")
SAVE = Text(
    sv="Vill du visa resultatet för IT? Lägg till --save rapport.json, och mejla filen.",
    en="Do you want to show the result to IT? Add --save report.json, and mail the file.",
)
_SAVED = Text(sv="Rapporten är sparad i {file}.", en="The report is saved in {file}.")
_LEVEL_FLOOR_DBFS = -60.0


class Screen:
    """The live display of one run, on standard error; nothing where nobody looks."""

    def __init__(self, language: Language, *, quiet: bool) -> None:
        self._language = language
        self._console = Console(stderr=True)
        self._quiet = quiet or not self._console.is_terminal
        self._lines: dict[str, tuple[str, Styled]] = {}
        self._hint = ""
        self._live: Live | None = None

    @contextlib.contextmanager
    def showing(self, checks: Sequence[Check[Any, Any]]) -> Iterator[None]:
        """Show the checks for as long as the block runs."""
        for check in checks:
            waits = Styled(_WAITS.say(self._language), style="dim")
            self._lines[check.id] = (check.title.say(self._language), waits)
        if self._quiet:
            yield
            return
        with Live(self._picture(), console=self._console, refresh_per_second=12) as self._live:
            yield
        self._live = None

    def show(self, event: Event) -> None:
        """Show what happened."""
        if isinstance(event, Started):
            self._set(event.check_id, Styled(_RUNS.say(self._language)))
        elif isinstance(event, Progress):
            notice = event.notice
            if notice.text is not None:
                self._hint = notice.text.say(self._language)
            self._set(event.check_id, _bar(notice.fraction, notice.level_dbfs))
        elif isinstance(event, Finished):
            self._hint = ""
            self._set(event.result.check_id, _outcome(event.result, self._language))

    async def ask(self, question: Question) -> str | None:
        """Ask on the terminal; None where nobody answers."""
        if self._live is not None:
            self._live.stop()
        try:
            return await _in_background(lambda: self._asked(question))
        finally:
            if self._live is not None:
                self._live.start(refresh=True)

    def _asked(self, question: Question) -> str | None:
        print(question.text.say(self._language), file=sys.stderr)  # noqa: T201
        for number, choice in enumerate(question.choices, start=1):
            print(f"  {number}. {choice.text.say(self._language)}", file=sys.stderr)  # noqa: T201
        # Not through sys.stdin, whose lock would be held when the program ends during a question.
        while line := os.read(0, 1024).decode("utf-8", "replace"):
            if line.strip().isdigit() and 1 <= int(line) <= len(question.choices):
                return question.choices[int(line) - 1].id
            print(f"1–{len(question.choices)}?", file=sys.stderr)  # noqa: T201
        return None

    def _set(self, check_id: str, state: Styled) -> None:
        self._lines[check_id] = (self._lines[check_id][0], state)
        if self._live is not None:
            self._live.update(self._picture())

    def _picture(self) -> Group:
        table = Table.grid(padding=(0, 2))
        for title, state in self._lines.values():
            table.add_row(Styled(title, style="bold"), state)
        return Group(table, Styled(self._hint, style="bold cyan"))


async def _in_background(call: Callable[[], str | None]) -> str | None:
    """What `call` returns; its thread does not keep the program from ending.

    Waiting for a line cannot be interrupted: when nobody wants the answer any more it is left behind.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str | None] = loop.create_future()

    def settle(result: str | None) -> None:
        if not answer.done():
            answer.set_result(result)

    def work() -> None:
        result = call()
        with contextlib.suppress(RuntimeError):  # the run has ended meanwhile
            loop.call_soon_threadsafe(settle, result)

    threading.Thread(target=work, name="question", daemon=True).start()
    return await answer


@contextlib.contextmanager
def stopped_by_interrupt(stop: asyncio.Event) -> Iterator[None]:
    """Ctrl-C sets `stop`, so that the run ends with what it has."""
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGINT, stop.set)
    except (NotImplementedError, RuntimeError):  # Windows: Ctrl-C raises KeyboardInterrupt instead
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)


def complain(sentence: str) -> None:
    """Say what is wrong, on standard error."""
    print(sentence, file=sys.stderr)  # noqa: T201


def say(text: str) -> None:
    """A report for people, on standard output."""
    print(text)  # noqa: T201


def print_json(document: Any) -> None:
    """One JSON document on standard output, and nothing else."""
    print(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))  # noqa: T201


def print_saved(file: Path, language: Language) -> None:
    """Where the report was saved."""
    complain(_SAVED.say(language, {"file": str(file)}))


def print_devices(rows: Sequence[dict[str, Any]], language: Language) -> None:
    """The devices, a line each."""
    console = Console(highlight=False)
    if not rows:
        none = Text(sv="Inga kameror, mikrofoner eller högtalare hittades.", en="No cameras, microphones or speakers were found.")  # fmt: skip
        console.print(none.say(language))
    for row in rows:
        mark = "*" if row["is_default"] else " "
        console.print(f"{mark} {row['kind']:<11} {row['name']}  [{row['attachment']}]  {row['id']}", markup=False)  # fmt: skip


def print_outbox(entries: Sequence[Entry], language: Language) -> None:
    """What is in the outbox, a line each."""
    console = Console(highlight=False)
    if not entries:
        console.print(Text(sv="Utkorgen är tom.", en="The outbox is empty.").say(language))
    for entry in entries:
        reason = entry.reason.say(language) if entry.reason and entry.receipt is None else ""
        console.print(f"{entry.created_utc}  {entry.state.value:<9}  {entry.receipt or '–':<9}  {entry.report_id}  {reason}", markup=False)  # fmt: skip


def print_deliveries(deliveries: Sequence[Delivery], language: Language) -> None:
    """What came of sending, a line each."""
    console = Console(highlight=False)
    if not deliveries:
        console.print(Text(sv="Inget väntar på att skickas.", en="Nothing waits to be sent.").say(language))
    for sent in deliveries:
        words = sent.receipt or (sent.reason.say(language) if sent.reason else sent.state.value)
        console.print(f"{sent.report_id}  {words}", markup=False)


def _outcome(result: Result, language: Language) -> Styled:
    word, style, mark = VERDICTS[verdict_of(result)]
    ending = ENDINGS.get(result.ending, word)
    return Styled(f"{mark} {ending.say(language)}", style=style)


def _bar(fraction: float | None, level_dbfs: float | None) -> Styled:
    done = round(20 * (fraction or 0.0))
    text = Styled("█" * done + "░" * (20 - done))
    if level_dbfs is not None:
        loud = round(12 * max(0.0, 1 - level_dbfs / _LEVEL_FLOOR_DBFS))
        text.append("  ♪ " + "▮" * loud + "▯" * (12 - loud), style="green")
    return text
