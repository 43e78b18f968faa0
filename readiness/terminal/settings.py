"""`readiness settings` in words and as JSON. A secret is shown only as set or not set."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from readiness.core.text import Language, Text
from readiness.settings.loading import Loaded
from readiness.settings.schema import SETTINGS, Setting
from readiness.settings.showing import ORIGIN, shown_value
from readiness.settings.sources import Rank, Weight
from readiness.terminal import output

_POLICY_OVERRULES = Text(
    sv="Det som organisationen har bestämt kan inte ändras här.",
    en="What the organisation has set cannot be changed here.",
)
_UNUSABLE = Text(sv="Kan inte användas:", en="Cannot be used:")
_WORTH_KNOWING = Text(sv="Bra att veta:", en="Worth knowing:")


def show(loaded: Loaded, *, as_json: bool) -> None:
    """Every setting, and what there is to say of the sources."""
    if as_json:
        output.print_json(document(loaded))
        return
    language = loaded.settings.language
    console = Console(highlight=False, soft_wrap=True)
    for setting in SETTINGS:
        console.print(_line(setting, loaded, language), markup=False)
    if loaded.managed:
        console.print(f"\n{_POLICY_OVERRULES.say(language)}", markup=False)
    for heading, weights in ((_UNUSABLE, (Weight.FAULT,)), (_WORTH_KNOWING, (Weight.HINT, Weight.OVERRULED))):
        said = [remark.text.say(language) for remark in loaded.remarks if remark.weight in weights]
        if said:
            console.print(
                "\n".join(["", heading.say(language), *(f"  {line}" for line in said)]), markup=False
            )


def document(loaded: Loaded) -> dict[str, Any]:
    """The same as JSON values: names and sources are stable, words are in both languages."""
    rows = []
    for setting in SETTINGS:
        found = loaded.origins.get(setting.name)
        value = found.value if found else setting.default
        rows.append(
            {
                "name": setting.name,
                "value": None if setting.secret else value,
                "set": value is not None,
                "secret": setting.secret,
                "source": (found.rank if found else Rank.DEFAULT).value,
                "place": found.place if found else None,
                "key": found.key if found else None,
                "by_policy": setting.by_policy,
                "default": setting.default,
            }
        )
    remarks = [
        {
            "weight": remark.weight.value,
            "source": remark.rank.value,
            "place": remark.place,
            "key": remark.key,
            "text": {"sv": remark.text.sv, "en": remark.text.en},
        }
        for remark in loaded.remarks
    ]
    return {"settings": rows, "remarks": remarks}


def _line(setting: Setting, loaded: Loaded, language: Language) -> str:
    found = loaded.origins.get(setting.name)
    rank = found.rank if found else Rank.DEFAULT
    where = ORIGIN[rank].say(language)
    if found is not None:
        where += (
            f": {found.key if rank in (Rank.COMMAND, Rank.ENVIRONMENT) else f'{found.place}, {found.key}'}"
        )
    title, value = setting.title.say(language), shown_value(setting, loaded).say(language)
    written = found.value if found else setting.default
    if isinstance(written, str) and not setting.secret and value != written:
        value += f" ({written})"  # what one writes in a file
    return f"{setting.name:<20} {title}: {value}  [{where}]"
