"""Places where a piece of a voice is missing and its ends were joined, as lost packets are that nobody fills in.

A voice can be predicted from what it was just before, and backwards from what it is just after, but for
the pulses of the vocal folds. Across a joint neither way works: the wave jumps within one sample. And where the
voice sounds on either side, the folds' pulses no longer come in step. A synthesiser's joints keep the step;
an impulse, a key's or a driver's, is higher than a wave can jump. Packets all last equally long, so joints
between them fall on one clock: where two do, both are sure.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from readiness.analysis.sound_level import Samples, resampled
from readiness.analysis.sound_voice import VOICE_RATE_HZ

_ORDER = 18
_BESIDE = 320
"""20 ms on either side tell how well the voice is predicted: two of the folds' pulses at least."""
_AT_JOINT = 4
_ACROSS = 10
_LIVELY_DB = -25.0
_APART_DB = 12.0
"""So much louder after than before is the voice when lips or tongue let it go: there only a sure jump counts."""
_LEAST_JUMP = 0.5
_GREATEST_JUMP = 2.5
"""A joint is no farther than from the highest to the lowest of the wave about it; what is, is an impulse."""
_IMPULSE_SHARE = 0.5
_UNPREDICTED = 3.5
_SURELY_UNPREDICTED = 7.0
_UNPREDICTED_OUT_OF_STEP = 2.2
"""How many times more than its own worst the prediction misses at a joint. Natural voices for setting have a
place of 6 once in a while, never two; where the pulses fall out of step as well, less is telling."""
_CLOCK_SECONDS = 0.010
"""Packets last 10, 20, 30, 40 or 60 ms. So do the frames of a coder of few bits: where two of them end,
prediction missed by 3 times at most, on 110 recordings of voices for setting through seven such coders."""
_BESIDE_THE_CLOCK_SECONDS = 0.00016
_APART_ON_A_CLOCK_SECONDS = 0.05
"""Pulses of the folds may come 10 ms apart as well, but do not keep it up for so long."""
_PULSES_RATE_HZ = 4_000
_PULSES = 100
_SHORTEST_PERIOD, _LONGEST_PERIOD = 10, 50
"""25 ms, and periods of 2.5 to 12.5 ms, in samples of what lies below 2 kHz."""
_VOICED = 0.6
_SURELY_VOICED = 0.7
_IN_STEP = 0.05
_OUT_OF_STEP = 0.2
_CANDIDATE_STEP = 0.35
_APART_SECONDS = 0.02
_MOST_CANDIDATES = 4000
_TINY = 1e-5


def splices(samples: Samples, speech_dbfs: float) -> int:
    """How many joints there are in mono `samples` at 16 kHz whose speech has this level; sure ones count twice."""
    voice = samples / 10 ** (speech_dbfs / 20)
    slow = resampled(voice, VOICE_RATE_HZ, _PULSES_RATE_HZ)
    weight, last = 0, -float("inf")
    found = _unpredicted(voice)
    on_a_clock = _on_a_clock([at for at, score in found if score > _UNPREDICTED])
    for at, score in found:
        if at - last < _APART_SECONDS:
            continue
        if at in on_a_clock:
            weight += 2
            last = at
            continue
        voiced, out_of_step = _out_of_step(slow, round(at * _PULSES_RATE_HZ))
        broken = voiced > _SURELY_VOICED and out_of_step > _OUT_OF_STEP
        if score > _UNPREDICTED and (voiced <= _VOICED or out_of_step > _IN_STEP):
            weight += 2 if broken or score > _SURELY_UNPREDICTED else 1
            last = at
        elif broken:
            weight += 1
            last = at
    return weight


def _unpredicted(voice: Samples) -> list[tuple[float, float]]:
    """The seconds of places that cannot be predicted from either side, and how badly."""
    at = _candidates(voice)
    before = voice[at[:, None] + np.arange(-_AT_JOINT - _BESIDE, -_AT_JOINT)]
    after = voice[at[:, None] + np.arange(_AT_JOINT + _BESIDE, _AT_JOINT, -1)]
    lively = np.minimum(np.mean(np.square(before), axis=1), np.mean(np.square(after), axis=1)) > 10 ** (
        _LIVELY_DB / 10
    )
    at, before, after = at[lively], before[lively], after[lively]
    if not at.size:
        return []
    past = voice[at[:, None] + np.arange(-_AT_JOINT - _ORDER, -_AT_JOINT + _ACROSS)]
    future = voice[at[:, None] + np.arange(_AT_JOINT + _ORDER, _AT_JOINT - _ACROSS, -1)]
    forward, usual_forward = _missed(before, past)
    backward, usual_backward = _missed(after, future)
    jump = np.minimum(forward, backward)
    peak = np.maximum(np.abs(before).max(axis=1), np.abs(after).max(axis=1))
    score = np.minimum(forward / usual_forward, backward / usual_backward)
    score[_is_impulse(voice, at)] = 0
    apart = np.abs(np.log10(np.mean(np.square(after), axis=1) / np.mean(np.square(before), axis=1)))
    score[(apart > _APART_DB / 10) & (score < _SURELY_UNPREDICTED)] = 0
    joint = (score > _UNPREDICTED_OUT_OF_STEP) & (jump > _LEAST_JUMP) & (jump < _GREATEST_JUMP * peak)
    return [
        (float(place) / VOICE_RATE_HZ, float(how)) for place, how in zip(at[joint], score[joint], strict=True)
    ]


def _on_a_clock(places: Sequence[float]) -> frozenset[float]:
    """Those of `places`, in seconds and in order, that lie whole packets apart; none unless half of them do."""
    at = np.asarray(places, dtype=np.float64)
    together, half = at[:0], _CLOCK_SECONDS / 2
    for first in at:
        beside = np.abs((at - first + half) % _CLOCK_SECONDS - half)
        together = max(together, at[beside <= _BESIDE_THE_CLOCK_SECONDS], key=len)
    moments = 1 + np.count_nonzero(np.diff(together) >= _APART_ON_A_CLOCK_SECONDS)
    return frozenset(together.tolist()) if moments > 1 and 2 * together.size >= at.size else frozenset()


def _is_impulse(
    voice: Samples, at: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which of `at` are one sample astray: the wave about it goes on, where a joint's does not."""
    around = voice[at[:, None] + np.arange(-4, 4)]
    height = np.abs(around[:, 1:-1] - (around[:, 2:] + around[:, :-2]) / 2)
    highest = np.argmax(height, axis=1)[:, None]
    step = np.take_along_axis(np.abs(around[:, 2:] - around[:, :-2]), highest, axis=1)
    return np.asarray((step < _IMPULSE_SHARE * np.take_along_axis(height, highest, axis=1))[:, 0])


def _out_of_step(slow: Samples, at: int) -> tuple[float, float]:
    """How alike the voice on either side of sample `at` is to its own period before, and how much less so
    it is across: 0 where the pulses go on in step."""
    before, after = slow[max(0, at - _PULSES) : at], slow[at : at + _PULSES]
    if min(before.size, after.size) < _PULSES:
        return 0.0, 0.0
    (own, period), (other, other_period) = _period(before), _period(after)
    low, high = 0.85 * min(period, other_period), 1.15 * min(period, other_period)
    across = 0.0
    for lag in range(int(low), min(int(high), _PULSES) + 1):
        size = min(lag, max(period, other_period))
        across = max(across, _alike(slow[at : at + size], slow[at - lag : at - lag + size]))
    return min(own, other), min(own, other) - across


def _period(part: Samples) -> tuple[float, int]:
    """How alike `part` is to itself a period before, and the shortest such period in samples."""
    alike = [_alike(part[lag:], part[:-lag]) for lag in range(_SHORTEST_PERIOD, _LONGEST_PERIOD)]
    best = int(np.argmax(alike))
    for n in range(1, best):
        if alike[n] >= 0.93 * alike[best] and alike[n - 1] <= alike[n] >= alike[n + 1]:
            best = n
            break
    return alike[best], _SHORTEST_PERIOD + best


def _alike(one: Samples, other: Samples) -> float:
    energy = float(one @ one) * float(other @ other)
    return float(one @ other) / energy**0.5 if energy > 0 else 0.0


def _candidates(voice: Samples) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Where the wave bends more than anywhere within 1.5 ms."""
    bend = np.abs(np.diff(voice, n=3, prepend=np.zeros(3)))
    margin = _BESIDE + _AT_JOINT + _ORDER + _ACROSS
    if bend.size < 2 * margin + 1:
        return np.empty(0, dtype=np.int64)
    near = np.lib.stride_tricks.sliding_window_view(bend, 49).max(axis=1)
    at = np.flatnonzero((bend[24:-24] >= near) & (near > _CANDIDATE_STEP)) + 24
    at = at[(at >= margin) & (at < bend.size - margin)]
    order = np.argsort(-bend[at], kind="stable")[:_MOST_CANDIDATES]
    return np.sort(at[order])


def _missed(known: Samples, across: Samples) -> tuple[Samples, Samples]:
    """The most that linear prediction from each row of `known` misses in `across`, and in `known` itself."""
    rows = np.lib.stride_tricks.sliding_window_view(known, _ORDER + 1, axis=1)
    products = rows.transpose(0, 2, 1) @ rows
    among, along = products[:, :_ORDER, :_ORDER].copy(), products[:, :_ORDER, _ORDER]
    trace = np.trace(among, axis1=1, axis2=2)
    among[:, range(_ORDER), range(_ORDER)] += (1e-6 * trace / _ORDER + 1e-12)[:, None]
    weights = np.linalg.solve(among, along[..., None])
    taps = np.concatenate((-weights, np.ones_like(weights[:, :1])), axis=1)
    usual = np.abs((rows @ taps)[..., 0]).max(axis=1)
    missed = np.abs((np.lib.stride_tricks.sliding_window_view(across, _ORDER + 1, axis=1) @ taps)[..., 0])
    return missed.max(axis=1), usual + _TINY
