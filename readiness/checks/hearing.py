"""Which microphone hears the voice: all were listened to at once, and each is judged as by its check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from readiness.checks import microphone
from readiness.checks.microphone import MicrophoneEvidence
from readiness.core.evidence import parse
from readiness.core.model import Figures, Finding, Verdict, severity
from readiness.core.profile import Profile
from readiness.core.rating import worst


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One microphone: what it heard, what that means, and whether the voice is among it."""

    device_id: str
    name: str
    evidence: MicrophoneEvidence
    findings: tuple[Finding, ...]
    hears_voice: bool


def ranked(figures: Sequence[Figures], profile: Profile) -> list[Heard]:
    """The microphones that were compared, the one that hears the voice best in front."""
    heard = [_heard(parse(MicrophoneEvidence, row), profile) for row in figures]
    return sorted(heard, key=_worth)


def _heard(evidence: MicrophoneEvidence, profile: Profile) -> Heard:
    findings = tuple(microphone.judge(evidence, profile))
    return Heard(
        device_id=evidence.device_id or "",
        name=evidence.device_name or "",
        evidence=evidence,
        findings=findings,
        hears_voice=_verdict(findings) in (Verdict.READY, Verdict.LIMITED),
    )


def _worth(heard: Heard) -> tuple[int, float]:
    """Judged best first; among equals the one in which the voice stands out most."""
    snr_db = heard.evidence.snr_db
    return severity(_verdict(heard.findings)), -(-999.0 if snr_db is None else snr_db)


def _verdict(findings: Sequence[Finding]) -> Verdict:
    return worst([finding.verdict for finding in findings])
