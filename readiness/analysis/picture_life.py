"""Whether the person before the camera moves at all.

Nobody sits so still that nothing of the face and the shoulders moves for a second. In a picture that
stands still nothing does, though every point of it may waver: a driver dithers, a coder codes anew, a
clock counts in the corner. So what is measured is movement and not change: how far each part of the
person must be shifted for the least difference (Lucas and Kanade, "An iterative image registration
technique", IJCAI 1981). Wavering points pull to all sides alike.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

Grey = np.ndarray[Any, Any]

_INTERVAL_SECONDS = 0.14
_MOST_FRAMES = 300
_STILL_POINTS = 0.1
"""Points, in a picture 320 wide: a person who sits still moves ten times as far within a second."""
_OF_PARTS = 90
"""Percent of the parts that move less than the part that counts."""
_PART, _FEWEST_PARTS = 8, 6
"""Points of a part's side; and how many with something in them are needed."""
_STEEP = 2.0
"""Luma a point, root mean square, of a part with something in it."""
_CALM = 1.0


class Life:
    """Takes the grey frames of one film, one at a time, all of one size."""

    def __init__(self) -> None:
        self._frames: list[Grey] = []
        self._times: list[float] = []

    def add(self, grey: Grey, seconds: float) -> None:
        """Count one frame (height x width, uint8, averaged) that came at `seconds`; now and then one is kept."""
        if self._times and seconds - self._times[-1] < _INTERVAL_SECONDS:
            return
        if self._frames and self._frames[-1].shape != grey.shape:
            self._frames.clear()
            self._times.clear()
        if len(self._frames) < _MOST_FRAMES:
            self._frames.append(grey)
            self._times.append(seconds)

    def motionless_seconds(self, box: tuple[float, float, float, float]) -> float | None:
        """The longest time for which nothing moved within `box` (left, top, width, height, in shares).

        None where there is too little in it to tell.
        """
        if len(self._frames) < 2:
            return None
        height, width = self._frames[0].shape
        top, left = (max(0, round(place * side)) for place, side in ((box[1], height), (box[0], width)))
        rows = slice(top, max(0, round((box[1] + box[3]) * height)))
        columns = slice(left, max(0, round((box[0] + box[2]) * width)))
        if min(self._frames[0][rows, columns].shape) < 2 * _PART:
            return None
        calm = [
            cv2.GaussianBlur(frame[rows, columns].astype(np.float32), (0, 0), _CALM) for frame in self._frames
        ]
        longest = 0.0
        start = 0
        for number in range(1, len(calm)):
            moved = _moved_points(calm[start], calm[number])
            if moved is None:
                return None
            if moved < _STILL_POINTS:
                longest = max(longest, self._times[number] - self._times[start])
            else:
                start = number
        return round(longest, 2)


def _moved_points(one: Grey, other: Grey) -> float | None:
    """How far the parts of `one` that move most have moved in `other`; None where they have too little in them."""
    across = cv2.Sobel(one, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(one, cv2.CV_32F, 0, 1, scale=1 / 8)
    change = other - one
    size = max(1, one.shape[1] // _PART), max(1, one.shape[0] // _PART)

    def mean(product: Grey) -> Grey:
        return cv2.resize(product, size, interpolation=cv2.INTER_AREA)

    xx, xy, yy = mean(across * across), mean(across * down), mean(down * down)
    xt, yt = mean(across * change), mean(down * change)
    tells = xx + yy > _STEEP**2
    if int(tells.sum()) < _FEWEST_PARTS:
        return None
    # Where edges go one way only, the least shift that explains the change.
    xx, yy = xx + 1.0, yy + 1.0
    divisor = xx * yy - xy * xy
    moved = np.hypot((yy * xt - xy * yt) / divisor, (xx * yt - xy * xt) / divisor)
    return float(np.percentile(moved[tells], _OF_PARTS))
