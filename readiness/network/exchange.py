"""The client's side of a session: streams both ways, every packet stamped. Blocks; for the probe."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Sequence

from readiness.network import messages, stamp
from readiness.network.datagrams import UdpSocket
from readiness.network.inbox import Inbox
from readiness.network.messages import MOST_FETCHED, Refusal
from readiness.network.record import Phase, beside_kbps, flights_down, flights_up, idle_flights
from readiness.network.schedule import AUDIO_INTERVAL_NS, MOST_LATE_NS, Segment, departures
from readiness.network.session import Session
from readiness.network.stamp import Role
from readiness.network.traces import Flight

_AGAIN_NS = 200_000_000
_TWO_WAY_NS = 100_000_000
_LOOK_SECONDS = 0.25
_ASK_SECONDS = 0.5
_ASK_AFTER_NS, _ANSWERED_NS = 50_000_000, 600_000_000
_QUIET_NS = 40_000_000
"""What has not come so long after the rest is lost, or out of order by that much."""

_RECENT = 30
_LATE_NS = 50_000_000
_FEW_TRIPS, _STEADY_NS = 5, 10_000_000
_UNSURE_NS = 500_000
"""Where stamping and sending took so long, the computer did something else in between."""

_FIRST_TRIP_NS = 2_000_000_000
_NS = 1_000_000_000


class Exchange:
    """One session over UDP. Use as a context manager; it says goodbye."""

    def __init__(self, session: Session, silence_seconds: float = 3.0) -> None:
        """Resolve the reflector's name and open a socket. Raises OSError."""
        found = socket.getaddrinfo(session.host, session.port, type=socket.SOCK_DGRAM)[0]
        family, self._address = found[0], found[4]
        self._udp = UdpSocket(family, ("::" if family == socket.AF_INET6 else "0.0.0.0", 0))
        self._session = session
        self._keys = stamp.keys(session.key)
        self._silence_ns = int(silence_seconds * _NS)
        self._control = 0
        self._streams = 0
        self._clock_ns = time.time_ns() - time.monotonic_ns()
        self._inbox = Inbox(session.id, self._keys.down, self._address)
        self.record = self._inbox.record
        self.odd = self._inbox.odd
        self.send_errors = 0

    def __enter__(self) -> Exchange:
        return self

    def __exit__(self, *_: object) -> None:
        self._say(messages.bye())
        self._udp.close()

    @property
    def address(self) -> str:
        """The reflector's address and port, as text."""
        host, port = self._address[:2]
        return f"{host!s}:{port!s}"

    @property
    def granted(self) -> Session:
        """The session: what it may use."""
        return self._session

    @property
    def stamped_by_system(self) -> bool:
        """Whether arrivals carry the system's own stamp."""
        return self._udp.stamped_by_system

    @property
    def clock_stepped_ms(self) -> float:
        """How far this computer's clock was moved since the start."""
        return abs(time.time_ns() - time.monotonic_ns() - self._clock_ns) / 1e6

    @property
    def silent(self) -> bool:
        """Whether nothing has come for so long that the network must be away."""
        return time.time_ns() - self._inbox.last_heard_ns > self._silence_ns

    def greet(self, seconds: float, trips_seconds: float = 0.0) -> bool:
        """Introduce ourselves and echo the challenge; False where nothing valid comes back in time.

        For `trips_seconds` idle round trips are made meanwhile: they need no proven address.
        """
        begun_ns = trip_ns = say_ns = time.time_ns()
        ends_ns = begun_ns + int(seconds * _NS)
        trips_end_ns = begun_ns + int(trips_seconds * _NS)
        said: bytes | None = None

        def moved_on() -> bool:
            return self._inbox.token is not said or (self._inbox.welcome and trip_ns >= trips_end_ns)

        while (now_ns := time.time_ns()) < ends_ns and not (self._inbox.welcome and trip_ns >= trips_end_ns):
            if now_ns >= trip_ns and trip_ns < trips_end_ns:
                self._two_way()
                trip_ns = now_ns + self._trip_gap_ns()
            if not self._inbox.welcome and (now_ns >= say_ns or said is not self._inbox.token):
                said, say_ns = self._inbox.token, now_ns + _AGAIN_NS
                self._say(messages.hello() if said is None else messages.prove(said))
            waits = [ends_ns]
            waits += [trip_ns] if trip_ns < trips_end_ns else []
            waits += [] if self._inbox.welcome else [say_ns]
            self._take(min(waits), moved_on)
        if self._inbox.welcome and self.record.two_way_sent:
            self._take_stragglers()
        return self._inbox.welcome

    def _trip_gap_ns(self) -> int:
        """As between packets of sound; half of it where the line is seen not to fill with them."""
        trips = [trip.rtt_ns for trip in self.record.round_trips]
        dense = len(trips) >= _FEW_TRIPS and max(trips) - min(trips) < _STEADY_NS
        return AUDIO_INTERVAL_NS // 2 if dense else AUDIO_INTERVAL_NS

    def _take_stragglers(self) -> None:
        """Wait for the last round trip, as long as they take."""

        last_ns = time.time_ns()
        # The greeting took two round trips: the first answer is due by then, and the last soon after it.
        self._take(last_ns + _FIRST_TRIP_NS, lambda: bool(self.record.round_trips))
        slowest = max((trip.rtt_ns for trip in self.record.round_trips), default=0)
        self._take(last_ns + slowest + 50_000_000, lambda: self._inbox.trips_complete)

    def run(
        self,
        up: Sequence[Segment],
        down: Sequence[Segment],
        settled: Callable[[], bool] | None = None,
        drain_seconds: float = 0.0,
        look_seconds: float = _LOOK_SECONDS,
        ask_seconds: float = _ASK_SECONDS,
    ) -> None:
        """Send `up` and have `down` sent, at the same time; ask every `ask_seconds` what has arrived.

        Ends when both are over and `drain_seconds` more, when `settled` (asked every `look_seconds`)
        says so, or when nothing has come for long.
        """
        self._streams += 1
        self._inbox.stopping = None  # what begins now ends what was before
        phase = Phase(self._streams, tuple(up), tuple(down), len(self.record.up), time.time_ns())
        self._inbox.phases.append(phase)
        self._inbox.last_heard_ns = phase.begun_ns
        leaving = departures(up)
        following = next(leaving, None)
        longest_ms = max(sum(part.milliseconds for part in parts) for parts in (up, down))
        ends_ns = phase.begun_ns + longest_ms * 1_000_000 + int(drain_seconds * _NS)
        asks_ns = look_ns = fetch_ns = two_way_ns = phase.begun_ns
        while (now_ns := time.time_ns()) < ends_ns and not self.silent:
            if down and phase.first_down is None and now_ns >= asks_ns:
                self._say(messages.start(phase.number, down))
                asks_ns = now_ns + _AGAIN_NS
            if now_ns >= two_way_ns:
                self._two_way()
                two_way_ns += _TWO_WAY_NS
            if now_ns >= fetch_ns:
                self._ask_for_arrivals()
                fetch_ns = now_ns + (_ASK_AFTER_NS if phase.all_left else int(ask_seconds * _NS))
            if now_ns >= look_ns:
                look_ns = now_ns + int(look_seconds * _NS)
                if settled is not None and settled():
                    break
            following = self._send_due(phase, leaving, following, now_ns)
            if following is None and not phase.all_left:
                phase.all_left, fetch_ns = True, now_ns + _ASK_AFTER_NS
            due_ns = ends_ns if following is None else phase.begun_ns + following[0]
            self._take(min(due_ns, look_ns, fetch_ns, two_way_ns, ends_ns))
        else:  # over by itself; a stream down that was asked for twice began late, and ends here
            self._take(time.time_ns() + _LATE_NS)
        self._stop()

    def arrived(self, number: int) -> bool:
        """Whether both streams of a phase (0 is the first), the last one, are over: what is missing was lost."""
        phase = self._inbox.phases[number]
        if phase.up:
            if not phase.all_left:
                return False
            up = self.flights_up(number)
            latest_ns = max((f.arrived_ns for f in up if f.arrived_ns), default=min(phase.told_ns, default=0))
            quiet = bool(phase.told_ns) and max(phase.told_ns) - latest_ns > _QUIET_NS
            if not quiet and up and up[-1].arrived_ns is None:
                return False
        if phase.down:
            if phase.begun_there_ns is None:
                return False
            down = self.flights_down(number)
            lasts_ns = sum(part.milliseconds for part in phase.down) * 1_000_000
            quiet = phase.heard_there_ns - phase.begun_there_ns > lasts_ns + _QUIET_NS
            if not quiet and down and down[-1].arrived_ns is None:
                return False
        return True

    def drain(self, seconds: float) -> None:
        """Wait, at most so long, until nothing of what was sent so far is under way either way.

        A round trip that begins now comes back behind all that.
        """
        begun_ns = time.time_ns()
        ends_ns = begun_ns + int(seconds * _NS)

        def empty() -> bool:
            trips = self.record.round_trips
            return bool(trips) and trips[-1].sent_ns >= begun_ns

        while not empty() and (now_ns := time.time_ns()) < ends_ns:
            self._say_stop()
            self._two_way()
            self._ask_for_arrivals()
            self._take(min(ends_ns, now_ns + _ASK_AFTER_NS), empty)

    def finish(self, seconds: float) -> None:
        """Take in what is still under way, and the reflector's record, for at most so long."""
        ends_ns = time.time_ns() + int(seconds * _NS)
        trips = sorted(trip.rtt_ns for trip in self.record.round_trips[-_RECENT:])
        middle = trips[len(trips) // 2] if trips else _AGAIN_NS
        self._say_stop()
        # What was sent last may take so much longer than what asks for it.
        self._take(min(ends_ns, time.time_ns() + (trips[-1] - middle if trips else 0) + 20_000_000))
        last = max((phase.first_up for phase in self._inbox.phases if phase.up), default=0)
        wanted = range(last, max(last + 1, len(self.record.up)), MOST_FETCHED)
        self._inbox.fetched.clear()

        def known() -> bool:
            return self._inbox.fetched >= set(wanted) and self._inbox.stopping is None

        while not known() and time.time_ns() < ends_ns:
            for first in wanted:
                if first not in self._inbox.fetched:
                    self._say(messages.fetch(first, MOST_FETCHED))
            self._take(min(ends_ns, time.time_ns() + middle + 60_000_000), known)
            self._say_stop()

    def idle_flights(self) -> tuple[list[Flight], list[Flight]]:
        """Each way of the idle round trips that came back."""
        return idle_flights(self.record)

    def trips_ms(self, phase: int) -> list[float]:
        """The round trips beside one phase (0 is the first)."""
        number = self._inbox.phases[phase].number
        return [trip.rtt_ns / 1e6 for trip in self.record.round_trips if trip.phase == number]

    def beside_kbps(self, phase: int, way: str) -> float:
        """What else of ours came `way` (up, down) through the line while the packets of one phase arrived."""
        up = way == "up"
        return beside_kbps(self.record, self.flights_up(phase) if up else self.flights_down(phase), up=up)

    def flights_up(self, phase: int) -> list[Flight]:
        """What was sent up in one phase."""
        return flights_up(self.record, self._inbox.phases, phase)

    def flights_up_so_far(self, phase: int) -> list[Flight]:
        """What was sent up in one phase and should be known by now: up to the last that arrived."""
        flights = self.flights_up(phase)
        while flights and flights[-1].arrived_ns is None:
            flights.pop()
        return flights

    def flights_down(self, phase: int, *, under_way: bool = False) -> list[Flight]:
        """What was sent down in one phase; `under_way`: only what should be here by now."""
        phases = self._inbox.phases
        return flights_down(self.record, phases[phase], phases[phase + 1 :], under_way)

    def refused(self) -> bool:
        """Whether the reflector did not start a stream that is within what the collector granted."""
        return any(phase.refusal is not Refusal.NONE for phase in self._inbox.phases)

    def _send_due(
        self,
        phase: Phase,
        leaving: Iterator[tuple[int, int]],
        following: tuple[int, int] | None,
        now_ns: int,
    ) -> tuple[int, int] | None:
        for _ in range(16):  # then look at what arrived
            if following is None or phase.begun_ns + following[0] > now_ns:
                break
            offset_ns, size = following
            sent_ns = time.time_ns()
            late_ns = sent_ns - phase.begun_ns - offset_ns
            self.record.late_ns.append(late_ns)
            if late_ns > MOST_LATE_NS:  # the computer was busy: go on from here, rather than all at once
                phase.begun_ns += late_ns
            data = stamp.stream_packet(
                self._keys.up, self._session.id, Role.UP, len(self.record.up), sent_ns, size
            )
            if self._send(data):  # what never left this computer was not lost on the way
                self.record.up.append((sent_ns, size))
            following = next(leaving, None)
            now_ns = time.time_ns()
        return following

    def _stop(self) -> None:
        """End the stream down before its time; `finish` repeats it until it is heard of."""
        phase = self._inbox.phases[-1]
        if phase.down:
            self._streams += 1
            self._inbox.stopping = (phase, Phase(self._streams, (), (), len(self.record.up)))
            self._say_stop()

    def _say_stop(self) -> None:
        if self._inbox.stopping is not None:
            self._say(messages.start(self._inbox.stopping[1].number, ()))

    def _two_way(self) -> None:
        sent_ns = time.time_ns()
        self._send(
            stamp.stream_packet(
                self._keys.up, self._session.id, Role.TWO_WAY, self.record.two_way_sent, sent_ns
            )
        )
        if time.time_ns() - sent_ns > _UNSURE_NS:
            self.record.unsure.add(sent_ns)
        self.record.two_way_sent += 1

    def _ask_for_arrivals(self) -> None:
        """Of what was sent in this phase; what is known for good, or has just been asked for, is not asked again."""
        now_ns, begins = time.time_ns(), self._inbox.phases[-1].first_up // MOST_FETCHED * MOST_FETCHED
        for first in range(begins, len(self.record.up), MOST_FETCHED):
            waiting = now_ns - self._inbox.asked.get(first, 0) < _ANSWERED_NS
            if first not in self._inbox.closed and not waiting:
                self._inbox.asked[first] = now_ns
                self._say(messages.fetch(first, min(MOST_FETCHED, len(self.record.up) - first)))

    def _say(self, message: bytes) -> None:
        # As large as the answer: an address that is not proven yet is never sent more than it sent.
        data = stamp.control_packet(
            self._keys.up, self._session.id, self._control, time.time_ns(), message, size=160
        )
        self._control += 1
        self._send(data)

    def _send(self, data: bytes) -> bool:
        if self._udp.send(data, self._address) is not None:
            self.send_errors += 1
            return False
        self.record.bytes_up += len(data) + stamp.IP_UDP_BYTES
        return True

    def _take(self, until_ns: int, enough: Callable[[], bool] | None = None) -> None:
        """Take in what arrives until then, or until it is enough."""
        while True:
            # Bounded, so that a flood does not keep us from sending in time.
            for _ in range(64):
                arrived = self._udp.receive()
                if arrived is None:
                    break
                self._inbox.take(arrived)
            if enough is not None and enough():
                return
            left_ns = until_ns - time.time_ns()
            if left_ns <= 0:
                return
            self._udp.wait(left_ns / 1e9)
