"""What to say about an error that nobody foresaw."""

from __future__ import annotations

from readiness.core.text import Text


def failure_text(error: Exception) -> Text:
    """What to say about an error: its own words where it has any."""
    text = getattr(error, "text", None)
    if isinstance(text, Text):
        return text
    return Text(
        sv=f"Programmet stötte på ett fel: {error}. Starta om det. Säg till IT om det händer igen.",
        en=f"The program ran into a fault: {error}. Start it again. Tell IT if it happens again.",
    )
