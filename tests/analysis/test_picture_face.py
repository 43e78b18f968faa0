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
