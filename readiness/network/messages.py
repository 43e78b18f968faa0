"""The control messages between client and reflector: bytes in, bytes out; None for what is none."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from readiness.network import schedule
from readiness.network.schedule import Segment
from readiness.network.stamp import TOKEN_BYTES


class Word(IntEnum):
    """What a message says first."""

    HELLO = 1
    """Client: here I am. Answered by CHALLENGE."""
    CHALLENGE = 2
    PROVE = 3
    """Client: the challenge, echoed. Answered by WELCOME; now the address is proven."""
    WELCOME = 4
    START = 5
    """Client: send this stream down (none: stop). Answered by STARTED."""
    STARTED = 6
    FETCH = 7
    """Client: when did these packets of role UP arrive? Answered by FETCHED."""
    FETCHED = 8
    BYE = 9
    """Client: the session is over."""


class Refusal(IntEnum):
    """Why a stream was not started."""

    NONE = 0
    TOO_FAST = 1
    TOO_MUCH = 2
    TOO_LONG = 3


NOT_RECEIVED = 0xFFFFFFFF
MOST_FETCHED = 250
_START = struct.Struct("!BB")
_STARTED = struct.Struct("!BBI")
_FETCH = struct.Struct("!IH")
_FETCHED = struct.Struct("!IHIIIQ")


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What the reflector recorded: packets `first` and on, when each arrived (ns), None if not yet.

    `received`, `duplicates` and `sent` count all packets of the roles UP, UP and DOWN so far.
    """

    first: int
    received: int
    duplicates: int
    sent: int
    times_ns: tuple[int | None, ...]


def hello() -> bytes:
    """The first message of a client."""
    return bytes((Word.HELLO,))


def prove(token: bytes) -> bytes:
    """The challenge, echoed."""
    return bytes((Word.PROVE,)) + token


def challenge(token: bytes) -> bytes:
    """The answer to a hello."""
    return bytes((Word.CHALLENGE,)) + token


def welcome() -> bytes:
    """The answer to a proof."""
    return bytes((Word.WELCOME,))


def bye() -> bytes:
    """The last message of a client."""
    return bytes((Word.BYE,))


def start(stream: int, segments: Sequence[Segment]) -> bytes:
    """Ask for a stream downwards. A number that is known already only repeats the answer."""
    return bytes((Word.START,)) + _START.pack(stream, len(segments)) + schedule.pack(segments)


def started(stream: int, refusal: Refusal, first: int) -> bytes:
    """The stream's first packet has the sequence number `first`."""
    return bytes((Word.STARTED,)) + _STARTED.pack(stream, refusal, first)


def fetch(first: int, count: int) -> bytes:
    """Ask when packets arrived."""
    return bytes((Word.FETCH,)) + _FETCH.pack(first, count)


def fetched(arrivals: Arrivals) -> bytes:
    """Times in microseconds after the earliest among them."""
    base = min((at for at in arrivals.times_ns if at is not None), default=0)
    offsets = [NOT_RECEIVED if at is None else (at - base) // 1000 for at in arrivals.times_ns]
    head = _FETCHED.pack(
        arrivals.first, len(offsets), arrivals.received, arrivals.duplicates, arrivals.sent, base
    )
    return bytes((Word.FETCHED,)) + head + struct.pack(f"!{len(offsets)}I", *offsets)


def word_of(message: bytes) -> Word | None:
    """What kind of message it is."""
    try:
        return Word(message[0])
    except (IndexError, ValueError):
        return None


def read_token(message: bytes) -> bytes | None:
    """The token of a challenge or a proof."""
    return message[1:] if len(message) == 1 + TOKEN_BYTES else None


def read_start(message: bytes) -> tuple[int, tuple[Segment, ...]] | None:
    """Stream number and segments."""
    if len(message) < 1 + _START.size:
        return None
    stream, count = _START.unpack_from(message, 1)
    segments = schedule.unpack(message[1 + _START.size :])
    return None if segments is None or len(segments) != count else (stream, segments)


def read_started(message: bytes) -> tuple[int, Refusal, int] | None:
    """Stream number, whether it was refused, and its first sequence number."""
    if len(message) != 1 + _STARTED.size:
        return None
    stream, refusal, first = _STARTED.unpack_from(message, 1)
    try:
        return stream, Refusal(refusal), first
    except ValueError:
        return None


def read_fetch(message: bytes) -> tuple[int, int] | None:
    """First sequence number and how many."""
    if len(message) != 1 + _FETCH.size:
        return None
    first, count = _FETCH.unpack_from(message, 1)
    return (first, count) if count <= MOST_FETCHED else None


def read_fetched(message: bytes) -> Arrivals | None:
    """When packets arrived."""
    if len(message) < 1 + _FETCHED.size:
        return None
    first, count, received, duplicates, sent, base = _FETCHED.unpack_from(message, 1)
    rest = message[1 + _FETCHED.size :]
    if len(rest) != 4 * count:
        return None
    offsets = struct.unpack(f"!{count}I", rest)
    times = tuple(None if offset == NOT_RECEIVED else base + offset * 1000 for offset in offsets)
    return Arrivals(first=first, received=received, duplicates=duplicates, sent=sent, times_ns=times)
