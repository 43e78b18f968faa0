"""The settings in force: the strongest source that has a value that can be used."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from readiness.core.loopback import is_own
from readiness.core.text import Language, Text
from readiness.settings.places import Places, places
from readiness.settings.schema import BY_NAME, SETTINGS, Setting
from readiness.settings.sources import MANAGED, Found, Rank, Reading, Remark, Weight, misfit, readings

_NO_PROFILES = frozenset(("common", "computer"))
"""Files among the profiles that hold what is common to all."""
_OPTION = {"collector_url": "--collector", "language": "--lang"}


class SettingsError(Exception):
    """A settings file or value that cannot be used; `text` says which and what to write."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What can be set; `schema.SETTINGS` tells more of each. None means not set."""

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
    recheck: bool = True
    camera: str | None = None
    microphone: str | None = None
    speaker: str | None = None
    send_user_name: bool = False
    send_wifi_name: bool = False
    send_serial_number: bool = False


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """The settings in force, where each value comes from, and what there is to say of the sources.

    A setting that is absent from `origins` has its default.
    """

    settings: Settings
    origins: Mapping[str, Found]
    remarks: tuple[Remark, ...] = ()
    profiles: Path | None = None
    """The folder of the profiles that came with the program."""

    @property
    def managed(self) -> frozenset[str]:
        """The names of the settings that a policy has set."""
        return frozenset(name for name, found in self.origins.items() if found.rank is Rank.POLICY)

    @property
    def faults(self) -> tuple[Remark, ...]:
        """The values that cannot be used."""
        return tuple(remark for remark in self.remarks if remark.weight is Weight.FAULT)


def load(
    where: Places | None = None,
    environment: Mapping[str, str] = os.environ,
    *,
    above: Mapping[str, Any] | None = None,
    winreg: Any = None,
) -> Loaded:
    """The settings in force. Never raises: where a value cannot be used, the next source's is.

    Strongest first: policy, `above` (what the command line says; None is not said), the environment,
    the machine, the user, the default.
    """
    where = where or places()
    policy, others = list[Reading](), list[Reading]()
    remarks: list[Remark] = []
    for reading in readings(where, environment, winreg):
        is_policy = any(found.rank is Rank.POLICY for found in reading.values.values())
        (policy if is_policy else others).append(reading)
        remarks += reading.remarks
    command = _said(above or {})
    remarks += command.remarks
    ordered = [*policy, command, *others]
    origins: dict[str, Found] = {}
    for setting in sorted(SETTINGS, key=lambda setting: setting.name == "collector_url"):
        candidates = [reading.values[setting.name] for reading in ordered if setting.name in reading.values]
        for found in candidates:
            remark = _unusable(setting, found, where, insecure=_allows_insecure(origins))
            if remark is None:
                origins[setting.name] = found
                remarks += _overruled(setting, found, candidates)
                break
            remarks.append(remark)
    values: dict[str, Any] = {name: found.value for name, found in origins.items()}
    order = list(BY_NAME)
    return Loaded(
        settings=Settings(**values),
        origins={name: origins[name] for name in order if name in origins},
        remarks=tuple(remarks),
        profiles=where.profiles,
    )


def load_settings(
    where: Places | None = None,
    environment: Mapping[str, str] = os.environ,
    *,
    above: Mapping[str, Any] | None = None,
    passed_over: list[Text] | None = None,
) -> Settings:
    """The settings in force; `above` is what the command line says (None is not said).

    Raises SettingsError where what the person can correct is unreadable or wrong: the user's file, the
    environment, the command line. With `passed_over` what cannot be used is left out instead, and said
    there. What IT has set wrongly never stops the program.
    """
    loaded = load(where, environment, above=above)
    if passed_over is not None:
        passed_over += [remark.text for remark in loaded.faults]
    else:
        raise_what_can_be_corrected(loaded)
    return loaded.settings


def raise_what_can_be_corrected(loaded: Loaded) -> None:
    """Raise SettingsError for the first fault that is the person's own to correct."""
    for remark in loaded.faults:
        if remark.rank not in MANAGED:
            raise SettingsError(remark.text)


def checked(settings: Settings) -> Settings:
    """`settings`, if the collector's address may be used. Raises SettingsError if not."""
    if settings.collector_url is not None:
        problem = address_problem(settings.collector_url, insecure=settings.allow_insecure)
        if problem is not None:
            raise SettingsError(problem)
    return settings


def address_problem(url: str, *, insecure: bool) -> Text | None:
    """What is wrong with the address of IT's server, if anything is."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        return Text(
            sv=f"Adressen till IT:s server går inte att använda: {url}. "
            "Skriv till exempel https://moten.example.se.",
            en=f"The address of IT's server cannot be used: {url}. "
            "Write for example https://meetings.example.org.",
        )
    if parts.scheme == "http" and not is_own(parts.hostname) and not insecure:
        return Text(
            sv=f"Adressen {url} är inte krypterad. Skriv https i stället för http. "
            "Den som vet vad den gör kan lägga till --allow-insecure.",
            en=f"The address {url} is not encrypted. Write https instead of http. "
            "Those who know what they do can add --allow-insecure.",
        )
    return None


def _said(above: Mapping[str, Any]) -> Reading:
    values: dict[str, Found] = {}
    remarks: list[Remark] = []
    for name, value in above.items():
        if value is None:
            continue
        key = _OPTION.get(name, "--" + name.replace("_", "-"))
        if BY_NAME[name].fits(value):
            values[name] = Found(rank=Rank.COMMAND, place="command", key=key, value=value)
        else:
            remarks.append(misfit(Rank.COMMAND, "command", key, BY_NAME[name], value))
    return Reading(values=values, remarks=tuple(remarks))


def _allows_insecure(origins: Mapping[str, Found]) -> bool:
    found = origins.get("allow_insecure")
    return found is not None and found.value is True


def _unusable(setting: Setting, found: Found, where: Places, *, insecure: bool) -> Remark | None:
    """What keeps a value of the right kind from being used."""
    text: Text | None = None
    if setting.name == "collector_url" and isinstance(found.value, str):
        text = address_problem(found.value, insecure=insecure)
    elif setting.name == "profile" and found.rank in MANAGED:
        known = sorted(file.stem for file in where.profiles.glob("*.toml") if file.stem not in _NO_PROFILES)
        if known and found.value not in known:
            text = Text(
                sv=f"Profilen {found.value} finns inte. Välj bland {', '.join(known)}.",
                en=f"There is no profile {found.value}. Choose among {', '.join(known)}.",
            )
    if text is None:
        return None
    if found.rank not in (Rank.COMMAND, Rank.ENVIRONMENT):
        text = Text(
            sv=f"Inställningarna i {found.place}, {found.key}: {text.sv}",
            en=f"The settings in {found.place}, {found.key}: {text.en}",
        )
    return Remark(rank=found.rank, place=found.place, key=found.key, text=text)


def _overruled(setting: Setting, used: Found, candidates: list[Found]) -> list[Remark]:
    """That a policy stands above what the person asked for just now."""
    if used.rank is not Rank.POLICY:
        return []
    return [
        Remark(
            rank=found.rank,
            place=found.place,
            key=found.key,
            weight=Weight.OVERRULED,
            text=Text(
                sv=f"Organisationen har bestämt värdet för {setting.title.sv}. Därför används inte {found.key}.",
                en=f"The organisation has set {setting.title.en}. Therefore {found.key} is not used.",
            ),
        )
        for found in candidates
        if found.rank in (Rank.COMMAND, Rank.ENVIRONMENT) and found.value != used.value
    ]
