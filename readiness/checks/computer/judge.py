"""What the figures of the computer mean. Pure: the machine's own clock says which day it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from readiness.checks.computer.findings import (
    BATTERY_LOW,
    BUSY,
    BUSY_WITH,
    CLOCK_MANUAL,
    DISK_FULL,
    FEW_CORES,
    KINDS,
    LITTLE_MEMORY,
    MEMORY_FULL,
    ON_BATTERY,
    POWER_SAVING,
    REMOTE,
    SLOW_PROCESSOR,
    SMALL_SCREEN,
    SUPPORT_ENDS_SOON,
    SUPPORT_UNKNOWN,
    SYSTEM_UNSUPPORTED,
    UNREAD,
    WORKS,
)
from readiness.checks.computer.measure import ComputerEvidence, is_busy
from readiness.checks.computer.programs import day_of, judge_programs
from readiness.core.demands import support_of
from readiness.core.model import Finding, FindingKind, Verdict
from readiness.core.profile import Profile
from readiness.core.rating import by_importance

_ORDER = {kind.code: place for place, kind in enumerate(KINDS)}


def judge(evidence: ComputerEvidence, profile: Profile) -> Sequence[Finding]:
    """What the figures mean; the heaviest finding first, among equals what hinders a meeting most."""
    findings = [
        *_strength(evidence, profile),
        *_load(evidence, profile),
        *_power(evidence, profile),
        *_system(evidence, profile),
        *judge_programs(evidence, profile),
        *_screen(evidence, profile),
    ]
    if evidence.clock_automatic is False:
        findings.append(CLOCK_MANUAL.found(Verdict.READY))
    if evidence.remote_session:
        findings.append(REMOTE.found(Verdict.READY))
    if not any(finding.verdict is not Verdict.READY for finding in findings):
        works = {"cores": evidence.cores, "memory": evidence.memory_total_gib}
        findings.append(WORKS.found(Verdict.READY, **works))
    return by_importance(sorted(findings, key=lambda finding: _ORDER[finding.code]))


def _strength(evidence: ComputerEvidence, profile: Profile) -> Iterator[Finding]:
    if evidence.cores is None or evidence.memory_total_gib is None:
        yield UNREAD.found(Verdict.UNKNOWN)
    yield from _below(FEW_CORES, profile, "cores", evidence.cores, name="cores")
    rate = evidence.processor_max_mhz
    yield from _below(SLOW_PROCESSOR, profile, "processor_max_mhz", rate, name="rate")
    memory = evidence.memory_total_gib
    yield from _below(LITTLE_MEMORY, profile, "memory_total_gib", memory, name="memory")


def _load(evidence: ComputerEvidence, profile: Profile) -> Iterator[Finding]:
    free = evidence.memory_free_gib
    yield from _below(MEMORY_FULL, profile, "memory_free_gib", free, name="memory")
    yield from _below(DISK_FULL, profile, "disk_free_gib", evidence.disk_free_gib, name="disk")
    if is_busy(evidence, profile):
        others, most = evidence.cpu_others_percent, evidence.busiest_program_percent
        verdict = profile.grade("computer.cpu_busy_percent", "at_most", others)
        named = profile.grade("computer.busiest_program_percent", "at_least", most) is Verdict.READY
        if evidence.busiest_program and named:
            yield BUSY_WITH.found(verdict, busy=others, program=evidence.busiest_program, most=most)
        else:
            yield BUSY.found(verdict, busy=others)


def _power(evidence: ComputerEvidence, profile: Profile) -> Iterator[Finding]:
    if evidence.power_saving is not None:
        verdict = profile.grade("computer.power_saving", "at_most", float(evidence.power_saving))
        if verdict is not Verdict.READY:
            yield POWER_SAVING.found(verdict)
    if evidence.on_mains is False:
        low = list(_below(BATTERY_LOW, profile, "battery_percent", evidence.battery_percent, name="battery"))
        yield from low or [ON_BATTERY.found(Verdict.READY, battery=evidence.battery_percent)]


def _system(evidence: ComputerEvidence, profile: Profile) -> Iterator[Finding]:
    """Whether the maker still mends the system. A system that is not known lowers nothing: it is said."""
    today = day_of(evidence.clock_utc)
    if evidence.system_id is None or today is None:
        return
    system = evidence.system_version
    if not any(row.system == evidence.system_id for row in profile.systems) or not evidence.system_release:
        yield SUPPORT_UNKNOWN.found(Verdict.READY, system=system)
        return
    last = support_of(profile.systems, evidence.system_id, evidence.system_release, evidence.system_edition)
    if last is None:
        return  # newer than what is known
    left = float((last - today).days)
    verdict = profile.grade("computer.support_left_days", "at_least", left)
    if verdict is not Verdict.READY:
        yield SYSTEM_UNSUPPORTED.found(verdict, system=system, date=last.isoformat())
    elif profile.grade("computer.support_notice_days", "at_least", left) is not Verdict.READY:
        yield SUPPORT_ENDS_SOON.found(Verdict.READY, system=system, date=last.isoformat())


def _screen(evidence: ComputerEvidence, profile: Profile) -> Iterator[Finding]:
    sides = {"width": evidence.screen_width_px, "height": evidence.screen_height_px}
    if None in sides.values():
        return  # a screen that cannot be asked is no small screen
    verdicts = [profile.grade(f"computer.screen_{side}_px", "at_least", size) for side, size in sides.items()]
    worst = next((v for v in (Verdict.NOT_READY, Verdict.LIMITED) if v in verdicts), None)
    if worst is not None:
        yield SMALL_SCREEN.found(worst, **sides)


def _below(
    kind: FindingKind, profile: Profile, figure: str, value: float | None, *, name: str
) -> Iterator[Finding]:
    """The finding, where `value` is known and below the profile's limit."""
    limit = profile.limit(f"computer.{figure}", "at_least")
    if limit is None or value is None:
        return
    verdict = limit.grade(value)
    if verdict is not Verdict.READY:
        wanted = limit.required if limit.recommended is None else limit.recommended
        yield kind.found(verdict, wanted=wanted, **{name: value})
