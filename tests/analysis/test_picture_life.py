"""Whether the person before the camera moves, through all that wavers."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from readiness.analysis.picture import PictureMeter
from readiness.analysis.picture_face import FaceFinder
from readiness.analysis.picture_life import Life
from tests.material.films import Film, frames
from tests.material.portraits import FACES, portrait_scene
from tests.material.rarer import dithered

SIZE = (640, 360)
FINDER = FaceFinder()
RATE = 15.0


def motionless(pictures: list[np.ndarray[Any, Any]]) -> float:
    meter = PictureMeter(FINDER, coded=True)
    for number, picture in enumerate(pictures):
        meter.add(picture, number / RATE)
    seconds: float = meter.figures()["motionless_seconds"]
    return seconds


def film(who: str, noise: float) -> list[np.ndarray[Any, Any]]:
    still = portrait_scene(who, SIZE)
    return list(
        frames(
            Film(name=who, cause="works", scene=still, width=SIZE[0], height=SIZE[1], seconds=2.0, rate=RATE, noise=noise, seed=3)
        )
    )  # fmt: skip


@pytest.mark.parametrize("noise", [0.0, 4.0])
@pytest.mark.parametrize("who", FACES)
def test_somebody_who_sits_there_moves(who: str, noise: float) -> None:
    assert motionless(film(who, noise)) < 0.5


@pytest.mark.parametrize(("sigma", "clock"), [(0.28, False), (1.0, False), (2.5, False), (0.0, True)])
@pytest.mark.parametrize("who", ["grace_hopper", "barack_obama"])
def test_a_person_who_stands_still_in_a_picture_that_wavers_does_not(
    who: str, sigma: float, clock: bool
) -> None:
    lively = film(who, 1.5)
    rng = np.random.default_rng(4)
    change = dithered(sigma, clock=clock)
    stopped = lively[:5] + [change(lively[5], rng) for _ in range(25)]
    assert motionless(stopped) == pytest.approx(1.6, abs=0.25)


def test_a_still_picture_coded_by_jpeg_stands_still() -> None:
    rng = np.random.default_rng(4)
    change = dithered(0.5)
    stopped = film("joe_biden", 1.5)[5]
    coded = []
    for _ in range(25):
        done, data = cv2.imencode(".jpg", change(stopped, rng), [cv2.IMWRITE_JPEG_QUALITY, 70])
        assert done
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
        assert picture is not None
        coded.append(picture)
    assert motionless(coded) > 1.4


def test_without_anything_to_see_nothing_is_told() -> None:
    life = Life()
    assert life.motionless_seconds((0.2, 0.2, 0.5, 0.5)) is None
    for number in range(10):
        life.add(np.full((180, 320), 90, np.uint8), number / 5)
    assert life.motionless_seconds((0.2, 0.2, 0.5, 0.5)) is None
    assert life.motionless_seconds((0.9, 0.9, 0.5, 0.01)) is None


def test_after_a_change_of_size_it_begins_anew() -> None:
    rng = np.random.default_rng(4)
    room = cv2.GaussianBlur(rng.integers(0, 255, (180, 320)).astype(np.uint8), (0, 0), 2.0)
    room = cv2.normalize(room, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)  # type: ignore[call-overload]
    life = Life()
    for number in range(10):
        life.add(room, number / 5)
    for number in range(10, 16):
        life.add(room[:150], number / 5)
    assert life.motionless_seconds((0.1, 0.1, 0.8, 0.8)) == pytest.approx(1.0, abs=0.05)
