"""How long it takes to rate 10,000 stored reports under a new profile, on one core.

Run: .venv/bin/python tests/benchmarks/rating.py [--reports 10000]
Each report is a JSON document as the collector stores it, with a result of every check; its evidence is
drawn anew for each. Reading the JSON is timed apart from rating.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from readiness.checks import CHECKS
from readiness.core.evidence import encode
from readiness.core.model import Computer, Ending, Result
from readiness.core.profile_loading import load_profile
from readiness.core.rating import rate
from readiness.core.report import compose, from_json, new_id, to_json
from readiness.settings import places
from tests.checks import judgements


def stored(count: int) -> list[str]:
    """Reports as JSON; their evidence is what the tests of words draw, good and bad."""
    drawn = {check.id: [evidence for evidence, _ in judgements.cases(check)] for check in CHECKS}
    profile = load_profile("common", places().profiles)
    texts = []
    for number in range(count):
        results = tuple(
            Result(
                check_id=check.id,
                ending=Ending.COMPLETED,
                started_utc="2026-01-15T08:00:00Z",
                seconds=1.0,
                evidence=encode(drawn[check.id][(number * 7 + place) % len(drawn[check.id])]),
            )
            for place, check in enumerate(CHECKS)
        )
        report = compose(
            report_id=new_id(),
            created_utc="2026-01-15T08:00:00Z",
            app_version="0.1.0",
            computer=Computer(device_id=f"d{number}", host_name=f"pc-{number}", system="Windows 11"),
            results=results,
            checks=(),
            profiles=(profile,),
            chosen=None,
        )
        texts.append(to_json(report))
    return texts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=10_000)
    count = parser.parse_args().reports
    texts = stored(count)
    profile = dataclasses.replace(load_profile("teams", places().profiles), version="new")
    rate(from_json(texts[0]).results, CHECKS, profile)  # what parses evidence is built once
    verdicts: Counter[str] = Counter()
    read = rated = 0.0
    for text in texts:  # as the collector does it: one report in memory at a time
        begun = time.process_time()
        report = from_json(text)
        had = time.process_time()
        verdicts[rate(report.results, CHECKS, profile).overall.value] += 1
        read += had - begun
        rated += time.process_time() - had
    size = sum(map(len, texts)) / count
    print(f"{count} reports of {size:.0f} characters, {len(CHECKS)} checks, profile {profile.id}")
    print(f"read  {read:.2f} s of CPU ({1e6 * read / count:.0f} µs each)")
    print(f"rated {rated:.2f} s of CPU ({1e6 * rated / count:.0f} µs each)")
    print("verdicts: " + ", ".join(f"{verdict} {number}" for verdict, number in sorted(verdicts.items())))


if __name__ == "__main__":
    main()
