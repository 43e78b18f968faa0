"""STAMP test packets (RFC 8762, authenticated mode; RFC 8972 session ids and TLVs). Bytes only.

A granted session is four STAMP sessions with ids in a row, told apart by `Role`. What the client
sends carries an HMAC under one key, what the reflector sends under another, so that nothing sent
in one direction is valid in the other. Times are nanoseconds since 1970 (`time.time_ns`).
"""

from __future__ import annotations

import hmac
import struct
from dataclasses import dataclass
from enum import IntEnum

BASE_BYTES = 112
"""An authenticated test packet without TLVs (RFC 8762, sections 4.2.2 and 4.3.2)."""

LARGEST_BYTES = 1200
"""The largest packet sent: fits every path, as meeting services choose it too."""

IP_UDP_BYTES = 28
"""What IPv4 and UDP add to a packet on the line."""

KEY_BYTES = 32
TOKEN_BYTES = 16
_SIGNED_BYTES = 96
_HMAC_BYTES = 16
_NTP_OFFSET_SECONDS = 2_208_988_800  # 1900 to 1970
_ERROR_ESTIMATE = 22 << 8 | 1  # not synchronised; 2^22 * 2^-32 s, about a millisecond (RFC 4656, 4.1.2)

_SENDER = struct.Struct("!I12xQHH68x")
_REFLECTED = struct.Struct("!I12xQHH4xQ8xI12xQH6xB15x")
_TLV = struct.Struct("!BBH")
_EXTRA_PADDING = 1
_HMAC_TLV = 8
_PRIVATE = 252  # private use (RFC 8972, section 5.1)
_TLV_HEADER_BYTES = 4
LARGEST_MESSAGE_BYTES = LARGEST_BYTES - BASE_BYTES - 2 * _TLV_HEADER_BYTES - _HMAC_BYTES
"""Of a control message."""


class Role(IntEnum):
    """What a packet is for: its place among the four session ids in a row."""

    TWO_WAY = 0
    """From the client, reflected at once, in the same size."""
    UP = 1
    """From the client, recorded by the reflector."""
    DOWN = 2
    """From the reflector, recorded by the client."""
    CONTROL = 3
    """Both ways: a control message in a TLV of private use, under its own HMAC TLV."""


ROLES = len(Role)


@dataclass(frozen=True, slots=True)
class Keys:
    """The two keys of a session: for what goes up and what comes down."""

    up: bytes
    down: bytes


@dataclass(frozen=True, slots=True)
class Packet:
    """A test packet in the sender's format. `sent_ns` by the sender's clock."""

    session: int
    role: Role
    sequence: int
    sent_ns: int
    size: int
    message: bytes = b""


@dataclass(frozen=True, slots=True)
class Reflected:
    """A reflected packet: three stamps, of which only `sent_ns` is by the client's clock."""

    session: int
    sequence: int
    sent_ns: int
    received_there_ns: int
    sent_there_ns: int
    size: int


def keys(key: bytes) -> Keys:
    """Both directions' keys from the session's."""
    return Keys(up=hmac.digest(key, b"up", "sha256"), down=hmac.digest(key, b"down", "sha256"))


def stream_packet(
    key: bytes, session: int, role: Role, sequence: int, sent_ns: int, size: int = BASE_BYTES
) -> bytes:
    """A test packet of `size` bytes of UDP payload, filled up by an Extra Padding TLV."""
    return _signed(key, _sender(session, role, sequence, sent_ns)) + _padding(size - BASE_BYTES)


def control_packet(
    key: bytes, session: int, sequence: int, sent_ns: int, message: bytes, size: int = 0
) -> bytes:
    """A control message, filled up to at least `size` bytes."""
    head = _signed(key, _sender(session, Role.CONTROL, sequence, sent_ns))
    tlvs = _TLV.pack(0, _PRIVATE, len(message)) + message
    missing = size - len(head) - len(tlvs) - _TLV_HEADER_BYTES - _HMAC_BYTES
    if missing >= _TLV_HEADER_BYTES:
        tlvs += _padding(missing)
    tlvs += _TLV.pack(0, _HMAC_TLV, _HMAC_BYTES)
    # RFC 8972, section 4.8: over the sequence number and the TLVs in front.
    return head + tlvs + _hmac(key, head[:4] + tlvs)


def reflection(
    key: bytes, packet: bytes, sequence: int, received_ns: int, sent_ns: int, ttl: int = 0
) -> bytes:
    """What answers `packet` (a valid one of role TWO_WAY): the same size, stamps added."""
    theirs, stamp, estimate, session = _SENDER.unpack_from(packet)
    head = _REFLECTED.pack(
        sequence, _ntp(sent_ns), _ERROR_ESTIMATE, session, _ntp(received_ns), theirs, stamp, estimate, ttl
    )
    return _signed(key, head) + packet[BASE_BYTES:]


def session_of(packet: bytes) -> tuple[int, Role] | None:
    """Session id and role that a packet names, before anything is proven; None if it is too short."""
    if len(packet) < BASE_BYTES:
        return None
    number = int.from_bytes(packet[26:28], "big")
    return number - number % ROLES, Role(number % ROLES)


def read(key: bytes, packet: bytes) -> Packet | None:
    """A packet in the sender's format, if it is whole and its HMACs are right."""
    if not _valid(key, packet):
        return None
    sequence, stamp, _, number = _SENDER.unpack_from(packet)
    role = Role(number % ROLES)
    message = b""
    if role is Role.CONTROL:
        told = _message(key, packet)
        if told is None:
            return None
        message = told
    elif not _is_padding(packet[BASE_BYTES : BASE_BYTES + _TLV_HEADER_BYTES], len(packet) - BASE_BYTES):
        return None
    return Packet(
        session=number - number % ROLES,
        role=role,
        sequence=sequence,
        sent_ns=_unix_ns(stamp),
        size=len(packet),
        message=message,
    )


def read_reflected(key: bytes, packet: bytes) -> Reflected | None:
    """A reflected packet, if it is whole and its HMAC is right."""
    if not _valid(key, packet):
        return None
    _, sent_there, _, number, received, sequence, stamp, _, _ = _REFLECTED.unpack_from(packet)
    return Reflected(
        session=number - number % ROLES,
        sequence=sequence,
        sent_ns=_unix_ns(stamp),
        received_there_ns=_unix_ns(received),
        sent_there_ns=_unix_ns(sent_there),
        size=len(packet),
    )


def _sender(session: int, role: Role, sequence: int, sent_ns: int) -> bytes:
    return _SENDER.pack(sequence, _ntp(sent_ns), _ERROR_ESTIMATE, session + role)


def _signed(key: bytes, head: bytes) -> bytes:
    return head + _hmac(key, head)


def _hmac(key: bytes, signed: bytes) -> bytes:
    return hmac.digest(key, signed, "sha256")[:_HMAC_BYTES]


def _valid(key: bytes, packet: bytes) -> bool:
    if not BASE_BYTES <= len(packet) <= LARGEST_BYTES:
        return False
    return hmac.compare_digest(packet[_SIGNED_BYTES:BASE_BYTES], _hmac(key, packet[:_SIGNED_BYTES]))


def _padding(size: int) -> bytes:
    if size < _TLV_HEADER_BYTES:
        return b""
    return _TLV.pack(0, _EXTRA_PADDING, size - _TLV_HEADER_BYTES) + bytes(size - _TLV_HEADER_BYTES)


def _is_padding(header: bytes, size: int) -> bool:
    """Whether one Extra Padding TLV is all that follows: only that needs no HMAC TLV (RFC 8972, 4.8)."""
    if size == 0:
        return True
    if len(header) < _TLV_HEADER_BYTES:
        return False
    _, kind, length = _TLV.unpack(header)
    return bool(kind == _EXTRA_PADDING and length == size - _TLV_HEADER_BYTES)


def _message(key: bytes, packet: bytes) -> bytes | None:
    """The control message, if the HMAC TLV at the end is right."""
    tlvs = packet[BASE_BYTES:]
    end = len(tlvs) - _HMAC_BYTES
    if end < 2 * _TLV_HEADER_BYTES:
        return None
    if not hmac.compare_digest(tlvs[end:], _hmac(key, packet[:4] + tlvs[:end])):
        return None
    _, kind, length = _TLV.unpack_from(tlvs)
    if kind != _PRIVATE or _TLV_HEADER_BYTES + length > end - _TLV_HEADER_BYTES:
        return None
    return tlvs[_TLV_HEADER_BYTES : _TLV_HEADER_BYTES + length]


def _ntp(unix_ns: int) -> int:
    seconds, rest = divmod(unix_ns, 1_000_000_000)
    return ((seconds + _NTP_OFFSET_SECONDS) & 0xFFFFFFFF) << 32 | (rest << 32) // 1_000_000_000


def _unix_ns(ntp: int) -> int:
    seconds = (ntp >> 32) - _NTP_OFFSET_SECONDS
    if seconds < 0:  # the era after 2036
        seconds += 1 << 32
    return seconds * 1_000_000_000 + ((ntp & 0xFFFFFFFF) * 1_000_000_000 + (1 << 31) >> 32)
