"""Places where a voice does not hang together: a piece is missing, silenced, filled in or said again.

A small network hears them: a filter bank as fine as the pulses of the vocal folds, and seven convolutions over
time, which compare 70 ms on either side. It was trained on voices torn at known places beside whole ones, with
other faults in both (tests/training/joints.py). Where its file is missing or is no network, nothing is known.
"""

from __future__ import annotations

import functools
import logging
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from readiness.analysis.sound_level import Samples

MODEL = Path(__file__).parents[2] / "resources" / "models" / "splices.npz"
HOP = 32
"""Samples at 16 kHz: an answer each 2 ms, from the 6 ms about it."""
DILATIONS = (1, 2, 4, 8, 16, 1)
"""Hops between what each convolution after the first compares."""
_NAMES = {"real", "imaginary", "signed"} | {
    f"{layer}.{kind}" for layer in ("first", "last", *range(len(DILATIONS))) for kind in ("weight", "bias")
}
_LOUDNESS_HOPS = 10
"""20 ms, over which the level is taken."""
_LOUD = 0.05
"""A joint counts where the voice has this share of its power when it is loud; in a pause nobody hears one."""
_APART_HOPS = 10
"""A joint answers for this long before and after it."""
_DOUBT, _CERTAIN = 3.0, 9.0
"""Log odds, natural: below one a place is none, above the other it is no surer."""
_FAINTEST, _EVEN_ODDS = -2.0, 2.0
"""Log odds of a place that may be one beside others, and of one that is as likely a joint as none."""
_PACKET_HOPS, _APART_PACKETS_HOPS = 10, 6
"""20 ms: what calls send at a time, and what is missing of them when it does not come."""
_WITHIN_PACKETS = (0.36, 0.22, 0.06, 0.016, 0.016, 0.016, 0.016, 0.016, 0.06, 0.22)
"""How often the end of a lost packet is found so many hops after where it is."""

_USUAL_HOPS = 3000
"""6 s, as long as people are recorded."""

_log = logging.getLogger(__name__)

Values = np.ndarray[Any, Any]


@dataclass(frozen=True, kw_only=True)
class Splices:
    """How many joints there are, and how far beyond doubt they are together: a sum of natural log odds, in a
    recording longer than 6 s as many as fall upon 6 s of it. `in_packets` is the same with what is added by their
    lying multiples of 20 ms apart, as the ends of lost packets do."""

    count: int
    certainty: float
    in_packets: float


_NONE = Splices(count=0, certainty=0.0, in_packets=0.0)


def splices(samples: Samples) -> Splices | None:
    """The joints in mono `samples` at 16 kHz, whatever the level; None: cannot be told."""
    weights = _network()
    if weights is None:
        return None
    hops = samples[: samples.size // HOP * HOP].reshape(-1, HOP)
    if len(hops) < 2 * _LOUDNESS_HOPS:
        return _NONE
    power = np.convolve(np.mean(np.square(hops), axis=1), np.full(_LOUDNESS_HOPS, 1 / _LOUDNESS_HOPS), "same")
    loudness = float(np.mean(np.sort(power)[-(power.size // 3) :]))
    if loudness <= 0:
        return _NONE
    try:
        odds = answers((samples / loudness**0.5).astype(np.float32), weights)
    except (ValueError, IndexError) as error:  # weights of other shapes
        _log.warning("joints in the voice cannot be looked for: %s", error)
        return None
    odds[power < _LOUD * loudness] = -np.inf
    found = odds[_peaks(odds, _DOUBT, _APART_HOPS)]
    # A whole voice has a doubtful place now and then as well.
    share = min(1.0, _USUAL_HOPS / len(hops))
    certainty = share * float(np.sum(np.minimum(found, _CERTAIN) - _DOUBT))
    return Splices(
        count=found.size, certainty=certainty, in_packets=certainty + share * max(0.0, _lattice(odds))
    )


def _peaks(odds: Values, above: float, apart: int) -> Values:
    """Where `odds` are highest among the `apart` before and after, and more than `above`."""
    padded = np.pad(odds, apart, constant_values=-np.inf)
    near = np.lib.stride_tricks.sliding_window_view(padded, 2 * apart + 1).max(axis=1)
    return np.flatnonzero((odds >= near) & (odds > above))


def _lattice(odds: Values) -> float:
    """How much likelier the places of joints are if packets end there than if they lie anywhere (log odds, natural).

    A place that is no joint lies anywhere; of the packets' phases the one that explains most is taken."""
    at = _peaks(odds, _FAINTEST, _APART_PACKETS_HOPS)
    joint = 1 / (1 + np.exp(_EVEN_ODDS - np.minimum(odds[at], _CERTAIN)))
    phases = (at[None] - np.arange(_PACKET_HOPS)[:, None]) % _PACKET_HOPS
    likelier = joint * _PACKET_HOPS * np.array(_WITHIN_PACKETS)[phases] + 1 - joint
    return float(np.log(likelier).sum(axis=1).max())


def answers(samples: Values, weights: Mapping[str, Values]) -> Values:
    """Natural log odds of a joint in each 2 ms of mono `samples` at 16 kHz whose loudest third has a power of 1."""
    count = samples.size // HOP
    around = np.pad(samples[: count * HOP], HOP).reshape(-1, HOP)
    parts = np.concatenate((around[:-2], around[1:-1], around[2:]), axis=1)
    power = np.square(parts @ weights["real"].T) + np.square(parts @ weights["imaginary"].T)
    signed = parts @ weights["signed"].T
    heard = np.concatenate((0.3 * np.log(power + 1e-4) + 0.6, signed / (np.abs(signed) + 0.3)), axis=1)
    heard = np.maximum(_convolved(heard, weights, "first", 1), 0)
    for number, dilation in enumerate(DILATIONS):
        heard = heard + 0.5 * np.maximum(_convolved(heard, weights, str(number), dilation), 0)
    odds: Values = heard @ weights["last.weight"] + weights["last.bias"]
    return odds


def _convolved(heard: Values, weights: Mapping[str, Values], layer: str, dilation: int) -> Values:
    around, weight = np.pad(heard, ((dilation, dilation), (0, 0))), weights[f"{layer}.weight"]
    before, at, after = around[: len(heard)], heard, around[2 * dilation :]
    sums: Values = before @ weight[0] + at @ weight[1] + after @ weight[2] + weights[f"{layer}.bias"]
    return sums


def read(model: Path = MODEL) -> Mapping[str, Values]:
    """The network's weights. Raises OSError or ValueError where its file is not what it should be."""
    try:
        with model.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            weights = {name: stored[name].astype(np.float32) for name in stored.files}
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        raise ValueError(f"{model.name}: {error}") from error
    if set(weights) != _NAMES:
        raise ValueError(f"{model.name} is no whole network")
    return weights


@functools.cache
def _network() -> Mapping[str, Values] | None:
    try:
        return read()
    except (OSError, ValueError) as error:
        _log.warning("no network for joints in the voice: %s", error)
        return None
