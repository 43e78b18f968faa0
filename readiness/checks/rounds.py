"""Going through all devices: which camera, microphone and speaker are tested together, round by round."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from readiness.devices.ports import DeviceKind

MOST_ROUNDS = 24
"""With more pairs than this every device is still tested, but not every pair."""


@dataclass(frozen=True, kw_only=True)
class Round:
    """The ids of the devices that are tested together; None where there is none of the kind."""

    camera: str | None = None
    microphone: str | None = None
    speaker: str | None = None


def rounds(there: Mapping[DeviceKind, Sequence[str]]) -> list[Round]:
    """Every camera with every microphone, and every speaker at least once; the defaults in front.

    Beyond MOST_ROUNDS pairs each device is in one round at least, with as many partners as fit.
    """
    cameras, microphones, speakers = (_or_none(there.get(kind, ())) for kind in DeviceKind)
    pairs = list(itertools.product(cameras, microphones))
    if len(pairs) > MOST_ROUNDS:
        count = max(len(cameras), len(microphones))
        diagonal = [(cameras[n % len(cameras)], microphones[n % len(microphones)]) for n in range(count)]
        others = [pair for pair in pairs if pair not in diagonal]
        pairs = diagonal + others[: max(0, MOST_ROUNDS - len(diagonal))]
    count = max(len(pairs), len(speakers))
    return [
        Round(camera=camera, microphone=microphone, speaker=speakers[number % len(speakers)])
        for number, (camera, microphone) in enumerate(itertools.islice(itertools.cycle(pairs), count))
    ]


def _or_none(ids: Sequence[str]) -> list[str | None]:
    return list(ids) or [None]
