"""A finding explained: what was measured, how, the limits with their sources, and what to do."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from readiness.checks.explaining import Explanation, explain, near_codes
from readiness.core.evidence import encode
from readiness.core.limits import Limit
from readiness.core.model import Report, System
from readiness.core.phrases import NEEDS
from readiness.core.profile import Profile
from readiness.core.profile_file import unknown
from readiness.core.steps import steps_of
from readiness.core.text import Language, Text
from readiness.terminal.common import UsageProblem
from readiness.terminal.output import ACTIVITIES, TRUST, print_json

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
