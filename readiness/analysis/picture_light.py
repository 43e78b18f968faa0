"""Light: on the face, around it, and whether there is a scene at all.

The face is judged by its lightest parts as much as by its middle: skin of every tone has highlights
and eyes have whites, so a dark skin in good light has them far above its middle, and a face in the
shade has not, whatever its skin.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from readiness.analysis.picture_face import Face
from readiness.analysis.picture_size import narrow

Picture = np.ndarray[Any, Any]
Grey = np.ndarray[Any, Any]

_CLIPPED = 250
"""Luma from which a point has lost its detail (video levels end at 235 to 255)."""
_COARSE = (32, 18)
"""Columns and rows of the coarse picture that tells whether there is a scene."""
_POINTS_WIDTH, _TINTS_WIDTH = 160, 80
_BRIGHT_ENOUGH = 200.0
_BARE = 1.0
"""Unevenness (luma) below which a picture holds nothing."""
_SKIN = (17.0, 20.0)
"""CIELAB a* and b* in the middle of human skin in white light, set on photographs."""
_NO_SKIN = -9.0
"""CIELAB a* or b* below which (green, blue) no skin is in white light: pale skin in daylight from a window has
down to -5, skin in coloured light -13 and less; a picture without colours has 0."""
_BLUER = 1.1
"""How much stronger blue beside red is in the skin than in the light parts where one is read for the other."""
_WARM, _COLD = 0.8, 1.3
"""How much a cast counts: to yellow, which lamps and sunlit walls have, and to another colour, which dark skin shows less."""


def brightened(picture: Picture) -> Picture:
    """A copy in which a dark picture can be looked into: its lightest percent becomes light."""
    top = float(np.percentile(picture, 99))
    if top >= _BRIGHT_ENOUGH:
        return picture
    levels = (np.arange(256) / max(top, 1.0)).clip(0, 1) ** 0.7 * _BRIGHT_ENOUGH
    return cv2.LUT(picture, levels.astype(np.uint8))


def is_bare(picture: Picture) -> bool:
    """Whether there is so little in the picture that no face can be."""
    return _unevenness(_coarse(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))) < _BARE


def frame_figures(grey: Grey) -> dict[str, float]:
    """Of a whole frame: luma of points between which most lie, clipped share, and what scene there is."""
    small = narrow(grey, _POINTS_WIDTH, cv2.INTER_AREA)
    return {
        "luma_p05": float(np.percentile(small, 5)),
        "luma_p99": float(np.percentile(small, 99)),
        "clipped_percent": 100 * float((small >= _CLIPPED).mean()),
        "scene_luma": _unevenness(_coarse(grey)),
    }


def spread_luma(pictures: Sequence[Picture]) -> float:
    """How much the light differs between parts of a film: what leaks in stays where it is, noise does not."""
    coarse = [_coarse(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)) for picture in pictures]
    return float(np.mean(coarse, axis=0).std())


def face_figures(picture: Picture, grey: Grey, face: Face) -> dict[str, float]:
    """Of the face and of what is around the person (luma, 0-255)."""
    height, width = grey.shape
    inner = _part(grey, face, 0.18, 0.15)
    if inner.size < 64:
        return {}
    # A little averaging, so that noise does not pass for highlights.
    smooth = (
        cv2.resize(inner, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        if min(inner.shape) > 64
        else inner
    )
    found = {
        "face_luma": float(np.median(smooth)),
        "face_luma_p95": float(np.percentile(smooth, 95)),
        "face_clipped_percent": 100 * float((smooth >= _CLIPPED - 4).mean()),
    }
    around = np.ones((height, width), bool)
    left, right = (face.x - 0.5 * face.width) * width, (face.x + 1.5 * face.width) * width
    top = (face.y - 0.35 * face.height) * height
    around[max(0, int(top)) :, max(0, int(left)) : max(0, int(right))] = False
    around[max(0, int((face.y + face.height) * height)) :] = False
    if around.mean() > 0.04:
        found["around_luma"] = float(np.percentile(grey[around], 75))
        found["backlight_ratio"] = found["around_luma"] / max(found["face_luma_p95"], 1.0)
    tints = _tints(picture, face) if face.turned_degrees == 0 else None
    if tints is not None:
        found["colour_cast"] = _colour_cast(*tints)
        found["skin_blueness"] = _skin_blueness(*tints)
    return found


@dataclass(frozen=True, kw_only=True)
class _Tint:
    """Colour without lightness: CIELAB a* and b*, and how strong blue is beside red."""

    lab: np.ndarray[Any, Any]
    blue_to_red: float


def _tints(picture: Picture, face: Face) -> tuple[_Tint, _Tint] | None:
    """Those of the skin, and of what is lightest without being burnt out."""
    inner = _part(picture, face, 0.25, 0.3)
    small = narrow(picture, _TINTS_WIDTH, cv2.INTER_AREA)
    unclipped = small.reshape(-1, 3)[small.reshape(-1, 3).max(axis=1) < 247]
    if inner.size < 300 or len(unclipped) < 100:
        return None
    lightness = _lab(unclipped[None])[:, 0]
    light = unclipped[lightness >= np.percentile(lightness, 95)]
    return _tint(cv2.resize(inner, (16, 16), interpolation=cv2.INTER_AREA).reshape(-1, 3), np.median), _tint(
        light, np.mean
    )


def _skin_blueness(skin: _Tint, light: _Tint) -> float:
    """How much bluer (CIELAB b*) the skin is than white, and than the light parts of the picture.

    In blue light both are blue, and the light parts more; where red is read for blue, the skin alone. Where blue
    is burnt out the lightest parts are not the bluest, but their blue stands as high beside red.
    """
    bluer = float(min(-skin.lab[1], light.lab[1] - skin.lab[1]))
    return bluer if skin.blue_to_red > _BLUER * light.blue_to_red else min(bluer, 0.0)


def _colour_cast(skin: _Tint, light: _Tint) -> float:
    """How far (CIELAB a*, b*) light parts and skin lean the same way from what they are in white light.

    Skins differ much in lightness and little in hue, so the middle of the range of all holds for
    each. A coloured wall tints the light parts alone, a ruddy face the skin alone; a cast both. Blue or
    green skin tells by itself. To the warm light of lamps people are used.
    """
    if skin.lab.min() < _NO_SKIN:
        return float(np.linalg.norm(skin.lab - _SKIN))
    strength = float(np.linalg.norm(light.lab))
    along = float((skin.lab - _SKIN) @ light.lab) / max(strength, 1e-6)
    warm = light.lab[1] > abs(light.lab[0])
    return max(0.0, min(strength, along)) * (_WARM if warm else _COLD)


def _tint(points: np.ndarray[Any, Any], middle: Callable[..., np.ndarray[Any, Any]]) -> _Tint:
    """That of points (n x 3, BGR)."""
    blue, _green, red = middle(points.astype(np.float32), axis=0) + 1
    return _Tint(lab=middle(_lab(points[None])[:, 1:], axis=0), blue_to_red=float(blue / red))


def _lab(picture: Picture) -> np.ndarray[Any, Any]:
    return cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_BGR2LAB).reshape(-1, 3)


def _part(picture: Any, face: Face, inset_x: float, inset_y: float) -> Any:
    height, width = picture.shape[:2]
    rows = slice(
        max(0, int((face.y + inset_y * face.height) * height)),
        max(0, int((face.y + (1 - inset_y) * face.height) * height)),
    )
    columns = slice(
        max(0, int((face.x + inset_x * face.width) * width)),
        max(0, int((face.x + (1 - inset_x) * face.width) * width)),
    )
    return picture[rows, columns]


def _coarse(grey: Grey) -> np.ndarray[Any, Any]:
    """The picture at large, averaged before rounding: a shutter may let through less than one step of light."""
    coarse: np.ndarray[Any, Any] = cv2.resize(grey.astype(np.float32), _COARSE, interpolation=cv2.INTER_AREA)
    return coarse


def _unevenness(luma: np.ndarray[Any, Any]) -> float:
    """What is left (root mean square) of a coarse picture after a smooth surface of second degree."""
    rows, columns = luma.shape
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    surface = np.stack([np.ones_like(x), x, y, x * y, x**2, y**2], axis=-1).reshape(-1, 6)
    flat = luma.reshape(-1)
    fitted, *_ = np.linalg.lstsq(surface, flat, rcond=None)
    return float(np.sqrt(np.mean((flat - surface @ fitted) ** 2)))
