"""Times as people write them, in their own time zone."""

from __future__ import annotations

import datetime

from readiness.core.text import Language

_MONTHS: dict[Language, tuple[str, ...]] = {
    "sv": ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"),
}


def local_time(utc: str, language: Language, zone: datetime.tzinfo | None = None) -> str:
    """`24 nov 2026 kl. 10:05` of an ISO time in UTC; what is no time stands as it is."""
    try:
        moment = datetime.datetime.fromisoformat(utc).astimezone(zone)
    except (ValueError, OverflowError, OSError):
        return utc
    at = "kl." if language == "sv" else "at"
    return f"{day_words(moment, language)} {at} {moment:%H:%M}"


def day_words(day: datetime.date, language: Language) -> str:
    """`24 nov 2026`."""
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"
