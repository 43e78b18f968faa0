"""Profile: the requirements of one meeting service, or of the organisation.

`core/profile_loading.py` reads one from TOML. A profile may extend another; its own limits then take the
place of the inherited ones. Every row names its source, when it was read there and how far it can be trusted.

How a judge uses limits:

- `profile.grade("camera.frame_rate_hz", "at_least", value)` gives the verdict of one number.
- `profile.grade_measured("media_path.rtt_ms_p50", "at_most", evidence)` reads the field `rtt_ms_p50`
  of the evidence with its interval `rtt_ms_p50_low`, `rtt_ms_p50_high`, where it has them, and gives
  a `Grade`: a verdict, and whether it is borderline (see `core/limits.py`). Pass that on:
  `KIND.found(grade, ...)`.
- Limits may hold for one activity alone (a picture needs a wider line than a voice).
  `profile.grades("capacity.capacity_kbps_up", "at_least", evidence, KIND.activities)` gives each
  different grade with the activities it holds for: `KIND.found(grade, ...).on(activities)`.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from readiness.core.demands import Confidence, ProgramDemand, SystemSupport
from readiness.core.limits import Direction, Limit, strictness
from readiness.core.model import Activity, Grade, Verdict
from readiness.core.people import NOBODY, Ambassador, Helpdesk
from readiness.core.text import Text

__all__ = [
    "Ambassador", "Confidence", "Direction", "Grade", "Helpdesk", "Host", "KnownPage", "Limit", "Opening", "Profile",
    "Transport",
]  # fmt: skip

Transport = Literal["tls", "tcp", "wss", "udp", "turn_udp", "turn_tcp", "turn_tls"]
"""How a host is reached: `udp` by a STUN question, `wss` by a WebSocket, `turn_*` with credentials."""


@dataclass(frozen=True, kw_only=True)
class Host:
    """A host that the service needs to be reached at. `path` is where its WebSocket is."""

    host: str
    port: int
    transport: Transport = "tls"
    path: str = "/"
    source: str = ""
    retrieved: datetime.date | None = None
    confidence: Confidence = "unverified"


@dataclass(frozen=True, kw_only=True)
class KnownPage:
    """A page without encryption whose answer is known: another answer is a captive portal's."""

    url: str
    status: int = 200
    contains: str = ""
    source: str = ""
    retrieved: datetime.date | None = None
    confidence: Confidence = "unverified"


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What the organisation's firewall must let out for the service, for IT to read.

    `hosts` are names, `*.names`, addresses or networks; empty: wherever the service answers.
    `ports` are numbers or ranges, "443" or "3478-3481".
    """

    hosts: tuple[str, ...] = ()
    ports: tuple[str, ...]
    transport: Literal["tcp", "udp"]
    source: str
    retrieved: datetime.date
    confidence: Confidence
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One version of the requirements.

    `needs`: the activities that a participant must be able to do. `services`: ids of the profiles
    that are rated beside this one. `note` is what
    people should know of it. `limits` are those in force, the inherited ones among them; `systems` and
    `programs` stand with the own ones first.
    """

    id: str
    version: str
    name: str
    extends: str | None = None
    needs: tuple[Activity, ...] = tuple(Activity)
    services: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    hosts: tuple[Host, ...] = ()
    known_pages: tuple[KnownPage, ...] = ()
    systems: tuple[SystemSupport, ...] = ()
    programs: tuple[ProgramDemand, ...] = ()
    openings: tuple[Opening, ...] = ()
    note: Text | None = None
    helpdesk: Helpdesk = NOBODY
    units: tuple[str, ...] = ()
    ambassadors: tuple[Ambassador, ...] = ()

    def limit(self, figure: str, direction: Direction, activity: Activity | None = None) -> Limit | None:
        """The limit of one figure (`camera.frame_rate_hz`) in one direction, if there is one.

        For an activity, its own before the one for all. Without an activity the one for all; where
        there are only limits of single activities, the strictest of them.
        """
        key = (figure, direction, activity)
        known = self._limits_asked_for
        if key not in known:
            known[key] = self._looked_up(figure, direction, activity)
        return known[key]

    @functools.cached_property
    def _limits_asked_for(self) -> dict[tuple[str, Direction, Activity | None], Limit | None]:
        """What was looked up before: thousands of reports ask the same."""
        return {}

    def _looked_up(self, figure: str, direction: Direction, activity: Activity | None) -> Limit | None:
        listed = [limit for limit in self.limits if limit.figure == figure and limit.direction == direction]
        for wanted in (activity, None):
            for limit in listed:
                if limit.activity == wanted:
                    return limit
        return max(listed, key=strictness, default=None) if activity is None else None

    def grade(
        self, figure: str, direction: Direction, value: float | None, activity: Activity | None = None
    ) -> Verdict:
        """What `value` means under this profile; READY where the profile has no such limit."""
        limit = self.limit(figure, direction, activity)
        return Verdict.READY if limit is None else limit.grade(value)

    def grade_interval(
        self,
        figure: str,
        direction: Direction,
        value: float | None,
        low: float | None = None,
        high: float | None = None,
        activity: Activity | None = None,
    ) -> Grade:
        """As `grade`, for a value that is known to lie between `low` and `high`."""
        limit = self.limit(figure, direction, activity)
        return _GOOD if limit is None else limit.grade_interval(value, low, high)

    def grade_measured(
        self, figure: str, direction: Direction, evidence: object, activity: Activity | None = None
    ) -> Grade:
        """As `grade_interval`, of the evidence's field by that name and its `_low` and `_high`."""
        limit = self.limit(figure, direction, activity)
        if limit is None:
            return _GOOD
        name, low, high = _fields_of(figure)
        return limit.grade_interval(
            getattr(evidence, name, None), getattr(evidence, low, None), getattr(evidence, high, None)
        )

    def grades(
        self, figure: str, direction: Direction, evidence: object, activities: Sequence[Activity]
    ) -> tuple[tuple[Grade, tuple[Activity, ...]], ...]:
        """Each different grade of the measured figure, with those of `activities` it holds for."""
        graded: dict[Grade, tuple[Activity, ...]] = {}
        for activity in activities:
            grade = self.grade_measured(figure, direction, evidence, activity)
            graded[grade] = (*graded.get(grade, ()), activity)
        return tuple(graded.items())

    def demand(self, program: str) -> ProgramDemand | None:
        """What is asked of one program (`chrome`), if anything is."""
        return next((demand for demand in self.programs if demand.program == program), None)

    def ambassador(self, unit: str | None) -> Ambassador | None:
        """Who helps in `unit`, where somebody is named."""
        return next((person for person in self.ambassadors if person.unit == unit), None)


_GOOD = Grade(verdict=Verdict.READY)


@functools.cache
def _fields_of(figure: str) -> tuple[str, str, str]:
    """The names of a figure and its bounds in the evidence."""
    name = figure.rpartition(".")[2]
    return name, f"{name}_low", f"{name}_high"
