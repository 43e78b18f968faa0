"""The media path measured: runs in the probe process."""

from __future__ import annotations

import statistics
from typing import Any

from readiness.network.exchange import Exchange
from readiness.network.session import Session


def measure(arguments: dict[str, Any], _progress: Any) -> dict[str, Any]:
    """Whether the reflector answers over UDP, and how long a round trip takes on an idle line."""
    with Exchange(Session.from_json(arguments["session"])) as exchange:
        answers = exchange.greet(3.0)
        if answers:
            exchange.ping(10, 20.0)
        trips = [trip.rtt_ns / 1e6 for trip in exchange.record.round_trips]
        return {"answers": answers, "rtt_ms_p50": round(statistics.median(trips), 3) if trips else None}
