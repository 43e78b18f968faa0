"""The commands about requirements: rate a stored report anew, explain a finding, read the profiles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readiness.settings import Settings, places
from readiness.terminal.common import EXIT_OF, WRONG_USAGE, Tongue, settings_in_force

requirements_app = typer.Typer()


@requirements_app.command()
def rate(
    report: Annotated[Path, typer.Argument(help="A report as JSON.")],
    profile: Annotated[str | None, typer.Option(help="Id of the profile to judge by.")] = None,
    profiles: Annotated[Path | None, typer.Option(help="Folder of other profiles, to try them.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    lang: Annotated[Tongue | None, typer.Option(help="sv or en.")] = None,
) -> int:
    """Judge a stored report anew, beside its original verdict. The exit status tells today's."""
    from readiness.core.profile_loading import load_profile
    from readiness.terminal.rating import read_report, show_rating

    settings = _settings(lang)
    judged_by = load_profile(profile or settings.profile, profiles or places().profiles)
    now = show_rating(read_report(report), judged_by, settings.language, as_json=as_json)
    return EXIT_OF[now.overall]


@requirements_app.command()
def explain(
    code: Annotated[str, typer.Argument(help="A finding's code, such as microphone.too_quiet.")],
    profile: Annotated[str | None, typer.Option(help="Id of the profile whose limits are shown.")] = None,
    profiles: Annotated[Path | None, typer.Option(help="Folder of other profiles, to try them.")] = None,
    report: Annotated[Path | None, typer.Option(help="A report whose figures are shown beside.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    lang: Annotated[Tongue | None, typer.Option(help="sv or en.")] = None,
) -> int:
    """Tell what a finding rests on: what was measured, how, the limit and its source."""
    from readiness.core.profile_loading import load_profile
    from readiness.terminal.explaining import explained, show_explanation
    from readiness.terminal.rating import read_report

    settings = _settings(lang)
    judged_by = load_profile(profile or settings.profile, profiles or places().profiles)
    found = explained(code, judged_by)
    measured = read_report(report) if report is not None else None
    show_explanation(found, judged_by, measured, settings.language, as_json=as_json)
    return 0


@requirements_app.command()
def profiles(
    folder: Annotated[Path | None, typer.Argument(help="Folder of the profiles; those of the program if left out.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    lang: Annotated[Tongue | None, typer.Option(help="sv or en.")] = None,
) -> int:  # fmt: skip
    """List the profiles, where their rows come from, and what is wrong with them."""
    from readiness.terminal.profiles import show_profiles

    settings = _settings(lang)
    faultless = show_profiles(folder or places().profiles, settings.language, as_json=as_json)
    return 0 if faultless else WRONG_USAGE


def _settings(lang: Tongue | None) -> Settings:
    """The settings in force. Raises SettingsError.

    `--profile` is not among them: here it is the question, which no policy answers.
    """
    return settings_in_force(places(), {"language": lang.value if lang else None})
