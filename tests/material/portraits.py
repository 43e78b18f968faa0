"""Four portraits in the public domain, for the ordinary tests: two for each shade of light."""

from __future__ import annotations

from pathlib import Path

import cv2

from tests.material.films import Film, Scene, scene, write

_FOLDER = Path(__file__).with_name("faces")
FACES = {
    "grace_hopper": (0.35, 0.19, 0.35, 0.38),
    "eileen_collins": (0.36, 0.12, 0.16, 0.22),
    "barack_obama": (0.41, 0.08, 0.26, 0.39),
    "joe_biden": (0.44, 0.14, 0.30, 0.38),
}
"""The box of each face, in shares of the picture from its upper left corner."""


def portrait_scene(name: str, size: tuple[int, int], face_height: float = 0.4, x: float = 0.5) -> Scene:
    """The person as a webcam would have them."""
    picture = cv2.imread(str(_FOLDER / f"{name}.jpg"))
    assert picture is not None
    return scene(picture, FACES[name], None, size=size, face_height=face_height, centre=(x, 0.45))


def recording(
    file: Path,
    seconds: float = 1.5,
    size: tuple[int, int] = (640, 480),
    rate: float = 30.0,
    who: str = "grace_hopper",
) -> Path:
    """A good film of somebody, as MJPEG in an AVI."""
    still = portrait_scene(who, size)
    film = Film(
        name=who,
        cause="works",
        scene=still,
        width=size[0],
        height=size[1],
        rate=rate,
        seconds=seconds,
        codec="MJPG",
    )
    return write(film, file)
