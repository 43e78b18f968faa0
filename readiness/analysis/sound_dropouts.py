"""Holes in a voice: sound that stops dead and comes back, and sound that is said twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from readiness.analysis.sound_cuts import cuts
from readiness.analysis.sound_gaps import gaps
from readiness.analysis.sound_level import Samples, resampled, runs_of

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
_BLOCK_SECONDS = 0.008
_FARTHEST_REPEAT_SECONDS = 0.13
_NEAREST_REPEAT_SECONDS = 0.0096
"""Packets hold 10 ms at least; a voice's own pitch is mostly above 100 Hz."""
_LOOKED_AT_SECONDS = 0.001
_OTHER, _OTHER_FADED = 2e-3, 1e-2
_WHOLE_SHARE, _WHOLE_SHARE_FADED = 0.95, 0.7
_SAME = 0.9995
_APART_SECONDS = 0.001
_TOLD_APART = 12.0
"""A block said again is so many times less unlike than any other; a voice's next period but one is not."""
_SAME_STEPS = 2e-5
_FADED_AT_MOST = 0.9
_LONGEST_PITCH_SECONDS = 0.019
_SAME_WITHIN_PITCH = 0.99998
"""A synthesiser's deep voice repeats itself as well as 0.99996; a packet of 10 ms is the very same."""
_HIGHEST_RATE_HZ = 48_000
_EVEN_SIZE = 640
"""Multiples of it have small factors only, which a Fourier transform is quick with."""
_AT_ONCE = 64
_ONE_PLACE_SECONDS = 0.1


@dataclass(frozen=True, kw_only=True)
class Dropouts:
    """`holes`: nothing amid speech. `repeats`: places where a block is said again.

    `at_seconds` is where each of them is.
    """

    holes: int
    repeats: int
    at_seconds: tuple[float, ...]


def dropouts(samples: Samples, rate_hz: int, speech_dbfs: float) -> Dropouts:
    """The dropouts in mono `samples` whose speech has the level `speech_dbfs`."""
    holes = _holes(samples, rate_hz, speech_dbfs)
    for places in (gaps(samples, rate_hz, speech_dbfs), cuts(samples, rate_hz, speech_dbfs)):
        holes += _elsewhere(places, holes)
    slower = min(rate_hz, _HIGHEST_RATE_HZ)
    # A value that is held on is a hole, not something said again.
    own = _elsewhere(_repeats(resampled(samples, rate_hz, slower), slower, speech_dbfs), holes)
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


def _repeats(samples: Samples, rate_hz: int, speech_dbfs: float) -> list[float]:
    """Blocks of 8 ms that are the very same as what stood 6-130 ms before."""
    # Differences, so that a hum, which does repeat, weighs little.
    step = np.diff(samples)
    block = int(_BLOCK_SECONDS * rate_hz)
    far = int(_FARTHEST_REPEAT_SECONDS * rate_hz)
    near = int(_NEAREST_REPEAT_SECONDS * rate_hz)
    pitch = int(_LONGEST_PITCH_SECONDS * rate_hz)
    apart = int(_APART_SECONDS * rate_hz)
    power = np.concatenate(([0.0], np.cumsum(np.square(samples))))
    squares = np.concatenate(([0.0], np.cumsum(np.square(step))))
    loud = 10 ** ((speech_dbfs - 12) / 10) * block
    found: list[float] = []
    last = -far
    starts = np.arange(far, step.size - block, block // 2 + 1)
    if not starts.size:
        return found
    loud_starts = [int(start) for start in starts[power[starts + block] - power[starts] > loud]]
    for start, dots in zip(loud_starts, _dots(step, loud_starts, far, near, block), strict=True):
        energy = squares[start + block] - squares[start]
        at = start - far
        energies = squares[at + block : at + block + dots.size] - squares[at : at + dots.size]
        likeness = dots / np.sqrt(np.maximum(energies * energy, 1e-20))
        best = int(np.argmax(likeness))
        same = _SAME if far - best > pitch else _SAME_WITHIN_PITCH
        faded = not _is_as_loud(energies[best], energy)
        if faded:
            # What fills in for a lost packet is the packet before, fading away.
            if energy > energies[best] or likeness[best] <= _FADED_AT_MOST:
                continue
            likeness[best] = _fading_likeness(samples, step, start, at + best, block)
        if likeness[best] > same:
            beside = np.delete(likeness, slice(max(0, best - apart), best + apart))
            # A voice's own pitch, a synthesiser's above all, makes it as good as the same at several places.
            if beside.size and _TOLD_APART * max(1 - likeness[best], _SAME_STEPS) > 1 - float(beside.max()):
                continue
            if not _is_whole(step, start, block, far - best, rate_hz, faded=faded):
                continue
            if start - last > 4 * block:
                found.append(float(start) / rate_hz)
            last = start
    return found


def _is_as_loud(before: float, now: float) -> bool:
    return abs(before / max(now, 1e-20) - 1) < 0.01


def _fading_likeness(samples: Samples, step: Samples, start: int, before: int, block: int) -> float:
    """How alike the steps at `start` are to those at `before` when that fades evenly, 1 being the same."""
    now, then = step[start : start + block], step[before : before + block]
    ramp = np.linspace(-1, 1, block)
    parts = np.stack((then, then * ramp, samples[before : before + block]))
    products = parts @ parts.T
    products[range(3), range(3)] *= 1 + 1e-9
    left = now - np.linalg.solve(products + 1e-20 * np.eye(3), parts @ now) @ parts
    return float(np.sqrt(max(0.0, 1 - float(left @ left) / max(float(now @ now), 1e-20))))


def _is_whole(step: Samples, start: int, block: int, lag: int, rate_hz: int, *, faded: bool) -> bool:
    """Whether all of the `lag` samples about `start` are those before them, as a packet played twice is.

    A synthesiser takes the same breath again as well, but with a beginning or an end of its own."""
    first, last = max(lag, start - lag), min(step.size, start + block + lag)
    now, before = step[first:last], step[first - lag : last - lag]
    wide = np.ones(max(1, int(_LOOKED_AT_SECONDS * rate_hz)))
    energy = np.convolve(np.square(now), wide, "same")
    if faded:
        # However much it has faded there: what goes along with it is the same.
        along, own = (np.convolve(part, wide, "same") for part in (now * before, np.square(before)))
        other = energy - np.square(along) / np.maximum(own, 1e-20)
    else:
        other = np.convolve(np.square(now - before), wide, "same")
    differs = np.flatnonzero(other > (_OTHER_FADED if faded else _OTHER) * energy)
    middle = start + block // 2 - first
    at = int(np.searchsorted(differs, middle))
    begin = int(differs[at - 1]) + 1 if at else 0
    end = int(differs[at]) if at < differs.size else now.size
    return end - begin + wide.size >= (_WHOLE_SHARE_FADED if faded else _WHOLE_SHARE) * lag


def _dots(step: Samples, starts: list[int], far: int, near: int, block: int) -> Iterator[Samples]:
    """For each of `starts` the products of the block there with those from `far` to `near` samples before."""
    past = np.lib.stride_tricks.sliding_window_view(step, far - near + block)
    blocks = np.lib.stride_tricks.sliding_window_view(step, block)
    # Not longer than the past: what the transform lays around lies beyond the products that are read.
    size = -(-past.shape[1] // _EVEN_SIZE) * _EVEN_SIZE
    for first in range(0, len(starts), _AT_ONCE):
        some = np.array(starts[first : first + _AT_ONCE])
        spectra = np.fft.rfft(past[some - far], size, axis=1)
        spectra *= np.conj(np.fft.rfft(blocks[some], size, axis=1))
        yield from np.fft.irfft(spectra, size, axis=1)[:, : far - near + 1]
