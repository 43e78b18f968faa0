"""The words of the product as types: verdicts, endings, findings, remedies, results, reports.

All are frozen dataclasses. What travels in a report (`Finding`, `Result`, `Rating`, `Report`) keeps
in `extra` the fields that a newer version added, so that they survive a round trip.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from readiness.core.text import Text

Figures = Mapping[str, Any]
"""Names with units to JSON values: what a device host or an instrument measured."""


class Verdict(StrEnum):
    """Can it be done from this computer?"""

    READY = "READY"
    LIMITED = "LIMITED"
    NOT_READY = "NOT_READY"
    UNKNOWN = "UNKNOWN"

    __hash__ = str.__hash__


SEVERITY = {Verdict.READY: 0, Verdict.LIMITED: 1, Verdict.UNKNOWN: 2, Verdict.NOT_READY: 3}


def severity(verdict: Verdict) -> int:
    """How much a verdict weighs: NOT_READY (3) > UNKNOWN > LIMITED > READY (0)."""
    return SEVERITY[verdict]


@dataclass(frozen=True, kw_only=True)
class Grade:
    """What a measured figure means; `borderline`: its interval lies across a limit."""

    verdict: Verdict
    borderline: bool = False


class Ending(StrEnum):
    """How a check ended; all but COMPLETED leave its verdict UNKNOWN."""

    COMPLETED = "COMPLETED"
    SKIPPED = "SKIPPED"
    TIMED_OUT = "TIMED_OUT"
    CANCELLED = "CANCELLED"
    CRASHED = "CRASHED"


class Activity(StrEnum):
    """What a participant does in a meeting."""

    LISTEN = "listen"
    TALK = "talk"
    BE_SEEN = "be_seen"
    SHARE_SCREEN = "share_screen"

    __hash__ = str.__hash__


class System(StrEnum):
    """The operating systems that have steps of their own."""

    WINDOWS = "windows"
    MACOS = "macos"
    LINUX = "linux"


class Owner(StrEnum):
    """Who does what a remedy says."""

    YOU = "you"
    IT = "it"
    BUY = "buy"


class Need(StrEnum):
    """What is missing, as IT adds it up."""

    CAMERA = "camera"
    HEADSET = "headset"
    NETWORK_LINE = "network_line"
    COMPUTER = "computer"
    PERMISSION = "permission"
    KNOWLEDGE = "knowledge"

    __hash__ = str.__hash__


class Action(StrEnum):
    """The actions that a remedy's button may run; nothing else is ever started."""

    RUN_AGAIN = "run_again"
    CHOOSE_DEVICE = "choose_device"
    OPEN_CAMERA_PRIVACY = "open_camera_privacy"
    OPEN_MICROPHONE_PRIVACY = "open_microphone_privacy"
    OPEN_SOUND_SETTINGS = "open_sound_settings"
    OPEN_NETWORK_SETTINGS = "open_network_settings"
    OPEN_POWER_SETTINGS = "open_power_settings"


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """One thing to do about a finding: by whom, step by step, and a button where there is one.

    `steps` maps a system to its steps; a system that is absent has `text` alone.
    """

    text: Text
    owner: Owner = Owner.YOU
    action: Action | None = None
    steps: Mapping[System, tuple[Text, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One judged fact: its code, how it weighs and on which activities, its words' arguments.

    `evidence` names the fields of the result's evidence that it rests on. `borderline`: the measured
    interval lies across a limit, so that another run may come to another verdict.
    """

    code: str
    verdict: Verdict
    activities: tuple[Activity, ...] = ()
    arguments: Figures = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    need: Need | None = None
    borderline: bool = False
    extra: Figures = field(default_factory=dict)

    def on(self, activities: tuple[Activity, ...]) -> Finding:
        """This finding, weighing on these activities alone."""
        return replace(self, activities=activities)


@dataclass(frozen=True, kw_only=True)
class FindingKind:
    """A finding as a check declares it: code, words in both languages, and remedies.

    `title` is the headline, `detail` one more sentence with the evidence in words.
    """

    code: str
    title: Text
    detail: Text | None = None
    activities: tuple[Activity, ...] = ()
    evidence: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    need: Need | None = None

    def found(self, graded: Verdict | Grade, /, **arguments: Any) -> Finding:
        """This finding, weighing what a verdict or a grade says, with the arguments of its words."""
        grade = graded if isinstance(graded, Grade) else Grade(verdict=graded)
        return Finding(
            code=self.code,
            verdict=grade.verdict,
            activities=self.activities,
            arguments=arguments,
            evidence=self.evidence,
            need=self.need if grade.verdict in (Verdict.NOT_READY, Verdict.LIMITED) else None,
            borderline=grade.borderline,
        )


@dataclass(frozen=True, kw_only=True)
class Result:
    """What one check measured and what that means, or why it did not finish.

    `evidence` is kept as received; each check parses its own. `reason` is the error of a check
    that crashed or was skipped, for support. `findings` stand with the most important first.
    """

    check_id: str
    ending: Ending
    reason: str | None = None
    started_utc: str
    seconds: float
    evidence: Figures = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    extra: Figures = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Lift:
    """What would lift a verdict to its next step: with `needs` met and `codes` solved it is `verdict`.

    `activity` is the one that it is about, None for the overall verdict. `codes` are what decided
    the verdict now; `needs` the kinds of what they miss (none where nothing is missing).
    """

    activity: Activity | None = None
    verdict: Verdict
    needs: tuple[Need, ...] = ()
    codes: tuple[str, ...] = ()
    extra: Figures = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Rating:
    """A verdict overall and for each activity, under one version of one profile.

    `deciding` are the codes of the findings that decided the overall verdict (a check that did
    not finish stands as its id), those that weigh on most activities first. `lifts` has an entry
    for the overall verdict and for each activity that is not READY; its codes decided that one.
    `borderline`: nothing but figures near a limit decided it, another run may decide otherwise.
    `partial`: only chosen checks were run. `profile_name` is the profile's, None in older reports.
    """

    profile_id: str
    profile_version: str
    overall: Verdict
    activities: Mapping[Activity, Verdict]
    deciding: tuple[str, ...] = ()
    partial: bool = False
    borderline: bool = False
    lifts: tuple[Lift, ...] = ()
    profile_name: str | None = None
    extra: Figures = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Computer:
    """The computer that a report names. The last three are optional and off by default."""

    device_id: str
    host_name: str
    system: str
    model: str | None = None
    drivers: Mapping[str, str] = field(default_factory=dict)
    network_kind: str | None = None
    asset_tag: str | None = None
    unit: str | None = None
    case: str | None = None
    user_name: str | None = None
    wifi_name: str | None = None
    serial_number: str | None = None
    extra: Figures = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One round of a run through all devices: the ids of those tested together, by check id, and what came of it."""

    devices: Mapping[str, str]
    results: tuple[Result, ...] = ()
    extra: Figures = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Report:
    """One run, as it is sent. Times are UTC, ISO 8601 with a final Z.

    `id` is a UUID made before the run starts; the collector accepts each id once.
    `rating` is under the chosen profile, `services` under that of each meeting service. `trials` are
    the rounds of a run through all devices, the first being that of `results`.
    """

    schema: int
    id: str
    created_utc: str
    app_version: str
    computer: Computer
    rating: Rating
    services: tuple[Rating, ...] = ()
    results: tuple[Result, ...] = ()
    trials: tuple[Trial, ...] = ()
    extra: Figures = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One possible answer to a question."""

    id: str
    text: Text


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something only the person can tell (did you hear the sound?)."""

    id: str
    text: Text
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A picture for the preview: `rgb` is height x width x 3 bytes, 0-255, rows from the top."""

    width: int
    height: int
    rgb: bytes


@dataclass(frozen=True, kw_only=True)
class Started:
    """A check begins."""

    check_id: str


@dataclass(frozen=True, kw_only=True)
class Notice:
    """How far a check is (0-1), what the person should do, the level and the picture now."""

    fraction: float | None = None
    text: Text | None = None
    level_dbfs: float | None = None
    frame: Frame | None = None


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A check goes on."""

    check_id: str
    notice: Notice


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A check has ended, one way or another."""

    result: Result


Event = Started | Progress | Finished
