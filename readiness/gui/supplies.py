"""What a run needs, as the work sees it; `parts` has the real ones."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from readiness.core.check import Check
from readiness.core.model import Computer, FindingKind, Report
from readiness.core.profile import Profile
from readiness.core.text import Text
from readiness.core.timeline import Piece
from readiness.devices.ports import Machine
from readiness.gui.outcome import Backlog, Shipment
from readiness.in_force import InForce
from readiness.submission.handouts import Handouts


class Post(Protocol):
    """Where reports go: kept on disk first, then delivered."""

    async def add(self, report: Report) -> None:
        """Keep the report; on disk when this returns."""
        ...

    async def deliver(self, report_id: str | None) -> Shipment | None:
        """Try to deliver one report, or all that wait; None where there was nothing to do."""
        ...

    async def backlog(self) -> Backlog:
        """What has not been delivered, and why."""
        ...


class Past(Protocol):
    """The runs of this computer, kept on its own disk."""

    async def add(self, report: Report) -> None:
        """Keep a run; on disk when this returns."""
        ...

    async def reports(self) -> tuple[Report, ...]:
        """All runs, the newest first."""
        ...


@dataclass(frozen=True, kw_only=True)
class WatchedLine:
    """The line that can be watched: its other end, and how."""

    host: str
    watch: Callable[[Callable[[Piece], None]], Awaitable[None]]
    """Tells each piece of the time, for a day or until cancelled."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a run needs. `app` assembles the real ones."""

    checks: tuple[Check[Any, Any], ...]
    profiles: tuple[Profile, ...]
    rated_by: Text | None = None
    """Which requirements `profiles` are, in words."""
    ask_requirements: Callable[[], Awaitable[InForce]] | None = None
    """Asks IT's server which are in force."""
    machine: Machine
    kind: Callable[[str], FindingKind | None]
    identity: Callable[[], Awaitable[Computer]]
    version: str
    post: Post | None
    past: Past
    handouts: Handouts
    start: Callable[[], Awaitable[None]]
    close: Callable[[], Awaitable[None]]
    unit: str | None = None
    line: WatchedLine | None = None
    reminder: Text | None = None
