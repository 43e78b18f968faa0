"""The camera's figures under the limits of a profile."""

from __future__ import annotations

from readiness.checks.camera.measure import CameraEvidence
from readiness.core.model import Verdict
from readiness.core.profile import Direction, Profile

LOWERED = (Verdict.LIMITED, Verdict.NOT_READY)


class Grades:
    """The evidence under the limits of one profile."""

    def __init__(self, evidence: CameraEvidence, profile: Profile) -> None:
        self._evidence = evidence
        self._profile = profile

    def of(self, figure: str, direction: Direction) -> Verdict:
        """What a figure of the evidence means."""
        return self.given(figure, direction, getattr(self._evidence, figure))

    def given(self, figure: str, direction: Direction, value: float | None) -> Verdict:
        """What `value` means by the limits of a figure that need not be one of the evidence."""
        return self._profile.grade(f"camera.{figure}", direction, value)

    def lowered(self, figure: str, direction: Direction) -> bool:
        """Whether a figure of the evidence is known to be less than good."""
        return self.of(figure, direction) in LOWERED

    def good(self, figure: str, direction: Direction) -> float | None:
        """The value from which the figure is good."""
        limit = self._profile.limit(f"camera.{figure}", direction)
        if limit is None:
            return None
        return limit.required if limit.recommended is None else limit.recommended
