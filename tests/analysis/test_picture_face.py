"""Which face of several is judged, by the network itself."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from readiness.analysis.picture_face import FaceFinder
from tests.material.films import Film, frames
from tests.material.portraits import portrait_scene

FINDER = FaceFinder()


def person(who: str, height: int) -> np.ndarray[Any, Any]:
    """Somebody in a narrow picture of such a height, 360 at most."""
    film = Film(name=who, cause="works", scene=portrait_scene(who, (320, 360)), width=320, height=360, seed=3)
    return cv2.resize(next(iter(frames(film))), (height * 320 // 360, height))


def middle(picture: np.ndarray[Any, Any]) -> float:
    face = FINDER.glance(picture)
    assert face is not None
    return face.middle[0]


def test_of_a_group_the_one_in_its_midst_is_judged() -> None:
    group = [person(who, 360) for who in ("grace_hopper", "barack_obama", "joe_biden")]
    for order in (group, group[1:] + group[:1], group[2:] + group[:2]):
        assert 0.4 < middle(np.hstack(order)) < 0.6


def test_somebody_behind_is_not_judged_for_the_one_before_the_camera() -> None:
    before, behind = person("grace_hopper", 360), person("joe_biden", 180)
    picture = np.full((360, 960, 3), 120, np.uint8)
    picture[:, :320] = before
    picture[90:270, 400:560] = behind
    assert middle(picture) < 0.3


def test_a_face_that_is_larger_than_the_picture_is_found() -> None:
    near = person("grace_hopper", 360)
    face = FINDER.search(near)
    assert face is not None
    left, top = int((face.x + 0.1 * face.width) * 320), int((face.y + 0.15 * face.height) * 360)
    wide, high = int(0.8 * face.width * 320), int(0.62 * face.height * 360)
    eyes_and_nose = cv2.resize(near[top : top + high, left : left + wide], (640, 480))
    larger = FINDER.search(eyes_and_nose)
    assert larger is not None
    assert larger.height > 1


def test_nothing_is_a_face_larger_than_the_picture_in_a_room_or_a_wall() -> None:
    random = np.random.default_rng(5)
    blocks = cv2.resize(random.integers(0, 255, (9, 12, 3), dtype=np.uint8), (640, 480))
    assert FINDER.search(blocks) is None
    assert FINDER.search(np.full((480, 640, 3), (150, 170, 205), np.uint8)) is None
