"""On which line of a TOML text a value stands; tomllib itself does not keep that."""

from __future__ import annotations

import re
from collections.abc import Iterator

Place = tuple[str | int, ...]
"""Keys and indices from the top of the document: ("limits", 3, "unit")."""

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")


def line_of(text: str, place: Place) -> int | None:
    """The line (from 1) of the value at `place`, else of the nearest that holds it."""
    lines = dict(reversed(list(_places(text))))  # the first of several
    for length in range(len(place), 0, -1):
        if place[:length] in lines:
            return lines[place[:length]]
    return None


def _places(text: str) -> Iterator[tuple[Place, int]]:
    """Every place that starts a line of its own, with its line."""
    here: Place = ()
    counts: dict[Place, int] = {}
    inside: str | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if inside is None and (header := _HEADER.match(line)) and not _KEY.match(line):
            here = _named(header[2], counts)
            if header[1] == "[[":
                counts[here] = counts.get(here, -1) + 1
                here = (*here, counts[here])
            yield here, number
        elif inside is None and (key := _KEY.match(line)):
            yield here + _parts(key[1]), number
        inside = _string_at_end(line, inside)


def _parts(dotted: str) -> Place:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _named(dotted: str, counts: dict[Place, int]) -> Place:
    """A header's place: a table of an array stands in the array's latest item."""
    place: Place = ()
    parts = _parts(dotted)
    for index, part in enumerate(parts):
        place = (*place, part)
        if place in counts and index + 1 < len(parts):
            place = (*place, counts[place])
    return place


def _string_at_end(line: str, inside: str | None) -> str | None:
    """The quotes of the string over several lines that is open at the end of `line`."""
    for quotes in re.findall(r'"""|\'\'\'', line):
        if inside is None:
            inside = quotes
        elif inside == quotes:
            inside = None
    return inside
