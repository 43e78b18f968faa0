"""What is needed to put a report into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readiness.core.model import FindingKind
from readiness.core.text import Language, Text

if TYPE_CHECKING:  # profiles need pydantic, which the window does not wait for
    from readiness.core.profile import Limit


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The checks' titles, the findings' words, the services' names, the limits, and the language."""

    titles: Mapping[str, Text]
    kinds: Mapping[str, FindingKind]
    services: Mapping[str, str]
    limits: Sequence[Limit]
    language: Language
