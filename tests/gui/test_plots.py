from __future__ import annotations

from readiness.core.model import Ending, Notice, Progress, Result, Started
from readiness.gui.watching import LEVEL, Watcher
from readiness.gui.widgets.plots import series_of


def _result(**evidence: object) -> Result:
    return Result(
        check_id="x",
        ending=Ending.COMPLETED,
        started_utc="2026-11-24T10:00:00Z",
        seconds=1.0,
        evidence=evidence,
    )


def test_a_long_row_of_numbers_is_a_series_and_a_short_one_is_not() -> None:
    (series,) = series_of(
        _result(delay_ms=[10.0] * 20, channel_levels_dbfs=[-20.0, -21.0], flags=[True] * 20)
    )
    assert series.name == "delay_ms"
    assert series.along == tuple(float(number) for number in range(20))
    assert series.along_unit == ""


def test_a_row_of_times_or_frequencies_lies_under_its_series() -> None:
    seconds, hertz = [number / 10 for number in range(20)], [100.0 * number for number in range(20)]
    delay, spectrum = series_of(
        _result(
            delay_ms=[10.0] * 20,
            delay_seconds=seconds,
            spectrum_dbfs=[-40.0] * 20,
            spectrum_hz=hertz,
        )
    )
    assert (delay.name, delay.along, delay.along_unit) == ("delay_ms", tuple(seconds), "s")
    assert (spectrum.name, spectrum.along, spectrum.along_unit) == ("spectrum_dbfs", tuple(hertz), "Hz")


def test_rows_of_different_length_do_not_belong_together() -> None:
    delay, seconds = series_of(_result(delay_ms=[1.0] * 20, delay_seconds=[1.0] * 9))
    assert delay.along_unit == ""
    assert seconds.name == "delay_seconds"


def test_levels_are_kept_by_time_and_forgotten_when_the_test_begins_again() -> None:
    now = [100.0]
    watcher = Watcher(lambda: now[0])
    watcher.see(Started(check_id="microphone"))
    for second in range(3):
        now[0] = 100.0 + second
        watcher.see(Progress(check_id="microphone", notice=Notice(level_dbfs=-50.0 + second)))
        watcher.see(Progress(check_id="microphone", notice=Notice(fraction=0.1)))
    (level,) = watcher.series["microphone"]
    assert level.name == LEVEL
    assert level.along == (0.0, 1.0, 2.0)
    assert level.values == (-50.0, -49.0, -48.0)
    watcher.see(Started(check_id="microphone"))
    assert watcher.series == {}
