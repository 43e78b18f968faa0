"""Voices that a computer tore: pieces skipped, silenced, said again or filled in, as lost packets and buffers are.

Every joint's place is known. The voice is loud where it is torn: amid a pause nobody would hear it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tests.material.shaping import Samples

Random = np.random.Generator


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What is torn out, in samples, and how long its ends are faded into what comes in its place."""

    start: int
    end: int
    fade: int


Filling: TypeAlias = Callable[[Samples, Piece, int, Random], "Samples | None"]
"""What comes in the place of a piece of the voice, at a rate in Hz; None where it cannot."""

KINDS: Mapping[str, float] = {
    "skipped": 0.5,
    "silenced": 0.08,
    "noise": 0.13,
    "again": 0.09,
    "periods": 0.08,
    "swapped": 0.04,
    "moments": 0.04,
    "held": 0.04,
}
"""How often each comes; a skipped piece leaves least to hear, and is the hardest."""


def torn(samples: Samples, rate: int, random: Random, kind: str | None = None) -> tuple[Samples, list[int]]:
    """A mono voice, torn in up to three places (by any of `KINDS`, or by this one), and where its joints are;
    none where it is nowhere loud."""
    kind = kind or str(random.choice(list(KINDS), p=list(KINDS.values())))
    pieces = _pieces(samples, rate, random, kind)
    if kind == "skipped":
        return _skipped(samples, pieces, random)
    done, joints = samples.copy(), []
    for piece in pieces:
        filling = _FILLINGS[kind](done, piece, rate, random)
        if filling is None:
            continue
        size = piece.end - piece.start
        fade = min(piece.fade, size // 3, int(0.004 * rate))
        share = np.ones(size)
        if fade > 1:
            share[:fade] = _ramp(fade, random)
            share[-fade:] = share[:fade][::-1]
        done[piece.start : piece.end] = filling * share + done[piece.start : piece.end] * (1 - share)
        joints += [piece.end - fade // 2]
        if kind != "periods":  # they begin where the voice goes on as it was
            joints += [piece.start + fade // 2]
        if kind == "swapped":
            joints += [piece.start + size // 2]
    return done, sorted(joints)


def smoothed(values: Samples, size: int) -> Samples:
    """The mean of `size` values about each."""
    sums = np.cumsum(np.pad(values, (size // 2 + 1, size - size // 2 - 1)))
    return (sums[size:] - sums[:-size]) / size


def _pieces(samples: Samples, rate: int, random: Random, kind: str) -> list[Piece]:
    energy = smoothed(np.square(samples), rate // 50)
    least, margin = 0.3 * float(np.mean(np.square(samples))), rate // 20
    loud = np.flatnonzero(energy[margin:-margin] > least) + margin
    if not loud.size:
        return []
    hard = random.random() < 0.4
    pieces: list[Piece] = []
    for start in np.sort(random.choice(loud, int(random.integers(1, 4)))).tolist():
        seconds = float(np.exp(random.uniform(np.log(0.01), np.log(0.16))))
        if random.random() < 0.25:
            seconds = float(random.choice((0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.12)))
        if kind == "moments":
            seconds = random.uniform(0.002, 0.008)
        end = start + int(seconds * rate)
        last = pieces[-1].end if pieces else 0
        if start < last + 0.03 * rate or end > samples.size - margin or energy[end] < 0.5 * least:
            continue
        fade = 0 if hard else int(np.exp(random.uniform(np.log(0.0003), np.log(0.010))) * rate)
        pieces.append(Piece(start=start, end=end, fade=fade))
    return pieces


def _skipped(samples: Samples, pieces: Sequence[Piece], random: Random) -> tuple[Samples, list[int]]:
    """Time is missing: what comes after a piece is faded into what was before it."""
    done, joints, last, fade = samples[:0], [], 0, 0
    for piece in pieces:
        done = _joined(done, samples[last : piece.start], fade, random)
        joints.append(done.size - piece.fade // 2)
        last, fade = piece.end, piece.fade
    return _joined(done, samples[last:], fade, random), joints


def _joined(before: Samples, after: Samples, fade: int, random: Random) -> Samples:
    if not fade or before.size < fade:
        return np.concatenate((before, after))
    share = _ramp(fade, random)
    both = before[-fade:] * (1 - share) + after[:fade] * share
    return np.concatenate((before[:-fade], both, after[fade:]))


def _ramp(size: int, random: Random) -> Samples:
    along = np.linspace(0, 1, size)
    return along if random.random() < 0.6 else np.sin(np.pi / 2 * along) ** 2


def _silence(_samples: Samples, piece: Piece, _rate: int, _random: Random) -> Samples:
    return np.zeros(piece.end - piece.start)


def _noise(samples: Samples, piece: Piece, _rate: int, random: Random) -> Samples:
    """Comfort noise, 4 to 34 dB below the voice, half of it darker than white."""
    noise = random.standard_normal(piece.end - piece.start)
    if random.random() < 0.6:
        share = random.uniform(0.3, 0.95)
        noise = np.convolve(noise, share ** np.arange(100))[: noise.size]
    wanted = 1.5 * np.sqrt(np.mean(np.square(samples))) * 10 ** (-random.uniform(4, 34) / 20)
    return noise * wanted / (np.std(noise) + 1e-9)


def _again(samples: Samples, piece: Piece, rate: int, random: Random) -> Samples | None:
    """The packet before, once or time and again, each fainter or as loud."""
    size = packet = piece.end - piece.start
    if random.random() < 0.6:
        packet = min(size, int(random.choice((0.01, 0.02, 0.02, 0.03, 0.04)) * rate))
    if piece.start < packet:
        return None
    times = size // packet + 1
    fading = random.choice((1, 1, 0.9, 0.7)) ** np.arange(times)
    return (np.tile(samples[piece.start - packet : piece.start], times) * np.repeat(fading, packet))[:size]


def _periods(samples: Samples, piece: Piece, rate: int, random: Random) -> Samples | None:
    """The last period of the voice, over and over and fading, as ITU-T G.711 Appendix I conceals a loss."""
    longest = int(0.015 * rate)
    if piece.start < 2 * longest:
        return None
    before = samples[piece.start - 2 * longest : piece.start]
    lags = np.arange(rate // 400, longest, max(1, rate // 8000))
    alike = [
        float(before[lag:] @ before[:-lag])
        / (np.linalg.norm(before[lag:]) * np.linalg.norm(before[:-lag]) + 1e-12)
        for lag in lags
    ]
    period, size = int(lags[int(np.argmax(alike))]), piece.end - piece.start
    said = np.tile(samples[piece.start - period : piece.start], size // period + 1)[:size]
    return said * np.linspace(1, random.choice((0.0, 0.0, 0.3, 0.7)), size)


def _swapped(samples: Samples, piece: Piece, _rate: int, _random: Random) -> Samples:
    part, half = samples[piece.start : piece.end], (piece.end - piece.start) // 2
    return np.concatenate((part[half : 2 * half], part[:half], part[2 * half :]))


def _held(samples: Samples, piece: Piece, _rate: int, _random: Random) -> Samples:
    return np.full(piece.end - piece.start, samples[piece.start - 1])


_FILLINGS: Mapping[str, Filling] = {
    "silenced": _silence,
    "noise": _noise,
    "again": _again,
    "periods": _periods,
    "swapped": _swapped,
    "moments": _silence,
    "held": _held,
}
