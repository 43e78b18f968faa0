"""Grain: what changes from one frame to the next where nothing moves.

A coder makes the fine noise of a sensor coarse, so that one frame alone looks smooth at every point
and blotched at large; what it does not send at all stands still in blocks. Noise is still what is new
in every frame. So one frame is laid upon the next by the movement between them (DIS, Kroeger et al.,
"Fast optical flow using dense inverse search", ECCV 2016), and what is left is measured in the
flatter parts, where it does not matter that no movement is known to a fraction of a point.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from readiness.analysis.picture_size import no_wider

Grey = np.ndarray[Any, Any]

_WIDTH = 640
"""Pixels; frames are compared at most so wide."""
_BLOCK = 16
_LIGHT_SIGMA = 4.0
"""Pixels, standard deviation; what changes more widely than this is light or shade."""
_FLATTEST, _FLAT = 25, 50
"""Percent of the blocks, by steepness; between them those count. The flattest of all a coder may leave out."""
_FEWEST_BLOCKS = 40
_MISLAID = 0.17
"""Share of a texture's power (a rough wall, a carpet) that is not laid upon itself when it moves by parts of a point."""


def small(picture: np.ndarray[Any, Any]) -> Grey:
    """The frame (height x width x 3, BGR) as `grain_luma` wants it: grey, no wider than 640 pixels, in whole blocks."""
    grey = no_wider(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), _WIDTH)
    rows, columns = (side // _BLOCK * _BLOCK for side in grey.shape)
    return grey[:rows, :columns]


def grain_luma(one: Grey, next_: Grey) -> float | None:
    """The standard deviation (0-255) of what is new from one frame to the next; None where there is too little to tell.

    Both are as `small` gives them.
    """
    if one.shape != next_.shape or not one.size:
        return None
    rows, columns = one.shape
    luma = one.astype(np.float32)
    detail, moved = _detail(luma), _detail(_moved(next_, _movement(one, next_)))
    new = moved - detail
    smooth = cv2.GaussianBlur(luma, (0, 0), 1.0)
    steep = cv2.magnitude(cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1))
    size = (columns // _BLOCK, rows // _BLOCK)
    inside = np.s_[1:-1, 1:-1]  # what comes in at the side has no like
    level, steepness, power, texture = (
        cv2.resize(each, size, interpolation=cv2.INTER_AREA)[inside]
        for each in (luma, steep, new * new, detail * detail)
    )
    power = np.maximum(power / 2 - _MISLAID * texture, 0)
    usable = (level > 25) & (level < 230)
    if int(usable.sum()) < _FEWEST_BLOCKS:
        return None
    flat = steepness[usable]
    lowest, highest = np.percentile(flat, (_FLATTEST, _FLAT))
    among = power[usable][(flat >= lowest) & (flat <= highest)]
    return float(np.sqrt(np.median(among)))


def _detail(luma: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return luma - cv2.GaussianBlur(luma, (0, 0), _LIGHT_SIGMA)


def _movement(one: Grey, next_: Grey) -> np.ndarray[Any, Any]:
    rows, columns = one.shape
    half = (columns // 2, rows // 2)
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
    flow = finder.calc(
        *(cv2.resize(frame, half, interpolation=cv2.INTER_AREA) for frame in (one, next_)),
        None,  # type: ignore[call-overload]
    )
    movement: np.ndarray[Any, Any] = 2 * cv2.resize(flow, (columns, rows))
    return movement


def _moved(picture: Grey, movement: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    rows, columns = picture.shape
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    moved: np.ndarray[Any, Any] = cv2.remap(
        picture, x + movement[..., 0], y + movement[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
    ).astype(np.float32)
    return moved
