"""Figures for people: names with units become labels and values in the reader's language."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from readiness.core.series import is_series
from readiness.core.text import Language, Text

LONGEST_VALUE = 300
MOST_ROWS = 200
_MOST_ITEMS = 20
_UNITS: tuple[tuple[str, Text], ...] = tuple(
    (suffix, Text(sv=sv, en=en))
    for suffix, sv, en in (
        ("_bits_per_second", "bit/s", "bit/s"),
        ("_kbit_s", "kbit/s", "kbit/s"),
        ("_mbit_s", "Mbit/s", "Mbit/s"),
        ("_per_second", "per sekund", "per second"),
        ("_percent", "%", "%"),
        ("_dbfs", "dBFS", "dBFS"),
        ("_dbm", "dBm", "dBm"),
        ("_db", "dB", "dB"),
        ("_khz", "kHz", "kHz"),
        ("_mhz", "MHz", "MHz"),
        ("_ghz", "GHz", "GHz"),
        ("_hz", "Hz", "Hz"),
        ("_fps", "bilder/s", "frames/s"),
        ("_milliseconds", "ms", "ms"),
        ("_ms", "ms", "ms"),
        ("_seconds", "s", "s"),
        ("_minutes", "min", "min"),
        ("_hours", "h", "h"),
        ("_days", "dygn", "days"),
        ("_pixels", "bildpunkter", "pixels"),
        ("_px", "bildpunkter", "pixels"),
        ("_degrees", "°", "°"),
        ("_celsius", "°C", "°C"),
        ("_gib", "GiB", "GiB"),
        ("_mib", "MiB", "MiB"),
        ("_kib", "KiB", "KiB"),
        ("_gb", "GB", "GB"),
        ("_mb", "MB", "MB"),
    )
)
_BYTES = "_bytes"
_BYTE_STEPS = ("byte", "kB", "MB", "GB", "TB")
_YES = Text(sv="ja", en="yes")
_NO = Text(sv="nej", en="no")
_SERIES = Text(sv="{count} värden, {least} till {most}", en="{count} values, {least} to {most}")
_NOTHING = "–"


def rows(figures: Mapping[str, Any], language: Language) -> tuple[tuple[str, str], ...]:
    """A label and a value for each figure that has one; nested ones after their parent's label."""
    found: list[tuple[str, str]] = []
    for label, value in _rows(figures, language):
        if len(found) == MOST_ROWS:
            found.append(("…", "…"))
            break
        found.append((label, value))
    return tuple(found)


def missing(figures: Mapping[str, Any]) -> tuple[str, ...]:
    """The labels of the figures that have no value."""
    labels = [label(name) for name, value in figures.items() if _is_nothing(value)]
    return tuple(labels[:MOST_ROWS])


def label(name: str) -> str:
    """What a figure is called, without its unit."""
    return _short(_split(name)[0])


def number(value: float, language: Language) -> str:
    """A number as the language writes it: at most three decimals, thousands apart."""
    if isinstance(value, float) and not math.isfinite(value):
        return _NOTHING
    size = abs(value)
    if isinstance(value, int):
        written = f"{size:,d}" if size < 10**30 else "> 10^30"
    else:
        decimals = 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 3
        written = f"{size:,.{decimals}f}" if size < 1e30 else "> 10^30"
        written = written.rstrip("0").rstrip(".") if "." in written else written
    if language == "sv":
        written = written.replace(",", "\N{NARROW NO-BREAK SPACE}").replace(".", ",")
    return f"\N{MINUS SIGN}{written}" if value < 0 and written != "0" else written


def moment(value: datetime, language: Language) -> str:
    """A moment in the server's own time zone, as the language writes it."""
    local = value.astimezone()
    if language == "sv":
        return f"{local.day} {_MONTHS_SV[local.month - 1]} {local.year} kl. {local:%H.%M}"
    return f"{local.day} {_MONTHS_EN[local.month - 1]} {local.year}, {local:%H:%M}"


_MONTHS_SV = ("jan.", "feb.", "mars", "apr.", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec.")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


def _rows(figures: Mapping[str, Any], language: Language, parent: str = "") -> Iterator[tuple[str, str]]:
    for name, value in figures.items():
        if _is_nothing(value):
            continue
        if isinstance(value, dict):
            yield from _rows(value, language, f"{parent}{_label(name)} · ")
        else:
            label, text = _figure(name, value, language)
            yield _short(f"{parent}{label}"), _short(text)


def _figure(name: str, value: Any, language: Language) -> tuple[str, str]:
    if is_series(value):
        least, most = (_figure(name, edge, language)[1] for edge in (min(value), max(value)))
        return _split(name)[0], _SERIES.say(language, {"count": len(value), "least": least, "most": most})
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _label(name), _value(value, language)
    label, unit = _split(name)
    if name.endswith(_BYTES):
        return label, _bytes(value, language)
    written = number(value, language)
    if unit is None or written == _NOTHING:
        return label, written
    return label, f"{written}\N{NO-BREAK SPACE}{unit.say(language)}"


def _split(name: str) -> tuple[str, Text | None]:
    """The label and the unit in the name of a figure."""
    for suffix, unit in _UNITS:
        if name.endswith(suffix) and name != suffix:
            return _label(name.removesuffix(suffix)), unit
    return _label(name.removesuffix(_BYTES)), None


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _value(value: Any, language: Language) -> str:
    if _is_nothing(value):
        return _NOTHING
    if isinstance(value, bool):
        return (_YES if value else _NO).say(language)
    if isinstance(value, int | float):
        return number(value, language)
    if isinstance(value, str):
        return value
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        more = f" … (+{len(value) - _MOST_ITEMS})" if len(value) > _MOST_ITEMS else ""
        return ", ".join(_value(item, language) for item in value[:_MOST_ITEMS]) + more
    return json.dumps(value, ensure_ascii=False)


def _bytes(value: float, language: Language) -> str:
    if not math.isfinite(value):
        return _NOTHING
    size, step = abs(float(value)) if abs(value) < 1e30 else 1e30, 0
    while size >= 1000 and step < len(_BYTE_STEPS) - 1:
        size, step = size / 1000, step + 1
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    return f"{sign}{number(round(size, 1), language)}\N{NO-BREAK SPACE}{_BYTE_STEPS[step]}"


def _label(name: str) -> str:
    spaced = name.replace("_", " ").strip()
    return spaced[:1].upper() + spaced[1:] if spaced else _NOTHING


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
