"""A profile's file: read, held against its dataclass, and each fault told with its line and its cure."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from readiness.core.reasons import reason_of
from readiness.core.text import Text
from readiness.core.toml_lines import Place, line_of

LARGEST_BYTES = 256 * 1024
EXAMPLES = {
    "version": 'version = "2026-11-24.1"',
    "name": 'name = "Organisationen"',
    "figure": 'figure = "media_path.rtt_ms_p50"',
    "direction": 'direction = "at_most"',
    "unit": 'unit = "ms"',
    "required": "required = 300",
    "recommended": "recommended = 100",
    "activity": 'activity = "talk"',
    "source": 'source = "learn.microsoft.com/..."',
    "retrieved": "retrieved = 2026-11-24",
    "confidence": 'confidence = "official"',
    "host": 'host = "meet.example.se"',
    "hosts": '[[hosts]]',
    "port": "port = 443",
    "ports": 'ports = ["443", "3478-3481"]',
    "transport": 'transport = "tls"',
    "needs": 'needs = ["listen", "talk"]',
    "services": 'services = ["teams"]',
    "limits": "[[limits]]",
    "note": 'note = { sv = "...", en = "..." }',
    "units": 'units = ["Hemtjänsten"]',
    "ambassadors.unit": 'unit = "Hemtjänsten"',
    "phone": 'phone = "0123-45 67 89"',
    "mail": 'mail = "it@example.se"',
    "helpdesk": "[helpdesk]",
    "ambassadors": "[[ambassadors]]",
}  # fmt: skip
"""How a key is written, for those who wrote it otherwise."""

KindT = TypeVar("KindT")


class ProfileError(Exception):
    """A profile that cannot be used. `text` says which file and line, what is wrong, what to write."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, kw_only=True)
class Document:
    """A profile's file as it was read."""

    path: Path
    text: str
    values: dict[str, Any]

    def fault(self, place: Place, sv: str, en: str) -> ProfileError:
        """The error of what stands at `place`; `sv` and `en` say what is wrong and what to write."""
        return fault(self.path, sv, en, line=line_of(self.text, place), place=place)


def fault(path: Path, sv: str, en: str, *, line: int | None = None, place: Place = ()) -> ProfileError:
    """The error of a profile's file."""
    at_sv = f"{path.name}, rad {line}" if line else path.name
    at_en = f"{path.name}, line {line}" if line else path.name
    where = f" ({_written(place)})" if place else ""
    return ProfileError(
        Text(
            sv=f"Profilen kan inte läsas. {at_sv}{where}: {sv}.",
            en=f"The profile cannot be read. {at_en}{where}: {en}.",
        )
    )


def read(path: Path) -> Document:
    """The file. Raises ProfileError where it is unreadable, too large or no TOML."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise fault(path, "filen är större än 256 KiB", "the file is larger than 256 KiB")
        return parsed(path.read_text("utf-8-sig"), path)  # Notepad likes to put a mark in front
    except UnicodeDecodeError as error:
        raise fault(
            path, "filen är inte TOML. Spara den som UTF-8", "the file is no TOML. Save it as UTF-8"
        ) from error
    except OSError as error:
        reason = reason_of(error)
        raise fault(path, reason.sv, reason.en) from error


def parsed(text: str, path: Path) -> Document:
    """The text of a profile; `path` names it in errors. Raises ProfileError where it is no TOML."""
    try:
        return Document(path=path, text=text, values=tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise fault(
            path,
            f"filen är inte TOML: {error}. Titta efter citattecken och klamrar",
            f"the file is no TOML: {error}. Look for quotation marks and brackets",
            line=int(line[1]) if line else None,
        ) from error


def validated(document: Document, kind: type[KindT]) -> KindT:
    """The document as the dataclass `kind`. Raises ProfileError with the line of the first fault."""
    for place, key, fields in _unknown_keys(document.values, kind, ()):
        raise document.fault((*place, key), *unknown("nyckeln", "key", key, fields))
    for place in _no_numbers(document.values, kind, ()):
        key = str(place[-1])
        sv, en = "värdet är inget tal", "the value is no number"
        raise document.fault(place, *_with_example(sv, en, place, key))
    checked: Any = kind
    try:
        made: KindT = _adapter(checked).validate_python(document.values)
    except ValidationError as error:
        problem = error.errors()[0]
        place = tuple(problem["loc"])
        raise document.fault(place, *_cure(problem, place)) from error
    return made


def unknown(what_sv: str, what_en: str, name: str, known: Sequence[str]) -> tuple[str, str]:
    """The words for a name that does not exist: the one that was meant, or all there are."""
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return (
            f"{what_sv} ”{name}” finns inte. Skriv ”{near[0]}”",
            f"there is no {what_en} “{name}”. Write “{near[0]}”",
        )
    names = ", ".join(known)
    return (
        f"{what_sv} ”{name}” finns inte. Välj bland {names}",
        f"there is no {what_en} “{name}”. Choose among {names}",
    )


def rows_of(kind: Any) -> dict[str, type[Any]]:
    """The fields of a dataclass that hold dataclasses (one, or a tuple of them), with their types."""
    rows: dict[str, type[Any]] = {}
    for name, hint in get_type_hints(kind).items():
        for part in (hint, *get_args(hint)):
            if dataclasses.is_dataclass(part) and isinstance(part, type):
                rows[name] = part
    return rows


def _unknown_keys(values: Any, kind: Any, place: Place) -> Iterator[tuple[Place, str, list[str]]]:
    if not isinstance(values, dict):
        return
    fields = [field.name for field in dataclasses.fields(kind)]
    for key in values:
        if key not in fields:
            yield place, key, fields
    for name, inner in rows_of(kind).items():
        listed = values.get(name)
        for number, row in enumerate(listed if isinstance(listed, list) else ()):
            yield from _unknown_keys(row, inner, (*place, name, number))
        yield from _unknown_keys(listed, inner, (*place, name))


def _no_numbers(values: Any, kind: Any, place: Place) -> Iterator[Place]:
    """Where a word or a yes stands for a number: pydantic would make a number of it."""
    if not isinstance(values, dict):
        return
    for name, hint in get_type_hints(kind).items():
        if {int, float} & {hint, *get_args(hint)} and name in values:
            value = values[name]
            if isinstance(value, bool) or not isinstance(value, int | float):
                yield (*place, name)
    for name, inner in rows_of(kind).items():
        listed = values.get(name)
        for number, row in enumerate(listed if isinstance(listed, list) else ()):
            yield from _no_numbers(row, inner, (*place, name, number))


@functools.cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _cure(problem: Any, place: Place) -> tuple[str, str]:
    """What is wrong in words, and what to write, for a fault that pydantic found."""
    key = str(next((part for part in reversed(place) if isinstance(part, str)), ""))
    expected = re.findall(r"'([^']*)'", str(problem.get("ctx", {}).get("expected", "")))
    if expected:
        return unknown("värdet", "value", str(problem.get("input")), expected)
    if problem["type"] == "missing":
        return _with_example(f"nyckeln ”{key}” saknas", f"the key “{key}” is missing", place, key)
    return _with_example("värdet är av fel slag", "the value is of the wrong kind", place, key)


def _with_example(sv: str, en: str, place: Place, key: str) -> tuple[str, str]:
    example = EXAMPLES.get(f"{place[0]}.{key}", EXAMPLES.get(key)) if place else None
    if example is None:
        return sv, en
    return f"{sv}. Skriv till exempel {example}", f"{en}. Write for example {example}"


def _written(place: Place) -> str:
    """`limits[3].unit`; the index as in the file's order, from 1 as people count."""
    text = ""
    for part in place:
        text += f" {part + 1}" if isinstance(part, int) else f"{', ' if text else ''}{part}"
    return text
