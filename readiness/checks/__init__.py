"""The checks, in the order users see them, and the words of their findings."""

from __future__ import annotations

from typing import Any

from readiness.checks import camera, capacity, computer, connection, location, media_path, microphone, speaker
from readiness.core.check import Check
from readiness.core.model import FindingKind

CHECKS: tuple[Check[Any, Any], ...] = (
    computer.CHECK,
    camera.CHECK,
    microphone.CHECK,
    speaker.CHECK,
    connection.CHECK,
    media_path.CHECK,
    capacity.CHECK,
    location.CHECK,
)

_KINDS = {found.code: found for check in CHECKS for found in check.kinds}


def kind(code: str) -> FindingKind | None:
    """The words and remedies of a finding, or None for one of a newer version."""
    return _KINDS.get(code)
