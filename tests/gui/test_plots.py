from __future__ import annotations

from readiness.core.model import Ending, Result
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


def test_the_direction_behind_the_unit_is_kept() -> None:
    up, down = [number / 10 for number in range(20)], [number / 5 for number in range(9)]
    there, back = series_of(
        _result(delay_ms_up=[1.0] * 20, delay_ms_down=[2.0] * 9, delay_seconds_up=up, delay_seconds_down=down)
    )
    assert (there.name, there.along, there.along_unit) == ("delay_ms_up", tuple(up), "s")
    assert (back.name, back.along, back.along_unit) == ("delay_ms_down", tuple(down), "s")
