"""The connection: can this computer reach the meeting services, and our own collector as control?"""

from __future__ import annotations

from readiness.checks.connection.evidence import (
    ConnectionEvidence,
    HostEvidence,
    PageEvidence,
    RelayEvidence,
    ResolverEvidence,
    UdpHostEvidence,
)
from readiness.checks.connection.findings import ALL, KINDS
from readiness.checks.connection.judge import judge
from readiness.checks.connection.measure import measure
from readiness.core.check import Check
from readiness.core.text import Text
from readiness.devices.ports import Machine

__all__ = [
    "CHECK",
    "KINDS",
    "ConnectionEvidence",
    "HostEvidence",
    "PageEvidence",
    "RelayEvidence",
    "ResolverEvidence",
    "UdpHostEvidence",
    "judge",
    "measure",
]

CHECK = Check[Machine, ConnectionEvidence](
    id="connection",
    title=Text(sv="Nätverk", en="Network"),
    evidence=ConnectionEvidence,
    measure=measure,
    judge=judge,
    kinds=KINDS,
    activities=ALL,
    deadline_seconds=15.0,
    typical_seconds=2.0,
)
