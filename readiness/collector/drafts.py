"""Drafts of the organisation's requirements: a profile's limits as a form, and what the form makes of them.

A draft is TOML as people write it: what it does not change stands as it stood, comments among it.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import tomlkit
import tomlkit.items

from readiness.collector.requirements import ORGANISATION, profile_of
from readiness.core.limits import Limit, exclude_each_other, reversed_limits
from readiness.core.model import Activity
from readiness.core.profile import Profile
from readiness.core.profile_faults import contradiction
from readiness.core.profile_file import ProfileError
from readiness.core.text import Text

_KEPT = ("version", "name", "services", "units", "helpdesk", "ambassadors")
"""What the organisation's own file says of itself, whichever profile its limits come from."""
_EDGES = ("required", "recommended")
_NO_NUMBER = Text(sv="Skriv ett tal, till exempel 12,5.", en="Write a number, such as 12.5.")
_NOTHING = Text(sv="Skriv minst ett av de två talen.", en="Write at least one of the two numbers.")
_NO_NEED = Text(sv="Välj minst en.", en="Choose at least one.")
_REVERSED = Text(
    sv="Det som rekommenderas ska vara minst lika strängt som det som krävs.",
    en="What is recommended must be at least as strict as what is required.",
)
_EXCLUDE = Text(
    sv="Med det här talet klarar ingen dator både den lägsta och den högsta gränsen.",
    en="With this number no computer can meet both the lowest and the highest limit.",
)


class DraftError(Exception):
    """What was written cannot be used: what is wrong, by the name of the field."""

    def __init__(self, faults: Mapping[str, Text]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


@dataclass(frozen=True, kw_only=True)
class Row:
    """One limit as the form shows it: its two fields, what is in force today, and what is written now."""

    limit: Limit
    today: Limit | None
    written: Mapping[str, str]

    @property
    def key(self) -> str:
        """What its fields are called, after `required:` and `recommended:`."""
        return key_of(self.limit)

    @property
    def differs(self) -> bool:
        """Whether what is written differs from what is in force today."""
        return any(
            self.written[edge].strip().replace(",", ".") != written_number(getattr(self.today, edge, None))
            for edge in _EDGES
        )


def key_of(limit: Limit) -> str:
    """What tells a limit from the others of its profile."""
    return f"{limit.figure}:{limit.direction}:{limit.activity.value if limit.activity else ''}"


def rows(
    profile: Profile, today: Profile, form: Mapping[str, str] | None = None, *, comma: bool = False
) -> dict[str, tuple[Row, ...]]:
    """The limits of `profile` by check, with what a form says of them instead of their own numbers."""
    now = {key_of(limit): limit for limit in today.limits}
    grouped: dict[str, list[Row]] = {}
    for limit in profile.limits:
        key = key_of(limit)
        written = {
            edge: (form or {}).get(f"{edge}:{key}", written_number(getattr(limit, edge), comma=comma))
            for edge in _EDGES
        }
        grouped.setdefault(limit.figure.partition(".")[0], []).append(
            Row(limit=limit, today=now.get(key), written=written)
        )
    return {check: tuple(found) for check, found in grouped.items()}


def written_number(value: float | None, *, comma: bool = False) -> str:
    """A number as it stands in a field."""
    written = "" if value is None else f"{value:.10g}"
    return written.replace(".", ",") if comma else written


def drafted(base: str, organisation: str, form: Mapping[str, str], today: date, who: str) -> str:
    """The requirements that a form makes of the profile in the TOML text `base`.

    `organisation` is the text in force: what it says of the organisation itself stays. Raises
    DraftError, which tells every fault at its field.
    """
    profile = profile_of(base)
    faults: dict[str, Text] = {}
    limits = tuple(_changed(limit, form, today, who, faults) for limit in profile.limits)
    needs = tuple(activity for activity in Activity if form.get(f"need:{activity.value}"))
    if "needs" in form and not needs:
        faults["needs"] = _NO_NEED
    _exclude_nothing(profile, limits, faults)
    if faults:
        raise DraftError(faults)
    changed = [new for old, new in zip(profile.limits, limits, strict=True) if new != old]
    document = _based_on(base, organisation, profile)
    _state(document, _with_siblings(changed, limits))
    if "needs" in form and needs != profile.needs:
        document["needs"] = [activity.value for activity in needs]
    text = tomlkit.dumps(document)
    try:
        profile_of(text)
    except ProfileError as error:
        raise DraftError({"": error.text}) from error
    return text


def with_version(text: str, version: str) -> str:
    """The requirements under another version."""
    document = tomlkit.parse(text)
    document["version"] = version
    return tomlkit.dumps(document)


def as_organisation(base: str, organisation: str) -> str:
    """The profile in the text `base` as the organisation's requirements."""
    return tomlkit.dumps(_based_on(base, organisation, profile_of(base)))


def _changed(limit: Limit, form: Mapping[str, str], today: date, who: str, faults: dict[str, Text]) -> Limit:
    """The limit with the form's numbers; what is wrong with them is put in `faults`."""
    key = key_of(limit)
    numbers: dict[str, float | None] = {}
    for edge in _EDGES:
        field = f"{edge}:{key}"
        written = form.get(field, written_number(getattr(limit, edge))).strip()
        try:
            numbers[edge] = _number(written)
        except ValueError:
            faults[field] = _NO_NUMBER
    if len(numbers) < len(_EDGES) or all(
        written_number(numbers[edge]) == written_number(getattr(limit, edge)) for edge in _EDGES
    ):
        return limit
    if all(number is None for number in numbers.values()):
        faults[f"required:{key}"] = _NOTHING
        return limit
    new = dataclasses.replace(
        limit,
        required=numbers["required"],
        recommended=numbers["recommended"],
        source=f"decided by {who} on {today.isoformat()}; before that: {_first_source(limit.source)}"[:1000],
        retrieved=today,
        confidence="own_choice",
    )
    if reversed_limits(new):
        edge = "recommended" if new.recommended != limit.recommended else "required"
        faults[f"{edge}:{key}"] = _REVERSED
        return new
    head = Profile(id=ORGANISATION, version="1", name="-", limits=(new,))
    if found := contradiction(head):
        place, sv, en = found
        edge = str(place[-1]) if place and place[-1] in _EDGES else "required"
        faults[f"{edge}:{key}"] = Text(sv=_sentence(sv), en=_sentence(en))
    return new


def _number(written: str) -> float | None:
    if not written:
        return None
    value = float(written.replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace(",", "."))
    if not math.isfinite(value):
        raise ValueError(written)
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _first_source(source: str) -> str:
    """The published source, without those who decided on other numbers since."""
    return source.rpartition("; before that: ")[2]


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _exclude_nothing(profile: Profile, limits: Sequence[Limit], faults: dict[str, Text]) -> None:
    """Tell where a changed limit and its opposite leave no value that is good."""
    for old, new in zip(profile.limits, limits, strict=True):
        for other in limits:
            if new != old and exclude_each_other(new, other):
                faults.setdefault(f"required:{key_of(new)}", _EXCLUDE)


def _with_siblings(changed: Sequence[Limit], limits: Sequence[Limit]) -> list[Limit]:
    """A limit for all activities takes the place of every inherited one of its figure: those are stated too."""
    general = {(limit.figure, limit.direction) for limit in changed if limit.activity is None}
    return [limit for limit in limits if limit in changed or (limit.figure, limit.direction) in general]


def _based_on(base: str, organisation: str, profile: Profile) -> tomlkit.TOMLDocument:
    """The text to change: the base itself where it is the organisation's, else one that extends it."""
    if profile.id == ORGANISATION:
        return tomlkit.parse(base)
    document = tomlkit.parse(organisation)
    for name in set(document) - set(_KEPT) - {"id"}:
        document.remove(name)
    document["extends"] = profile.id
    document["needs"] = [activity.value for activity in profile.needs]
    hosts = tomlkit.parse(base).get("hosts")
    if hosts:
        document["hosts"] = hosts
    return document


def _state(document: tomlkit.TOMLDocument, limits: Sequence[Limit]) -> None:
    """Write these limits among the document's own."""
    listed = document.get("limits")
    if listed is None and limits:
        listed = tomlkit.aot()
        document["limits"] = listed
    own = {_key(row): row for row in listed or ()}
    for limit in limits:
        row = own.get(key_of(limit))
        if row is None:
            row = tomlkit.table()
            listed.append(row)  # type: ignore[union-attr]
            row = listed[-1]  # type: ignore[index]
        for name, value in _values(limit).items():
            if value is None:
                row.pop(name, None)
            else:
                row[name] = value


def _key(row: Mapping[str, Any]) -> str:
    return f"{row['figure']}:{row['direction']}:{row.get('activity', '')}"


def _values(limit: Limit) -> dict[str, Any]:
    values: dict[str, Any] = {field.name: getattr(limit, field.name) for field in dataclasses.fields(limit)}
    values["activity"] = limit.activity.value if limit.activity else None
    values["note"] = limit.note or None
    return values


@functools.lru_cache(maxsize=20)
def changes(before: str, after: str) -> tuple[tuple[Limit | None, Limit | None], ...]:
    """The limits that differ between two texts: as they were, as they are. Raises ProfileError."""
    old = {key_of(limit): limit for limit in profile_of(before).limits}
    new = {key_of(limit): limit for limit in profile_of(after).limits}
    return tuple(
        (old.get(key), new.get(key))
        for key in dict.fromkeys((*old, *new))
        if _edges(old.get(key)) != _edges(new.get(key))
    )


def _edges(limit: Limit | None) -> tuple[float | None, float | None] | None:
    return None if limit is None else (limit.required, limit.recommended)
