"""How long the picture stands still: lost packets, asked for again until they come. Pure.

Frames of 30 a second are laid over the measured stream. A frame is complete when all its packets came;
a lost one is asked for again (NACK) as soon as the gap shows and again after every round trip, and
each repeat fares as the measured packet sent at that moment did. A freeze is what WebRTC's statistics
call one (totalFreezesDuration): a frame that comes later than 3 times the usual interval, and later by
150 ms than usual. A single freeze in a few seconds does not show how often they come: see _RARE_MS.
"""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Sequence

from readiness.network.traces import Flight

_FRAME_MS = 1000 / 30
_FREEZE_MS = max(3 * _FRAME_MS, _FRAME_MS + 150.0)
_NOTICE_MS = 10.0
_PACKET_BYTES = 1_130
_SOUND_PER_SECOND = 50
_GIVE_UP_MS = 2_000.0
_RARE_MS = 3_000.0
"""As `traces.RARE_MS`, of freezes: there are more of them than of outages."""


def still_percent(flights: Sequence[Flight], *, picture_kbps: float, rtt_ms: float) -> float | None:
    """The share of the time, in per cent, that a picture of this rate stands still.

    A slow picture has fewer packets than the measured stream. Where losses come by the packet rather than
    by the clock, a run of them then lasts longer: the stream is stretched to the call's packet rate.
    None for too short a stretch.
    """
    if len(flights) < 60:
        return None
    packets_per_frame = max(1, math.ceil(picture_kbps * _FRAME_MS / 8 / _PACKET_BYTES))
    sent = _without_pauses([flight.sent_ns / 1e6 for flight in flights])
    per_second = 1000 * len(sent) / (sent[-1] - sent[0])
    stretch = max(1.0, per_second / (_SOUND_PER_SECOND + packets_per_frame * 1000 / _FRAME_MS))
    sent = [at_ms * stretch for at_ms in sent]
    lost = [flight.arrived_ns is None for flight in flights]
    begins, ends = sent[0], sent[-1]
    # Where anything is lost the receiver holds pictures back: half of what asking once takes fits real calls.
    held_ms = rtt_ms / 2 if any(lost) else 0.0
    frozen, shown_ms = 0.0, begins + held_ms
    frame_ms = begins
    while frame_ms < ends - _FRAME_MS:
        complete_ms = frame_ms + held_ms
        for number in range(packets_per_frame):
            leaves_ms = frame_ms + number * _FRAME_MS / 2.5 / packets_per_frame
            complete_ms = max(complete_ms, _through(sent, lost, leaves_ms, rtt_ms))
        shown = max(shown_ms, complete_ms)
        if shown - shown_ms > _FREEZE_MS:
            frozen += shown - shown_ms
        shown_ms = shown
        frame_ms += _FRAME_MS
    return min(100.0, 100 * frozen / (ends - begins + _RARE_MS))


def _without_pauses(sent: Sequence[float]) -> list[float]:
    """The times, without the moments in which the sender itself was held up."""
    held = 0.0
    times = list(sent[:1])
    for earlier, later in itertools.pairwise(sent):
        held += max(0.0, later - earlier - _FRAME_MS)
        times.append(later - held)
    return times


def _through(sent: Sequence[float], lost: Sequence[bool], leaves_ms: float, rtt_ms: float) -> float:
    """When a packet that first leaves then is through, on the sender's clock."""
    at_ms = leaves_ms
    while at_ms - leaves_ms < _GIVE_UP_MS:
        index = bisect.bisect_left(sent, at_ms)
        if index >= len(sent) or not lost[index]:
            return at_ms
        # The gap shows when the next packet that was not lost has come.
        after = next((n for n in range(index + 1, len(sent)) if not lost[n]), len(sent) - 1)
        at_ms = max(at_ms, sent[after]) + rtt_ms + _NOTICE_MS
    return at_ms
