"""When samples pass, told from the moments at which a driver comes for blocks."""

from __future__ import annotations

import pytest

from readiness.devices import streams
from readiness.devices.streams import Pace

RATE = 48_000
BLOCK = 480


def paced(monkeypatch: pytest.MonkeyPatch, *, blocks: int, dry: dict[int, float]) -> Pace:
    """A driver that came for the first three blocks at once at 100 s, then for one every 10 ms; before
    the blocks in `dry` it ran dry for so many seconds."""
    pace, now = Pace(), 100.0
    monkeypatch.setattr(streams.time, "monotonic", lambda: now)
    for block in range(blocks):
        now += dry.get(block, 0.0) + (BLOCK / RATE if block > 2 else 0.0)
        pace.passed(block * BLOCK, RATE)
    return pace


def test_the_burst_that_fills_the_buffer_does_not_move_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert paced(monkeypatch, blocks=200, dry={}).start() == pytest.approx(100 - 2 * BLOCK / RATE)


def test_a_driver_that_runs_dry_moves_only_what_comes_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """The median of a whole stream would put the sweep 0.3 s later than it was handed over, which made
    the delay of the loop come out negative."""
    pace = paced(monkeypatch, blocks=200, dry={80: 0.3})
    whole, before, after = pace.start(), pace.start(0.2, 0.7), pace.start(1.0, 1.5)
    assert whole == pytest.approx(after)
    assert after == pytest.approx(before + 0.3)
    assert before == pytest.approx(100 - 2 * BLOCK / RATE)


def test_where_no_block_begins_in_time_the_whole_stream_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = paced(monkeypatch, blocks=20, dry={})
    assert pace.start(5.0, 6.0) == pace.start()
    assert Pace().start() is None
