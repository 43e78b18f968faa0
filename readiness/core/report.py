"""Reports as JSON: in and out, with schema versions, unknown fields kept, and redaction."""

from __future__ import annotations

import dataclasses
import functools
import json
import math
import re
import uuid
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from readiness.core.check import Check
from readiness.core.evidence import encode
from readiness.core.model import Computer, Finding, Lift, Rating, Report, Result, Trial
from readiness.core.profile import Profile
from readiness.core.rating import rate

SCHEMA = 1
LARGEST_REPORT_BYTES = 1024 * 1024
DEEPEST_NESTING = 32
OPTIONAL_FIELDS = ("user_name", "wifi_name", "serial_number")
"""Fields of `Computer` that are left out unless the person switches them on."""

_NESTED: dict[type, dict[str, type]] = {
    Report: {"computer": Computer, "rating": Rating, "services": Rating, "results": Result, "trials": Trial},
    Trial: {"results": Result},
    Rating: {"lifts": Lift},
    Result: {"findings": Finding},
}


_ROW_OF_NUMBERS = re.compile(r"\[\n\s*([-+.\deE]+(?:,\n\s*[-+.\deE]+)*)\n\s*\]")
"""As indented JSON writes it; no text holds one, for in a text a line break is written otherwise."""


class ReportError(ValueError):
    """A document that is no report; the message says where and why, in English, for programs."""


def new_id() -> str:
    """A report's id: a random UUID, made before the run starts."""
    return str(uuid.uuid4())


def compose(
    *,
    report_id: str,
    created_utc: str,
    app_version: str,
    computer: Computer,
    results: Sequence[Result],
    checks: Sequence[Check[Any, Any]],
    profiles: Sequence[Profile],
    chosen: Sequence[str] | None,
    trials: Sequence[Trial] = (),
) -> Report:
    """The report of one run, rated under every profile; the first is the chosen one.

    `chosen` are the ids of the checks that were asked for, None for all.
    """
    rating, *services = (rate(results, checks, profile, chosen=chosen) for profile in profiles)
    return Report(
        schema=SCHEMA,
        id=report_id,
        created_utc=created_utc,
        app_version=app_version,
        computer=computer,
        rating=rating,
        services=tuple(services),
        results=tuple(results),
        trials=tuple(trials),
    )


def to_document(report: Report) -> dict[str, Any]:
    """The report as JSON values, the fields of newer versions where they were.

    What no JSON can hold does not keep a report from being written: a number that is not finite
    becomes null, half a character (from a name in another encoding) the replacement character.
    """
    document: dict[str, Any] = _writable(_spread(_adapter().dump_python(report, mode="json"), Report))
    return document


def part_to_document(part: Rating | Finding) -> dict[str, Any]:
    """A part of a report as JSON values, as it stands in the report."""
    document: dict[str, Any] = _writable(_spread(encode(part), type(part)))
    return document


def to_json(report: Report, *, indent: int | None = None) -> str:
    """The report as JSON text; indented, a row of numbers still stands on one line."""
    text = json.dumps(to_document(report), ensure_ascii=False, indent=indent, allow_nan=False)
    if indent is None:
        return text
    return _ROW_OF_NUMBERS.sub(lambda row: f"[{', '.join(row[1].replace(',', ' ').split())}]", text)


def from_json(text: str | bytes) -> Report:
    """The report in a JSON text of at most LARGEST_REPORT_BYTES.

    Raises ReportError where it is not JSON, nested too deeply or not a report. A newer schema is
    read as far as it is known; what is not known is kept.
    """
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "replace"))
    if size > LARGEST_REPORT_BYTES:
        raise ReportError(f"a report has at most {LARGEST_REPORT_BYTES} bytes")
    try:
        document = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ReportError(f"not JSON: {error}") from error
    return from_document(document)


def from_document(document: Any) -> Report:
    """The report in JSON values that were parsed already. Raises ReportError as `from_json`."""
    if not isinstance(document, dict):
        raise ReportError("a report is a JSON object")
    _look_through(document)
    try:
        report: Report = _adapter().validate_python(_gather(document, Report))
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise ReportError(f"{where}: {problem['msg']}") from error
    if report.schema < 1:
        raise ReportError("schema: starts at 1")
    try:
        uuid.UUID(report.id)
    except ValueError as error:
        raise ReportError("id: not a UUID") from error
    return report


def redacted(report: Report, keep: frozenset[str] = frozenset()) -> Report:
    """The report without the optional personal fields, save those named in `keep`."""
    gone: dict[str, Any] = {name: None for name in OPTIONAL_FIELDS if name not in keep}
    return dataclasses.replace(report, computer=dataclasses.replace(report.computer, **gone))


def json_schema() -> dict[str, Any]:
    """The JSON schema of a report. Other fields than these are allowed, and kept."""
    schema = _adapter().json_schema()
    for kind in (schema, *schema.get("$defs", {}).values()):
        kind.get("properties", {}).pop("extra", None)  # stands for what is not in the schema
    return schema


@functools.cache
def _adapter() -> TypeAdapter[Report]:
    return TypeAdapter(Report)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


@functools.cache
def _known_fields(kind: type) -> frozenset[str]:
    return frozenset(field.name for field in dataclasses.fields(kind)) - {"extra"}


def _gather(document: Any, kind: type) -> Any:
    """Move the keys that `kind` does not know into its `extra`."""
    if not isinstance(document, dict):
        return document
    known = _known_fields(kind)
    gathered: dict[str, Any] = {"extra": {}, **document}
    if not document.keys() <= known:
        gathered = {name: value for name, value in document.items() if name in known}
        gathered["extra"] = {name: value for name, value in document.items() if name not in known}
    for name, inner in _NESTED.get(kind, {}).items():
        value = gathered.get(name)
        if isinstance(value, list):
            gathered[name] = [_gather(part, inner) for part in value]
        elif isinstance(value, dict):
            gathered[name] = _gather(value, inner)
    return gathered


def _spread(document: Any, kind: type) -> Any:
    """The reverse of `_gather`."""
    spread: dict[str, Any] = {}
    for name, value in document.items():
        if name == "extra":
            continue
        inner = _NESTED.get(kind, {}).get(name)
        if inner and isinstance(value, list):
            spread[name] = [_spread(part, inner) for part in value]
        else:
            spread[name] = _spread(value, inner) if inner else value
    return {**document["extra"], **spread}


def _writable(value: Any) -> Any:
    """`value` with what JSON in UTF-8 cannot hold replaced."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {_writable(name): _writable(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_writable(part) for part in value]
    return value


_PLAIN = frozenset((str, int, bool, type(None)))


def _look_through(document: Any) -> None:
    """Raises ReportError where values nest too deeply, or a number is too large to be one."""
    depth, layer = 0, [document]
    while layer:
        depth += 1
        if depth > DEEPEST_NESTING:
            raise ReportError(f"nested deeper than {DEEPEST_NESTING}")
        deeper: list[Any] = []
        for item in layer:
            kind = type(item)
            if kind in _PLAIN:
                continue
            if kind is dict:
                deeper.extend(item.values())
            elif kind is list:
                deeper.extend(item)
            elif kind is float and not math.isfinite(item):
                raise ReportError("a number is not finite")
        layer = deeper
