"""Where the trouble sits, by what the three ways have in common. Pure.

What came back from behind the gateway has passed it: a gateway that answers its own questions late
or seldom, as many do on purpose, is no trouble while the ways through it are good.
"""

from __future__ import annotations

from collections.abc import Sequence

from readiness.checks.location.evidence import LocationEvidence, WayEvidence
from readiness.checks.location.findings import (
    BEYOND,
    LAN,
    LINE,
    NAMES,
    NOT_MEASURED,
    OUTSIDE,
    SOMEWHERE,
    WIFI_WEAK,
    WORKS,
)
from readiness.core.model import Finding, Verdict, severity
from readiness.core.profile import Profile

_HALF = 0.5
"""A part that has at least half of the whole trouble is where it sits."""


def judge(evidence: LocationEvidence, profile: Profile) -> Sequence[Finding]:
    """One finding: where it sits, or that nothing does."""
    gateway = evidence.gateway
    far = {"collector": evidence.collector, "service": evidence.service}
    far = {name: way for name, way in far.items() if way.sent}
    if not far and not gateway.sent:
        return (NOT_MEASURED.found(Verdict.UNKNOWN),)
    names = {"collector": evidence.collector_name, "service": evidence.service_name}
    bad = {name: way for name, way in far.items() if _trouble(way, profile) is not Verdict.READY}
    weak = evidence.kind == "wifi" and _weak(evidence, profile)
    near = _trouble(gateway, profile) if gateway.sent else Verdict.READY
    if near is not Verdict.READY and (not far or any(_passes_on(gateway, way) for way in bad.values())):
        verdict = _at_most_limited(near)
        if weak:
            return (WIFI_WEAK.found(verdict, signal=evidence.wifi_signal_dbm),)
        return (LAN.found(verdict, sent=gateway.sent, lost=gateway.lost),)
    if weak:
        return (WIFI_WEAK.found(Verdict.LIMITED, signal=evidence.wifi_signal_dbm),)
    if not bad:
        return (_nothing_bad(evidence, asked=bool(far)),)
    name, worst = max(bad.items(), key=lambda pair: (pair[1].loss_percent or 0, pair[1].rtt_ms_p95 or 0))
    verdict = _at_most_limited(_trouble(worst, profile))
    sent, lost = worst.sent, worst.lost
    if not gateway.sent:
        return (SOMEWHERE.found(verdict, sent=sent, lost=lost),)
    if len(bad) == 2:
        return (LINE.found(verdict, sent=sent, lost=lost),)
    if len(far) == 2:
        return (BEYOND.found(verdict, name=names[name], sent=sent, lost=lost),)
    return (OUTSIDE.found(verdict, sent=sent, lost=lost),)


def _nothing_bad(evidence: LocationEvidence, *, asked: bool) -> Finding:
    """What was asked is good: the names are what is left. From the gateway alone nothing follows."""
    if evidence.names_asked and not evidence.names_found and (asked or evidence.gateway.sent):
        return NAMES.found(Verdict.LIMITED)
    return WORKS.found(Verdict.READY) if asked else NOT_MEASURED.found(Verdict.UNKNOWN)


def _trouble(way: WayEvidence, profile: Profile) -> Verdict:
    """How bad one way is; loss counts only as far as it is beyond chance."""
    spread = None
    if way.rtt_ms_p95 is not None and way.rtt_ms_p50 is not None:
        spread = way.rtt_ms_p95 - way.rtt_ms_p50
    verdicts = [
        profile.grade("location.loss_percent", "at_most", way.loss_percent_low),
        profile.grade("location.rtt_ms", "at_most", way.rtt_ms_p50),
        profile.grade("location.spread_ms", "at_most", spread),
    ]
    return max((v for v in verdicts if v is not Verdict.UNKNOWN), key=severity, default=Verdict.READY)


def _passes_on(gateway: WayEvidence, way: WayEvidence) -> bool:
    """Whether a good part of what is wrong with `way` is there at the gateway already."""
    loss = (gateway.loss_percent or 0) >= _HALF * (way.loss_percent or 0) > 0
    late = (gateway.rtt_ms_p95 or 0) >= _HALF * (way.rtt_ms_p95 or 0) > 0
    return loss or late


def _weak(evidence: LocationEvidence, profile: Profile) -> bool:
    grade = profile.grade("location.wifi_signal_dbm", "at_least", evidence.wifi_signal_dbm)
    return grade in (Verdict.LIMITED, Verdict.NOT_READY)


def _at_most_limited(verdict: Verdict) -> Verdict:
    """The media path says whether a call is possible; this says where what disturbs it sits."""
    return Verdict.LIMITED if verdict is Verdict.NOT_READY else verdict
