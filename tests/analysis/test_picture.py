from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.analysis.picture import PictureMeter

RNG = np.random.default_rng(1)


def lively(luma: float = 100.0, height: int = 120, width: int = 160) -> np.ndarray:
    return np.clip(RNG.normal(luma, 3, (height, width, 3)), 0, 255).astype(np.uint8)


@given(rate=st.floats(3, 60))
def test_frame_rate_comes_from_the_times(rate: float) -> None:
    meter = PictureMeter()
    frame = lively()
    for n in range(20):
        meter.add(frame, n / rate)
    assert meter.figures()["frame_rate_hz"] == pytest.approx(rate, rel=0.01)


def test_size_is_that_of_most_frames_and_changes_are_counted() -> None:
    meter = PictureMeter()
    for n in range(5):
        meter.add(lively(), n / 30)
    meter.add(lively(height=60, width=80), 5 / 30)
    found = meter.figures()
    assert (found["width"], found["height"], found["sizes"]) == (160, 120, 2)


@pytest.mark.parametrize(("luma", "black"), [(5, 100), (100, 0)])
def test_black_is_by_mean_luma(luma: float, black: float) -> None:
    meter = PictureMeter()
    for n in range(6):
        meter.add(lively(luma), n / 30)
    assert meter.figures()["black_percent"] == black


def test_a_repeated_frame_stands_still_and_a_noisy_one_does_not() -> None:
    still, moving = PictureMeter(), PictureMeter()
    frame = lively()
    for n in range(31):
        still.add(frame, n / 30)
        moving.add(lively(), n / 30)
    assert still.figures()["longest_still_seconds"] == pytest.approx(1, abs=0.05)
    assert still.figures()["fresh_frame_rate_hz"] == 0
    assert moving.figures()["longest_still_seconds"] == 0


def test_without_frames_only_that() -> None:
    assert PictureMeter().figures() == {"frames": 0}


def test_one_frame_has_no_rate() -> None:
    meter = PictureMeter()
    meter.add(lively(), 0.0)
    assert "frame_rate_hz" not in meter.figures()
