"""Cards of a camera that is off, and what lies on the lens."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from readiness.analysis import picture_cover
from tests.material.films import Film, frames
from tests.material.portraits import FACES, portrait_scene
from tests.material.rarer import behind_a_finger, switched_off

SIZE = (640, 360)


def picture(who: str, cause: str = "works") -> np.ndarray[Any, Any]:
    still = portrait_scene(who, SIZE)
    film = Film(name=who, cause=cause, scene=still, width=SIZE[0], height=SIZE[1], seed=3)
    return next(iter(frames(film)))


def is_card(of: np.ndarray[Any, Any]) -> bool:
    return picture_cover.is_dark_card(cv2.cvtColor(of, cv2.COLOR_BGR2GRAY))


@pytest.mark.parametrize("number", range(6))
def test_a_dark_card_with_a_sign_or_words_is_one(number: int) -> None:
    card = switched_off(number, np.random.default_rng(number))(np.zeros((720, 1280, 3), np.uint8))
    assert is_card(card)
    done, data = cv2.imencode(".jpg", card, [cv2.IMWRITE_JPEG_QUALITY, 60])
    assert done
    coded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert coded is not None
    assert is_card(coded)


@pytest.mark.parametrize("cause", ["works", "too_dark", "covered", "black"])
@pytest.mark.parametrize("who", ["grace_hopper", "barack_obama"])
def test_a_dark_room_and_an_even_picture_are_none(who: str, cause: str) -> None:
    assert not is_card(picture(who, cause))


def smooth(of: np.ndarray[Any, Any]) -> tuple[float, float]:
    small = cv2.resize(of, (320, 180), interpolation=cv2.INTER_AREA)
    return picture_cover.smooth_part(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY))


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("noise", [0.0, 5.0])
def test_a_finger_over_most_of_the_lens_is_smooth_and_darker_than_the_rest(number: int, noise: float) -> None:
    rng = np.random.default_rng(number)
    hidden = behind_a_finger(number, rng)(picture("grace_hopper"))
    grainy = np.clip(hidden + rng.normal(0, noise, hidden.shape), 0, 255).astype(np.uint8)
    share, light = smooth(grainy)
    assert share > 62
    assert light < 1.08


@pytest.mark.parametrize("who", FACES)
def test_somebody_before_a_plain_wall_is_not_hidden(who: str) -> None:
    share, _ = smooth(picture(who))
    assert share < 62


def test_a_plain_light_wall_is_lighter_than_what_hangs_on_it() -> None:
    wall = np.full((360, 640, 3), 190, np.uint8)
    wall[60:160, 80:240] = (60, 90, 120)
    share, light = smooth(wall)
    assert share > 62
    assert light > 1.2


def test_a_picture_that_is_all_even_is_smooth_all_over() -> None:
    assert smooth(np.full((360, 640, 3), 30, np.uint8)) == (100.0, 1.0)
