"""The verdict in the terminal: what works, what was found, and last the one thing to do, and who helps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from readiness.core.model import Finding, FindingKind, Owner, Rating, Report, Result, Verdict
from readiness.core.people import who_helps, with_settings
from readiness.core.phrases import BORDERLINE, NEAR, lift_words
from readiness.core.steps import steps_of, this_system
from readiness.core.text import Language, Text
from readiness.terminal.output import ACTIVITIES, ENDINGS, VERDICTS

if TYPE_CHECKING:
    from readiness.core.profile import Profile
    from readiness.in_force import InForce
    from readiness.settings import Settings
    from readiness.submission.delivery import Delivery

HEADLINES = {
    Verdict.READY: Text(sv="Datorn är redo för möten.", en="This computer is ready for meetings."),
    Verdict.LIMITED: Text(sv="Datorn klarar möten, men inte allt är bra.", en="This computer can do meetings, but not all is well."),
    Verdict.NOT_READY: Text(sv="Datorn är inte redo för möten än.", en="This computer is not ready for meetings yet."),
    Verdict.UNKNOWN: Text(sv="Vi vet inte än om datorn klarar möten.", en="We do not know yet whether this computer can do meetings."),
}  # fmt: skip
PARTLY = {
    Verdict.READY: Text(sv="Det som testades är bra.", en="What was tested is good."),
    Verdict.LIMITED: Text(sv="Det som testades fungerar, men inte allt är bra.", en="What was tested works, but not all is well."),
    Verdict.NOT_READY: Text(sv="Något som testades fungerar inte än.", en="Something that was tested does not work yet."),
    Verdict.UNKNOWN: Text(sv="Vi vet inte än om det som testades fungerar.", en="We do not know yet whether what was tested works."),
}  # fmt: skip
"""The headlines where only chosen checks were run: nothing is said of the rest."""
_NEXT = Text(sv="Gör så här nu", en="Do this next")
_RECEIPT = Text(sv="Rapporten är skickad. Kvitto: {receipt}", en="The report is sent. Receipt: {receipt}")
_NOT_SENT = Text(sv="Rapporten är inte skickad.", en="The report is not sent.")
_ELSE = Text(sv="Hjälper det inte? Fråga:", en="Does that not help? Ask:")
_ASK = Text(sv="Fråga:", en="Ask:")


def print_verdict(report: Report, delivery: Delivery | None, settings: Settings, rated_by: InForce) -> None:
    """The verdict, the activities, the findings, what it was rated by, the delivery, and last the one thing to do."""
    profiles = rated_by.profiles
    language = settings.language
    console = Console(highlight=False)
    _, style, mark = VERDICTS[report.rating.overall]
    console.print()
    headlines = PARTLY if report.rating.partial else HEADLINES
    console.print(f"{mark} {headlines[report.rating.overall].say(language)}", style=style)
    _print_rating(console, report.rating, language)
    for result in report.results:
        for finding in result.findings or (None,):
            words, style = _finding_words(finding, result, language)
            console.print(f"  {words}", style=style, markup=False)
    _print_services(console, report.services, profiles, language)
    console.print(f"  {rated_by.told.say(language)}", style="dim", markup=False)
    if delivery is not None:
        console.print()
        if delivery.receipt:
            console.print(_RECEIPT.say(language, {"receipt": delivery.receipt}), style="bold")
        else:
            reason = delivery.reason.say(language) if delivery.reason else ""
            console.print(_NOT_SENT.say(language), reason, markup=False)
    _print_next(console, report, settings, profiles[0])


def _print_services(
    console: Console, services: Sequence[Rating], profiles: Sequence[Profile], language: Language
) -> None:
    names = {profile.id: profile.name for profile in profiles}
    for rating in services:
        word, style, mark = VERDICTS[rating.overall]
        name = names.get(rating.profile_id, rating.profile_id)
        lifted = next((lift_words(lift).say(language) for lift in rating.lifts if lift.activity is None), "")
        console.print(f"  {mark} {name}: {word.say(language)}. {lifted}".rstrip(), style=style, markup=False)


def _print_next(console: Console, report: Report, settings: Settings, profile: Profile) -> None:
    """The first thing to do about what decided the verdict: its steps here, and who helps."""
    from readiness.checks import kind

    language = settings.language
    found = {finding.code: finding for result in report.results for finding in result.findings}
    declared: FindingKind | None
    for code in report.rating.deciding:
        declared = kind(code)
        if declared is None or not declared.remedies or code not in found:
            continue
        arguments = found[code].arguments
        remedy = declared.remedies[0]
        console.print()
        console.print(
            f"{_NEXT.say(language)}: {declared.title.say(language, arguments)}.", style="bold", markup=False
        )
        console.print(f"  {remedy.text.say(language, arguments)}", markup=False)
        for number, step in enumerate(steps_of(remedy, this_system()), start=1):
            console.print(f"    {number}. {step.say(language, arguments)}", markup=False)
        if any(one.owner is not Owner.YOU for one in declared.remedies):
            lead = _ELSE if remedy.owner is Owner.YOU else _ASK
            _print_people(console, report, settings, profile, lead)
        return


def _print_people(console: Console, report: Report, settings: Settings, profile: Profile, lead: Text) -> None:
    helpdesk = with_settings(
        profile.helpdesk, settings.helpdesk_phone, settings.helpdesk_mail, settings.helpdesk_hours
    )
    people = who_helps(helpdesk, profile.ambassador(report.computer.unit))
    if people:
        console.print(f"  {lead.say(settings.language)}", markup=False)
    for line in people:
        console.print(f"    {line.say(settings.language)}", markup=False)


def _print_rating(console: Console, rating: Rating, language: Language) -> None:
    if rating.partial:
        partly = Text(sv="Bara en del av testerna kördes.", en="Only some of the tests were run.")
        console.print(partly.say(language), style="dim")
    for activity, verdict in rating.activities.items():
        word, style, mark = VERDICTS[verdict]
        console.print(f"  {mark} {ACTIVITIES[activity].say(language)}: {word.say(language)}", style=style)
    for lift in rating.lifts:
        if lift.activity is None and lift.needs:
            console.print(f"  {lift_words(lift).say(language)}", style="bold")
    if rating.borderline:
        console.print(f"  {BORDERLINE.say(language)}")
    console.print()


def _finding_words(finding: Finding | None, result: Result, language: Language) -> tuple[str, str]:
    """A finding in a line; without one, why there is none."""
    from readiness.checks import kind

    if finding is None:
        words = ENDINGS.get(result.ending)
        return f"? {result.check_id}: {words.say(language) if words else ''}", "cyan"
    _, style, mark = VERDICTS[finding.verdict]
    declared = kind(finding.code)
    if declared is None:
        return f"{mark} {finding.code} {dict(finding.arguments)}", style
    title = declared.title.say(language, finding.arguments)
    detail = f" {declared.detail.say(language, finding.arguments)}" if declared.detail else ""
    near = f" ({NEAR.say(language)})" if finding.borderline else ""
    return f"{mark} {title}{near}.{detail}", style.removeprefix("bold ")
