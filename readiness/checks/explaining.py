"""Why a finding says what it says: what was measured, how, the limit, and the limit's source."""

from __future__ import annotations

import dataclasses
import datetime
import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from readiness.checks import CHECKS, kind
from readiness.checks.methods import METHODS
from readiness.core.demands import PROGRAM_NAMES, Confidence, ProgramDemand, SystemSupport
from readiness.core.limits import Limit
from readiness.core.model import FindingKind
from readiness.core.profile import Host, Opening, Profile
from readiness.core.text import Text

JUDGED_BY: Mapping[str, tuple[str, ...]] = {
    "camera.face_clipped_percent": ("camera.face_clipped_percent", "camera.lone_face_clipped_percent"),
    "camera.face_y_share": ("camera.face_y_share", "camera.face_top_share", "camera.cut_face_y_share"),
    "camera.smooth_percent": ("camera.smooth_percent", "camera.lone_smooth_percent"),
    "computer.system_release": ("computer.support_left_days", "computer.support_notice_days"),
    "connection.clock_ahead_seconds": ("connection.clock_off_seconds",),
    "microphone.background_mos": ("microphone.background_mos", "microphone.calm_background_mos"),
    "microphone.band_edge_hz": ("microphone.band_edge_hz", "microphone.full_band_hz"),
    "microphone.channel_levels_dbfs": ("microphone.channel_difference_db",),
    "microphone.spectrum_dbfs": ("microphone.hiss_dbfs", "microphone.hiss_spread_db"),
    "microphone.snr_beneath_db": ("microphone.snr_beneath_db", "microphone.voice_beneath_db"),
    "microphone.echo_strength": (
        "microphone.echo_strength",
        "microphone.dry_echo_strength",
        "microphone.bare_echo_strength",
    ),
    "microphone.decay_db": ("microphone.decay_db", "microphone.bare_decay_db"),
    "microphone.signal_mos": ("microphone.signal_mos", "microphone.slow_signal_mos"),
    "microphone.splice_certainty": ("microphone.splice_certainty", "microphone.sure_splice_certainty"),
    "microphone.clipped_crowd": ("microphone.clipped_crowd", "microphone.doubtful_clipped_crowd"),
    "microphone.clipped_slope": ("microphone.clipped_slope", "microphone.crowded_slope"),
    "microphone.hum_lines": ("microphone.hum_lines", "microphone.sure_hum_lines"),
    "microphone.hum_db": ("microphone.hum_db", "microphone.lone_hum_db", "microphone.hum_under_noise_db"),
    "microphone.snr_steady_db": ("microphone.snr_steady_db", "microphone.gate_snr_steady_db"),
    "microphone.snr_db": ("microphone.snr_db", "microphone.tonal_snr_db", "microphone.clear_snr_db"),
    "microphone.voice_seconds": ("microphone.voice_seconds", "microphone.doubtful_voice_seconds"),
    "microphone.snr_without_rumble_db": ("microphone.snr_db",),
    "microphone.snr_without_hum_db": ("microphone.snr_db",),
    "location.gateway": ("location.loss_percent", "location.rtt_ms", "location.spread_ms"),
    "location.collector": ("location.loss_percent", "location.rtt_ms", "location.spread_ms"),
}
"""Fields of the evidence that are judged by figures of another name."""


@dataclass(frozen=True, kw_only=True)
class Demand:
    """A requirement that is no number: what is asked for, and where that stands."""

    text: Text
    source: str
    retrieved: datetime.date | None
    confidence: Confidence


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One finding explained under one profile.

    `measured` are the figures that it rests on (`camera.frame_rate_hz`), with how each is measured
    where that is told. `limits` are those that the figures are held to; `demands` what the profile
    asks besides: hosts, openings, programs.
    """

    kind: FindingKind
    check_id: str
    check_title: Text
    method: Text | None
    measured: tuple[tuple[str, Text | None], ...]
    limits: tuple[Limit, ...]
    demands: tuple[Demand, ...]


def explain(code: str, profile: Profile) -> Explanation | None:
    """The explanation of a finding's code; None for a code that no check has."""
    found = kind(code)
    if found is None:
        return None
    check = next(check for check in CHECKS if found in check.kinds)
    fields = [f"{check.id}.{name}" for name in found.evidence]
    figures = list(dict.fromkeys(figure for name in fields for figure in JUDGED_BY.get(name, (name,))))
    limits = tuple(limit for limit in profile.limits if limit.figure in figures)
    return Explanation(
        kind=found,
        check_id=check.id,
        check_title=check.title,
        method=METHODS.get(check.id),
        measured=tuple((figure, METHODS.get(figure)) for figure in figures),
        limits=limits,
        demands=tuple(_demands(found, profile)),
    )


def _demands(found: FindingKind, profile: Profile) -> Iterator[Demand]:
    rests_on = set(found.evidence)
    if rests_on & {"hosts", "udp_hosts", "relays"}:
        for host in profile.hosts:
            yield _demand(_same(f"{host.host}, port {host.port}, {host.transport}"), host)
        for opening in profile.openings:
            where = ", ".join(opening.hosts) or "*"
            words = f"{where}, port {', '.join(opening.ports)}, {opening.transport}"
            yield _demand(_same(words), opening)
    if "programs" in rests_on:
        for program in profile.programs:
            yield _demand(_versions(program), program)
    if "system_release" in rests_on:
        for system in profile.systems:
            ends = ", ".join(f"{release}: {last}" for release, last in system.ends.items())
            yield _demand(_same(f"{system.name}: {ends}"), system)


def _versions(program: ProgramDemand) -> Text:
    sv, en = [PROGRAM_NAMES[program.program]], [PROGRAM_NAMES[program.program]]
    if program.required:
        sv, en = [*sv, f"minst {program.required}"], [*en, f"at least {program.required}"]
    if program.recommended:
        sv, en = [*sv, f"helst minst {program.recommended}"], [*en, f"better at least {program.recommended}"]
    if program.retired:
        sv, en = [*sv, f"slut {program.retired}"], [*en, f"ended {program.retired}"]
    return Text(sv=", ".join(sv), en=", ".join(en))


def _same(words: str) -> Text:
    return Text(sv=words, en=words)


def _demand(text: Text, row: Host | Opening | ProgramDemand | SystemSupport) -> Demand:
    return Demand(text=text, source=row.source, retrieved=row.retrieved, confidence=row.confidence)


def known_figures() -> frozenset[str]:
    """The figures that a limit can be about: what checks measure, and what is judged beside."""
    fields = {f"{check.id}.{field.name}" for check in CHECKS for field in dataclasses.fields(check.evidence)}
    return frozenset(fields | {figure for figures in JUDGED_BY.values() for figure in figures})


def near_codes(code: str) -> Sequence[str]:
    """The codes that look like `code`, the nearest first; all of its check where none does."""
    known = [found.code for check in CHECKS for found in check.kinds]
    near = difflib.get_close_matches(code, known, n=3)
    return near or [one for one in known if one.startswith(f"{code.partition('.')[0]}.")] or known
