"""Evidence as rows of words: the name of a figure, its value, its unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from readiness.core.text import Language, Text

_UNITS = {
    "dbfs": "dBFS",
    "db": "dB",
    "hz": "Hz",
    "khz": "kHz",
    "percent": "%",
    "ms": "ms",
    "seconds": "s",
    "bytes": "byte",
    "mib": "MiB",
    "gib": "GiB",
    "gb": "GB",
    "mbps": "Mbit/s",
    "kbps": "kbit/s",
    "celsius": "°C",
}
_YES, _NO = Text(sv="ja", en="yes"), Text(sv="nej", en="no")
_MOST_ROWS = 80


def figure_rows(evidence: Mapping[str, Any], language: Language) -> tuple[tuple[str, str], ...]:
    """Names and values, those that are known; nested ones with their place in the name."""
    rows: list[tuple[str, str]] = []
    for name, value in _leaves(evidence, ""):
        if len(rows) == _MOST_ROWS:
            rows.append(("…", "…"))
            break
        rows.append(_row(name, value, language))
    return tuple(rows)


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _leaves(part, f"{name} › {key}" if name else str(key))
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value, 1):
            yield from _leaves(part, f"{name} {index}")
    elif value is not None and value != "":
        yield name, value


def _row(name: str, value: Any, language: Language) -> tuple[str, str]:
    stem, _, last = name.rpartition("_")
    unit = _UNITS.get(last.split(" ")[0], "")
    words = (stem if unit else name).replace("_", " ")
    if isinstance(value, bool):
        written = (_YES if value else _NO).say(language)
    elif isinstance(value, float):
        rounded = f"{value:.2f}".rstrip("0").rstrip(".")
        written = Text(sv="{value}", en="{value}").say(language, {"value": rounded})
        written = written.replace(".", ",").replace("-", "−") if language == "sv" else written
    else:
        written = str(value)
    return words[:1].upper() + words[1:], f"{written} {unit}".strip()
