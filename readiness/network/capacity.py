"""What the line carries each way, and how long its queues are: runs in the probe process.

What the media path's trains told already is not measured again. Otherwise a train of packets goes both
ways over UDP, faster than a meeting needs: on a slower line it fills the queue in a moment, and what
comes through is the line's rate. Transfers over HTTPS follow where UDP told nothing, or told so little
that a second way of measuring should agree before it is held against anybody.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from readiness.network.exchange import Exchange
from readiness.network.schedule import Segment, Shape
from readiness.network.session import Session
from readiness.network.traces import Flight
from readiness.network.train import Line, line_of
from readiness.network.transfer import TransferError, Transferred, Transfers

FULL_KBPS = 12_500
"""Of a train: a quarter more than the 10 Mbit/s up to which the rate itself is told."""
_LONGEST_MS, _SHORTEST_MS = 1_500, 100
_FASTER = 3
"""Than what is expected of the line: its queue fills in half of its own length."""
_SLOWEST_TRAIN_KBPS = 600
_SHORTEST_SECONDS = 0.5
_LOOK_SECONDS = 0.2
_EXACT, _NEAR_EXACT, _CLEAR_EXACT = 0.25, 0.02, 0.5
_NEARLY_FULL = 0.8
_GREET_SECONDS = 2.0
_TRIPS_SECONDS = 0.4
_DRAIN_SECONDS = 1.2
_TRANSFER_SECONDS = 2.5
_LONG_SECONDS = 0.8
_FIRST_BYTES, _LEAST_BYTES = 32_000, 24_000
_MUCH_MORE = 1.3
_DIRECTIONS = ("up", "down")


def measure(arguments: Mapping[str, Any], progress: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Figures of `CapacityEvidence`.

    `session` is None where UDP is not to be tried. `edges_kbps` (up, down): the limits of all
    profiles; `red_kbps`: the highest below which a line is no line. `budget_bytes` is not exceeded.
    `known` is what the media path found already: `rtt_ms`, `udp_answers`, and for
    up and down the fields of `Line`.
    """
    begun = time.monotonic()
    work = _Work(arguments)
    if arguments.get("session") is not None:
        work.trains(Session.from_json(arguments["session"]))
    progress({"fraction": 0.6})
    unsettled = [direction for direction in _DIRECTIONS if not work.settled(direction)]
    if unsettled and not work.went_away:
        work.transfers(unsettled)
    return {**work.figures(), "seconds": round(time.monotonic() - begun, 2)}


class _Work:
    """One measurement and what it found so far."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        self._url, self._token = str(arguments["url"]), str(arguments["token"])
        self._edges: Mapping[str, Sequence[float]] = arguments["edges_kbps"]
        self._red: Mapping[str, float] = arguments["red_kbps"]
        self._left = int(arguments["budget_bytes"])
        self._used = 0
        self._udp: dict[str, Line] = {}
        self._may_train = arguments.get("session") is not None
        self._loaded: dict[str, float] = {}
        self._https: dict[str, Transferred] = {}
        self._idle_ms: float | None = None
        self._odd: dict[str, int] = {}
        self._error: str | None = None
        known: Mapping[str, Any] = arguments.get("known") or {}
        if known.get("rtt_ms") is not None:
            self._idle_ms = round(float(known["rtt_ms"]), 2)
        self._answers: bool | None = known.get("udp_answers")
        for way in _DIRECTIONS:
            if known.get(way):
                self._udp[way] = Line(**known[way])
                self._load(way, self._udp[way])

    def trains(self, session: Session) -> None:
        """The trains, both ways at the same time."""
        trains = {way: self._train(way, session) for way in _DIRECTIONS}
        self._may_train = False
        if not any(trains.values()):
            return
        try:
            exchange = Exchange(session, silence_seconds=2.0)
        except OSError as error:
            self._error = f"{type(error).__name__}: {error}"[:200]
            return
        with exchange:
            self._answers = exchange.greet(_GREET_SECONDS, _TRIPS_SECONDS)
            if self._answers:
                begun = time.monotonic()
                idle = dict(zip(_DIRECTIONS, exchange.idle_flights(), strict=True))

                def enough() -> bool:
                    if exchange.arrived(0):
                        return True
                    if time.monotonic() - begun < _SHORTEST_SECONDS:
                        return False
                    so_far = (exchange.flights_up_so_far(0), exchange.flights_down(0, under_way=True))
                    return all(
                        exact(line_of(flights, idle[way]), self._edges[way])
                        for way, flights in zip(_DIRECTIONS, so_far, strict=True)
                        if trains[way]
                    )

                exchange.run(trains["up"], trains["down"], enough, _DRAIN_SECONDS, _LOOK_SECONDS)
                exchange.finish(_DRAIN_SECONDS)
                self._learn(exchange, idle)
                if exchange.silent:
                    self._error = "nothing came any more: the network went away"
        self._used += exchange.record.bytes_up + exchange.record.bytes_down
        self._left -= exchange.record.bytes_up + exchange.record.bytes_down
        self._odd = dict(exchange.odd)

    def _train(self, way: str, session: Session) -> tuple[Segment, ...]:
        """Faster than the line, as far as anything is known of it; none where enough is known."""
        expected = self._udp.get(way)
        if exact(expected, self._edges[way]):
            return ()
        kbps = min(FULL_KBPS, session.kbps * 9 // 10)
        if expected is not None and not expected.at_least:
            kbps = min(kbps, max(_SLOWEST_TRAIN_KBPS, int(_FASTER * expected.kbps)))
        milliseconds = min(_LONGEST_MS, int(self._left * 0.3 * 8 / kbps), int(session.bytes * 0.6 * 8 / kbps))
        return (Segment(Shape.TRAIN, kbps, milliseconds),) if milliseconds >= _SHORTEST_MS else ()

    def _learn(self, exchange: Exchange, idle: Mapping[str, Sequence[Flight]]) -> None:
        trips = [trip.rtt_ns / 1e6 for trip in exchange.record.round_trips if trip.phase is None]
        if trips:
            self._idle_ms = round(statistics.median(trips), 2)
        flights = {"up": exchange.flights_up(0), "down": exchange.flights_down(0)}
        for way, of_it in flights.items():
            found = line_of(of_it, idle[way], exchange.beside_kbps(0, way)) if of_it else None
            before = self._udp.get(way)
            if found is not None and (
                before is None or found.at_least or not exact(before, self._edges[way])
            ):
                self._udp[way] = found
                self._load(way, found)

    def _load(self, way: str, line: Line) -> None:
        if self._idle_ms is not None:
            loaded_ms = round(self._idle_ms + line.queue_ms, 1)
            self._loaded[way] = max(loaded_ms, self._loaded.get(way, 0.0))

    @property
    def went_away(self) -> bool:
        """Whether something hinders any measurement now."""
        return self._error is not None

    def settled(self, direction: str) -> bool:
        """Whether it is known, and not so bad that another way of measuring should agree first."""
        found = self._udp.get(direction)
        if found is None or (not found.at_least and found.kbps_low <= self._red[direction]):
            return False
        return not self._may_train or exact(found, self._edges[direction])

    def transfers(self, directions: Sequence[str]) -> None:
        """The other way of measuring, within what is left of the budget."""
        with Transfers(self._url, self._token) as line:
            for direction in directions:
                try:
                    self._grow(line, direction)
                except TransferError as error:
                    self._error = str(error)[:200]
                    return

    def _grow(self, line: Transfers, direction: str) -> None:
        """Larger and larger, until one transfer took long enough to tell the rate."""
        known = self._udp.get(direction)
        total = _FIRST_BYTES if known is None else max(_LEAST_BYTES, int(known.kbps * 125 * _LONG_SECONDS))
        while total < self._left / (2 if direction == "up" else 1):
            done = line.go(up=direction == "up", seconds=_TRANSFER_SECONDS, total_bytes=total)
            self._used += done.bytes_used
            self._left -= done.bytes_used
            self._https[direction] = done
            if direction not in self._loaded and len(done.rtts_ms) > 2:
                self._loaded[direction] = round(statistics.quantiles(done.rtts_ms, n=20)[-1], 1)
            if done.seconds >= _LONG_SECONDS or done.error or self._clears(direction, done):
                return
            total = int(total * min(4.0, max(2.0, 1.2 * _LONG_SECONDS / max(0.01, done.seconds))))

    def _clears(self, direction: str, done: Transferred) -> bool:
        """Whether even the slowest part of a transfer was faster than anybody asks for."""
        rates = done.kbps()
        return rates is not None and rates[1] > max((*self._edges[direction], FULL_KBPS))

    def figures(self) -> dict[str, Any]:
        """What is known, by the names of the evidence."""
        figures: dict[str, Any] = {
            "udp_answers": self._answers,
            "idle_rtt_ms": self._idle_ms,
            "bytes_used": self._used,
            "odd": ", ".join(f"{name} {count}" for name, count in sorted(self._odd.items())) or None,
            "error": self._error,
        }
        for direction in _DIRECTIONS:
            figures |= {f"{name}_{direction}": value for name, value in self._of(direction).items()}
            figures[f"loaded_rtt_ms_{direction}"] = self._loaded.get(direction)
        for direction in _DIRECTIONS:  # the interval's names end in low and high
            for end in ("low", "high"):
                value = figures.pop(f"capacity_kbps_{end}_{direction}", None)
                figures[f"capacity_kbps_{direction}_{end}"] = value
        return figures

    def _of(self, direction: str) -> dict[str, Any]:
        by_udp = self._udp.get(direction)
        done = self._https.get(direction)
        by_https = done.kbps() if done is not None else None
        if by_udp is None and by_https is None:
            return {}
        # A transfer is the coarser measure: it counts where it tells of much more, as where the
        # line holds UDP back.
        if by_udp is not None and (by_https is None or by_https[0] < _MUCH_MORE * by_udp.kbps):
            return {
                "capacity_kbps": round(by_udp.kbps),
                "capacity_kbps_low": round(by_udp.kbps if by_udp.at_least else by_udp.kbps_low),
                "capacity_kbps_high": None if by_udp.at_least else round(by_udp.kbps_high),
                "at_least": by_udp.at_least,
                "method": "udp",
            }
        assert by_https is not None
        kbps, low, high = by_https
        return {
            "capacity_kbps": round(kbps),
            "capacity_kbps_low": round(low),
            "capacity_kbps_high": round(high),
            # A transfer that ended early for its budget, on a fast line, had no time to reach its rate.
            "at_least": kbps > FULL_KBPS,
            "method": "https",
        }


def exact(line: Line | None, edges_kbps: Sequence[float]) -> bool:
    """Whether the rate is known well enough: better where one of these limits lies within what it may be, less
    well where all of it is beyond them."""
    if line is None:
        return False
    if line.at_least:
        return line.kbps >= max((*edges_kbps, _NEARLY_FULL * FULL_KBPS))
    near = any(line.kbps_low < edge < line.kbps_high for edge in edges_kbps)
    clear = line.kbps_low > max(edges_kbps, default=0.0)
    return line.uncertainty <= (_NEAR_EXACT if near else _CLEAR_EXACT if clear else _EXACT)
