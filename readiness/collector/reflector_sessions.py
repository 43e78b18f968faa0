"""The sessions of the reflector: which packets are answered, with what. No sockets here.

Nothing is answered that does not carry the HMAC of a live session, nor anything twice. To an address
that has not echoed its challenge never goes more than came from it.
"""

from __future__ import annotations

import hmac
import secrets
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from readiness.network import messages, stamp
from readiness.network.messages import Arrivals, Refusal, Word
from readiness.network.schedule import MOST_LATE_NS, Segment, departures
from readiness.network.stamp import ROLES, Keys, Packet, Role

MOST_PACKETS = 1 << 16
"""Of one role in one session."""

_NOT_YET = -1
_Outgoing = list[tuple[bytes, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one session may use. Rates and bytes count UDP payloads, for each direction."""

    seconds: int = 60
    kbps: int = 200_000
    bytes: int = 8_000_000


LIGHT = Bounds(seconds=1_200, kbps=200, bytes=16_000_000)
"""For watching a line for long."""


class _Seen:
    """Which sequence numbers came already."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, number: int) -> bool:
        """Whether it is new."""
        index, bit = number >> 3, 1 << (number & 7)
        if index >= len(self._bits):
            self._bits.extend(bytes(index + 256 - len(self._bits)))
        if self._bits[index] & bit:
            return False
        self._bits[index] |= bit
        return True


@dataclass(slots=True, eq=False)
class Session:
    """One client's session."""

    id: int
    key: bytes
    bounds: Bounds
    opened_ns: int
    keys: Keys = field(init=False)
    token: bytes = field(default_factory=lambda: secrets.token_bytes(stamp.TOKEN_BYTES))
    proven: Any = None
    bytes_in: int = 0
    bytes_out: int = 0
    sent: dict[Role, int] = field(default_factory=lambda: dict.fromkeys(Role, 0))
    received: int = 0
    duplicates: int = 0
    arrivals: array[int] = field(default_factory=lambda: array("q"))
    seen: dict[Role, _Seen] = field(default_factory=lambda: {role: _Seen() for role in Role})
    stream: Iterator[tuple[int, int]] | None = None
    stream_number: int = -1
    stream_answer: bytes = b""
    stream_begun_ns: int = 0
    stream_due_ns: int = 0
    next_size: int = 0

    def __post_init__(self) -> None:
        self.keys = stamp.keys(self.key)

    def over(self, now_ns: int) -> bool:
        """Whether its time is up."""
        return now_ns - self.opened_ns > self.bounds.seconds * 1_000_000_000

    def within_rate(self, now_ns: int, counted: int) -> bool:
        """Whether so many bytes since its start are within the granted rate; a second's worth is free."""
        allowed = self.bounds.kbps * 125 * ((now_ns - self.opened_ns) / 1e9 + 1)
        return counted <= min(allowed, self.bounds.bytes)


class Sessions:
    """All live sessions. Times are `time.time_ns`."""

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._live: dict[int, Session] = {}

    def __len__(self) -> int:
        return len(self._live)

    def open(self, now_ns: int, bounds: Bounds | None = None) -> Session | None:
        """A new session, or None where there are too many."""
        self.forget(now_ns)
        if len(self._live) >= self._most:
            return None
        while True:
            number = ROLES * (1 + secrets.randbelow((1 << 16) // ROLES - 1))
            if number not in self._live:
                break
        session = Session(number, secrets.token_bytes(stamp.KEY_BYTES), bounds or Bounds(), now_ns)
        self._live[number] = session
        return session

    def forget(self, now_ns: int) -> None:
        """Drop what is over."""
        for number, session in tuple(self._live.items()):
            if session.over(now_ns):
                self._live.pop(number, None)

    def alive(self, session: Session) -> bool:
        """Whether it has neither said goodbye nor been forgotten."""
        return self._live.get(session.id) is session

    def handle(
        self, data: bytes, address: Any, received_ns: int, now_ns: int, ttl: int = 0
    ) -> tuple[_Outgoing, Session | None]:
        """What to answer, and the session whose stream begins with this packet, if one does."""
        named = stamp.session_of(data)
        session = self._live.get(named[0]) if named else None
        if named is None or session is None or named[1] is Role.DOWN or session.over(now_ns):
            return [], None
        packet = stamp.read(session.keys.up, data)
        if packet is None or packet.sequence >= MOST_PACKETS:
            return [], None
        if not session.seen[packet.role].add(packet.sequence):
            session.duplicates += packet.role is Role.UP
            return [], None
        if not session.within_rate(now_ns, session.bytes_in + packet.size):
            return [], None
        session.bytes_in += packet.size
        if packet.role is Role.UP:
            _record(session, packet.sequence, received_ns)
            return [], None
        if packet.role is Role.TWO_WAY:
            return self._answer(session, address, _reflected(session, data, received_ns, now_ns, ttl)), None
        return self._controlled(session, packet, address, now_ns)

    def next_packet(self, session: Session, now_ns: int) -> tuple[bytes, Any, int | None]:
        """The stream's packet that is due, where to, and when the one after it is (None: the end)."""
        late_ns = now_ns - session.stream_due_ns
        if late_ns > MOST_LATE_NS:
            session.stream_begun_ns += late_ns
        sequence = session.sent[Role.DOWN]
        data = stamp.stream_packet(
            session.keys.down, session.id, Role.DOWN, sequence, now_ns, session.next_size
        )
        session.sent[Role.DOWN] += 1
        session.bytes_out += len(data)
        return data, session.proven, self._advance(session)

    def _advance(self, session: Session) -> int | None:
        """When the next packet of the stream is due; None where the stream is over."""
        following = next(session.stream, None) if session.stream else None
        if (
            following is None
            or session.sent[Role.DOWN] >= MOST_PACKETS
            or session.bytes_out + following[1] > session.bounds.bytes
        ):
            session.stream = None
            return None
        offset_ns, session.next_size = following
        due_ns = session.stream_begun_ns + offset_ns
        if session.over(due_ns):
            session.stream = None
            return None
        session.stream_due_ns = due_ns
        return due_ns

    def _controlled(
        self, session: Session, packet: Packet, address: Any, now_ns: int
    ) -> tuple[_Outgoing, Session | None]:
        word, begins = messages.word_of(packet.message), None
        answer: bytes | None = None
        if word is Word.HELLO:
            answer = messages.challenge(_token(session, address))
        elif word is Word.PROVE:
            token = messages.read_token(packet.message)
            if token is not None and hmac.compare_digest(token, _token(session, address)):
                session.proven = address
                answer = messages.welcome()
        elif word is Word.BYE:
            self._live.pop(session.id, None)
        elif address == session.proven:
            if word is Word.START:
                answer, begins = self._start(session, packet.message, now_ns)
            elif word is Word.FETCH:
                answer = _fetched(session, packet.message)
        if answer is None:
            return [], None
        sequence = session.sent[Role.CONTROL]
        session.sent[Role.CONTROL] += 1
        data = stamp.control_packet(session.keys.down, session.id, sequence, now_ns, answer)
        if address != session.proven and len(data) > packet.size:
            return [], None
        return self._answer(session, address, data), begins

    def _start(self, session: Session, message: bytes, now_ns: int) -> tuple[bytes | None, Session | None]:
        asked = messages.read_start(message)
        if asked is None:
            return None, None
        number, segments = asked
        if number == session.stream_number:
            return session.stream_answer, None
        refusal = _refusal(session, segments, now_ns)
        first = session.sent[Role.DOWN]
        session.stream_number = number
        session.stream_answer = messages.started(number, refusal, first)
        session.stream = departures(segments) if segments and refusal is Refusal.NONE else None
        session.stream_begun_ns = now_ns
        begins = session if self._advance(session) is not None else None
        return session.stream_answer, begins

    def _answer(self, session: Session, address: Any, data: bytes) -> _Outgoing:
        if not session.within_rate(session.opened_ns + session.bounds.seconds * 10**9, session.bytes_out):
            return []
        session.bytes_out += len(data)
        return [(data, address)]


def _token(session: Session, address: Any) -> bytes:
    """A challenge that only this session can echo, and only from this address."""
    told = repr(address[:2]).encode()
    return hmac.digest(session.token, told, "sha256")[: stamp.TOKEN_BYTES]


def _record(session: Session, sequence: int, received_ns: int) -> None:
    missing = sequence + 1 - len(session.arrivals)
    if missing > 0:
        session.arrivals.extend([_NOT_YET] * missing)
    session.arrivals[sequence] = received_ns
    session.received += 1


def _reflected(session: Session, data: bytes, received_ns: int, now_ns: int, ttl: int) -> bytes:
    sequence = session.sent[Role.TWO_WAY]
    session.sent[Role.TWO_WAY] += 1
    return stamp.reflection(session.keys.down, data, sequence, received_ns, now_ns, ttl)


def _refusal(session: Session, segments: tuple[Segment, ...], now_ns: int) -> Refusal:
    wanted = sum(segment.kbps * segment.milliseconds // 8 for segment in segments)
    ends_ns = now_ns + sum(segment.milliseconds for segment in segments) * 1_000_000
    if any(segment.kbps > session.bounds.kbps for segment in segments):
        return Refusal.TOO_FAST
    if session.bytes_out + wanted > session.bounds.bytes:
        return Refusal.TOO_MUCH
    if session.over(ends_ns):
        return Refusal.TOO_LONG
    return Refusal.NONE


def _fetched(session: Session, message: bytes) -> bytes | None:
    asked = messages.read_fetch(message)
    if asked is None:
        return None
    first, count = asked
    times = session.arrivals[first : first + count]
    return messages.fetched(
        Arrivals(
            first=first,
            received=session.received,
            duplicates=session.duplicates,
            sent=session.sent[Role.DOWN],
            times_ns=tuple(None if at == _NOT_YET else at for at in times),
        )
    )
