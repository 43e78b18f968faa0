"""What a call would be like: measured figures to numbers a listener or viewer notices, and those to classes.

Pure. The numbers are the model's; where they become degraded or bad is the profile's, handed in as `Steps`.
What was fitted to real calls says so where it stands; the rest are the mechanisms of WebRTC's receiver
(`playout`, `stills`) and sender (`congestion`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from readiness.network.congestion import SOUND_KBPS, picture_kbps, rate_by_delay, rate_by_line
from readiness.network.playout import Heard, heard, repaired, unrepaired_losses
from readiness.network.schedule import is_sound
from readiness.network.steadiness import is_steady, lost_alone, without_worst
from readiness.network.stills import still_percent
from readiness.network.traces import Flight, expected_loss, loss_bursts, loss_interval
from readiness.network.train import Line, without_own_queue

GOOD, DEGRADED, BAD, FAILED, UNKNOWN = "good", "degraded", "bad", "failed", "unknown"
_ORDER = (GOOD, DEGRADED, BAD, FAILED)

WANTED_KBPS = {180: 200, 360: 800, 720: 2_500, 1080: 4_000}
"""What a picture of so many lines is sent at where nothing hinders it: 360 as in the real calls that the
model is fitted to; the others from the services' tables (Jitsi, Vonage, Zoom)."""

_REFERENCE_LINES = 360

CELLS = ("audio", *(f"video_{lines}" for lines in WANTED_KBPS))

_THIN_KBPS = 100.0
"""Below this a line's queue fills with the least that a call sends; real calls hold at 120, not at 80."""

_FILLED = 0.85
"""How full a TCP transfer (cubic) keeps a queue on average: 0.79 to 0.91 in real calls beside one."""

_SWAY = 0.4
"""How much of it the play-out buffer adds, as the queue fills and empties: 0.2 to 0.8 in real calls."""

_SHORT_QUEUE_MS = 60.0
"""Beside a transfer, congestion control that reads delay gives way where the queue is longer than this."""

_GIVEN_WAY_KBPS = 45.0
_GIVEN_WAY_SHARE = 0.1
_GIVEN_WAY_QUEUE_MS = 500.0
"""What it gives way to. Real calls beside a transfer: 33 and 50 kbit/s on 1 and 2 Mbit/s with 0.25 and 1 s of
queue, 166 on 2 Mbit/s with 0.15 s, 313 on 5 Mbit/s with 0.3 s, 61 on 10 Mbit/s with 0.5 s."""

_CLEARLY = 1.2
"""So many times a limit is far beyond it."""

_LONG_BURST, _MUCH_LOST = 3.0, 0.14
"""Real calls of 24 s over losses of 10 to 20 % in bursts of 4 to 8 stood still for 2.9 to 24 % of the time, seven
ways of eight; in a third of that time there need be no standstill. The second is the most that may be lost."""

_MAY_BE_LOST = 0.05
"""A real call on the air (delays that vary by 15 ms, 7 % lost in bursts of 8 and outages) was degraded both ways,
by standstill and by its rate."""

_FAST_KBPS = 30_000.0
"""A line that a flood as fast as this did not fill is taken to have room beside a transfer."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Where a figure becomes degraded, and where bad. `rising`: more is worse."""

    degraded: float | None
    bad: float | None
    rising: bool = True

    def grade(self, value: float | None) -> str:
        """The class of a figure."""
        if value is None:
            return UNKNOWN
        for edge, found in ((self.bad, BAD), (self.degraded, DEGRADED)):
            if edge is not None and (value > edge if self.rising else value < edge):
                return found
        return GOOD


Limits = Mapping[str, Steps]
"""By figure: concealed_percent, mouth_to_ear_ms, still_percent, and picture_LINES_kbps for each size."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """What was measured in one direction: the flights of a call below the line's rate, and the line."""

    flights: Sequence[Flight]
    line: Line | None


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What the model expects of one direction. `confirmed` is false where one half alone is that bad."""

    concealed_percent: float
    buffer_ms: float
    mouth_to_ear_ms: float
    still_percent: float | None
    picture_kbps: Mapping[int, float]
    classes: Mapping[str, str]


def worst(*classes: str) -> str:
    """The worst of some classes; unknown if one is unknown and none is bad."""
    known = max((c for c in classes if c in _ORDER), key=_ORDER.index, default=UNKNOWN)
    return UNKNOWN if UNKNOWN in classes and known in (GOOD, DEGRADED) else known


def outlook(way: Way, rtt_ms: float, limits: Limits) -> Outlook | None:
    """What a call would be like in one direction; None where too little came to tell."""
    found = _heard(way.flights)
    if found is None:
        return None
    concealed, buffer_ms = found.concealed_percent, found.buffer_ms
    delay_ms = rtt_ms / 2 + buffer_ms + _thin_queue_ms(way.line)
    rates = _rates(way, rtt_ms)
    still = _still(way.flights, rates[_REFERENCE_LINES], rtt_ms)
    unsure = not (is_steady(way.flights, way.line) or lost_alone(way.flights))
    heard_so = _confirmed(limits["concealed_percent"], concealed, _concealed, way.flights)
    if unsure:
        heard_so = _between(heard_so, limits["concealed_percent"], concealed, way.flights)
    sound = worst(limits["mouth_to_ear_ms"].grade(delay_ms), heard_so)
    stands = _confirmed(
        limits["still_percent"],
        still,
        lambda flights: _still(flights, rates[_REFERENCE_LINES], rtt_ms),
        way.flights,
    )
    if stands == GOOD and _bursty(way.flights, unsure):
        stands = DEGRADED
    classes = {"audio": sound}
    for lines, kbps in rates.items():
        classes[f"video_{lines}"] = worst(stands, _picture(limits, lines, kbps, way.line))
    return Outlook(
        concealed_percent=concealed,
        buffer_ms=buffer_ms,
        mouth_to_ear_ms=delay_ms,
        still_percent=still,
        picture_kbps=rates,
        classes=classes,
    )


def busy(idle: Outlook | None, line: Line | None, rtt_ms: float, limits: Limits) -> dict[str, str]:
    """The classes of one direction while somebody else transfers in it."""
    if idle is None or line is None:
        return dict.fromkeys(CELLS, UNKNOWN)
    if line.kbps >= _FAST_KBPS and line.at_least:
        return dict(idle.classes)
    filled_ms = _FILLED * line.queue_ms
    delay_ms = (rtt_ms + filled_ms) / 2 + idle.buffer_ms + _SWAY * line.queue_ms
    sound = worst(idle.classes["audio"], limits["mouth_to_ear_ms"].grade(delay_ms))
    classes = {"audio": sound}
    for lines, kbps in idle.picture_kbps.items():
        left = min(kbps, _beside_transfer_kbps(line))
        classes[f"video_{lines}"] = worst(
            idle.classes[f"video_{lines}"], limits[f"picture_{lines}_kbps"].grade(left)
        )
    if not line.queue_full:  # the queue may hold more than was found
        classes = {cell: found if found == BAD else UNKNOWN for cell, found in classes.items()}
    return classes


def _beside_transfer_kbps(line: Line) -> float:
    if line.queue_ms <= _SHORT_QUEUE_MS:
        return line.kbps / 2 - SOUND_KBPS
    share = _GIVEN_WAY_SHARE * max(0.0, 1 - line.queue_ms / _GIVEN_WAY_QUEUE_MS)
    return max(_GIVEN_WAY_KBPS, share * line.kbps)


def halves(flights: Sequence[Flight]) -> tuple[Sequence[Flight], Sequence[Flight]]:
    """Before red a measurement is repeated: its halves must agree."""
    middle = len(flights) // 2
    return flights[:middle], flights[middle:]


def sound_of(flights: Sequence[Flight]) -> list[Flight]:
    """The packets of sound in a call."""
    return [flight for flight in flights if is_sound(flight.size)]


def _heard(flights: Sequence[Flight]) -> Heard | None:
    """As the sound's own packets fared, but with the share lost of all packets: they are more."""
    sound = sound_of(flights)
    found = heard(sound)
    if found is None:
        return None
    lost = sum(flight.arrived_ns is None for flight in sound)
    expected = expected_loss(flights)
    kept = unrepaired_losses(sound) / lost if lost else 1 - repaired(expected)
    return replace(found, concealed_percent=min(100.0, 100 * expected * kept + found.late_percent))


def _concealed(flights: Sequence[Flight]) -> float | None:
    found = _heard(flights)
    return None if found is None else found.concealed_percent


def _still(flights: Sequence[Flight], kbps: float, rtt_ms: float) -> float | None:
    return still_percent(flights, picture_kbps=kbps, rtt_ms=rtt_ms)


def _confirmed(
    steps: Steps,
    whole: float | None,
    figure: Callable[[Sequence[Flight]], float | None],
    flights: Sequence[Flight],
) -> str:
    """The class of `whole`. Before red `figure` is asked for twice: of both halves, or of all but the worst moment.

    Where the whole is far beyond the limit it is enough that neither half is good.
    """
    found = steps.grade(whole)
    if found != BAD or whole is None or steps.bad is None:
        return found
    enough = (DEGRADED, BAD, UNKNOWN) if whole > _CLEARLY * steps.bad else (BAD, UNKNOWN)
    if all(steps.grade(figure(half)) in enough for half in halves(flights)):
        return BAD
    return BAD if steps.grade(figure(without_worst(flights))) == BAD else DEGRADED


def _between(found: str, steps: Steps, concealed_percent: float, flights: Sequence[Flight]) -> str:
    """Of delays that vary and losses in a row, as the air makes them, some seconds tell little: degraded
    where the share lost may as well be of the next class."""
    low, high = loss_interval(loss_bursts(flights), len(flights))
    share = sum(flight.arrived_ns is None for flight in flights) / len(flights)
    may_be = {steps.grade(concealed_percent * bound / share) for bound in (low, high)}
    return found if may_be == {found} else DEGRADED


def _bursty(flights: Sequence[Flight], unsure: bool) -> bool:
    """Whether losses come in such bursts that a picture stands still sooner or later, seen so far or not.

    By the most that may be lost; where delays vary as well (`unsure`) less of it is enough.
    """
    bursts = loss_bursts(flights)
    most = loss_interval(bursts, len(flights))[1]
    if unsure and len(bursts) > 1 and most >= _MAY_BE_LOST:
        return True
    return bool(bursts) and sum(bursts) / len(bursts) >= _LONG_BURST and most >= _MUCH_LOST


def _picture(limits: Limits, lines: int, kbps: float, line: Line | None) -> str:
    """The class of a picture's rate. Where the line alone sets it, the rate is steady, and a smaller picture
    of twice as few bits is still a picture: in a real call on 120 kbit/s 34 kbit/s gave 180 lines."""
    steps = limits[f"picture_{lines}_kbps"]
    steady = line is not None and kbps >= 0.95 * (rate_by_line(line.kbps) - SOUND_KBPS)
    return steps.grade(2 * kbps) if steady and steps.grade(kbps) == BAD else steps.grade(kbps)


def _rates(way: Way, rtt_ms: float) -> dict[int, float]:
    lost = loss_bursts(way.flights)
    # What our own packets wait for each other is the line's rate, which counts by itself.
    by_delay = rate_by_delay(without_own_queue(way.flights, way.line), rtt_ms)
    return {
        lines: picture_kbps(
            wanted,
            by_delay_kbps=by_delay,
            line_kbps=way.line.kbps if way.line is not None else None,
            loss=expected_loss(way.flights),
            burst=sum(lost) / len(lost) if lost else 1.0,
        )
        for lines, wanted in WANTED_KBPS.items()
    }


def _thin_queue_ms(line: Line | None) -> float:
    if line is None or line.at_least or line.kbps >= _THIN_KBPS:
        return 0.0
    return 2 * line.queue_ms
