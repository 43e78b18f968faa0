"""Pictures made smaller."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

Picture = np.ndarray[Any, Any]


def narrow(picture: Picture, width: int, kind: int) -> Picture:
    """The picture made so many pixels wide, by OpenCV's interpolation `kind`."""
    height = max(1, round(width * picture.shape[0] / picture.shape[1]))
    # Averages of four points are made fast, and twice that is as good as once of sixteen.
    while kind == cv2.INTER_AREA and not (picture.shape[1] % (2 * width) or picture.shape[0] % (2 * height)):
        half = picture.shape[1] // 2, picture.shape[0] // 2
        picture = cv2.resize(picture, half, interpolation=kind)
    return cv2.resize(picture, (width, height), interpolation=kind)


def no_wider(picture: Picture, width: int) -> Picture:
    """The picture, or its averages where it is wider than so many pixels."""
    return narrow(picture, width, cv2.INTER_AREA) if picture.shape[1] > width else picture
