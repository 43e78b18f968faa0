"""Figures of single whole frames: light, sharpness of the person, order of the lines, and what hides the scene."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from readiness.analysis import picture_cover, picture_light, picture_order, picture_sharpness
from readiness.analysis.picture_face import Face
from readiness.analysis.picture_size import narrow

_AVERAGES_WIDTH = 320

Picture = np.ndarray[Any, Any]


def frame_figures(picture: Picture, face: Face | None) -> dict[str, float]:
    """What one frame (height x width x 3, BGR) shows, and its main face."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    found = picture_light.frame_figures(grey)
    noise = picture_sharpness.noise_luma(grey)
    if noise is not None:
        found["noise_luma"] = noise
    return found | _sharpness(grey, face, noise or 0.0) | _of_face(picture, grey, face)


def whole_figures(picture: Picture) -> dict[str, float]:
    """Whether all is where it should be in a frame, and whether something hides what is before the camera."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    small = narrow(picture, _AVERAGES_WIDTH, cv2.INTER_AREA)
    share, light = picture_cover.smooth_part(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY))
    found = {
        "copy_likeness": picture_order.copy_likeness(small),
        "colour_shift_ratio": picture_order.colour_shift_ratio(small),
        "dark_card_percent": 100.0 * picture_cover.is_dark_card(grey),
        "smooth_percent": share,
        "smooth_light_ratio": light,
    }
    order = picture_order.line_order_ratio(grey)
    return found if order is None else {**found, "line_order_ratio": order}


def person_box(face: Face) -> tuple[float, float, float, float]:
    """The face with hair and collar: left, top, width and height in shares of the picture."""
    return face.x - 0.5 * face.width, face.y - 0.4 * face.height, 2 * face.width, 1.9 * face.height


def _of_face(picture: Picture, grey: Any, face: Face | None) -> dict[str, float]:
    return {} if face is None else picture_light.face_figures(picture, grey, face)


def _sharpness(grey: Any, face: Face | None, noise: float) -> dict[str, float]:
    around = grey if face is None else _person(grey, face)
    edges = picture_sharpness.edges_px(around, noise, grey.shape[1])
    if edges is None and face is not None:
        edges = picture_sharpness.edges_px(around, noise, grey.shape[1], weak=True)
    if edges is None:
        return {}
    found = {"edge_width_px": edges[0], "sharpest_edge_px": edges[1]}
    if face is not None:
        upright = face.turned_degrees % 180 == 0
        lines = face.height * grey.shape[0] if upright else face.width * grey.shape[1]
        shown = lines * min(1.0, picture_sharpness.WIDTH / grey.shape[1])
        found["sharpest_edge_face_percent"] = 100 * edges[1] / max(shown, 1.0)
        detail = picture_sharpness.fine_detail_db(around, grey.shape[1])
        if detail is not None:
            found["fine_detail_db"] = detail
    return found


def _person(grey: Any, face: Face) -> Any:
    height, width = grey.shape
    left, top, wide, high = person_box(face)
    rows = slice(max(0, int(top * height)), int((top + high) * height))
    columns = slice(max(0, int(left * width)), int((left + wide) * width))
    return grey[rows, columns]
