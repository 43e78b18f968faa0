"""Pictures whose lines, points or colours are not where they should be."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from readiness.analysis import picture_light, picture_order
from readiness.analysis.picture import PictureMeter
from readiness.analysis.picture_face import Face, FaceFinder
from tests.material import rarer
from tests.material.films import Film, frames
from tests.material.portraits import FACES, portrait_scene

RNG = np.random.default_rng(1)
SIZE = (640, 360)
FINDER = FaceFinder()


def picture(who: str, noise: float = 1.5) -> np.ndarray[Any, Any]:
    still = portrait_scene(who, SIZE)
    film = Film(name=who, cause="works", scene=still, width=SIZE[0], height=SIZE[1], noise=noise, seed=3)
    return next(iter(frames(film)))


def order(of: np.ndarray[Any, Any]) -> float:
    ratio = picture_order.line_order_ratio(cv2.cvtColor(of, cv2.COLOR_BGR2GRAY))
    assert ratio is not None
    return ratio


def likeness(of: np.ndarray[Any, Any]) -> float:
    return picture_order.copy_likeness(cv2.resize(of, (320, 180), interpolation=cv2.INTER_AREA))


@pytest.mark.parametrize("noise", [0.0, 1.5, 20.0])
@pytest.mark.parametrize("who", FACES)
def test_in_a_whole_picture_neighbouring_lines_are_the_most_alike(who: str, noise: float) -> None:
    whole = picture(who, noise)
    assert order(whole) > 0.95
    assert likeness(whole) < 0.3


@pytest.mark.parametrize(
    "wrong",
    [
        *(rarer.lines_swapped(lines) for lines in (2, 4, 8, 16, 32)),
        *(rarer.every_other_line_aside(points) for points in (4, 9, 40)),
        *(rarer.slanting(points) for points in (1, 7, 200)),
        rarer.yuyv_as_uyvy,
        rarer.points_swapped,
    ],
)
@pytest.mark.parametrize("who", ["grace_hopper", "joe_biden"])
def test_lines_and_points_in_another_order_are_told(who: str, wrong: rarer.Change) -> None:
    assert order(wrong(picture(who), RNG)) < 0.85


@pytest.mark.parametrize("wrong", [rarer.twice, rarer.planes_as_pairs])
@pytest.mark.parametrize("who", ["grace_hopper", "joe_biden"])
def test_a_picture_or_its_colours_that_come_twice_are_told(who: str, wrong: rarer.Change) -> None:
    assert likeness(wrong(picture(who), RNG)) > 0.5


def colours(of: np.ndarray[Any, Any]) -> float:
    return picture_order.colour_shift_ratio(cv2.resize(of, (320, 180), interpolation=cv2.INTER_AREA))


@pytest.mark.parametrize("who", ["grace_hopper", "joe_biden"])
def test_colours_that_lie_beside_the_things_that_have_them_are_told(who: str) -> None:
    whole = picture(who)
    assert colours(whole) < 1.4
    light, *tints = cv2.split(cv2.cvtColor(whole, cv2.COLOR_BGR2YUV))
    moved = [np.roll(tint, (40, 90), axis=(0, 1)) for tint in tints]
    assert colours(cv2.cvtColor(cv2.merge([light, *moved]), cv2.COLOR_YUV2BGR)) > 1.6


def test_of_a_picture_without_colour_it_is_not_told_where_colours_lie() -> None:
    grey = cv2.cvtColor(cv2.cvtColor(picture("joe_biden"), cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    assert colours(grey) == 1


def test_a_pattern_that_repeats_and_rows_of_noise_are_no_disorder() -> None:
    keys = np.full((360, 640, 3), 30, np.uint8)
    for top in range(20, 340, 40):
        for left in range(10, 630, 40):
            keys[top : top + 28, left : left + 28] = 170
    assert likeness(keys) < 0.3
    assert order(keys) > 0.95
    assert order(rarer.rows_of_noise(9.0, 15.0)(picture("joe_biden"), RNG)) > 0.95


@pytest.mark.parametrize("level", [0, 90])
def test_of_a_picture_without_anything_in_it_nothing_is_told(level: int) -> None:
    even = np.full((360, 640, 3), level, np.uint8)
    assert order(even) == 1.0
    assert likeness(even) == 0.0
    assert picture_order.line_order_ratio(even[:100, :, 0]) is None


def blueness(of: np.ndarray[Any, Any]) -> float:
    meter = PictureMeter(FINDER)
    for number in range(3):
        meter.add(of, number / 20)
    found: float = meter.figures()["skin_blueness"]
    return found


@pytest.mark.parametrize("who", FACES)
def test_skin_is_blue_where_colours_are_swapped_and_not_in_blue_light(who: str) -> None:
    whole = picture(who)
    blue_light = np.clip(whole * np.array((1.5, 0.95, 0.6)), 0, 255).astype(np.uint8)
    assert blueness(whole) < 10
    assert blueness(blue_light) < 10
    assert blueness(rarer.colours_swapped(whole, RNG)) > 10
    assert blueness(rarer.chroma_swapped(whole, RNG)) > 10


def test_skin_is_not_bluer_than_light_parts_whose_blue_is_burnt_out() -> None:
    room = np.zeros((360, 640, 3), np.uint8)
    tones = np.linspace(0, 1, 640)[None, :, None]
    room[:] = np.array((120, 200, 238)) * (0.3 + 0.7 * tones)  # a room of wood: the lightest tones are warm
    skin = np.full((360, 640, 3), (105, 165, 205), np.uint8)
    face = Face(score=0.9, x=0.4, y=0.3, width=0.2, height=0.4)

    def blueness_of(gains: tuple[float, float, float]) -> float:
        picture = room.copy()
        picture[108:252, 256:384] = skin[108:252, 256:384]
        lit = np.clip(picture * np.array(gains), 0, 255).astype(np.uint8)
        found: float = picture_light.face_figures(lit, cv2.cvtColor(lit, cv2.COLOR_BGR2GRAY), face)[
            "skin_blueness"
        ]
        return found

    assert blueness_of((1, 1, 1)) < 0
    assert blueness_of((2.0, 0.95, 0.45)) <= 0
