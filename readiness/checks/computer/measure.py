"""What is measured of the computer."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from readiness.core.check import Context
from readiness.core.evidence import parse
from readiness.core.model import Verdict
from readiness.core.profile import Profile
from readiness.devices.ports import Machine


@dataclass(frozen=True, kw_only=True)
class ScreenEvidence:
    """One screen: its size now in true pixels, and its diagonal."""

    width_px: int | None = None
    height_px: int | None = None
    diagonal_inches: float | None = None
    built_in: bool | None = None


@dataclass(frozen=True, kw_only=True)
class ProgramEvidence:
    """One meeting program or browser (`core.demands.PROGRAM_NAMES`); other programs are not listed."""

    program: str = ""
    name: str = ""
    version: str | None = None


@dataclass(frozen=True, kw_only=True)
class ComputerEvidence:
    """The computer as the system describes it. GiB are 2^30 bytes.

    `system_id`, `system_release` and `system_edition` are what the dates of support are looked up by:
    on Windows the build with its revision (`26100.2033`) and EditionID, elsewhere the version.
    `cpu_busy_percent` is all that the processors did; `cpu_own_percent` what this program's own tests
    did of that. `busiest_program` is the other program that used most. It is kept only where the
    processor was too busy for a profile, and it may be left out of a report: all else can be judged
    without it. `power_mode` is saver, balanced or performance. `screen_width_px` and
    `screen_height_px` are the long and the short side of the largest screen. `programs` is None where
    nobody looked. `clock_automatic`: something keeps the clock right. `unread` says, for support,
    which parts could not be read and why.
    """

    system: str | None = None
    system_version: str | None = None
    system_id: str | None = None
    system_release: str | None = None
    system_edition: str | None = None
    machine: str | None = None
    processor: str | None = None
    processor_max_mhz: float | None = None
    cores: int | None = None
    threads: int | None = None
    cpu_busy_percent: float | None = None
    cpu_own_percent: float | None = None
    busiest_program: str | None = None
    busiest_program_percent: float | None = None
    memory_total_gib: float | None = None
    memory_free_gib: float | None = None
    disk_free_gib: float | None = None
    has_battery: bool | None = None
    on_mains: bool | None = None
    battery_percent: float | None = None
    power_mode: str | None = None
    power_saving: bool | None = None
    screens: tuple[ScreenEvidence, ...] = ()
    screen_width_px: int | None = None
    screen_height_px: int | None = None
    programs: tuple[ProgramEvidence, ...] | None = None
    default_browser: str | None = None
    clock_utc: str | None = None
    clock_automatic: bool | None = None
    remote_session: bool | None = None
    unread: tuple[str, ...] = ()

    @property
    def cpu_others_percent(self) -> float | None:
        """How busy other programs kept the processors; all of it where our own share is not known."""
        if self.cpu_busy_percent is None:
            return None
        return max(0.0, self.cpu_busy_percent - (self.cpu_own_percent or 0.0))


async def measure(context: Context[Machine]) -> ComputerEvidence:
    """Ask the system."""
    evidence = parse(ComputerEvidence, await context.machine.system.measure())
    if any(is_busy(evidence, profile) for profile in context.profiles):
        return evidence
    return dataclasses.replace(evidence, busiest_program=None, busiest_program_percent=None)


def is_busy(evidence: ComputerEvidence, profile: Profile) -> bool:
    """Whether other programs keep the processors busier than the profile allows."""
    others = evidence.cpu_others_percent
    if others is None:
        return False
    return profile.grade("computer.cpu_busy_percent", "at_most", others) is not Verdict.READY
