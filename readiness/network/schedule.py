"""When the packets of a stream leave, and how large they are. The same on both sides; pure.

A stream is a few segments after each other. CALL looks like a call: sound, 50 packets a second, and
a picture of 30 frames a second whose packets are paced at 2.5 times its rate, as WebRTC paces them.
TRAIN is packets of one size, evenly at a rate that may be above the line's.
"""

from __future__ import annotations

import heapq
import math
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from readiness.network.stamp import BASE_BYTES, IP_UDP_BYTES, LARGEST_BYTES

AUDIO_BYTES = BASE_BYTES
AUDIO_INTERVAL_NS = 20_000_000
FRAME_INTERVAL_NS = 33_333_333
_LARGEST_VIDEO_BYTES = 1_100
_SMALLEST_VIDEO_BYTES = BASE_BYTES + 8
_PACING = 2.5
_SEGMENT = struct.Struct("!BIH")
MOST_SEGMENTS = 8
MOST_LATE_NS = 20_000_000
"""A stream that is later than this goes on from there: what was missed does not leave all at once."""


class Shape(IntEnum):
    """What a segment looks like."""

    CALL = 0
    TRAIN = 1


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stream. `kbps` counts IP bytes: of the picture in a CALL, of all in a TRAIN."""

    shape: Shape
    kbps: int
    milliseconds: int


def pack(segments: Iterable[Segment]) -> bytes:
    """For a control message."""
    return b"".join(_SEGMENT.pack(part.shape, part.kbps, part.milliseconds) for part in segments)


def unpack(message: bytes) -> tuple[Segment, ...] | None:
    """From a control message; None where it is none."""
    if len(message) % _SEGMENT.size or len(message) > MOST_SEGMENTS * _SEGMENT.size:
        return None
    try:
        return tuple(Segment(Shape(shape), kbps, ms) for shape, kbps, ms in _SEGMENT.iter_unpack(message))
    except ValueError:
        return None


def departures(segments: Iterable[Segment]) -> Iterator[tuple[int, int]]:
    """Nanoseconds after the stream's start, and bytes of UDP payload, of each packet in turn."""
    begins_ns = 0
    for segment in segments:
        ends_ns = begins_ns + segment.milliseconds * 1_000_000
        if segment.shape is Shape.TRAIN:
            yield from _train(segment.kbps, begins_ns, ends_ns)
        else:
            yield from heapq.merge(_sound(begins_ns, ends_ns), _picture(segment.kbps, begins_ns, ends_ns))
        begins_ns = ends_ns


def is_sound(size: int) -> bool:
    """Whether a packet of a CALL of this size is sound."""
    return size == AUDIO_BYTES


def _train(kbps: int, begins_ns: int, ends_ns: int) -> Iterator[tuple[int, int]]:
    if not kbps:
        return
    gap_ns = (LARGEST_BYTES + IP_UDP_BYTES) * 8_000_000 / kbps
    for number in range(math.ceil((ends_ns - begins_ns) / gap_ns)):
        yield begins_ns + int(number * gap_ns), LARGEST_BYTES


def _sound(begins_ns: int, ends_ns: int) -> Iterator[tuple[int, int]]:
    for at_ns in range(begins_ns, ends_ns, AUDIO_INTERVAL_NS):
        yield at_ns, AUDIO_BYTES


def _picture(kbps: int, begins_ns: int, ends_ns: int) -> Iterator[tuple[int, int]]:
    frame_bytes = kbps * 1000 * FRAME_INTERVAL_NS / 8e9
    packets = math.ceil(frame_bytes / (_LARGEST_VIDEO_BYTES + IP_UDP_BYTES))
    if not packets:
        return
    size = max(_SMALLEST_VIDEO_BYTES, round(frame_bytes / packets) - IP_UDP_BYTES)
    gap_ns = int(FRAME_INTERVAL_NS / _PACING / packets)
    # Half a sound interval in, so that the two do not leave together.
    for frame_ns in range(begins_ns + AUDIO_INTERVAL_NS // 2, ends_ns, FRAME_INTERVAL_NS):
        for number in range(packets):
            yield frame_ns + number * gap_ns, size
