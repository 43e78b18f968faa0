"""What to say about an error."""

from __future__ import annotations

from pathlib import Path

from readiness.core.reasons import reason_of
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


def not_saved(file: Path, error: OSError) -> Text:
    """What to say about a file that could not be written."""
    reason = reason_of(error)
    return Text(
        sv=f"Filen {file} kunde inte sparas: {reason.sv}. Välj en annan plats.",
        en=f"The file {file} could not be saved: {reason.en}. Choose another place.",
    )
