"""Settings: what IT manages, what the user chose, and where files live.

Strongest first: the environment, the user's file, the machine's file, the default. The command
line stands above all of them and is applied by the command that read it.
"""

from __future__ import annotations

import dataclasses
import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints
from urllib.parse import urlsplit

import platformdirs

from readiness.core.loopback import is_own
from readiness.core.text import LANGUAGES, Language, Text

APP = "motesklar"
ENVIRONMENT = {
    "collector_url": "READINESS_COLLECTOR_URL",
    "enrolment_key": "READINESS_ENROLMENT_KEY",
    "language": "READINESS_LANGUAGE",
    "profile": "READINESS_PROFILE",
}


class SettingsError(Exception):
    """A settings file or value that cannot be used; `text` says which and what to write."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What can be set. None means not set."""

    language: Language = "sv"
    profile: str = "organisation"
    collector_url: str | None = None
    enrolment_key: str | None = dataclasses.field(default=None, repr=False)
    allow_insecure: bool = False
    turn_user: str | None = None
    turn_password: str | None = dataclasses.field(default=None, repr=False)
    unit: str | None = None
    asset_tag: str | None = None
    helpdesk_phone: str | None = None
    helpdesk_mail: str | None = None
    helpdesk_hours: str | None = None
    camera: str | None = None
    microphone: str | None = None
    speaker: str | None = None
    send_user_name: bool = False
    send_wifi_name: bool = False
    send_serial_number: bool = False


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where files live: the user's settings, the user's data, and what came with the program."""

    settings_file: Path
    machine_settings_file: Path
    data: Path
    resources: Path

    @property
    def outbox(self) -> Path:
        """Reports not yet delivered, and the receipts of those that were."""
        return self.data / "outbox"

    @property
    def profiles(self) -> Path:
        """The profiles that came with the program."""
        return self.resources / "profiles"


def places() -> Places:
    """The places of this user on this system. Creates nothing."""
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).resolve().parent.parent
    return Places(
        settings_file=Path(platformdirs.user_config_dir(APP, appauthor=False)) / "settings.toml",
        machine_settings_file=Path("/etc/motesklar/settings.toml")
        if os.name == "posix"
        else Path(platformdirs.site_config_dir(APP, appauthor=False)) / "settings.toml",
        data=Path(platformdirs.user_data_dir(APP, appauthor=False)),
        resources=root / "resources",
    )


def load_settings(
    where: Places | None = None,
    environment: Mapping[str, str] = os.environ,
    *,
    above: Mapping[str, Any] | None = None,
    passed_over: list[Text] | None = None,
) -> Settings:
    """The settings in force; `above` is what the command line says (None is not said).

    Raises SettingsError where a source is unreadable or wrong. With `passed_over` what cannot be
    used of a file (perhaps a newer version's) is left out instead, and said there.
    """
    where = where or places()
    values: dict[str, Any] = {}
    for file in (where.machine_settings_file, where.settings_file):
        values |= _from_file(file, passed_over)
    for name, variable in ENVIRONMENT.items():
        if environment.get(variable):
            values[name] = environment[variable]
    values |= {name: value for name, value in (above or {}).items() if value is not None}
    if values.get("language", "sv") not in LANGUAGES:
        raise SettingsError(
            Text(
                sv=f"Språket {values['language']} finns inte. Skriv sv eller en.",
                en=f"There is no language {values['language']}. Write sv or en.",
            )
        )
    return checked(Settings(**values))


def checked(settings: Settings) -> Settings:
    """`settings`, if the collector's address may be used. Raises SettingsError if not."""
    url = settings.collector_url
    if url is None:
        return settings
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(
            Text(
                sv=f"Adressen till IT:s server går inte att använda: {url}. "
                "Skriv till exempel https://moten.example.se.",
                en=f"The address of IT's server cannot be used: {url}. "
                "Write for example https://meetings.example.org.",
            )
        )
    if parts.scheme == "http" and not is_own(parts.hostname) and not settings.allow_insecure:
        raise SettingsError(
            Text(
                sv=f"Adressen {url} är inte krypterad. Skriv https i stället för http. "
                "Den som vet vad den gör kan lägga till --allow-insecure.",
                en=f"The address {url} is not encrypted. Write https instead of http. "
                "Those who know what they do can add --allow-insecure.",
            )
        )
    return settings


def _from_file(file: Path, passed_over: list[Text] | None) -> dict[str, Any]:
    try:
        document = _read(file)
    except SettingsError as error:
        if passed_over is None:
            raise
        passed_over.append(error.text)
        return {}
    hints = get_type_hints(Settings)
    values: dict[str, Any] = {}
    for name, value in document.items():
        problem = _misfit(file, name, value, hints)
        if problem is None:
            values[name] = value
        elif passed_over is None:
            raise problem
        else:
            passed_over.append(problem.text)
    return values


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))  # Notepad likes to put a mark in front
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _faulty(file, f"filen är inte TOML: {error}", f"the file is no TOML: {error}") from error
    except OSError as error:
        raise _faulty(file, f"{error.strerror}", f"{error.strerror}") from error


def _misfit(file: Path, name: str, value: Any, hints: Mapping[str, Any]) -> SettingsError | None:
    """What is wrong with one setting, if anything is."""
    if name not in hints:
        known = ", ".join(hints)
        return _faulty(
            file,
            f"okänd inställning {name}. De som finns är {known}",
            f"unknown setting {name}. There are {known}",
        )
    if name == "language":
        fits = value in LANGUAGES
    else:
        fits = type(value) in (get_args(hints[name]) or (hints[name],))
    if fits:
        return None
    shown = "…" if name in ("enrolment_key", "turn_password") else repr(value)
    return _faulty(
        file, f"värdet för {name} passar inte: {shown}", f"the value of {name} does not fit: {shown}"
    )


def _faulty(file: Path, sv: str, en: str) -> SettingsError:
    return SettingsError(
        Text(
            sv=f"Inställningarna i {file} kan inte läsas: {sv}. Rätta filen, eller ta bort den.",
            en=f"The settings in {file} cannot be read: {en}. Correct the file, or remove it.",
        )
    )
