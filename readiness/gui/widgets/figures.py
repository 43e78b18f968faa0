"""Evidence as rows of words: the name of a figure, its value, its unit, and the limit it is held to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from readiness.core.model import Result, Verdict
from readiness.core.series import is_series
from readiness.core.text import Language, Text
from readiness.gui.widgets.figure_words import NAMES, VALUES
from readiness.gui.widgets.source_words import source_line

if TYPE_CHECKING:  # profiles need pydantic, which the window does not wait for
    from readiness.core.profile import Limit

UNITS = {
    "dbfs": "dBFS",
    "db": "dB",
    "hz": "Hz",
    "percent": "%",
    "ms": "ms",
    "seconds": "s",
    "gib": "GiB",
    "mhz": "MHz",
    "px": "px",
    "mbps": "Mbit/s",
    "dbm": "dBm",
    "kbps": "kbit/s",
}
AT_LEAST = Text(sv="minst {edge}", en="at least {edge}")
AT_MOST = Text(sv="högst {edge}", en="at most {edge}")
BETTER_ABOVE = Text(sv="helst minst {edge}", en="better at least {edge}")
BETTER_BELOW = Text(sv="helst högst {edge}", en="better at most {edge}")
UNBROKEN = "\N{NO-BREAK SPACE}"
_GROUPED_FROM = 10_000
_YES, _NO = Text(sv="ja", en="yes"), Text(sv="nej", en="no")
_MOST_ROWS = 80


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One row: `limit` in words with the number of its source, `verdict` where it is beyond the limit."""

    name: str
    value: str
    before: str | None = None
    limit: str = ""
    verdict: Verdict | None = None


def figure_rows(evidence: Mapping[str, Any], language: Language) -> tuple[tuple[str, str], ...]:
    """Names and values, those that are known. A host is one row of its own."""
    return tuple((name, value) for _, name, value in _known(evidence, language))


def figure_table(
    result: Result, before: Mapping[str, Any], limits: Sequence[Limit], language: Language
) -> tuple[tuple[Figure, ...], tuple[Limit, ...]]:
    """The figures of a result beside those of an earlier run and the limits; and the limits' sources in turn."""
    earlier = {(key, name): value for key, name, value in _known(before, language)}
    sources: list[Limit] = []
    figures = []
    for key, name, value in _known(result.evidence, language):
        here = [limit for limit in limits if limit.figure == f"{result.check_id}.{key}"]
        said = []
        for limit in _first_of_each_direction(here):
            if not (words_now := limit_words(limit, language)):
                continue
            said_of_it = source_words(limit, language)
            number = next(
                (n for n, known in enumerate(sources, 1) if source_words(known, language) == said_of_it), None
            )
            if number is None:
                sources.append(limit)
                number = len(sources)
            said.append(f"{words_now} ({number})")
        figures.append(
            Figure(
                name=name,
                value=value,
                before=earlier.get((key, name), "–") if before else None,
                limit="; ".join(said),
                verdict=_beyond(here, result.evidence.get(key)),
            )
        )
    return tuple(figures), tuple(sources)


def limit_words(limit: Limit, language: Language) -> str:
    """`at least 5, better at least 15 Hz`; empty where the limit never decides."""
    below = limit.direction == "at_least"
    parts = []
    if limit.required is not None:
        parts.append((AT_LEAST if below else AT_MOST, limit.required))
    if limit.recommended is not None:
        parts.append((BETTER_ABOVE if below else BETTER_BELOW, limit.recommended))
    said = ", ".join(text.say(language, {"edge": number_words(edge, language)}) for text, edge in parts)
    unit = limit.unit if limit.unit in {*UNITS.values(), "px"} else ""
    return f"{said}{UNBROKEN}{unit}" if said and unit else said


def source_words(limit: Limit, language: Language) -> str:
    """Where a limit comes from, when it was read, and how far it can be trusted."""
    return source_line(limit.source, limit.retrieved, limit.confidence, language)


def number_words(value: float, language: Language) -> str:
    """A number as the language writes it, with as many digits as mean something."""
    written = f"{value:.3g}" if isinstance(value, float) and abs(value) < 100 else f"{value:.0f}"
    if "e" in written:
        written = f"{value:.7f}".rstrip("0")
    if abs(value) >= _GROUPED_FROM:
        written = f"{value:,.0f}".replace(",", UNBROKEN if language == "sv" else ",")
    written = written.replace("-", "−")
    return written.replace(".", ",") if language == "sv" else written


def duration_words(seconds: float, language: Language) -> str:
    """`35 s`, `4 min`, `2 h 5 min`: as exact as anybody needs."""
    if seconds < 90:
        return f"{seconds:.0f}{UNBROKEN}s"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    hour = "tim" if language == "sv" else "h"
    return f"{hours}{UNBROKEN}{hour} {rest}{UNBROKEN}min" if hours else f"{minutes}{UNBROKEN}min"


def name_words(name: str, language: Language) -> str:
    """What a figure is called; one of a newer version by its name without the unit."""
    words = NAMES.get(name)
    if words is not None:
        return words.say(language)
    stem, _, unit = name.rpartition("_")
    plain = (stem if stem and unit in UNITS else name).replace("_", " ")
    return plain[:1].upper() + plain[1:]


def unit_of(name: str) -> str:
    """The unit that a figure's name carries; empty where it has none."""
    parts = reversed(name.split("_"))  # `rtt_ms_p50`, `loss_percent_up_low`
    return next((UNITS[part] for part in parts if part in UNITS), "")


def _first_of_each_direction(limits: Sequence[Limit]) -> Iterator[Limit]:
    """A profile's own limits stand in front of inherited ones: the first decides."""
    seen: set[str] = set()
    for limit in limits:
        if limit.direction not in seen:
            seen.add(limit.direction)
            yield limit


def _beyond(limits: Sequence[Limit], value: Any) -> Verdict | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    grades = [limit.grade(value) for limit in _first_of_each_direction(limits)]
    return next((v for v in (Verdict.NOT_READY, Verdict.LIMITED) if v in grades), None)


def _known(evidence: Mapping[str, Any], language: Language) -> list[tuple[str, str, str]]:
    """Key, name and value of what is known; a flood of figures is cut."""
    rows: list[tuple[str, str, str]] = []
    for key, value in evidence.items():
        if value is None or value == "" or is_series(value):
            continue
        for name, said in _rows(key, value, language):
            if len(rows) == _MOST_ROWS:
                return [*rows, ("", "…", "…")]
            rows.append((key, name, said))
    return rows


def _rows(name: str, value: Any, language: Language) -> Iterator[tuple[str, str]]:
    if isinstance(value, list | tuple):
        if value and all(isinstance(part, Mapping) for part in value):
            for index, part in enumerate(value, 1):
                yield _joined(f"{name_words(name, language)} {index}", part, language)
        elif value:
            yield name_words(name, language), ", ".join(value_words(name, part, language) for part in value)
    elif isinstance(value, Mapping):
        yield _joined(name_words(name, language), value, language)
    else:
        yield name_words(name, language), value_words(name, value, language)


def _joined(title: str, figures: Mapping[str, Any], language: Language) -> tuple[str, str]:
    """What is known of one thing, on one line; a host and a program go by their names."""
    rest = dict(figures)
    if rest.get("program") and rest.get("name"):
        title = str(rest.pop("name"))
        rest.pop("program")
    host, port = rest.pop("host", None), rest.pop("port", None)
    if host is not None:
        title = f"{host}:{port}" if port else str(host)
    said = (
        f"{name_words(key, language).lower()} {_said(key, part, language)}"
        for key, part in rest.items()
        if part is not None and not isinstance(part, list)
    )
    return title, " · ".join(said) or VALUES["unknown"].say(language)


def _said(key: str, part: Any, language: Language) -> str:
    """A value, or the values of a small table in a table (up and down)."""
    if isinstance(part, Mapping):
        return "/".join(value_words(key, value, language) for value in part.values())
    return value_words(key, part, language)


def value_words(name: str, value: Any, language: Language) -> str:
    """A value with its unit."""
    if isinstance(value, bool):
        return (_YES if value else _NO).say(language)
    if isinstance(value, int | float):
        unit = unit_of(name)
        return number_words(value, language) + (f"{UNBROKEN}{unit}" if unit else "")
    words = VALUES.get(str(value))
    return words.say(language) if words is not None else str(value)
