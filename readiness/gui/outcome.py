"""What the session tells the pages: the stations of a run, its outcome, what became of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from readiness.core.model import Ending, Finding, FindingKind, Rating, Remedy, Report, Result, Verdict
from readiness.core.people import NOBODY, Helpdesk
from readiness.core.text import Text
from readiness.submission.handouts import Handout

if TYPE_CHECKING:  # profiles need pydantic, which the window does not wait for
    from readiness.checks.explaining import Explanation
    from readiness.core.profile import Limit


@dataclass(frozen=True, kw_only=True)
class Station:
    """One check as the window shows it."""

    id: str
    title: Text
    shows_picture: bool = False
    shows_level: bool = False
    needs_person: bool = False


@dataclass(frozen=True, kw_only=True)
class Ready:
    """All that is known before a run: its stations, how long it takes, where reports go, why to test again."""

    stations: tuple[Station, ...]
    expected_seconds: float
    units: tuple[str, ...] = ()
    helpdesk: Helpdesk = NOBODY
    has_collector: bool = False
    line: str | None = None
    """The other end of the line that can be watched."""
    limits: tuple[Limit, ...] = ()
    services: Mapping[str, str] = field(default_factory=dict)
    reminder: Text | None = None


@dataclass(frozen=True, kw_only=True)
class FirstStep:
    """The one thing to do next: a finding in its words, or a check that did not finish."""

    check_id: str
    ending: Ending
    finding: Finding | None = None
    kind: FindingKind | None = None
    helpers: tuple[Text, ...] = ()
    """Who to ask, the nearest first."""

    @property
    def remedy(self) -> Remedy | None:
        """The most valuable remedy, if the finding has any."""
        return self.kind.remedies[0] if self.kind and self.kind.remedies else None


@dataclass(frozen=True, kw_only=True)
class Service:
    """What the same run means for one meeting service."""

    name: str
    rating: Rating


@dataclass(frozen=True, kw_only=True)
class Labels:
    """What a report is filed under, where that is said for this visit: it stands above the settings."""

    case: str | None = None
    asset_tag: str | None = None
    unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A check that has ended: what it came to, and its weightiest finding with its words."""

    result: Result
    verdict: Verdict
    finding: Finding | None = None
    kind: FindingKind | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A finished run, rated.

    `rated_by` tells the requirements. `explanations` say why, by a finding's code. `before` holds the
    results that a repeated test replaced. `limits` are those of the chosen profile. `voice`: it can be
    played back.
    """

    results: tuple[Result, ...]
    verdicts: Mapping[str, Verdict]
    rating: Rating
    rated_by: Text | None = None
    services: tuple[Service, ...] = ()
    kinds: Mapping[str, FindingKind] = field(default_factory=dict)
    explanations: Mapping[str, Explanation] = field(default_factory=dict)
    first: FirstStep | None = None
    before: Mapping[str, Ended] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    voice: bool = False
    stopped: bool = False


@dataclass(frozen=True, kw_only=True)
class Shipment:
    """What became of a report: its receipt, or why it has none, and whether it is kept and tried again."""

    receipt: str | None = None
    reason: Text | None = None
    kept: bool = True


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A computer that was signed for; `waits`: its report is kept until there is a network."""

    handout: Handout
    waits: bool = False


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """Reports of earlier that have not arrived: how many wait, why, and which files are damaged."""

    waiting: int = 0
    reason: Text | None = None
    damaged: tuple[Text, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A report as it would be sent, and what of it may be left out."""

    report: Report
    optional: tuple[str, ...]


def first_step(
    rating: Rating, results: Sequence[Result], kinds: Mapping[str, FindingKind]
) -> FirstStep | None:
    """The first of what decided the rating; None where nothing needs to be done."""
    by_code = {finding.code: (result, finding) for result in reversed(results) for finding in result.findings}
    by_id = {result.check_id: result for result in results}
    for decider in rating.deciding:
        if decider in by_code:
            result, finding = by_code[decider]
            return FirstStep(
                check_id=result.check_id, ending=result.ending, finding=finding, kind=kinds.get(decider)
            )
        if decider in by_id:
            return FirstStep(check_id=decider, ending=by_id[decider].ending)
    return None
