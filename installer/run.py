#!/usr/bin/env python3
"""Sets up everything and runs Mötesklar.

    python3 installer/run.py [arguments of the program]

With a screen it opens the window. Without one, or with arguments for the check, it checks this computer
in the terminal, submits the report, and prints the verdict, the receipt and a one-time link to read the
report. Where no collector is set, one is started for this computer alone. The exit status is the check's.

Windows and macOS: the paths are there, but have not been tried.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this is how people learn of it
    sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0])

import json
import os
import shlex
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

import environment
from embedded import Collector, CollectorError
from environment import SetUpError, say

_SETTINGS = """
import json
from readiness.settings import SettingsError, load_settings, places
try:
    settings = load_settings()
    configured, language = bool(settings.collector_url), settings.language
except SettingsError:
    configured, language = True, "sv"  # the check itself says what is wrong with the settings
print(json.dumps({"configured": configured, "language": language, "data": str(places().data)}))
"""
_DELIVERED = """
import json
from readiness.settings import places
from readiness.submission.outbox import Outbox, State
folder = places().outbox
entries = Outbox(folder).entries() if folder.exists() else ()
delivered = sorted((e.created_utc, e.report_id) for e in entries if e.state is State.DELIVERED)
print(json.dumps([report_id for _, report_id in delivered]))
"""

WORDS = {
    "sv": {
        "not_started": "Datorns egen server startade inte, så rapporten stannar här. {error}",
        "link": "Läs rapporten (länken fungerar en gång): {link}",
        "no_link": "Det gick inte att göra en länk till rapporten. {error}",
        "read": "Tryck Ctrl-C när du har läst den.",
        "stops": "Servern stannar nu. Det här startar den igen, på samma adress och med samma rapporter:",
        "again": "och det här gör en ny länk:",
    },
    "en": {
        "not_started": "The collector for this computer could not start, so the report stays here. {error}",
        "link": "Read the report (this link works once): {link}",
        "no_link": "No link to the report could be made. {error}",
        "read": "Press Ctrl-C when you have read it.",
        "stops": "The collector stops now. This opens it again, at the same address and with the same reports:",
        "again": "and this makes a new link:",
    },
}


def main(arguments: list[str]) -> int:
    window = environment.has_screen() and not arguments
    libraries = environment.PROGRAM_LIBRARIES | (environment.WINDOW_LIBRARIES if window else {})
    try:
        python = environment.set_up("run", libraries)
    except SetUpError as error:
        say(f"\n{error}")
        return 1
    # A request to end (a service manager, a closed terminal) ends the collector as well.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    program = [str(python), "-m", "readiness", *([] if window else _command(arguments))]
    state = _ask(python, _SETTINGS)
    words = WORDS[_language(arguments) or state["language"]]
    if state["configured"] or _names_collector(arguments) or _is_other_command(arguments):
        return _run(program, {})
    collector = Collector(python, Path(state["data"]) / "embedded-collector")
    try:
        collector.start()
    except CollectorError as error:
        say(words["not_started"].format(error=error))
        return _run(program, {})
    try:
        before = _ask(python, _DELIVERED)
        status = _run(program, collector.environment)
        new = [report for report in _ask(python, _DELIVERED) if report not in before]
        if new:
            # With --json, standard output belongs to the report alone.
            _tell(collector, new[-1], sys.stderr if "--json" in arguments else sys.stdout, words)
    finally:
        collector.stop()
    return status


def _command(arguments: list[str]) -> list[str]:
    """What the terminal is to do: the check with its report submitted, or the command asked for."""
    if _is_other_command(arguments):
        return arguments
    rest = arguments[1:] if arguments[:1] == ["check"] else arguments
    return ["check", *([] if "--submit" in rest else ["--submit"]), *rest]


def _is_other_command(arguments: list[str]) -> bool:
    """Whether one of the program's other commands is asked for, such as `devices`."""
    return bool(arguments) and not arguments[0].startswith("-") and arguments[0] != "check"


def _names_collector(arguments: list[str]) -> bool:
    return any(argument == "--collector" or argument.startswith("--collector=") for argument in arguments)


def _run(program: list[str], more: Mapping[str, str]) -> int:
    """Run the program on this terminal; Ctrl-C is for it, and this waits for its answer."""
    process = subprocess.Popen(program, env={**os.environ, **more})
    try:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def _language(arguments: list[str]) -> str | None:
    """The language that the arguments name, if it is one of ours."""
    chosen = None
    for place, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == "--lang":
            chosen = value if equals else next(iter(arguments[place + 1 : place + 2]), None)
    return chosen if chosen in WORDS else None


def _tell(collector: Collector, report: str, where: TextIO, words: Mapping[str, str]) -> None:
    """Show where the report can be read; on a terminal, serve it until Ctrl-C."""
    try:
        link = collector.link(report)
        print("\n" + words["link"].format(link=link), file=where, flush=True)
    except CollectorError as error:
        say(words["no_link"].format(error=error))
    if sys.stdin.isatty() and sys.stderr.isatty():
        say(words["read"])
        try:
            collector.wait()
        except KeyboardInterrupt:
            say("")
    else:
        print(
            f"{words['stops']}\n  {shlex.join(collector.command)}\n"
            f"{words['again']}\n  {shlex.join(collector.link_command(report))}",
            file=where,
        )


def _ask(python: Path, code: str) -> Any:
    """What the installed program knows, asked of it rather than written here a second time."""
    return json.loads(subprocess.check_output([python, "-c", code], cwd=environment.ROOT, text=True))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
