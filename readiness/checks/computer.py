"""The computer itself: is it strong enough for a meeting, and has it room to work?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from readiness.core.check import Check, Context
from readiness.core.evidence import parse
from readiness.core.model import Action, Activity, Finding, FindingKind, Need, Owner, Remedy, Verdict
from readiness.core.profile import Profile
from readiness.core.rating import by_importance
from readiness.core.text import Text
from readiness.devices.ports import Machine

_ALL = tuple(Activity)
_SHOWN = (Activity.BE_SEEN, Activity.SHARE_SCREEN)


@dataclass(frozen=True, kw_only=True)
class ComputerEvidence:
    """The computer as the system describes it. GiB are 2^30 bytes."""

    system: str | None = None
    system_version: str | None = None
    machine: str | None = None
    processor: str | None = None
    cores: int | None = None
    threads: int | None = None
    cpu_busy_percent: float | None = None
    memory_total_gib: float | None = None
    memory_free_gib: float | None = None
    disk_free_gib: float | None = None
    has_battery: bool | None = None
    on_mains: bool | None = None
    battery_percent: float | None = None
    clock_utc: str | None = None


_NEW_COMPUTER = Remedy(text=Text(sv="Visa detta för IT. Datorn kan behöva bytas.", en="Show this to IT. The computer may have to be replaced."), owner=Owner.BUY)  # fmt: skip
_CLOSE_PROGRAMS = Remedy(text=Text(sv="Stäng program som du inte använder. Gör sedan testet igen.", en="Close programs that you do not use. Then run the test again."), action=Action.RUN_AGAIN)  # fmt: skip
_RESTART = Remedy(text=Text(sv="Starta om datorn.", en="Restart the computer."))

FEW_CORES = FindingKind(
    code="computer.few_cores",
    title=Text(sv="Datorns processor är liten för video", en="The computer's processor is small for video"),
    detail=Text(sv="Den har {cores:d} kärnor. {wanted:.0f} behövs.", en="It has {cores:d} cores. {wanted:.0f} are needed."),
    activities=_SHOWN, evidence=("cores",), need=Need.COMPUTER, remedies=(_NEW_COMPUTER,),
)  # fmt: skip
LITTLE_MEMORY = FindingKind(
    code="computer.little_memory",
    title=Text(sv="Datorn har lite minne", en="The computer has little memory"),
    detail=Text(sv="Den har {memory:.1f} GB. {wanted:.0f} GB är bra.", en="It has {memory:.1f} GB. {wanted:.0f} GB is good."),
    activities=_ALL, evidence=("memory_total_gib",), need=Need.COMPUTER, remedies=(_CLOSE_PROGRAMS, _NEW_COMPUTER),
)  # fmt: skip
MEMORY_FULL = FindingKind(
    code="computer.memory_full",
    title=Text(sv="Datorns minne är nästan fullt", en="The computer's memory is almost full"),
    detail=Text(sv="{memory:.1f} GB är ledigt just nu.", en="{memory:.1f} GB is free right now."),
    activities=_ALL, evidence=("memory_free_gib",), need=Need.KNOWLEDGE, remedies=(_CLOSE_PROGRAMS, _RESTART),
)  # fmt: skip
BUSY = FindingKind(
    code="computer.busy",
    title=Text(sv="Datorn har mycket att göra just nu", en="The computer is busy right now"),
    detail=Text(sv="Processorn är upptagen till {busy:.0f} procent.", en="The processor is {busy:.0f} per cent busy."),
    activities=_SHOWN, evidence=("cpu_busy_percent",), need=Need.KNOWLEDGE, remedies=(_CLOSE_PROGRAMS, _RESTART),
)  # fmt: skip
DISK_FULL = FindingKind(
    code="computer.disk_full",
    title=Text(sv="Datorns disk är nästan full", en="The computer's disk is almost full"),
    detail=Text(sv="{disk:.1f} GB är ledigt.", en="{disk:.1f} GB is free."),
    activities=_ALL, evidence=("disk_free_gib",), need=Need.KNOWLEDGE,
    remedies=(Remedy(text=Text(sv="Töm papperskorgen. Be IT om hjälp att rensa.", en="Empty the bin. Ask IT to help you clean up.")),),
)  # fmt: skip
ON_BATTERY = FindingKind(
    code="computer.on_battery",
    title=Text(sv="Datorn går på batteri", en="The computer runs on its battery"),
    detail=Text(sv="Batteriet är laddat till {battery:.0f} procent.", en="The battery is charged to {battery:.0f} per cent."),
    activities=_SHOWN, evidence=("on_mains", "battery_percent"), need=Need.KNOWLEDGE,
    remedies=(Remedy(text=Text(sv="Sätt i laddaren före mötet.", en="Plug in the charger before the meeting.")),),
)  # fmt: skip
WORKS = FindingKind(
    code="computer.works",
    title=Text(sv="Datorn är stark nog för möten", en="The computer is strong enough for meetings"),
    detail=Text(sv="Processorn har {cores:d} kärnor. Minnet är {memory:.1f} GB.", en="The processor has {cores:d} cores. The memory is {memory:.1f} GB."),
    activities=_ALL, evidence=("cores", "memory_total_gib"),
)  # fmt: skip
UNREAD = FindingKind(
    code="computer.unread",
    title=Text(sv="Datorn berättar inte hur stark den är", en="The computer does not tell how strong it is"),
    activities=_ALL, evidence=("cores", "memory_total_gib"),
    remedies=(Remedy(text=Text(sv="Visa detta för IT.", en="Show this to IT."), owner=Owner.IT),),
)  # fmt: skip


async def measure(context: Context[Machine]) -> ComputerEvidence:
    """Ask the system."""
    return parse(ComputerEvidence, await context.machine.system.measure())


def judge(evidence: ComputerEvidence, profile: Profile) -> Sequence[Finding]:
    """What the figures mean; the heaviest finding first."""
    if evidence.cores is None or evidence.memory_total_gib is None:
        return (UNREAD.found(Verdict.UNKNOWN),)
    findings: list[Finding] = []

    def add(kind: FindingKind, figure: str, value: float | None, **arguments: float | None) -> None:
        for direction in ("at_least", "at_most"):
            limit = profile.limit(f"computer.{figure}", direction)
            verdict = limit.grade(value) if limit and value is not None else Verdict.READY
            if limit and verdict is not Verdict.READY:
                findings.append(kind.found(verdict, wanted=limit.recommended or limit.required, **arguments))

    add(FEW_CORES, "cores", evidence.cores, cores=evidence.cores)
    add(LITTLE_MEMORY, "memory_total_gib", evidence.memory_total_gib, memory=evidence.memory_total_gib)
    add(MEMORY_FULL, "memory_free_gib", evidence.memory_free_gib, memory=evidence.memory_free_gib)
    add(BUSY, "cpu_busy_percent", evidence.cpu_busy_percent, busy=evidence.cpu_busy_percent)
    add(DISK_FULL, "disk_free_gib", evidence.disk_free_gib, disk=evidence.disk_free_gib)
    if not any(finding.verdict is not Verdict.READY for finding in findings):
        findings.append(WORKS.found(Verdict.READY, cores=evidence.cores, memory=evidence.memory_total_gib))
    if evidence.on_mains is False:
        findings.append(ON_BATTERY.found(Verdict.READY, battery=evidence.battery_percent))
    return by_importance(findings)


KINDS = (FEW_CORES, LITTLE_MEMORY, MEMORY_FULL, BUSY, DISK_FULL, ON_BATTERY, WORKS, UNREAD)

CHECK = Check[Machine, ComputerEvidence](
    id="computer",
    title=Text(sv="Dator", en="Computer"),
    evidence=ComputerEvidence,
    measure=measure,
    judge=judge,
    kinds=KINDS,
    activities=_ALL,
    deadline_seconds=10.0,
    typical_seconds=1.5,
)
