"""What comes over a session, understood and recorded packet by packet. No sockets here.

Packets that a faithful reflector does not send are counted by what is odd about them.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from readiness.network import messages, stamp
from readiness.network.datagrams import Datagram
from readiness.network.messages import MOST_FETCHED, Refusal, Word
from readiness.network.record import Phase, Record, RoundTrip
from readiness.network.stamp import Packet, Role

_OUT_OF_ORDER_NS = 250_000_000
"""No packet comes so long behind one that was sent after it."""


class Oddity:
    """What a collector that lies, or somebody in between, gives away. Names in `Inbox.odd`."""

    FORGED = "forged"
    OTHER_SESSION = "other_session"
    MOVED = "moved"
    REPLAYED = "replayed"
    REFUSED = "refused"


class Inbox:
    """One session's. `key` is that of what comes down, `address` the reflector's."""

    def __init__(self, number: int, key: bytes, address: Any) -> None:
        self._number = number
        self._key = key
        self._address = address
        self._two_way_seen: set[int] = set()
        self._control_seen: set[int] = set()
        self.record = Record()
        self.odd: Counter[str] = Counter()
        self.token: bytes | None = None
        self.welcome = False
        self.phases: list[Phase] = []
        self.stopping: tuple[Phase, Phase] | None = None
        """A stream down that is to end, and the empty one that ends it: until that was heard of."""

        self.fetched: set[int] = set()
        self.asked: dict[int, int] = {}
        """When it was last asked for, and not answered yet, which of some packets have arrived."""

        self.closed: set[int] = set()
        """Those of which all has arrived, or was asked for so long after it was sent that it is lost."""

        self.last_heard_ns = 0

    @property
    def phase(self) -> Phase | None:
        """What goes on now."""
        return self.phases[-1] if self.phases else None

    @property
    def trips_complete(self) -> bool:
        """Whether every round trip so far came back."""
        return len(self._two_way_seen) == self.record.two_way_sent

    def take(self, arrived: Datagram) -> None:
        """Understand one packet."""
        self.record.bytes_down += len(arrived.data) + stamp.IP_UDP_BYTES
        named = stamp.session_of(arrived.data)
        if named is None:
            self.odd[Oddity.FORGED] += 1
            return
        number, role = named
        if number != self._number:
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
        packet = stamp.read_reflected(self._key, arrived.data)
        if packet is None:
            return False
        if packet.sequence in self._two_way_seen:
            self.odd[Oddity.REPLAYED] += 1
            return True
        self._two_way_seen.add(packet.sequence)
        there_ns = (packet.received_there_ns, packet.sent_there_ns)
        rtt_ns = arrived.received_ns - packet.sent_ns - max(0, there_ns[1] - there_ns[0])
        trip = RoundTrip(
            sent_ns=packet.sent_ns,
            rtt_ns=rtt_ns,
            phase=None if self.phase is None else self.phase.number,
            there_ns=there_ns,
            arrived_ns=arrived.received_ns,
        )
        self.record.round_trips.append(trip)
        self._heard_from(packet.sent_there_ns)
        return True

    def _sent_to_us(self, arrived: Datagram) -> bool:
        packet = stamp.read(self._key, arrived.data)
        if packet is None:
            return False
        if packet.role is Role.CONTROL:
            if packet.sequence in self._control_seen:
                self.odd[Oddity.REPLAYED] += 1
            else:
                self._control_seen.add(packet.sequence)
                self.record.told.append((arrived.received_ns, packet.size))
                self._told(packet)
        elif packet.role is Role.DOWN:
            if packet.sequence in self.record.down:
                self.record.duplicates_down += 1
            else:
                self.record.down[packet.sequence] = (packet.sent_ns, arrived.received_ns, packet.size)
        else:
            return False
        return True

    def _told(self, packet: Packet) -> None:
        word = messages.word_of(packet.message)
        if word is Word.CHALLENGE:
            self.token = messages.read_token(packet.message)
        elif word is Word.WELCOME:
            self.welcome = True
        elif word is Word.STARTED:
            self._started(messages.read_started(packet.message), packet.sent_ns)
        elif word is Word.FETCHED:
            self._fetched(messages.read_fetched(packet.message), packet.sent_ns)
        self._heard_from(packet.sent_ns)

    def _heard_from(self, there_ns: int) -> None:
        """Something of the phase that goes on left the reflector then."""
        if self.phase is not None and self.phase.begun_there_ns is not None:
            self.phase.heard_there_ns = max(self.phase.heard_there_ns, there_ns)

    def _fetched(self, arrivals: messages.Arrivals | None, told_ns: int) -> None:
        if arrivals is None:
            return
        self.fetched.add(arrivals.first)
        self.record.duplicates_up = arrivals.duplicates
        for index, at_ns in enumerate(arrivals.times_ns):
            if at_ns is not None:
                self.record.up_arrived[arrivals.first + index] = at_ns
        if (
            self.phase is not None
            and self.phase.all_left
            and arrivals.first + MOST_FETCHED >= len(self.record.up)
        ):
            self.phase.told_ns.append(told_ns)
        self._close(arrivals.first, self.asked.pop(arrivals.first, 0))

    def _close(self, first: int, asked_ns: int) -> None:
        window = range(first, first + MOST_FETCHED)
        if window[-1] < len(self.record.up) and (
            self.record.up[window[-1]][0] < asked_ns - _OUT_OF_ORDER_NS
            or all(number in self.record.up_arrived for number in window)
        ):
            self.closed.add(first)

    def _started(self, told: tuple[int, Refusal, int] | None, there_ns: int) -> None:
        if told is None:
            return
        number, refusal, first = told
        if self.stopping is not None and number == self.stopping[1].number:
            self.stopping[0].end_down, self.stopping = first, None
        for phase in self.phases:
            if phase.number == number:
                phase.first_down, phase.refusal = first, refusal
                phase.begun_there_ns = min(there_ns, phase.begun_there_ns or there_ns)
                if refusal is not Refusal.NONE:
                    phase.end_down = first
                    self.odd[Oddity.REFUSED] += 1
