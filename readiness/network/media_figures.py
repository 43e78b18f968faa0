"""One measurement of the media path as figures, named as the check's evidence. Runs in the probe process."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from readiness.core.series import worst
from readiness.network import emodel, prediction, traces
from readiness.network.exchange import Exchange
from readiness.network.media import Measured, run
from readiness.network.prediction import CELLS, UNKNOWN, Limits, Outlook, Steps, Way
from readiness.network.session import Session
from readiness.network.spread import Delay, delays_kept_in_order, spread_ms
from readiness.network.stamp import BASE_BYTES
from readiness.network.traces import Flight, FlowFigures, loss_bursts, loss_interval, percentile
from readiness.network.train import Line, onto_line_ms, own_queue_ms

Figures = dict[str, Any]
_MUCH_MS = 10.0
_OWN_QUEUE_MS = 0.05
_FEW = 20
_THIN_KBPS = 1_600.0


def measure(arguments: Figures, on_progress: Callable[[Figures], None]) -> Figures:
    """Measure; `arguments`: session, wanted_kbps, seconds (of the call, at most), over_by_seconds, and limits.

    The limits are, for up and for down, a figure's steps: degraded, bad, and whether more is worse.
    With `keep_flights` every packet's times are in the answer.
    """
    limits = {
        way: {name: Steps(*steps) for name, steps in listed.items()}
        for way, listed in arguments["limits"].items()
    }
    session = Session.from_json(arguments["session"])
    try:
        exchange = Exchange(session)
    except OSError as error:
        return {"problem": "no_address", "detail": str(error)[:200]}
    with exchange:
        found = run(
            exchange,
            wanted_kbps=arguments["wanted_kbps"],
            most_seconds=arguments["seconds"],
            over_by_seconds=arguments.get("over_by_seconds", math.inf),
            limits=limits,
            strictest_loss_percent=arguments.get("strictest_loss_percent"),
            sparing=bool(arguments.get("sparing")),
            greeting_seconds=arguments["greeting_seconds"],
            on_progress=lambda fraction, leaves_room: on_progress(
                {"fraction": round(fraction, 2), "leaves_room": leaves_room}
            ),
        )
        figures = {
            **figures_of(found, limits),
            "path": exchange.address,
            "bytes_used": exchange.record.bytes_up + exchange.record.bytes_down,
            "duplicates_up": exchange.record.duplicates_up,
            "duplicates_down": exchange.record.duplicates_down,
            "stamped_by_system": exchange.stamped_by_system,
            "clock_stepped_ms": _rounded(exchange.clock_stepped_ms),
            "send_errors": exchange.send_errors,
            **{f"packets_{name}": count for name, count in exchange.odd.items()},
        }
        if arguments.get("keep_flights"):
            figures["flights"] = {
                name: [[f.sent_ns, f.size, f.arrived_ns] for f in getattr(found, name)]
                for name in ("up", "down", "alone_up", "alone_down")
            }
        return figures


def figures_of(found: Measured, limits: Mapping[str, Limits]) -> Figures:
    """Everything but what only the exchange itself knows."""
    late = sorted(found.late_ms)
    # A round trip is told without the time that our own packet takes onto a slow line.
    own_ms = sum(onto_line_ms(BASE_BYTES, line) for line in (found.line_up, found.line_down))
    figures: Figures = {
        "udp_answers": found.answered,
        "interrupted": found.interrupted,
        "settled": found.settled,
        "seconds": _rounded(found.seconds),
        "sent_late_ms_p95": _rounded(percentile(late, 95)),
        "sent_late_ms_max": _rounded(late[-1] if late else None),
        **_round_trips("rtt_ms", found.rtt_ms, own_ms),
        **_round_trips("loaded_rtt_ms", found.loaded_rtt_ms, own_ms),
    }
    rtt_ms = statistics.median(found.loaded_rtt_ms or found.rtt_ms or [math.nan])
    cells: dict[str, dict[str, str]] = {cell: {} for cell in CELLS}
    beside: dict[str, dict[str, str]] = {cell: {} for cell in CELLS}
    for way, flights, alone, line in (
        ("up", found.up, found.alone_up, found.line_up),
        ("down", found.down, found.alone_down, found.line_down),
    ):
        expected = (
            None
            if math.isnan(rtt_ms)
            else prediction.outlook(Way(flights=flights, line=line), rtt_ms, limits[way])
        )
        busy = prediction.busy(expected, line, rtt_ms, limits[way])
        for cell in CELLS:
            cells[cell][way] = expected.classes[cell] if expected else UNKNOWN
            beside[cell][way] = busy[cell]
        told = _way(flights, alone, line, expected)
        figures |= {_named(name, way): value for name, value in told.items()}
    if found.answered:
        figures |= {"prediction": cells, "prediction_busy": beside}
    return figures


def _named(name: str, way: str) -> str:
    """With its direction, and behind it what bound of an interval it is."""
    for end in ("_low", "_high"):
        if name.endswith(end):
            return f"{name.removesuffix(end)}_{way}{end}"
    return f"{name}_{way}"


def _way(
    flights: Sequence[Flight], alone: Sequence[Flight], line: Line | None, expected: Outlook | None
) -> Figures:
    flow = traces.figures(flights)
    told: Figures = {
        "packets_sent": flow.sent,
        "packets_received": flow.received,
        "loss_percent": flow.loss_percent,
        "loss_percent_low": flow.loss_percent_low,
        "loss_percent_high": flow.loss_percent_high,
        "longest_burst": flow.longest_burst if flow.sent else None,
        "mean_burst": flow.mean_burst,
        "longest_gap_ms": flow.longest_gap_ms,
        "delay_variation_ms_p50": flow.delay_ms_p50,
        "delay_variation_ms_p95": flow.delay_ms_p95,
        "delay_variation_ms_p99": flow.delay_ms_p99,
        "rfc3550_jitter_ms": flow.jitter_ms,
        "reordered": flow.reordered if flow.sent else None,
        **_jitter(flights, alone, line),
        **_course(flights),
    }
    if line is not None:
        told |= {
            "line_kbps": _rounded(line.kbps),
            "line_kbps_low": _rounded(line.kbps_low),
            "line_kbps_high": None if line.at_least else _rounded(line.kbps_high),
            "line_is_at_least": line.at_least,
            "queue_ms": _rounded(line.queue_ms),
            "queue_full": line.queue_full,
        }
    if expected is not None:
        told |= _expected(flights, flow, expected)
    return told


def _course(flights: Sequence[Flight]) -> Figures:
    """What each packet took longer than the quickest, by when it was sent; of many the slowest."""
    came = [(f.sent_ns, f.arrived_ns - f.sent_ns) for f in flights if f.arrived_ns is not None]
    if not came:
        return {}
    begun, quickest = flights[0].sent_ns, min(delay for _, delay in came)
    at, late = worst([sent - begun for sent, _ in came], [delay - quickest for _, delay in came])
    return {
        "delay_seconds": [round(nanoseconds / 1e9, 3) for nanoseconds in at],
        "delay_ms": [round(nanoseconds / 1e6, 2) for nanoseconds in late],
    }


def _expected(flights: Sequence[Flight], flow: FlowFigures, expected: Outlook) -> Figures:
    low, high = loss_interval(loss_bursts(flights), len(flights))
    share = (flow.loss_percent or 0.0) / 100
    heard_share = expected.concealed_percent / 100 / share if share else 1.0
    burst_ratio = (flow.mean_burst or 1.0) * (1 - share)
    score = emodel.mos(expected.mouth_to_ear_ms, expected.concealed_percent, burst_ratio)
    return {
        "concealed_percent": _rounded(expected.concealed_percent),
        "concealed_percent_low": _rounded(100 * low * min(1.0, heard_share)),
        "concealed_percent_high": _rounded(100 * high * max(1.0, heard_share)),
        "buffer_ms": _rounded(expected.buffer_ms),
        "mouth_to_ear_ms": _rounded(expected.mouth_to_ear_ms),
        "mos": _rounded(score),
        "still_percent": _rounded(expected.still_percent),
        **{f"picture_{lines}_kbps": _rounded(kbps) for lines, kbps in expected.picture_kbps.items()},
    }


def _jitter(flights: Sequence[Flight], alone: Sequence[Flight], line: Line | None) -> Figures:
    """The standard deviation of the delay that is not our own doing, with its 95 % interval.

    Of the packets that found nothing of ours before them on a line of that rate; where those are few, of
    small packets that went alone.
    """
    delays: list[Delay] = []
    thin = line is not None and line.kbps < _THIN_KBPS  # there the odd control packet takes its time as well
    if flights and not thin:
        waits = own_queue_ms(flights, 0.93 * line.kbps) if line is not None else [0.0] * len(flights)
        delays = [
            delay
            for delay, wait in zip(delays_kept_in_order(flights), waits, strict=True)
            if delay is not None and wait < _OWN_QUEUE_MS and delay.size <= flights[0].size
        ]
    if len(delays) < _FEW:
        delays = [delay for delay in delays_kept_in_order(alone) if delay is not None]
    if len(delays) < 3:
        return {}
    spread = spread_ms(delays)
    values = [delay.ms for delay in delays]
    independent = max(2.0, len(values) / _inflation(values))
    centred = [value - statistics.fmean(values) for value in values]
    power = statistics.pvariance(values)
    peaked = statistics.fmean(value**4 for value in centred) / power**2 if power else 3.0
    # The variance of a variance: (kurtosis - 1) / n; half of that, relatively, for its root.
    off = 1.96 * math.sqrt(max(0.5, (peaked - 1) / 4) / independent)
    return {
        "jitter_ms": _rounded(spread),
        "jitter_ms_low": _rounded(spread * max(0.0, 1 - off)),
        "jitter_ms_high": _rounded(spread * (1 + off)),
    }


def _inflation(values: Sequence[float]) -> float:
    """How many measured values are worth one independent one: 1 + 2 times the sum of autocorrelations
    squared, up to the first that is not positive (of a variance the squares count)."""
    mean = statistics.fmean(values)
    centred = [value - mean for value in values]
    power = sum(value * value for value in centred)
    if not power:
        return 1.0
    total = 1.0
    for lag in range(1, min(50, len(values) // 3)):
        shared = sum(a * b for a, b in zip(centred, centred[lag:], strict=False)) / power
        if shared <= 0.05:
            break
        total += 2 * shared * shared
    return total


def _round_trips(name: str, trips: Sequence[float], own_ms: float) -> Figures:
    ordered = sorted(max(0.0, trip - own_ms) for trip in trips)
    return {f"{name}_p{percent}": _rounded(percentile(ordered, percent)) for percent in (50, 90, 99)}


def _rounded(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else round(value, 3)
