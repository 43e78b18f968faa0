"""What the capacity check measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CapacityEvidence:
    """What the line between this computer and the collector carries each way, and its queues.

    `capacity_kbps_*` counts IP bytes, with its interval; with `at_least_*` the line carries this or
    more. `method_*` is udp (a train of packets) or https (several transfers). `idle_rtt_ms` is a
    round trip on the idle line, `loaded_rtt_ms_*` one while that direction is full. `collector_name`
    is the far end of what was measured. `problem` says why nothing was: unreachable, busy,
    no_reflector, nonsense, no_key. `odd` is what came that should not have.
    """

    capacity_kbps_up: float | None = None
    capacity_kbps_up_low: float | None = None
    capacity_kbps_up_high: float | None = None
    at_least_up: bool | None = None
    method_up: str | None = None
    capacity_kbps_down: float | None = None
    capacity_kbps_down_low: float | None = None
    capacity_kbps_down_high: float | None = None
    at_least_down: bool | None = None
    method_down: str | None = None
    idle_rtt_ms: float | None = None
    loaded_rtt_ms_up: float | None = None
    loaded_rtt_ms_down: float | None = None
    udp_answers: bool | None = None
    bytes_used: int | None = None
    budget_bytes: int | None = None
    metered: bool | None = None
    seconds: float | None = None
    collector_name: str | None = None
    collector_is_local: bool | None = None
    problem: str | None = None
    error: str | None = None
    odd: str | None = None
