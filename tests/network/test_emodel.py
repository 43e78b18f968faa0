from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.network.emodel import delay_impairment, loss_impairment, mos, score


@pytest.mark.parametrize(
    ("rating", "expected"),
    [(90, 4.34), (80, 4.03), (70, 3.60), (60, 3.10), (50, 2.58), (-5, 1.0), (120, 4.5)],
)
def test_a_rating_is_the_score_of_annex_b(rating: float, expected: float) -> None:
    assert score(rating) == pytest.approx(expected, abs=0.01)


def test_a_still_line_without_loss_has_the_models_default() -> None:
    assert mos(50, 0) == pytest.approx(4.41, abs=0.01)


def test_delay_begins_to_matter_at_a_tenth_of_a_second() -> None:
    assert delay_impairment(100) == 0
    # G.107's curve without echo: about 3 at 200 ms and 24 at 400 ms.
    assert delay_impairment(200) == pytest.approx(3.0, abs=0.5)
    assert delay_impairment(400) == pytest.approx(24.0, abs=2.0)


def test_bursts_weigh_more_than_single_losses() -> None:
    assert loss_impairment(5, burst_ratio=2) > loss_impairment(5)


def test_beyond_its_limits_the_model_says_nothing() -> None:
    assert mos(50, 30) is None
    assert mos(900, 0) is None


@given(delay=st.floats(0, 500), loss=st.floats(0, 20), more=st.floats(0, 5))
def test_worse_is_never_better(delay: float, loss: float, more: float) -> None:
    here = mos(delay, loss)
    for other in (mos(min(500, delay + 10 * more), loss), mos(delay, min(20, loss + more))):
        assert here is not None
        assert other is not None
        assert other <= here + 1e-9
