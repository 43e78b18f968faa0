from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from readiness.core.series import MOST_POINTS, is_series, worst


def test_a_long_row_of_numbers_is_a_series_and_nothing_else_is() -> None:
    assert is_series([1, 2.5] * 4)
    assert not is_series([1.0] * 7)
    assert not is_series([True] * 20)
    assert not is_series(["a"] * 20)
    assert not is_series("12345678")


@given(st.lists(st.floats(-1e6, 1e6), max_size=4 * MOST_POINTS), st.integers(1, 50))
def test_a_row_is_kept_short_and_keeps_its_highest_values_where_they_stand(
    values: list[float], most: int
) -> None:
    along, kept = worst(range(len(values)), values, most)
    assert len(along) == len(kept) <= most
    assert along == sorted(along)
    assert all(values[int(place)] == value for place, value in zip(along, kept, strict=True))
    assert max(kept, default=None) == max(values, default=None)


def test_a_short_row_is_kept_whole() -> None:
    assert worst([0.1, 0.2, 0.3], [3.0, 1.0, 2.0]) == ([0.1, 0.2, 0.3], [3.0, 1.0, 2.0])
