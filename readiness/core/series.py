"""Rows of numbers in evidence: one figure over time or over frequency, drawn rather than listed.

They are kept short: so that a report stays small, and so that no sound could be made out of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

SERIES_FROM = 8
"""A list of so many numbers is a series."""
MOST_POINTS = 240
"""As many as a plot has room for."""


def is_series(value: Any) -> bool:
    """Is `value` a long row of numbers?"""
    return (
        isinstance(value, list | tuple)
        and len(value) >= SERIES_FROM
        and all(isinstance(part, int | float) and not isinstance(part, bool) for part in value)
    )


def worst(
    along: Sequence[float], values: Sequence[float], most: int = MOST_POINTS
) -> tuple[list[float], list[float]]:
    """At most `most` points of a row: the highest value of each stretch of neighbours, and where it stands."""
    step = max(1, -(-len(values) // most))
    places = [
        max(range(start, min(start + step, len(values))), key=lambda place: values[place])
        for start in range(0, len(values), step)
    ]
    return [along[place] for place in places], [values[place] for place in places]
