"""Check: one test as a pair of functions, measure and judge; Context: what measuring may use."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from readiness.core.model import Activity, Finding, FindingKind, Notice, Question
from readiness.core.text import Text

if TYPE_CHECKING:  # profiles need pydantic, and the window names Options before it may load that
    from readiness.core.profile import Profile

MachineT = TypeVar("MachineT")
EvidenceT = TypeVar("EvidenceT")


class Resource(StrEnum):
    """What checks must not use at the same time."""

    CAMERA = "camera"
    SOUND = "sound"
    LINE = "line"


TokenSource = Callable[[], Awaitable[str | None]]
"""Gives this computer's token for the collector; None where none is to be had now."""


class SkipCheck(Exception):
    """Raised by `measure` when the check does not apply here; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the person or IT chose for one run. Devices by name or id, None for the default.

    `collector_token` is None where no enrolment key is configured.
    """

    camera: str | None = None
    microphone: str | None = None
    speaker: str | None = None
    camera_file: Path | None = None
    microphone_file: Path | None = None
    collector_url: str | None = None
    collector_token: TokenSource | None = field(default=None, repr=False)
    turn_user: str | None = None
    turn_password: str | None = field(default=None, repr=False)
    unattended: bool = False


async def ask_nobody(_question: Question) -> str | None:
    """The answer of an unattended run: none."""
    return None


def tell_nobody(_notice: Notice) -> None:
    """Where nobody watches."""


def nobody_waits() -> None:
    """Where no other check runs."""


@dataclass(frozen=True, kw_only=True)
class Context(Generic[MachineT]):
    """What a check may use: the machine's parts, the profiles, the person, earlier evidence.

    `profiles` are all that are enabled (measure the union of what they need); `profile` is the
    chosen one. `ask` returns the chosen answer's id, or None when nobody answers. `earlier` holds
    the evidence of the checks that have finished, by check id. `release` says that what is still to come
    leaves room beside it: those that wait only for what this check uses may begin.
    """

    machine: MachineT
    profile: Profile
    profiles: tuple[Profile, ...]
    options: Options = Options()
    ask: Callable[[Question], Awaitable[str | None]] = ask_nobody
    tell: Callable[[Notice], None] = tell_nobody
    earlier: Mapping[str, Any] = field(default_factory=dict)
    ended: Mapping[str, asyncio.Event] = field(default_factory=dict)
    released: Mapping[str, asyncio.Event] = field(default_factory=dict)
    release: Callable[[], None] = nobody_waits

    async def evidence_of(self, check_id: str) -> Any:
        """What another check measured, once it has ended; None where it did not run or has none."""
        if check_id in self.ended:
            await self.ended[check_id].wait()
        return self.earlier.get(check_id)

    async def room_beside(self, check_id: str) -> None:
        """Wait until another check has released what it uses, or has ended; at once where it does not run."""
        if check_id in self.released:
            await self.released[check_id].wait()


@dataclass(frozen=True, kw_only=True)
class Check(Generic[MachineT, EvidenceT]):
    """One test.

    `evidence` is a frozen dataclass whose fields carry their units, all with a default (None is
    unknown). `measure` gathers it; `judge` is pure. `activities` are those that cannot be rated
    without this check. `kinds` are all findings that `judge` can return.
    """

    id: str
    title: Text
    evidence: type[EvidenceT]
    measure: Callable[[Context[MachineT]], Awaitable[EvidenceT]]
    judge: Callable[[EvidenceT, Profile], Sequence[Finding]]
    kinds: tuple[FindingKind, ...]
    activities: tuple[Activity, ...]
    deadline_seconds: float
    typical_seconds: float
    uses: frozenset[Resource] = frozenset()
    after: tuple[str, ...] = ()
