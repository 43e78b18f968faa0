"""Holes in a voice: sound that stops dead and comes back, or is turned off for a moment, and sound that is said twice.

All of it is certain, whatever else is heard. What a coder or a filler smeared is heard by sound_splices.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from readiness.analysis.sound_level import Samples, resampled, runs_of
from readiness.analysis.sound_repeats import repeats

_SHORTEST_HOLE_SECONDS = 0.002
_LONGEST_HOLE_SECONDS = 0.35
_BESIDE_SECONDS = 0.005
_FADE_SECONDS = 0.003
"""What fills in for a lost packet with silence may fade into it as fast; a noise gate takes longer."""
_BESIDE_DB = -20.0
_JUMP = 0.12
_STEPS_OF_A_JUMP = 1.5
_BOTH_JUMP, _TORN_JUMP = 0.08, 0.4
_QUIET_DB = -40.0
_QUIET_SECONDS = 0.01
_DIGITAL_SHARE = 0.5
_LONGEST_AMID_VOWELS_SECONDS = 0.1
_VOWELS_HZ = 1500.0
_PACKET_SECONDS = 0.0095
_PACKETS_SHARE = 0.7
_HIGHEST_RATE_HZ = 48_000
_ONE_PLACE_SECONDS = 0.1
_MOMENT_SECONDS = 0.003
_RESTING_DB, _SHORTEST_REST_SECONDS, _REST_EDGE_SECONDS = -25.0, 0.3, 0.03
_BENEATH_ROOM_DB, _FAINT_DB = 5.0, -35.0
_SHORTEST_CHOP_SECONDS, _CHOP_EDGE_SECONDS, _BESIDE_CHOP_DB = 0.02, 0.015, -12.0
"""Set on 415 recordings that were made elsewhere and 209 of our own, gates and suppressors among them: nothing whole is chopped even once."""


@dataclass(frozen=True, kw_only=True)
class Dropouts:
    """`holes`: nothing amid speech, or less than the room gives. `repeats`: places where a block is said again.

    `at_seconds` is where each of them is.
    """

    holes: int
    repeats: int
    at_seconds: tuple[float, ...]


def dropouts(samples: Samples, rate_hz: int, speech_dbfs: float) -> Dropouts:
    """The dropouts in mono `samples` whose speech has the level `speech_dbfs`."""
    holes = _holes(samples, rate_hz, speech_dbfs)
    holes = sorted(holes + _elsewhere(_chops(samples, rate_hz, speech_dbfs), holes))
    slower = min(rate_hz, _HIGHEST_RATE_HZ)
    # A value that is held on is a hole, not something said again.
    own = _elsewhere(repeats(resampled(samples, rate_hz, slower), slower, speech_dbfs), holes)
    return Dropouts(holes=len(holes), repeats=len(own), at_seconds=tuple(sorted(holes + own)))


def _elsewhere(places: Sequence[float], known: Sequence[float]) -> list[float]:
    return [at for at in places if all(abs(at - one) > _ONE_PLACE_SECONDS for one in known)]


def _holes(samples: Samples, rate_hz: int, speech_dbfs: float) -> list[float]:
    """Runs of one value, with a loud voice right before and right after, and a jump at an end.

    A noise gate closes when the voice has faded and opens as it sets in, so it is not loud on both sides.
    Where the silence of the recording itself is digital - a synthesiser's, a gate's - its pauses and the
    closed lips before a p, t or k are runs as well. There a run of that silence must jump at both ends, be
    short, and have a vowel on either side: nobody's lips open on a vowel that they closed on, with a jump.
    A value held on jumps only at its end. Where sound is kept in few and coarse steps, as 8 bits are, a faint
    voice rests on one of them for a while: a jump to the next step is none, nor is what lies within it loud.
    Silence that a loud voice fades into and out of within 3 ms is a hole, unless silence is digital anyhow.
    Runs that are all of one length are lost packets: there a loud voice
    on one side is enough.
    """
    starts, ends = runs_of(np.abs(np.diff(samples)) <= 1e-9)
    ends = ends + 1  # of the samples, not of the steps between them
    long = (ends - starts >= _SHORTEST_HOLE_SECONDS * rate_hz) & (
        ends - starts <= _LONGEST_HOLE_SECONDS * rate_hz
    )
    if not long.any():
        return []
    beside, fade = max(4, int(_BESIDE_SECONDS * rate_hz)), int(_FADE_SECONDS * rate_hz)
    speech = 10 ** (speech_dbfs / 20)
    loud = 10 ** (_BESIDE_DB / 10) * speech**2
    low, high = float(samples.min()), float(samples.max())
    rest = float(np.median(samples[starts[long]]))
    steps = np.unique(samples)
    runs = [(int(start), int(end)) for start, end in zip(starts[long], ends[long], strict=True)]
    packets = _of_one_length(runs, rate_hz)
    if packets and _is_digital(samples, rate_hz, rest, speech, packets):
        packets = []
    found, doubtful = [], []
    for start, end in runs:
        if start < beside or end + beside > samples.size:
            continue
        if not 0.98 * low < samples[start] < 0.98 * high:
            continue  # the flat top of a cut-off peak
        before, after = samples[start - beside : start], samples[end : end + beside]
        jumps = abs(samples[start] - samples[start - 1]), abs(samples[end] - samples[end - 1])
        grain = _grain(steps, samples[start])
        if end - start >= _PACKET_SECONDS * rate_hz and abs(samples[start] - rest) <= 1e-9:
            beyond = samples[max(0, start - fade - beside) : start - fade], samples[end + fade :][:beside]
            if max(jumps) <= _JUMP * speech and all(
                part.size == beside and np.mean(part**2) > max(loud, grain**2) for part in beyond
            ):
                doubtful.append((start, end))
                continue
        if max(jumps) <= _STEPS_OF_A_JUMP * grain:
            continue
        beside_it = np.mean(before**2), np.mean(after**2)
        lost = (start, end) in packets
        if (max if lost else min)(beside_it) <= max(loud, grain**2) or max(jumps) <= _JUMP * speech:
            continue
        if lost:
            found.append(float(start) / rate_hz)
            continue
        if abs(samples[start] - rest) <= 1e-9:
            if min(jumps) <= _BOTH_JUMP * speech:
                continue
            short = end - start <= _LONGEST_AMID_VOWELS_SECONDS * rate_hz
            torn = min(jumps) > _TORN_JUMP * speech  # no lips shut off a sound that is so loud
            if not torn and (
                not short or max(_middle_hz(before, rate_hz), _middle_hz(after, rate_hz)) > _VOWELS_HZ
            ):
                doubtful.append((start, end))
                continue
        found.append(float(start) / rate_hz)
    if doubtful and not _is_digital(samples, rate_hz, rest, speech, doubtful):
        found += [float(start) / rate_hz for start, _ in doubtful]
    return sorted(found)


def _chops(samples: Samples, rate_hz: int, speech_dbfs: float) -> list[float]:
    """Where a loud voice is, for a while, fainter than the room when nobody talks, and loud again at once.

    So a half-duplex speakerphone turns the microphone off while the other end is heard. Lips that close leave the
    room to be heard; a gate closes in the pauses as well, and the room is as faint there.
    """
    size = max(1, int(_MOMENT_SECONDS * rate_hz))
    moments = samples[: samples.size // size * size].reshape(-1, size)
    level = 10 * np.log10(np.mean(np.square(moments), axis=1) + 1e-12) - speech_dbfs
    starts, ends = runs_of(level < _RESTING_DB)
    edge = int(_REST_EDGE_SECONDS / _MOMENT_SECONDS)
    rests = [
        level[start + edge : end - edge]
        for start, end in zip(starts, ends, strict=True)
        if (end - start) * _MOMENT_SECONDS >= _SHORTEST_REST_SECONDS
    ]
    if not rests:
        return []
    room = float(np.median(np.concatenate(rests)))
    near = int(_CHOP_EDGE_SECONDS / _MOMENT_SECONDS)
    starts, ends = runs_of(level < min(room - _BENEATH_ROOM_DB, _FAINT_DB))
    return [
        float(start) * size / rate_hz
        for start, end in zip(starts, ends, strict=True)
        if _SHORTEST_CHOP_SECONDS <= (end - start) * _MOMENT_SECONDS <= _LONGEST_HOLE_SECONDS
        and near <= start
        and end + near <= level.size
        and level[start - near : start].max() > _BESIDE_CHOP_DB
        and level[end : end + near].max() > _BESIDE_CHOP_DB
    ]


def _grain(steps: Samples, value: float) -> float:
    """How far the value next to `value` is away, of those that the recording has (sorted `steps`)."""
    at = int(np.searchsorted(steps, value))
    return float(np.diff(steps[max(0, at - 1) : at + 2]).max(initial=0.0))


def _of_one_length(runs: Sequence[tuple[int, int]], rate_hz: int) -> list[tuple[int, int]]:
    """The runs of a packet's length at least, where most of them have one and the same; else none."""
    runs = [(start, end) for start, end in runs if end - start >= _PACKET_SECONDS * rate_hz]
    lengths = Counter(end - start for start, end in runs)
    (length, count), *_ = lengths.most_common(1) or [(0, 0)]
    whole = [(start, end) for start, end in runs if (end - start) % max(1, length) == 0]
    return whole if count >= 2 and len(whole) > _PACKETS_SHARE * len(runs) else []


def _is_digital(
    samples: Samples, rate_hz: int, rest: float, speech: float, without: Sequence[tuple[int, int]]
) -> bool:
    """Whether most of the quiet moments in `samples`, apart from the runs `without`, are the one value
    `rest`, as no microphone's are."""
    size = max(1, int(_QUIET_SECONDS * rate_hz))
    moments = np.abs(samples[: samples.size // size * size].reshape(-1, size) - rest)
    quiet = np.mean(np.square(moments), axis=1) < 10 ** (_QUIET_DB / 10) * speech**2
    for start, end in without:
        quiet[start // size : -(-end // size)] = False
    digital = quiet & (moments.max(axis=1) <= 1e-9)
    return bool(digital.sum() > _DIGITAL_SHARE * quiet.sum())


def _middle_hz(part: Samples, rate_hz: int) -> float:
    """The root of the mean squared frequency of `part`, from its steps."""
    steps = float(np.mean(np.square(np.diff(part))))
    return rate_hz / (2 * np.pi) * float(np.sqrt(steps / max(float(np.mean(np.square(part))), 1e-20)))
