"""A stored report rated anew, beside what it was rated then."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from readiness.checks import CHECKS, kind
from readiness.core.model import Activity, Finding, Rating, Report, Result
from readiness.core.phrases import BORDERLINE, lift_words
from readiness.core.profile import Profile
from readiness.core.rating import judged, rate
from readiness.core.reasons import reason_of
from readiness.core.report import LARGEST_REPORT_BYTES, SCHEMA, ReportError, from_json, part_to_document
from readiness.core.text import Language, Text
from readiness.terminal.common import UsageProblem
from readiness.terminal.output import ACTIVITIES, VERDICTS, complain, print_json


def read_report(file: Path) -> Report:
    """The report in `file`. Raises UsageProblem where it is none."""
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_REPORT_BYTES + 1)
        return from_json(content)
    except OSError as error:
        reason = reason_of(error)
        raise UsageProblem(
            Text(
                sv=f"Filen {file} går inte att läsa ({reason.sv}). Kontrollera namnet.",
                en=f"The file {file} cannot be read ({reason.en}). Check the name.",
            )
        ) from error
    except ReportError as error:
        raise UsageProblem(
            Text(
                sv=f"{file} är ingen rapport ({error}). Spara en med: readiness check --save rapport.json",
                en=f"{file} is no report ({error}). Save one with: readiness check --save report.json",
            )
        ) from error


def rate_again(report: Report, profile: Profile) -> Rating:
    """Today's verdict for a stored report, from its evidence alone."""
    chosen = [result.check_id for result in report.results] if report.rating.partial else None
    return rate(report.results, CHECKS, profile, chosen=chosen)


def rate_measured(report: Report, profile: Profile) -> Rating:
    """The same for what was measured then: tests that came later leave nothing unknown."""
    return rate(report.results, CHECKS, profile, chosen=[result.check_id for result in report.results])


def original(report: Report, profile_id: str) -> Rating:
    """The rating in the report under the same profile, else the one that it was made for."""
    ratings = (report.rating, *report.services)
    return next((one for one in ratings if one.profile_id == profile_id), report.rating)


def findings_again(report: Report, profile: Profile) -> list[tuple[Result, Finding]]:
    """The findings of every result under `profile`, with the result."""
    by_id = {check.id: check for check in CHECKS}
    found: list[tuple[Result, Finding]] = []
    for result in report.results:
        if result.check_id in by_id:
            try:
                found += [(result, finding) for finding in judged(result, by_id[result.check_id], profile)]
            except Exception:  # evidence of another version: the rating says UNKNOWN
                continue
    return found


def show_rating(report: Report, profile: Profile, language: Language, *, as_json: bool) -> Rating:
    """Print today's verdict beside the original; the return value is today's."""
    now, then = rate_again(report, profile), original(report, profile.id)
    measured, findings = rate_measured(report, profile), findings_again(report, profile)
    if as_json:
        print_json(
            {
                "report_id": report.id,
                "created_utc": report.created_utc,
                "schema": report.schema,
                "original": part_to_document(then),
                "now": part_to_document(now),
                "measured": part_to_document(measured),
                "findings": [
                    {"check_id": result.check_id, **part_to_document(found)} for result, found in findings
                ],
            }
        )
        return now
    console = Console(highlight=False, soft_wrap=True)
    console.print(_heading(report, profile).say(language), style="bold", markup=False)
    if report.schema > SCHEMA:
        complain(
            Text(
                sv="Rapporten är nyare än programmet. Det som är okänt lämnas därhän.",
                en="The report is newer than the program. What is not known is left aside.",
            ).say(language)
        )
    console.print(_then_and_now(then, now, language))
    if now.overall is not measured.overall:
        words = Text(sv="Av det som mättes då: {verdict}.", en="Of what was measured then: {verdict}.")
        console.print(words.say(language, {"verdict": VERDICTS[measured.overall][0]}))
    _print_reasons(console, now, findings, language)
    if profile.note is not None:
        console.print(profile.note.say(language), style="dim", markup=False)
    return now


def _heading(report: Report, profile: Profile) -> Text:
    day = report.created_utc[:10]
    host = report.computer.host_name
    return Text(
        sv=f"{host}, rapport från {day}, prövad mot {profile.name} (version {profile.version})",
        en=f"{host}, report of {day}, held against {profile.name} (version {profile.version})",
    )


def _then_and_now(then: Rating, now: Rating, language: Language) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    before = f"{Text(sv='Då', en='Then').say(language)} ({then.profile_id} {then.profile_version})"
    for title in ("", before, Text(sv="Nu", en="Now").say(language)):
        table.add_column(title, justify="left")
    rows: list[tuple[str, Any, Any]] = [
        (Text(sv="Helhet", en="Overall").say(language), then.overall, now.overall)
    ]
    rows += [
        (ACTIVITIES[activity].say(language), then.activities.get(activity), now.activities.get(activity))
        for activity in Activity
        if activity in then.activities or activity in now.activities
    ]
    for name, *verdicts in rows:
        words = [VERDICTS[verdict] if verdict is not None else None for verdict in verdicts]
        table.add_row(name, *(f"{mark[2]} {mark[0].say(language)}" if mark else "–" for mark in words))
    return table


def _print_reasons(
    console: Console, rating: Rating, findings: Sequence[tuple[Result, Finding]], language: Language
) -> None:
    by_code = {finding.code: finding for _, finding in findings}
    for code in rating.deciding:
        console.print(f"  {_titled(code, by_code.get(code), language)}", markup=False)
    if rating.borderline:
        console.print(f"  {BORDERLINE.say(language)}")
    for found in rating.lifts:
        where = f"{ACTIVITIES[found.activity].say(language)}: " if found.activity else ""
        console.print(f"  → {where}{lift_words(found).say(language)}")


def _titled(code: str, finding: Finding | None, language: Language) -> str:
    declared = kind(code)
    if declared is None or finding is None:
        check = next((check for check in CHECKS if check.id == code), None)
        if check is not None:
            words = Text(sv="{test}: inte mätt i den här rapporten", en="{test}: not measured in this report")
            return words.say(language, {"test": check.title})
        return code
    detail = f". {declared.detail.say(language, finding.arguments)}" if declared.detail else ""
    return f"{code}: {declared.title.say(language, finding.arguments)}{detail}"
