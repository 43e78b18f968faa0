"""What findings of several checks tell people to do."""

from __future__ import annotations

from readiness.core.model import Owner, Remedy
from readiness.core.text import Text

ASK_IT = Remedy(
    text=Text(sv="Kontakta IT och läs upp vad som står här.", en="Contact IT and read out what it says here."),
    owner=Owner.IT,
)  # fmt: skip
"""For who has no more to try: IT's own pages leave it out."""
