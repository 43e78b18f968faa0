"""Settings in words, for the terminal and the window alike."""

from __future__ import annotations

import tomllib
from pathlib import Path

from readiness.core.text import Language, Text
from readiness.settings.loading import Loaded
from readiness.settings.schema import Kind, Setting
from readiness.settings.sources import Rank

ORIGIN = {
    Rank.POLICY: Text(sv="bestämt av organisationen", en="set by the organisation"),
    Rank.COMMAND: Text(sv="kommandoraden", en="the command line"),
    Rank.ENVIRONMENT: Text(sv="miljön", en="the environment"),
    Rank.MACHINE: Text(sv="datorns inställning", en="the computer's setting"),
    Rank.USER: Text(sv="användarens inställning", en="the user's setting"),
    Rank.DEFAULT: Text(sv="förval", en="default"),
}
"""Where a value comes from."""

SET = Text(sv="satt (visas inte)", en="set (not shown)")
NOT_SET = Text(sv="inte satt", en="not set")
YES = Text(sv="ja", en="yes")
NO = Text(sv="nej", en="no")
# Each language is written in itself, so that those who need it can find it.
LANGUAGE_NAMES: dict[Language, str] = {"sv": "Svenska", "en": "English"}
_CHOICES = {code: Text(sv=name, en=name) for code, name in LANGUAGE_NAMES.items()}


def shown_value(setting: Setting, loaded: Loaded) -> Text:
    """A value as people read it; of a secret only whether it is set."""
    found = loaded.origins.get(setting.name)
    value = found.value if found else setting.default
    if value is None:
        return NOT_SET
    if setting.secret:
        return SET
    if isinstance(value, bool):
        return YES if value else NO
    if setting.kind is Kind.CHOICE and value in _CHOICES:
        return _CHOICES[value]
    if setting.name == "profile":
        value = _profile_name(value, loaded.profiles) or value
    return Text(sv=value, en=value)


def _profile_name(profile: str, folder: Path | None) -> str | None:
    """What the profile calls itself, where it is one that came with the program."""
    file = next((file for file in folder.glob("*.toml") if file.stem == profile), None) if folder else None
    try:
        name = tomllib.loads(file.read_text("utf-8-sig")).get("name") if file else None
    except (OSError, ValueError):  # told where the profile is used
        return None
    return name if isinstance(name, str) else None
