"""Two runs of one computer compared: what is different now, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from readiness.core.model import Ending, Report, Result, Verdict, severity
from readiness.core.series import is_series
from readiness.core.text import Language, Text
from readiness.gui import words
from readiness.gui.widgets.figures import name_words, value_words

if TYPE_CHECKING:  # profiles need pydantic, which the window does not wait for
    from readiness.core.profile import Limit

VERDICTS = Text(sv="Resultat", en="Results")
DEVICES = Text(sv="Enheter", en="Devices")
COMPUTER = Text(sv="Dator och drivrutiner", en="Computer and drivers")
LINK = Text(sv="Anslutning", en="Connection")
SETTINGS = Text(sv="Inställningar", en="Settings")
FIGURES = Text(sv="Mätvärden", en="Measurements")
OVERALL = Text(sv="Sammantaget", en="Overall")
PROGRAM = Text(sv="Programmets version", en="The program's version")
SYSTEM = Text(sv="Operativsystem", en="Operating system")
MODEL = Text(sv="Modell", en="Model")
NETWORK = Text(sv="Typ av nätverk", en="Kind of network")
NOTHING = "–"

_LINK_CHECKS = frozenset({"connection", "media_path", "capacity", "location"})
_DEVICE_FIGURES = ("device_name", "attachment", "driver", "format")
_PASSING = frozenset({"seconds", "frames", "clock_utc", "device_id", "problem_detail", "quiet_seconds"})
"""Figures that differ between any two runs and mean nothing by it."""
_NOTABLE_SHARE = 0.25
"""A figure without a limit is told when it changed by so much of itself; our own choice."""
_MOST_FIGURES = 24


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that is another now. `better`: towards or away from what is required; None: neither."""

    name: str
    before: str
    now: str
    better: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Group:
    """Changes of one kind."""

    title: Text
    changes: tuple[Change, ...]


def compare(
    before: Report, now: Report, titles: Mapping[str, Text], limits: Sequence[Limit], language: Language
) -> tuple[Group, ...]:
    """What is different in `now`, by kind; kinds without a change are left out."""
    pairs = _pairs(before, now)
    groups = (
        Group(title=VERDICTS, changes=tuple(_verdicts(before, now, pairs, titles, language))),
        Group(title=DEVICES, changes=tuple(_devices(pairs, titles, language))),
        Group(title=COMPUTER, changes=tuple(_computer(before, now, language))),
        Group(title=LINK, changes=tuple(_link(before, now, pairs, language))),
        Group(title=SETTINGS, changes=tuple(_settings(pairs, titles, language))),
        Group(title=FIGURES, changes=tuple(_figures(pairs, titles, limits, language))),
    )
    return tuple(group for group in groups if group.changes)


_Pairs = Sequence[tuple[Result, Result]]


def _pairs(before: Report, now: Report) -> _Pairs:
    earlier = {result.check_id: result for result in before.results}
    return [(earlier[result.check_id], result) for result in now.results if result.check_id in earlier]


def _verdicts(
    before: Report, now: Report, pairs: _Pairs, titles: Mapping[str, Text], language: Language
) -> Iterator[Change]:
    if before.rating.overall is not now.rating.overall:
        yield _verdict_change(
            OVERALL.say(language), before.rating.overall, now.rating.overall, words.OVERALL, language
        )
    for old, new in pairs:
        if (was := _verdict(old)) is not (is_now := _verdict(new)):
            yield _verdict_change(_title(new, titles, language), was, is_now, words.VERDICT, language)


def _verdict_change(
    name: str, was: Verdict, is_now: Verdict, said: Mapping[Verdict, Text], language: Language
) -> Change:
    return Change(
        name=name,
        before=said[was].say(language),
        now=said[is_now].say(language),
        better=severity(is_now) < severity(was),
    )


def _verdict(result: Result) -> Verdict:
    if result.ending is not Ending.COMPLETED:
        return Verdict.UNKNOWN
    return max((finding.verdict for finding in result.findings), key=severity, default=Verdict.READY)


def _devices(pairs: _Pairs, titles: Mapping[str, Text], language: Language) -> Iterator[Change]:
    for old, new in pairs:
        for key in _DEVICE_FIGURES:
            yield from _changed(old, new, key, _title(new, titles, language), language)


def _computer(before: Report, now: Report, language: Language) -> Iterator[Change]:
    old, new = before.computer, now.computer
    for text, was, is_now in (
        (SYSTEM, old.system, new.system),
        (MODEL, old.model, new.model),
        (PROGRAM, before.app_version, now.app_version),
    ):
        if was != is_now:
            yield Change(name=text.say(language), before=was or NOTHING, now=is_now or NOTHING)
    for name in sorted(old.drivers.keys() | new.drivers.keys()):
        was, is_now = old.drivers.get(name), new.drivers.get(name)
        if was != is_now:
            yield Change(name=name, before=was or NOTHING, now=is_now or NOTHING)


def _link(before: Report, now: Report, pairs: _Pairs, language: Language) -> Iterator[Change]:
    was, is_now = before.computer.network_kind, now.computer.network_kind
    if was != is_now:
        yield Change(name=NETWORK.say(language), before=was or NOTHING, now=is_now or NOTHING)
    for old, new in pairs:
        if new.check_id in _LINK_CHECKS:
            for key in _plain_keys(old, new):
                yield from _changed(old, new, key, "", language)


def _settings(pairs: _Pairs, titles: Mapping[str, Text], language: Language) -> Iterator[Change]:
    for old, new in pairs:
        if new.check_id not in _LINK_CHECKS:
            for key in _plain_keys(old, new):
                if key not in _DEVICE_FIGURES:
                    yield from _changed(old, new, key, _title(new, titles, language), language)


def _figures(
    pairs: _Pairs, titles: Mapping[str, Text], limits: Sequence[Limit], language: Language
) -> Iterator[Change]:
    """Those that crossed a limit first, then those that changed much."""
    crossed: list[Change] = []
    much: list[Change] = []
    for old, new in pairs:
        for key in old.evidence.keys() & new.evidence.keys() - _PASSING:
            was, is_now = old.evidence[key], new.evidence[key]
            if not (_is_number(was) and _is_number(is_now)) or was == is_now:
                continue
            here = [limit for limit in limits if limit.figure == f"{new.check_id}.{key}"]
            grades = [_grade(here, value) for value in (was, is_now)]
            better = severity(grades[1]) < severity(grades[0]) if grades[0] is not grades[1] else None
            change = Change(
                name=f"{_title(new, titles, language)}: {name_words(key, language)}",
                before=value_words(key, was, language),
                now=value_words(key, is_now, language),
                better=better,
            )
            if better is not None:
                crossed.append(change)
            elif here and abs(is_now - was) >= _NOTABLE_SHARE * max(abs(was), abs(is_now)):
                much.append(change)
    for several in (crossed, much):
        several.sort(key=lambda change: change.name)
    yield from (crossed + much)[:_MOST_FIGURES]


def _grade(limits: Sequence[Limit], value: float) -> Verdict:
    decided: dict[str, Verdict] = {}
    for limit in limits:
        decided.setdefault(limit.direction, limit.grade(value))
    return max(decided.values(), key=severity, default=Verdict.READY)


def _plain_keys(old: Result, new: Result) -> list[str]:
    """The figures that are words or yes and no: what somebody set or plugged in."""
    keys = dict.fromkeys((*old.evidence, *new.evidence))
    return [key for key in keys if key not in _PASSING and _is_plain(old, key) and _is_plain(new, key)]


def _is_plain(result: Result, key: str) -> bool:
    return isinstance(result.evidence.get(key), str | bool | None)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not is_series(value)


def _changed(old: Result, new: Result, key: str, title: str, language: Language) -> Iterator[Change]:
    was, is_now = old.evidence.get(key), new.evidence.get(key)
    if was == is_now or not (_is_plain(old, key) and _is_plain(new, key)):
        return
    name = name_words(key, language)
    yield Change(
        name=f"{title}: {name}" if title else name,
        before=NOTHING if was is None else value_words(key, was, language),
        now=NOTHING if is_now is None else value_words(key, is_now, language),
    )


def _title(result: Result, titles: Mapping[str, Text], language: Language) -> str:
    title = titles.get(result.check_id)
    return title.say(language) if title else result.check_id
