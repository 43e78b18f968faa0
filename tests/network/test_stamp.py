"""The packets: what RFC 8762 and RFC 8972 lay down, and that nothing forged is read."""

from __future__ import annotations

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.network import stamp
from readiness.network.stamp import BASE_BYTES, LARGEST_BYTES, Role

KEY = bytes(range(32))
KEYS = stamp.keys(KEY)
SENT_NS = 1_795_000_000_123_456_789
SIZES = st.integers(BASE_BYTES + 4, LARGEST_BYTES) | st.just(BASE_BYTES)


def packet(role: Role = Role.TWO_WAY, size: int = BASE_BYTES, sequence: int = 7) -> bytes:
    return stamp.stream_packet(KEYS.up, 40, role, sequence, SENT_NS, size)


def test_the_senders_packet_is_laid_out_as_rfc_8762_says() -> None:
    data = packet()
    assert len(data) == 112
    assert data[:4] == (7).to_bytes(4, "big")
    assert data[4:16] == bytes(12)
    assert int.from_bytes(data[16:20], "big") == SENT_NS // 10**9 + 2_208_988_800
    assert data[24:26] != bytes(2)  # an error estimate whose multiplier is not 0 (RFC 4656, 4.1.2)
    assert data[25]
    assert int.from_bytes(data[26:28], "big") == 40  # the session id of RFC 8972
    assert data[28:96] == bytes(68)
    assert data[96:] == hmac.digest(KEYS.up, data[:96], "sha256")[:16]


def test_a_reflection_is_laid_out_as_rfc_8762_says() -> None:
    asked = packet(size=200)
    data = stamp.reflection(KEYS.down, asked, 3, SENT_NS + 20_000_000, SENT_NS + 20_100_000, ttl=61)
    assert len(data) == len(asked)
    assert data[:4] == (3).to_bytes(4, "big")
    assert data[48:52] == asked[:4]  # Session-Sender sequence number
    assert data[64:72] == asked[16:24]  # Session-Sender timestamp
    assert data[72:74] == asked[24:26]  # Session-Sender error estimate
    assert data[80] == 61  # Session-Sender TTL
    assert data[96:112] == hmac.digest(KEYS.down, data[:96], "sha256")[:16]
    read = stamp.read_reflected(KEYS.down, data)
    assert read is not None
    assert (read.session, read.sequence, read.size) == (40, 7, 200)
    assert read.sent_there_ns - read.received_there_ns == pytest.approx(100_000, abs=1)
    assert read.sent_ns == pytest.approx(SENT_NS, abs=1)


def test_what_goes_up_is_not_valid_downwards() -> None:
    assert stamp.read(KEYS.up, packet()) is not None
    assert stamp.read(KEYS.down, packet()) is None
    reflected = stamp.reflection(KEYS.down, packet(), 0, SENT_NS, SENT_NS)
    assert stamp.read(KEYS.up, reflected) is None


@given(
    size=SIZES, sequence=st.integers(0, 2**32 - 1), role=st.sampled_from([Role.TWO_WAY, Role.UP, Role.DOWN])
)
def test_what_was_packed_is_read(size: int, sequence: int, role: Role) -> None:
    data = packet(role, size, sequence)
    assert len(data) == size
    assert stamp.session_of(data) == (40, role)
    read = stamp.read(KEYS.up, data)
    assert read is not None
    assert (read.session, read.role, read.sequence, read.size) == (40, role, sequence, size)
    assert abs(read.sent_ns - SENT_NS) <= 1


@given(message=st.binary(max_size=stamp.LARGEST_MESSAGE_BYTES), size=st.integers(0, 300))
def test_a_control_message_is_read(message: bytes, size: int) -> None:
    data = stamp.control_packet(KEYS.up, 40, 9, SENT_NS, message, size)
    assert len(data) >= min(size, len(data))
    read = stamp.read(KEYS.up, data)
    assert read is not None
    assert (read.role, read.message) == (Role.CONTROL, message)


@given(data=st.data(), at=st.integers(0, 10**6), change=st.integers(1, 255))
def test_a_changed_byte_is_noticed(data: st.DataObject, at: int, change: int) -> None:
    whole = data.draw(
        st.sampled_from([packet(), stamp.control_packet(KEYS.up, 40, 9, SENT_NS, b"hello", 160)])
    )
    changed = bytearray(whole)
    changed[at % len(whole)] ^= change
    assert stamp.read(KEYS.up, bytes(changed)) is None


@given(st.binary(max_size=1500), st.integers(0, 300))
def test_garbage_and_fragments_are_nothing(garbage: bytes, cut: int) -> None:
    assert stamp.read(KEYS.up, garbage) is None
    assert stamp.read_reflected(KEYS.down, garbage) is None
    if cut != BASE_BYTES:  # without its padding it is a whole packet again (RFC 8972, section 4.8)
        assert stamp.read(KEYS.up, packet(size=301)[:cut]) is None


def test_padding_that_is_something_else_is_not_read() -> None:
    data = bytearray(packet(size=200))
    data[BASE_BYTES + 1] = 200  # another TLV, which would need an HMAC of its own
    assert stamp.read(KEYS.up, bytes(data)) is None
