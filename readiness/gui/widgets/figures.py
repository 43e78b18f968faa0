"""Evidence as rows of words: the name of a figure, its value, its unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from readiness.core.text import Language, Text
from readiness.gui.widgets.figure_words import NAMES, VALUES

_UNITS = {
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
    "kbps": "kbit/s",
}
_YES, _NO = Text(sv="ja", en="yes"), Text(sv="nej", en="no")
_MOST_ROWS = 80


def figure_rows(evidence: Mapping[str, Any], language: Language) -> tuple[tuple[str, str], ...]:
    """Names and values, those that are known. A host is one row of its own."""
    rows: list[tuple[str, str]] = []
    for name, value in evidence.items():
        if value is None or value == "":
            continue
        for shown in _rows(name, value, language):
            if len(rows) == _MOST_ROWS:
                return (*rows, ("…", "…"))
            rows.append(shown)
    return tuple(rows)


def _rows(name: str, value: Any, language: Language) -> Iterator[tuple[str, str]]:
    if isinstance(value, list | tuple):
        if value and all(isinstance(part, Mapping) for part in value):
            for index, part in enumerate(value, 1):
                yield _joined(f"{_name(name, language)} {index}", part, language)
        elif value:
            yield _name(name, language), ", ".join(_value(name, part, language) for part in value)
    elif isinstance(value, Mapping):
        yield _joined(_name(name, language), value, language)
    else:
        yield _name(name, language), _value(name, value, language)


def _joined(title: str, figures: Mapping[str, Any], language: Language) -> tuple[str, str]:
    """What is known of one thing, on one line; a host goes by its name."""
    rest = dict(figures)
    host, port = rest.pop("host", None), rest.pop("port", None)
    if host is not None:
        title = f"{host}:{port}" if port else str(host)
    said = (
        f"{_name(key, language).lower()} {_value(key, part, language)}"
        for key, part in rest.items()
        if part is not None and not isinstance(part, list | dict)
    )
    return title, " · ".join(said)


def _name(name: str, language: Language) -> str:
    words = NAMES.get(name)
    if words is not None:
        return words.say(language)
    stem, _, unit = name.rpartition("_")
    plain = (stem if stem and unit in _UNITS else name).replace("_", " ")
    return plain[:1].upper() + plain[1:]


def _value(name: str, value: Any, language: Language) -> str:
    if isinstance(value, bool):
        return (_YES if value else _NO).say(language)
    if isinstance(value, int | float):
        written = f"{value:.3g}" if isinstance(value, float) and abs(value) < 100 else f"{value:.0f}"
        written = written.replace("-", "−")
        if language == "sv":
            written = written.replace(".", ",")
        unit = _UNITS.get(name.rpartition("_")[2], "")
        return f"{written} {unit}".strip()
    words = VALUES.get(str(value))
    return words.say(language) if words is not None else str(value)
