"""The terminal's commands about requirements: rate a stored report anew, explain a finding, read profiles."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from readiness.checks import CHECKS, kind
from readiness.checks.explaining import Explanation, explain, known_figures, near_codes
from readiness.cli_common import UsageProblem
from readiness.core.evidence import encode
from readiness.core.limits import Limit
from readiness.core.model import Activity, Finding, Rating, Report, Result, System
from readiness.core.phrases import BORDERLINE, NEEDS, lift_words
from readiness.core.profile import Profile
from readiness.core.profile_file import ProfileError, unknown
from readiness.core.profile_loading import load_profile
from readiness.core.rating import judged, rate
from readiness.core.report import LARGEST_REPORT_BYTES, SCHEMA, ReportError, from_json, part_to_document
from readiness.core.steps import steps_of
from readiness.core.text import Language, Text
from readiness.terminal import ACTIVITIES, VERDICTS, complain, print_json

TRUST = {
    "official": Text(sv="tjänstens egna krav", en="the service's own requirement"),
    "third_party": Text(sv="någon annans uppgift", en="somebody else's word"),
    "unverified": Text(sv="inte kontrollerat", en="not verified"),
    "own_choice": Text(sv="vårt eget val", en="our own choice"),
}
OWNERS = {
    "you": Text(sv="du själv", en="yourself"),
    "it": Text(sv="IT", en="IT"),
    "buy": Text(sv="något köps in", en="something is bought"),
}
SYSTEMS = {System.WINDOWS: "Windows", System.MACOS: "macOS", System.LINUX: "Linux"}

_REQUIRED_LEAST = Text(sv="krav minst {edge:.10g} {unit}", en="required at least {edge:.10g} {unit}")
_REQUIRED_MOST = Text(sv="krav högst {edge:.10g} {unit}", en="required at most {edge:.10g} {unit}")
_GOOD_LEAST = Text(sv="bra från {edge:.10g} {unit}", en="good from {edge:.10g} {unit}")
_GOOD_MOST = Text(sv="bra till {edge:.10g} {unit}", en="good up to {edge:.10g} {unit}")


def read_report(file: Path) -> Report:
    """The report in `file`. Raises UsageProblem where it is none."""
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_REPORT_BYTES + 1)
        return from_json(content)
    except OSError as error:
        raise UsageProblem(
            Text(
                sv=f"Filen {file} går inte att läsa ({error.strerror}). Kontrollera namnet.",
                en=f"The file {file} cannot be read ({error.strerror}). Check the name.",
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


def explained(code: str, profile: Profile) -> Explanation:
    """The explanation of `code`. Raises UsageProblem, with those that look like it."""
    found = explain(code, profile)
    if found is None:
        sv, en = unknown("resultatet", "finding", code, near_codes(code))
        raise UsageProblem(Text(sv=f"{sv[0].upper()}{sv[1:]}.", en=f"{en[0].upper()}{en[1:]}."))
    return found


def show_explanation(
    found: Explanation, profile: Profile, report: Report | None, language: Language, *, as_json: bool
) -> None:
    """Print what was measured, how, the limits and their sources, and what to do."""
    values = _values(found, report)
    if as_json:
        print_json(_explanation_document(found, profile, values))
        return
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{found.kind.code}: {found.kind.title.say(language)}", style="bold", markup=False)
    console.print(f"{found.check_title.say(language)}. {found.method.say(language) if found.method else ''}")
    console.print(f"\n{Text(sv='Det som mäts', en='What is measured').say(language)}", style="bold")
    for figure, method in found.measured:
        value = f" = {values[figure]}" if figure in values else ""
        console.print(f"  {figure}{value}  {method.say(language) if method else ''}", markup=False)
    console.print(f"\n{Text(sv='Gränser i', en='Limits in').say(language)} {profile.name}", style="bold")
    if not found.limits and not found.demands:
        none = Text(sv="Inget tal avgör: det fungerar eller inte.", en="No number decides: it works or not.")
        console.print(f"  {none.say(language)}")
    for limit in found.limits:
        console.print(f"  {limit_words(limit, language)}", markup=False)
        console.print(f"    {_source(limit).say(language)}", style="dim", markup=False)
        if limit.note:
            console.print(f"    {limit.note}", style="dim", markup=False)
    for demand in found.demands:
        console.print(f"  {demand.text.say(language)}", markup=False)
        console.print(f"    {_source(demand).say(language)}", style="dim", markup=False)
    _print_remedies(console, found, language)


def _print_remedies(console: Console, found: Explanation, language: Language) -> None:
    if found.kind.need is not None:
        words = Text(sv="Det som saknas: {need}.", en="What is missing: {need}.")
        console.print(words.say(language, {"need": NEEDS[found.kind.need]}))
    if found.kind.remedies:
        console.print(f"\n{Text(sv='Gör så här', en='What to do').say(language)}", style="bold")
    for number, remedy in enumerate(found.kind.remedies, start=1):
        who = OWNERS[remedy.owner.value].say(language)
        console.print(f"  {number}. {remedy.text.say(language)} ({who})", markup=False)
        for system, name in SYSTEMS.items():
            steps = " ".join(step.say(language) for step in steps_of(remedy, system))
            if steps:
                console.print(f"     {name}: {steps}", style="dim", markup=False)


def limit_words(limit: Limit, language: Language) -> str:
    """A limit in a line: the figure, what is required, what is good, and for which activity."""
    least = limit.direction == "at_least"
    said = [limit.figure]
    for edge, least_words, most_words in (
        (limit.required, _REQUIRED_LEAST, _REQUIRED_MOST),
        (limit.recommended, _GOOD_LEAST, _GOOD_MOST),
    ):
        if edge is not None:
            words = least_words if least else most_words
            said.append(words.say(language, {"edge": edge, "unit": limit.unit}))
    if limit.activity is not None:
        said.append(ACTIVITIES[limit.activity].say(language).lower())
    return ", ".join(said)


def _source(row: Any) -> Text:
    read = row.retrieved or "–"
    trust = TRUST[row.confidence]
    return Text(
        sv=f"Källa: {row.source or '–'}. Läst {read}, {trust.sv}.",
        en=f"Source: {row.source or '–'}. Read {read}, {trust.en}.",
    )


def _values(found: Explanation, report: Report | None) -> dict[str, Any]:
    """What a report says of the figures, where one is given."""
    results = [result for result in report.results if result.check_id == found.check_id] if report else []
    evidence = results[-1].evidence if results else {}
    return {
        figure: evidence[name]
        for figure, _ in found.measured
        if isinstance(evidence.get(name := figure.partition(".")[2]), int | float | str)
    }


def _explanation_document(found: Explanation, profile: Profile, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": found.kind.code,
        "title": encode(found.kind.title),
        "check_id": found.check_id,
        "method": encode(found.method) if found.method else None,
        "profile_id": profile.id,
        "profile_version": profile.version,
        "measured": [
            {"figure": figure, "method": encode(method) if method else None, "value": values.get(figure)}
            for figure, method in found.measured
        ],
        "limits": [encode(limit) for limit in found.limits],
        "demands": [encode(demand) for demand in found.demands],
        "need": found.kind.need,
        "remedies": [encode(remedy) for remedy in found.kind.remedies],
    }


def show_profiles(folder: Path, language: Language, *, as_json: bool) -> bool:
    """Print the profiles there are, their rows by confidence, and what is wrong; is none faulty?"""
    rows: list[dict[str, Any]] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            rows.append(_profile_row(load_profile(file.stem, folder), language))
        except ProfileError as error:
            rows.append({"id": file.stem, "fault": error.text.say(language)})
    if as_json:
        print_json({"profiles": rows})
    else:
        console = Console(highlight=False, soft_wrap=True)
        for row in rows:
            if "fault" in row:
                console.print(f"✖ {row['id']}: {row['fault']}", style="red", markup=False)
                continue
            counts = ", ".join(f"{number} {TRUST[trust].say(language)}" for trust, number in row["rows"].items())  # fmt: skip
            console.print(f"✔ {row['id']} {row['version']}  {row['name']}  ({counts})", markup=False)
            for line in (row["note"], *row["undecided"]):
                if line:
                    console.print(f"    {line}", style="dim", markup=False)
    return not any("fault" in row for row in rows)


def _profile_row(profile: Profile, language: Language) -> dict[str, Any]:
    rows: tuple[Any, ...] = (
        *profile.limits, *profile.openings, *profile.hosts, *profile.programs, *profile.systems,
    )  # fmt: skip
    counts = {trust: sum(row.confidence == trust for row in rows) for trust in TRUST}
    known = known_figures()
    strange = sorted({limit.figure for limit in profile.limits} - known)
    return {
        "id": profile.id,
        "version": profile.version,
        "name": profile.name,
        "rows": {trust: count for trust, count in counts.items() if count},
        "note": profile.note.say(language) if profile.note else "",
        "undecided": [_not_measured(figure, sorted(known)).say(language) for figure in strange],
    }


def _not_measured(figure: str, known: Sequence[str]) -> Text:
    near = difflib.get_close_matches(figure, known, n=1)
    if near:
        return Text(
            sv=f"Inget test mäter {figure}. Menar du {near[0]}?",
            en=f"No test measures {figure}. Do you mean {near[0]}?",
        )
    return Text(sv=f"Inget test mäter {figure}.", en=f"No test measures {figure}.")
