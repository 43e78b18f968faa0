"""What the line carries each way, and how long its queues are: runs in the probe process.

First a train of packets both ways over UDP, faster than a meeting needs: on a slower line it fills the
queue in a moment, and what comes through is the line's rate. Transfers over HTTPS follow where UDP
told nothing, or told so little that a second way of measuring should agree before it is held against
anybody.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from readiness.network.bottleneck import Carried, carried
from readiness.network.exchange import Exchange
from readiness.network.schedule import Segment, Shape
from readiness.network.session import Session
from readiness.network.stamp import BASE_BYTES, IP_UDP_BYTES
from readiness.network.traces import Flight
from readiness.network.transfer import TransferError, Transferred, Transfers

FULL_KBPS = 12_500
"""Of a train: a quarter more than the 10 Mbit/s up to which the rate itself is told."""
DEEP_FACTOR = 3
DEEP_MS = 400
_LONGEST_MS, _SHORTEST_MS = 1_500, 100
_FASTER = 3
"""Than what is expected of the line: its queue fills in half of its own length."""
_SLOWEST_TRAIN_KBPS = 600
_NEARLY_FULL = 0.9
_TRIP_SECONDS = 0.1
_SHORTEST_SECONDS = 0.5
_ENOUGH_PACKETS, _FEW_PACKETS = 250, 60
_GREET_SECONDS = 2.0
_PINGS, _PING_GAP_MS = 8, 20.0
_DRAIN_SECONDS = 1.2
_NEAR_FACTOR = 2
_TRANSFER_SECONDS = 2.5
_LONG_SECONDS = 0.8
_FIRST_BYTES = 32_000
_MUCH_MORE = 1.3
_DIRECTIONS = ("up", "down")


def measure(arguments: Mapping[str, Any], progress: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Figures of `CapacityEvidence`.

    `session` is None where UDP is not to be tried. `edges_kbps` (up, down): the limits of all
    profiles; `red_kbps`: the highest below which a line is no line. `budget_bytes` is not exceeded.
    `known` is what the media path found already: for up and down `kbps`, `at_least` and `queue_ms`,
    and `rtt_ms`. A line that is faster than what is told here is not filled again.
    """
    begun = time.monotonic()
    work = _Work(arguments)
    if arguments.get("session") is not None and not all(work.settled(way) for way in _DIRECTIONS):
        work.trains(Session.from_json(arguments["session"]))
    progress({"fraction": 0.6})
    unsettled = [direction for direction in _DIRECTIONS if not work.settled(direction)]
    if unsettled and not work.went_away:
        work.transfers(unsettled)
    return {**work.figures(), "seconds": round(time.monotonic() - begun, 2)}


class _Work:
    """One measurement and what it found so far."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        self._url, self._key = str(arguments["url"]), str(arguments["enrolment_key"])
        self._edges: Mapping[str, Sequence[float]] = arguments["edges_kbps"]
        self._red: Mapping[str, float] = arguments["red_kbps"]
        self._left = int(arguments["budget_bytes"])
        self._used = 0
        self._udp: dict[str, Carried] = {}
        self._loaded: dict[str, float] = {}
        self._https: dict[str, Transferred] = {}
        self._idle_ms: float | None = None
        self._answers: bool | None = None
        self._odd: dict[str, int] = {}
        self._error: str | None = None
        known: Mapping[str, Any] = arguments.get("known") or {}
        self._expected = {way: known[way] for way in _DIRECTIONS if known.get(way)}
        for way, line in self._expected.items():
            if line["at_least"] and line["kbps"] >= _NEARLY_FULL * FULL_KBPS:
                self._udp[way] = _as_known(float(line["kbps"]), float(line["queue_ms"] or 0.0))
                if known.get("rtt_ms") is not None:
                    self._idle_ms = round(float(known["rtt_ms"]), 2)
                    self._loaded[way] = round(self._idle_ms + self._udp[way].waited_ms, 1)
                self._answers = True

    def trains(self, session: Session) -> None:
        """The trains, both ways at the same time."""
        trains = {way: self._train(way, session) for way in _DIRECTIONS}
        try:
            exchange = Exchange(session, silence_seconds=2.0)
        except OSError as error:
            self._error = f"{type(error).__name__}: {error}"[:200]
            return
        with exchange:
            self._answers = exchange.greet(_GREET_SECONDS)
            if self._answers and any(trains.values()):
                exchange.ping(_PINGS, _PING_GAP_MS)
                begun_ns = time.time_ns()
                exchange.run(trains["up"], trains["down"], lambda: _enough(exchange, begun_ns, trains))
                exchange.finish(_DRAIN_SECONDS)
                self._learn(exchange, 0)
                if exchange.silent:
                    self._error = "nothing came any more: the network went away"
                else:
                    self._look_closer(exchange, session)
        self._used += exchange.record.bytes_up + exchange.record.bytes_down
        self._left -= exchange.record.bytes_up + exchange.record.bytes_down
        self._odd = dict(exchange.odd)

    def _train(self, way: str, session: Session) -> tuple[Segment, ...]:
        """Faster than the line, as far as anything is known of it; none where enough is known."""
        if way in self._udp:
            return ()
        expected = self._expected.get(way)
        kbps = min(FULL_KBPS, session.kbps * 9 // 10)
        if expected is not None and not expected["at_least"]:
            kbps = min(kbps, max(_SLOWEST_TRAIN_KBPS, int(_FASTER * expected["kbps"])))
        milliseconds = min(_LONGEST_MS, int(self._left * 0.3 * 8 / kbps), int(session.bytes * 0.6 * 8 / kbps))
        return (Segment(Shape.TRAIN, kbps, milliseconds),) if milliseconds >= _SHORTEST_MS else ()

    def _look_closer(self, exchange: Exchange, session: Session) -> None:
        """Once more: faster where a queue was still growing, longer where a limit lies near."""
        segments: dict[str, tuple[Segment, ...]] = {"up": (), "down": ()}
        room = self._left - exchange.record.bytes_up - exchange.record.bytes_down
        for direction, found in self._udp.items():
            near = not found.at_least and self._near(direction, found)
            factor = DEEP_FACTOR if found.still_growing else _NEAR_FACTOR if near else 0
            kbps = min(int(factor * found.kbps), session.kbps * 9 // 10)
            wanted_bytes = kbps * DEEP_MS / 8
            if wanted_bytes and wanted_bytes < room / 3 and wanted_bytes < session.bytes * 0.2:
                segments[direction] = (Segment(Shape.TRAIN, kbps, DEEP_MS),)
        if any(segments.values()):
            exchange.run(segments["up"], segments["down"])
            exchange.finish(_DRAIN_SECONDS)
            self._learn(exchange, 1)

    def _near(self, direction: str, found: Carried) -> bool:
        return any(found.kbps_low < edge < found.kbps_high for edge in self._edges[direction])

    def _learn(self, exchange: Exchange, phase: int) -> None:
        trips = [trip.rtt_ns / 1e6 for trip in exchange.record.round_trips if trip.phase is None]
        self._idle_ms = round(statistics.median(trips), 2) if trips else None
        flights: dict[str, Sequence[Flight]] = {
            "up": exchange.flights_up(phase),
            "down": exchange.flights_down(phase),
        }
        for direction, of_it in flights.items():
            found = carried(of_it, _beside_kbps(exchange, of_it)) if of_it else None
            if found is None:
                continue
            before = self._udp.get(direction)
            if before is None or (not found.at_least and _narrower(found, before)):
                self._udp[direction] = found
            if self._idle_ms is not None:
                loaded = self._idle_ms + found.waited_ms
                self._loaded[direction] = round(max(loaded, self._loaded.get(direction, 0.0)), 1)

    @property
    def went_away(self) -> bool:
        """Whether something hinders any measurement now."""
        return self._error is not None

    def settled(self, direction: str) -> bool:
        """Whether it is known, and not so bad that another way of measuring should agree first."""
        found = self._udp.get(direction)
        return found is not None and (found.at_least or found.kbps_low > self._red[direction])

    def transfers(self, directions: Sequence[str]) -> None:
        """The other way of measuring, within what is left of the budget."""
        with Transfers(self._url, self._key) as line:
            for direction in directions:
                try:
                    self._grow(line, direction)
                except TransferError as error:
                    self._error = str(error)[:200]
                    return

    def _grow(self, line: Transfers, direction: str) -> None:
        """Larger and larger, until one transfer took long enough to tell the rate."""
        known = self._udp.get(direction)
        total = _FIRST_BYTES if known is None else max(_FIRST_BYTES, int(known.kbps * 125 * _LONG_SECONDS))
        while total < self._left / (2 if direction == "up" else 1):
            done = line.go(up=direction == "up", seconds=_TRANSFER_SECONDS, total_bytes=total)
            self._used += done.bytes_used
            self._left -= done.bytes_used
            self._https[direction] = done
            if direction not in self._loaded and len(done.rtts_ms) > 2:
                self._loaded[direction] = round(statistics.quantiles(done.rtts_ms, n=20)[-1], 1)
            if done.seconds >= _LONG_SECONDS or done.error:
                return
            total = int(total * min(8.0, max(2.0, 1.2 * _LONG_SECONDS / max(0.01, done.seconds))))

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


def _narrower(found: Carried, before: Carried) -> bool:
    return (found.kbps_high - found.kbps_low) / found.kbps < (
        before.kbps_high - before.kbps_low
    ) / before.kbps


def _beside_kbps(exchange: Exchange, flights: Sequence[Flight]) -> float:
    """What the round trips took of the line while a train went: much, of a very slow one."""
    came = [flight.arrived_ns for flight in flights if flight.arrived_ns is not None]
    if len(came) < 2 or max(came) <= min(came):
        return 0.0
    seconds = (max(came) - min(came)) / 1e9
    trips = sum(trip.phase is not None for trip in exchange.record.round_trips)
    return trips * (BASE_BYTES + IP_UDP_BYTES) * 8 / 1000 / max(seconds, trips * _TRIP_SECONDS)


def _as_known(kbps: float, waited_ms: float) -> Carried:
    """What another measurement has told already."""
    return Carried(
        kbps=kbps,
        kbps_low=kbps,
        kbps_high=kbps,
        at_least=True,
        waited_ms=waited_ms,
        still_growing=False,
        packets=0,
    )


def _enough(exchange: Exchange, begun_ns: int, trains: Mapping[str, Sequence[Segment]]) -> bool:
    """Whether the directions that are filled have told what they carry."""
    seconds = (time.time_ns() - begun_ns) / 1e9
    if seconds < _SHORTEST_SECONDS:
        return False
    wanted = _ENOUGH_PACKETS if seconds < 1.0 else _FEW_PACKETS
    up = sum(number in exchange.record.up_arrived for number in range(len(exchange.record.up)))
    came = {"up": up, "down": len(exchange.record.down)}
    return all(came[way] >= wanted for way in _DIRECTIONS if trains[way])
