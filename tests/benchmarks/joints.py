"""How well torn voices are told from whole ones: python -m tests.benchmarks.joints [--group testing] [--each 2]

Voices that the network was not trained on (tests/material/voices.py, those for testing) are judged whole and
torn in each of the ways of tests/material/torn.py, in every second or so. Prints, for each, the share beyond
the profile's limit and how the certainty lies; whole voices should all lie below it.
"""

from __future__ import annotations

import argparse

import numpy as np

from readiness.analysis.sound_level import resampled
from readiness.analysis.sound_splices import splices
from readiness.core.profile_loading import load_profile
from readiness.settings import places
from tests.material import recordings, voices
from tests.material.shaping import Samples
from tests.material.torn import KINDS, Random, torn

_RATE_HZ = 16_000
_PART_SECONDS = 1.2


def certainty(samples: Samples, rate_hz: int) -> float:
    found = splices(resampled(samples, rate_hz, _RATE_HZ))
    assert found is not None, "the network is missing"
    return found.certainty


def torn_everywhere(voice: Samples, rate_hz: int, random: Random, kind: str) -> Samples:
    parts = np.array_split(voice, max(1, int(voice.size / rate_hz / _PART_SECONDS)))
    return np.concatenate([torn(part, rate_hz, random, kind)[0] for part in parts])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--group", default=voices.TESTING)
    arguments.add_argument("--each", type=int, default=2, help="takes of each voice and way")
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    limit = load_profile("organisation", places().profiles).limit("microphone.splice_certainty", "at_most")
    assert limit is not None
    assert limit.recommended is not None
    random = np.random.default_rng(chosen.seed)
    clips = voices.clips(chosen.group)
    found: dict[str, list[float]] = {}
    for _ in range(chosen.each):
        for clip in clips:
            base = recordings.voiced(clip, random)
            for made in recordings.GOOD:
                whole = made(base, random)
                found.setdefault(f"whole, {whole.kind}", []).append(certainty(whole.samples, whole.rate))
            for kind in KINDS:
                samples = torn_everywhere(base.samples, base.rate, random, kind)
                found.setdefault(f"torn, {kind}", []).append(certainty(samples, base.rate))
    print(f"{len(clips)} clips, limit {limit.recommended:g} {limit.unit}")
    for name, values in found.items():
        beyond = 100 * np.mean(np.array(values) > limit.recommended)
        lowest, middle, highest = np.quantile(values, (0.05, 0.5, 1.0))
        print(
            f"{name:20} beyond {beyond:5.1f} %; 5 % {lowest:6.1f}, middle {middle:6.1f}, most {highest:6.1f}"
        )


if __name__ == "__main__":
    main()
