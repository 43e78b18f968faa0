"""A light stream for a long time, told in windows of a few seconds: runs in the probe process.

The stream is the sound of a call both ways, 56 kbit/s, and with what steers and times it less than
100 kbit/s. Beside it the gateway is asked five times a second, so that each window tells where its
trouble sat.
"""

from __future__ import annotations

import contextlib
import statistics
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from readiness.network.exchange import Exchange
from readiness.network.link import LinkReader
from readiness.network.pinging import Plan, figures, ping
from readiness.network.schedule import Segment, Shape
from readiness.network.session import Session
from readiness.network.this_link import system_reader
from readiness.network.traces import figures as flow_figures

_GREET_SECONDS = 3.0
_DRAIN_SECONDS = 0.8
_PING_SECONDS = 0.2
_SLEPT_SECONDS = 5.0
"""A window that took so much longer than it should was interrupted by sleep."""
_MOST_SILENT = 2
_PACKETS_A_SECOND = 50
_MOST_PACKETS = 60_000


def measure(
    arguments: Mapping[str, Any],
    progress: Callable[[dict[str, Any]], None],
    reader: LinkReader | None = None,
) -> dict[str, Any]:
    """Watch for `seconds` in windows of `window_seconds`; each window is told by `progress`.

    Ends earlier with the session, after sleep, or when nothing has come for two windows (the network
    is another, or away); the result's `ended` says which: over, slept, silent, refused.
    """
    session = Session.from_json(arguments["session"])
    window_seconds = float(arguments["window_seconds"])
    ends = time.monotonic() + min(
        float(arguments["seconds"]), session.seconds - 5, _MOST_PACKETS / _PACKETS_A_SECOND
    )
    try:
        exchange = Exchange(session, silence_seconds=window_seconds)
    except OSError as error:
        return {"ended": "silent", "error": f"{type(error).__name__}: {error}"[:200]}
    with exchange:
        if not exchange.greet(_GREET_SECONDS):
            return {"ended": "silent"}
        link = (reader or system_reader()).read(exchange.address.rpartition(":")[0])
        silent = number = 0
        while time.monotonic() < ends:
            window, slept = _window(exchange, number, window_seconds, link.gateway)
            number += 1
            if slept:
                return {"ended": "slept"}
            progress({"window": {**window, "kind": link.kind, "signal_dbm": link.wifi_signal_dbm}})
            silent = silent + 1 if window["silent"] else 0
            if silent == _MOST_SILENT:
                return {"ended": "silent"}
            if exchange.refused():
                return {"ended": "refused"}
    return {"ended": "over"}


def _window(
    exchange: Exchange, number: int, seconds: float, gateway: str | None
) -> tuple[dict[str, Any], bool]:
    """One window's figures, and whether the computer slept in it."""
    begun_wall, begun_utc = time.time(), time.gmtime()
    asked: dict[str, Any] = {}
    asking = threading.Thread(target=_ask, args=(gateway, seconds, asked))
    asking.start()
    trips_before = len(exchange.record.round_trips)
    sound = (Segment(Shape.CALL, 0, int(seconds * 1000)),)
    exchange.run(sound, sound)
    exchange.finish(_DRAIN_SECONDS)
    asking.join()
    slept = time.time() - begun_wall > seconds + _DRAIN_SECONDS + _SLEPT_SECONDS
    up, down = (flow_figures(f) for f in (exchange.flights_up(number), exchange.flights_down(number)))
    trips = [trip.rtt_ns / 1e6 for trip in exchange.record.round_trips[trips_before:]]
    return {
        "utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", begun_utc),
        "seconds": seconds,
        "silent": not trips and not up.received and not down.received,
        "rtt_ms_p50": round(statistics.median(trips), 1) if trips else None,
        "rtt_ms_max": round(max(trips), 1) if trips else None,
        **{
            f"{name}_{way}": getattr(flow, name)
            for way, flow in (("up", up), ("down", down))
            for name in ("loss_percent", "loss_percent_low", "delay_ms_p95", "longest_gap_ms")
        },
        "gateway": asked,
    }, slept


def _ask(gateway: str | None, seconds: float, asked: dict[str, Any]) -> None:
    if gateway is None:
        return
    plan = Plan(count=max(1, int((seconds - 0.5) / _PING_SECONDS)), interval_seconds=_PING_SECONDS)
    with contextlib.suppress(OSError):
        asked.update(figures(ping(gateway, plan)))
