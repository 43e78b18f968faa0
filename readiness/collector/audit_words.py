"""What the log of who read and changed what says, in words. The log itself keeps the English keys."""

from __future__ import annotations

from readiness.core.text import Text

WHEN = Text(sv="När", en="When")
WHO = Text(sv="Vem", en="Who")
WHAT = Text(sv="Vad", en="What")
ABOUT = Text(sv="Gäller", en="About")
DONE = {
    "added an account": Text(sv="skapade ett konto", en="added an account"),
    "adopted requirements": Text(sv="tog krav i bruk", en="adopted requirements"),
    "changed choices": Text(sv="ändrade inställningar", en="changed settings"),
    "changed prices": Text(sv="ändrade priser", en="changed prices"),
    "erased a computer": Text(sv="raderade en dator", en="erased a computer"),
    "exported a computer": Text(sv="hämtade allt om en dator", en="exported a computer"),
    "exported a list": Text(sv="hämtade en lista", en="exported a list"),
    "gave a token": Text(sv="en dator anslöt sig", en="a computer enrolled"),
    "gave another token": Text(sv="en dator anslöt sig igen", en="a computer enrolled again"),
    "let a computer in": Text(sv="släppte in en dator igen", en="let a computer in again"),
    "made a key": Text(sv="skapade en nyckel", en="made a key"),
    "purged": Text(sv="gallrade", en="purged"),
    "read a computer": Text(sv="läste om en dator", en="read about a computer"),
    "read a report": Text(sv="läste en rapport", en="read a report"),
    "revoked a key": Text(sv="återkallade en nyckel", en="revoked a key"),
    "shut a computer out": Text(sv="stängde av en dator", en="shut a computer out"),
    "signed in by the organisation": Text(
        sv="loggade in via organisationen", en="signed in by the organisation"
    ),
    "tried requirements": Text(sv="provade krav", en="tried requirements"),
    "wrote a note": Text(sv="skrev en anteckning", en="wrote a note"),
}
"""By what `auditing.record` was told; what a newer version wrote stands as it is."""
