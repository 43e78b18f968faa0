"""The client's side of a session: streams both ways, every packet stamped. Blocks; for the probe."""

from __future__ import annotations

import socket
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from readiness.network import messages, stamp
from readiness.network.datagrams import Datagram, UdpSocket
from readiness.network.messages import MOST_FETCHED, Refusal, Word
from readiness.network.record import Phase, Record, RoundTrip, flights_down, flights_up
from readiness.network.schedule import MOST_LATE_NS, Segment, departures
from readiness.network.session import Session
from readiness.network.stamp import Role
from readiness.network.traces import Flight

_AGAIN_NS = 200_000_000
_TWO_WAY_NS = 100_000_000
_TICK_NS = 250_000_000
_ASK_NS = 500_000_000
_FIRST_PING_NS = 2_000_000_000
_NS = 1_000_000_000


class Oddity:
    """What a collector that lies, or somebody in between, gives away. Names in `Exchange.odd`."""

    FORGED = "forged"
    OTHER_SESSION = "other_session"
    MOVED = "moved"
    REPLAYED = "replayed"
    REFUSED = "refused"


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
        self._token: bytes | None = None
        self._welcome = False
        self._two_way_seen: set[int] = set()
        self._control_seen: set[int] = set()
        self._phase: Phase | None = None
        self._phases: list[Phase] = []
        self._streams = 0
        self._settled = 0
        self._fetched: set[int] = set()
        self._clock_ns = time.time_ns() - time.monotonic_ns()
        self.record = Record()
        self.odd: Counter[str] = Counter()
        self.send_errors = 0
        self.last_heard_ns = 0
        self.leaving = False
        self.known_after_seconds = 1.5
        """How long after it was sent a packet that is not there is not asked for again, for now."""

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
    def unanswered(self) -> bool:
        """Whether the stream down that was asked for last has not been heard of yet."""
        phase = self._phase
        return phase is not None and bool(phase.down) and phase.first_down is None

    @property
    def silent(self) -> bool:
        """Whether nothing has come for so long that the network must be away."""
        return time.time_ns() - self.last_heard_ns > self._silence_ns

    def greet(self, seconds: float) -> bool:
        """Introduce ourselves and echo the challenge; False where nothing valid comes back in time."""
        ends_ns = time.time_ns() + int(seconds * _NS)
        while not self._welcome and time.time_ns() < ends_ns:
            self._say(messages.hello() if self._token is None else messages.prove(self._token))
            before = self._token
            again_ns = min(ends_ns, time.time_ns() + _AGAIN_NS)
            self._take(again_ns, lambda before=before: self._welcome or self._token is not before)  # type: ignore[misc]
        return self._welcome

    def ping(self, count: int, gap_ms: float) -> None:
        """Idle round trips: so many, so far apart; waits for the last one as long as they take."""
        for _ in range(count):
            self._two_way()
            self._take(time.time_ns() + int(gap_ms * 1e6))
        last_ns = time.time_ns()
        # The greeting took two round trips: the first answer is due by then, and the last soon after it.
        self._take(last_ns + _FIRST_PING_NS, lambda: bool(self.record.round_trips))
        slowest = max((trip.rtt_ns for trip in self.record.round_trips), default=0)
        self._take(
            last_ns + slowest + 50_000_000, lambda: len(self._two_way_seen) == self.record.two_way_sent
        )

    def run(
        self,
        up: Sequence[Segment],
        down: Sequence[Segment],
        settled: Callable[[], bool] | None = None,
        drain_seconds: float = 0.0,
        *,
        quiet: bool = False,
    ) -> None:
        """Send `up` and have `down` sent, at the same time.

        `quiet`: without round trips beside it. Ends when both are over and `drain_seconds` more, when
        `settled` (asked four times a second) says so, or when nothing has come for long.
        """
        self._streams += 1
        phase = Phase(self._streams, tuple(up), tuple(down), len(self.record.up), time.time_ns())
        self._phase = phase
        self._phases.append(phase)
        self.last_heard_ns = phase.begun_ns
        leaving = departures(up)
        following = next(leaving, None)
        longest_ms = max(sum(part.milliseconds for part in parts) for parts in (up, down))
        left_ns = phase.begun_ns + longest_ms * 1_000_000
        ends_ns = left_ns + int(drain_seconds * _NS)
        asks_ns = tick_ns = fetch_ns = two_way_ns = phase.begun_ns
        while (now_ns := time.time_ns()) < ends_ns and not self.silent:
            if down and phase.first_down is None and now_ns >= asks_ns:
                self._say(messages.start(phase.number, down))
                asks_ns = now_ns + _AGAIN_NS
            if now_ns >= two_way_ns and not quiet:
                self._two_way()
                two_way_ns += _TWO_WAY_NS
            if now_ns >= tick_ns:
                if now_ns >= fetch_ns:
                    self._ask_for_arrivals()
                    fetch_ns = now_ns + _ASK_NS
                tick_ns = now_ns + _TICK_NS
                if settled is not None and settled():
                    break
            following = self._send_due(phase, leaving, following, now_ns)
            self.leaving = following is not None or now_ns < left_ns
            due_ns = ends_ns if following is None else phase.begun_ns + following[0]
            self._take(min(due_ns, tick_ns, ends_ns, *(() if quiet else (two_way_ns,))))
        else:
            return
        self._stop()

    def finish(self, seconds: float) -> None:
        """Take in what is still under way, and the reflector's record, for at most so long."""
        ends_ns = time.time_ns() + int(seconds * _NS)
        trips = [trip.rtt_ns for trip in self.record.round_trips]
        self._take(min(ends_ns, time.time_ns() + (max(trips) if trips else _AGAIN_NS) + 20_000_000))
        again_ns = int(statistics.median(trips)) + 60_000_000 if trips else _AGAIN_NS
        last = max((phase.first_up for phase in self._phases if phase.up), default=0)
        wanted = range(last, max(last + 1, len(self.record.up)), MOST_FETCHED)
        self._fetched.clear()
        while not self._fetched >= set(wanted) and time.time_ns() < ends_ns:
            for first in wanted:
                if first not in self._fetched:
                    self._say(messages.fetch(first, MOST_FETCHED))
            self._take(min(ends_ns, time.time_ns() + again_ns), lambda: self._fetched >= set(wanted))

    def flights_up(self, phase: int) -> list[Flight]:
        """What was sent up in one phase (0 is the first)."""
        return flights_up(self.record, self._phases, phase)

    def flights_up_so_far(self, phase: int) -> list[Flight]:
        """What was sent up in one phase and should be known by now: up to the last that arrived."""
        flights = self.flights_up(phase)
        while flights and flights[-1].arrived_ns is None:
            flights.pop()
        return flights

    def flights_down(self, phase: int, *, under_way: bool = False) -> list[Flight]:
        """What was sent down in one phase; `under_way`: only what should be here by now."""
        return flights_down(self.record, self._phases[phase], self._phases[phase + 1 :], under_way)

    def refused(self) -> bool:
        """Whether the reflector did not start a stream that is within what the collector granted."""
        return any(phase.refusal is not Refusal.NONE for phase in self._phases)

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
        """End the stream down before its time."""
        if self._phase is None or not self._phase.down:
            return
        self._streams += 1
        stopped = Phase(self._streams, (), (), len(self.record.up), time.time_ns())
        ended, self._phase = self._phase, stopped
        for _ in range(5):
            self._say(messages.start(stopped.number, ()))
            self._take(time.time_ns() + _AGAIN_NS, lambda: stopped.first_down is not None)
            if stopped.first_down is not None:
                break
        ended.end_down = stopped.first_down

    def _two_way(self) -> None:
        sent_ns = time.time_ns()
        self._send(
            stamp.stream_packet(
                self._keys.up, self._session.id, Role.TWO_WAY, self.record.two_way_sent, sent_ns
            )
        )
        self.record.two_way_sent += 1

    def _ask_for_arrivals(self) -> None:
        for first in range(self._settled, len(self.record.up), MOST_FETCHED):
            self._say(messages.fetch(first, MOST_FETCHED))

    def _settle(self, first: int, now_ns: int) -> None:
        """What was sent so long ago and has been asked for since will not arrive any more."""
        if first != self._settled:
            return
        after = min(first + MOST_FETCHED, len(self.record.up))
        old_ns = now_ns - int(self.known_after_seconds * _NS)
        while self._settled < after and self.record.up[self._settled][0] < old_ns:
            self._settled += 1

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
                self._understand(arrived)
            if enough is not None and enough():
                return
            left_ns = until_ns - time.time_ns()
            if left_ns <= 0:
                return
            self._udp.wait(left_ns / 1e9)

    def _understand(self, arrived: Datagram) -> None:
        self.record.bytes_down += len(arrived.data) + stamp.IP_UDP_BYTES
        named = stamp.session_of(arrived.data)
        if named is None:
            self.odd[Oddity.FORGED] += 1
            return
        number, role = named
        if number != self._session.id:
            self.odd[Oddity.OTHER_SESSION] += 1
            return
        valid = self._reflected(arrived) if role is Role.TWO_WAY else self._sent_to_us(arrived)
        if not valid:
            self.odd[Oddity.FORGED] += 1
        elif arrived.address[:2] != self._address[:2]:
            self.odd[Oddity.MOVED] += 1
        else:
            self.last_heard_ns = arrived.received_ns

    def _reflected(self, arrived: Datagram) -> bool:
        packet = stamp.read_reflected(self._keys.down, arrived.data)
        if packet is None:
            return False
        if packet.sequence in self._two_way_seen:
            self.odd[Oddity.REPLAYED] += 1
            return True
        self._two_way_seen.add(packet.sequence)
        there_ns = packet.sent_there_ns - packet.received_there_ns
        rtt_ns = arrived.received_ns - packet.sent_ns - max(0, there_ns)
        phase = None if self._phase is None else self._phase.number
        self.record.round_trips.append(RoundTrip(packet.sent_ns, rtt_ns, phase))
        return True

    def _sent_to_us(self, arrived: Datagram) -> bool:
        packet = stamp.read(self._keys.down, arrived.data)
        if packet is None:
            return False
        if packet.role is Role.CONTROL:
            if packet.sequence in self._control_seen:
                self.odd[Oddity.REPLAYED] += 1
            else:
                self._control_seen.add(packet.sequence)
                self._told(packet.message)
        elif packet.role is Role.DOWN:
            if packet.sequence in self.record.down:
                self.record.duplicates_down += 1
            else:
                self.record.down[packet.sequence] = (packet.sent_ns, arrived.received_ns, packet.size)
        else:
            return False
        return True

    def _told(self, message: bytes) -> None:
        word = messages.word_of(message)
        if word is Word.CHALLENGE:
            self._token = messages.read_token(message)
        elif word is Word.WELCOME:
            self._welcome = True
        elif word is Word.STARTED:
            self._started(messages.read_started(message))
        elif word is Word.FETCHED:
            arrivals = messages.read_fetched(message)
            if arrivals is not None:
                self._fetched.add(arrivals.first)
                self.record.duplicates_up = arrivals.duplicates
                for index, at_ns in enumerate(arrivals.times_ns):
                    if at_ns is not None:
                        self.record.up_arrived[arrivals.first + index] = at_ns
                self._settle(arrivals.first, time.time_ns())

    def _started(self, told: tuple[int, Refusal, int] | None) -> None:
        if told is None:
            return
        number, refusal, first = told
        for phase in {id(phase): phase for phase in (*self._phases, self._phase) if phase}.values():
            if phase.number == number:
                phase.first_down, phase.refusal = first, refusal
                if refusal is not Refusal.NONE:
                    phase.end_down = first
                    self.odd[Oddity.REFUSED] += 1
