"""Each source of settings, read as it stands: TOML files, Windows' registry, property lists.

Nothing here raises: what is wrong with a source is told in its `Reading`, and its other values hold.
"""

from __future__ import annotations

import importlib
import plistlib
import stat
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from readiness.core.reasons import reason_of
from readiness.core.text import Text
from readiness.settings.places import MACHINE_KEY, POLICY_KEY, Places
from readiness.settings.schema import BY_NAME, ENVIRONMENT, SETTINGS, Kind, Setting

_MOST_BYTES = 1024 * 1024
_MOST_VALUES = 500
_OTHERS_READ = stat.S_IROTH


class Rank(StrEnum):
    """Whose word it is, the strongest first."""

    POLICY = "policy"
    COMMAND = "command"
    ENVIRONMENT = "environment"
    MACHINE = "machine"
    USER = "user"
    DEFAULT = "default"


MANAGED = frozenset((Rank.POLICY, Rank.MACHINE))
"""What IT sets: whoever sits at the computer cannot correct it."""


class Weight(StrEnum):
    """How much a remark matters: a value that cannot be used, one that a policy overrules, or a hint."""

    FAULT = "fault"
    OVERRULED = "overruled"
    HINT = "hint"


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something to say of a source: where, which key, and in words what is expected."""

    rank: Rank
    place: str
    key: str | None
    text: Text
    weight: Weight = Weight.FAULT


@dataclass(frozen=True, kw_only=True)
class Found:
    """One value as a source has it."""

    rank: Rank
    place: str
    key: str
    value: str | bool


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one source says."""

    values: Mapping[str, Found]
    remarks: tuple[Remark, ...] = ()


def readings(where: Places, environment: Mapping[str, str], winreg: Any = None) -> Iterator[Reading]:
    """All sources but the command line, the strongest first."""
    if where.registry:
        yield from_registry(Rank.POLICY, POLICY_KEY, winreg)
    for file in where.managed_preferences:
        yield from_property_list(Rank.POLICY, file)
    if where.policy_file is not None:
        yield from_toml(Rank.POLICY, where.policy_file)
    yield from_environment(environment)
    if where.registry:
        yield from_registry(Rank.MACHINE, MACHINE_KEY, winreg)
    if where.secrets_file is not None:
        yield from_secrets(where.secrets_file)
    if where.machine_settings_file is not None:
        yield from_toml(Rank.MACHINE, where.machine_settings_file)
    yield from_toml(Rank.USER, where.settings_file)


def from_toml(rank: Rank, file: Path) -> Reading:
    """A file of today's kind; one that is absent says nothing."""
    try:
        document = tomllib.loads(_bytes(file).decode("utf-8-sig"))  # Notepad likes to put a mark in front
    except FileNotFoundError:
        return Reading(values={})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        said = Text(sv=f"filen är inte TOML: {error}", en=f"the file is no TOML: {error}")
        return _unreadable(rank, str(file), said)
    except OSError as error:
        return _unreadable(rank, str(file), reason_of(error))
    reading = _sorted(rank, str(file), ((name, name, value) for name, value in document.items()))
    return _open_secrets(rank, file, reading)


def from_secrets(file: Path) -> Reading:
    """The machine's secrets. A file that we may not read says nothing: it is for the service alone."""
    try:
        file.open("rb").close()
    except PermissionError:
        return Reading(values={})
    except OSError:
        pass  # told below
    reading = from_toml(Rank.MACHINE, file)
    values = {name: found for name, found in reading.values.items() if BY_NAME[name].secret}
    return Reading(values=values, remarks=reading.remarks)


def _open_secrets(rank: Rank, file: Path, reading: Reading) -> Reading:
    """The reading, with a hint where everybody on the computer can read the secrets in the file."""
    secret = any(BY_NAME[name].secret for name in reading.values)
    try:
        seen = secret and sys.platform != "win32" and bool(file.stat().st_mode & _OTHERS_READ)
    except OSError:
        seen = False
    if not seen:
        return reading
    mode = "600" if rank is Rank.USER else "640"
    hint = Remark(
        rank=rank,
        place=str(file),
        key=None,
        weight=Weight.HINT,
        text=Text(
            sv=f"Alla på datorn kan läsa hemligheterna i {file}. Skriv: chmod {mode} {file}",
            en=f"Everybody on this computer can read the secrets in {file}. Write: chmod {mode} {file}",
        ),
    )
    return Reading(values=reading.values, remarks=(*reading.remarks, hint))


def from_environment(environment: Mapping[str, str]) -> Reading:
    """The variables of the environment; an empty one is not set."""
    given = (
        (variable, name, environment[variable])
        for name, variable in ENVIRONMENT.items()
        if environment.get(variable)
    )
    return _sorted(Rank.ENVIRONMENT, "environment", given)


def from_property_list(rank: Rank, file: Path) -> Reading:
    """A property list of macOS, as device management writes it."""
    try:
        document = plistlib.loads(_bytes(file))
    except FileNotFoundError:
        return Reading(values={})
    except OSError as error:
        return _unreadable(rank, str(file), reason_of(error))
    except Exception as error:  # plistlib has no error of its own: a broken file raises whatever it may
        name = type(error).__name__
        said = Text(sv=f"filen är ingen egenskapslista ({name})", en=f"the file is no property list ({name})")
        return _unreadable(rank, str(file), said)
    if not isinstance(document, dict):
        return _unreadable(
            rank, str(file), Text(sv="filen är ingen ordlista", en="the file is no dictionary")
        )
    keys = {setting.key: setting.name for setting in SETTINGS}
    return _sorted(
        rank, str(file), ((str(key), keys.get(str(key)), value) for key, value in document.items())
    )


def from_registry(rank: Rank, path: str, winreg: Any = None) -> Reading:
    """The values of one key below HKEY_LOCAL_MACHINE, in the view of 64-bit programs."""
    winreg = winreg or importlib.import_module("winreg")
    place = rf"HKLM\{path}"
    rows: list[tuple[str, str | None, Any]] = []
    names = {setting.key.casefold(): setting for setting in SETTINGS}
    try:
        access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path, 0, access) as key:
            for number in range(min(winreg.QueryInfoKey(key)[1], _MOST_VALUES)):
                name, data, kind = winreg.EnumValue(key, number)
                if not name:
                    continue  # the key's default value is none of ours
                setting = names.get(name.casefold())
                value = data if setting is None else _from_registry(setting, data, kind, winreg)
                rows.append((name, setting.name if setting else None, value))
    except FileNotFoundError:
        return Reading(values={})
    except OSError as error:
        return _unreadable(rank, place, reason_of(error))
    return _sorted(rank, place, rows)


class _Other:
    """A value of a type that the registry should not have there, as it is told."""

    def __init__(self, shown: str) -> None:
        self._shown = shown

    def __repr__(self) -> str:
        return self._shown


def _from_registry(setting: Setting, data: Any, kind: int, winreg: Any) -> Any:
    if setting.kind is Kind.TRUTH:
        return bool(data) if kind == winreg.REG_DWORD and data in (0, 1) else _Other(repr(data))
    if kind not in (winreg.REG_SZ, winreg.REG_EXPAND_SZ):
        return _Other(repr(data))
    return str(data or "")


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        content = opened.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise OSError(27, f"larger than {_MOST_BYTES} bytes")  # EFBIG
    return content


def _sorted(rank: Rank, place: str, rows: Iterable[tuple[str, str | None, Any]]) -> Reading:
    """Rows of the key there, the setting's name and its value: those that fit, and what is to say of others."""
    values: dict[str, Found] = {}
    remarks: list[Remark] = []
    for key, name, value in rows:
        setting = BY_NAME.get(name or "")
        if setting is None:
            remarks.append(_unknown(rank, place, key))
        elif rank is Rank.POLICY and not setting.by_policy:
            remarks.append(_not_by_policy(place, key, setting))
        elif value == "" and setting.kind is not Kind.TRUTH:
            continue  # an empty line of a form is not set
        elif setting.fits(value):
            values[setting.name] = Found(rank=rank, place=place, key=key, value=value)
        else:
            remarks.append(misfit(rank, place, key, setting, value))
    return Reading(values=values, remarks=tuple(remarks))


def misfit(rank: Rank, place: str, key: str, setting: Setting, value: object) -> Remark:
    """That a value is not what it should be, and what it should be."""
    shown = "…" if setting.secret else repr(value)[:120]
    expected = setting.expected
    if rank is Rank.ENVIRONMENT or rank is Rank.COMMAND:
        sv = f"Värdet för {key} passar inte: {shown}. Skriv {expected.sv}."
        en = f"The value of {key} does not fit: {shown}. Write {expected.en}."
    else:
        sv = f"Inställningarna i {place}: värdet för {key} passar inte: {shown}. Skriv {expected.sv}."
        en = f"The settings in {place}: the value of {key} does not fit: {shown}. Write {expected.en}."
    return Remark(rank=rank, place=place, key=key, text=Text(sv=sv, en=en))


def _unknown(rank: Rank, place: str, key: str) -> Remark:
    known = ", ".join(BY_NAME)
    return Remark(
        rank=rank,
        place=place,
        key=key,
        # What a newer version knows may stand in a policy for all: then it is no fault.
        weight=Weight.HINT if rank in MANAGED else Weight.FAULT,
        text=Text(
            sv=f"Inställningarna i {place}: okänd inställning {key[:80]}. De som finns är {known}.",
            en=f"The settings in {place}: unknown setting {key[:80]}. There are {known}.",
        ),
    )


def _not_by_policy(place: str, key: str, setting: Setting) -> Remark:
    why = (
        Text(sv="En policy kan läsas av alla.", en="A policy can be read by everybody.")
        if setting.secret
        else Text(sv="Den hör till datorn eller personen.", en="It belongs to the computer or the person.")
    )
    return Remark(
        rank=Rank.POLICY,
        place=place,
        key=key,
        text=Text(
            sv=f"Inställningarna i {place}: {key} kan inte sättas av en policy. {why.sv}",
            en=f"The settings in {place}: {key} cannot be set by a policy. {why.en}",
        ),
    )


def _unreadable(rank: Rank, place: str, why: Text) -> Reading:
    cure = Text(sv="Rätta filen, eller ta bort den.", en="Correct the file, or remove it.")
    if rank in MANAGED:
        cure = Text(sv="Be IT att rätta det.", en="Ask IT to correct that.")
    text = Text(
        sv=f"Inställningarna i {place} kan inte läsas: {why.sv}. {cure.sv}",
        en=f"The settings in {place} cannot be read: {why.en}. {cure.en}",
    )
    return Reading(values={}, remarks=(Remark(rank=rank, place=place, key=None, text=text),))
