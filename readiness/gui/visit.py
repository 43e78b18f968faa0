"""Visit: what the flows of one window share."""

from __future__ import annotations

from dataclasses import dataclass, field

from readiness.core.check import Options
from readiness.core.itself import Beginning, beginning
from readiness.gui.outcome import Labels, Outcome, Ready


@dataclass(kw_only=True)
class Visit:
    """The devices chosen, what the report is filed under, and how far the person has come."""

    options: Options
    labels: Labels
    ready: Ready | None = None
    outcome: Outcome | None = None
    running: bool = False
    program: Beginning = field(default_factory=beginning)
