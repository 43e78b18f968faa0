"""Broken frames: blocks, stripes and shifted parts that come and go.

What breaks on the way from the camera is there for one frame and gone in the next. So a point of the
picture is broken where the frame differs much from both its neighbours while they agree with each
other; a hand that passes leaves the frames before and after different as well. Lamps that flicker light
the rows of each frame differently, which is levelled first. Parts in the flat grey
or green that a decoder puts for what it never got are broken even when they stay.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from readiness.analysis.picture_size import no_wider

Picture = np.ndarray[Any, Any]

_WIDTH = 320
"""Pixels; frames are compared at this width, averaged, so that noise does not count."""
_FAR = 45
"""Difference of a channel (0-255) from both neighbours for a broken point."""
_NEAR = 22
"""Difference within which the neighbours agree."""
_BROKEN_SHARE = 0.001
_FARTHEST_SECONDS = 0.22
"""Farther apart neighbours may agree by chance: somebody blinks within it."""
_EVEN, _QUITE_EVEN = 6, 2
"""Difference (0-255) within a row of what a decoder never got; less where half a row must do: walls are even too."""
_UNTINTED = 4
"""Difference (0-255) between the colours of a decoder's grey, which has none; walls and ceilings are tinted."""
_MISSING_SHARE, _MISSING_HALF_SHARE = 0.04, 0.2
_LARGEST_GAIN = 2.0
"""Times; how much lighter or darker a row is made when light is levelled."""
_BANDS_SIGMA = 6.0
"""Rows, standard deviation; bands of light are wider than stripes of lost data."""


class Corruption:
    """Takes the frames of one film, one at a time."""

    def __init__(self) -> None:
        self._frames = 0
        self._broken = 0
        self._missing = 0
        self._last: list[tuple[Picture, bool, float]] = []

    def add(self, picture: Picture, seconds: float) -> None:
        """Count one frame (height x width x 3, BGR) that came at `seconds`."""
        self._frames += 1
        small = no_wider(picture, _WIDTH)
        if self._last and self._last[-1][0].shape != small.shape:
            self._last.clear()
        missing = _is_missing(small)
        self._missing += missing
        self._last.append((small, missing, seconds))
        if len(self._last) < 3:
            return
        (before, _, first), (now, missing_now, _), (after, _, last) = self._last
        self._last.pop(0)
        broken = (
            last - first < _FARTHEST_SECONDS
            and _broken_share(before, now, after) > _BROKEN_SHARE
            and (_broken_share(_levelled(before, now), now, _levelled(after, now)) > _BROKEN_SHARE)
        )
        self._broken += int(broken or missing_now)

    def figures(self) -> dict[str, Any]:
        """`corrupt_percent`: the share of the frames that came broken."""
        looked_at = self._frames - 2
        if looked_at < 3:  # what a decoder never got shows in one frame as well
            return {"corrupt_percent": round(100 * self._missing / self._frames, 1)} if self._missing else {}
        return {"corrupt_percent": round(100 * self._broken / looked_at, 1)}


def _broken_share(before: Picture, now: Picture, after: Picture) -> float:
    """The share of points that are unlike both neighbours where those agree."""
    first, second, around = cv2.absdiff(now, before), cv2.absdiff(now, after), cv2.absdiff(before, after)
    far = _greatest(cv2.min(first, second)) > _FAR
    near = _greatest(around) < _NEAR
    # What is one point wide is an edge that moved, or noise.
    broken = cv2.erode((far & near).astype(np.uint8), np.ones((3, 3), np.uint8))
    return float(broken.mean())


def _levelled(picture: Picture, like: Picture) -> Picture:
    """`picture` with the light of each row as in the picture `like`."""
    # The middle of a row's ratios: what is broken or moves fills less than half of a row.
    light, wanted = (cv2.cvtColor(one, cv2.COLOR_BGR2GRAY).astype(np.float32) + 1 for one in (picture, like))
    gains = np.median(wanted / light, axis=1).clip(1 / _LARGEST_GAIN, _LARGEST_GAIN)
    smooth = cv2.GaussianBlur(gains[:, None], (1, 0), sigmaX=1, sigmaY=_BANDS_SIGMA)
    levelled: Picture = np.clip(picture * smooth[..., None], 0, 255).astype(np.uint8)
    return levelled


def _greatest(picture: Picture) -> Picture:
    """The greatest of each point's three values; numpy takes ten times as long for so short an axis."""
    blue, green, red = cv2.split(picture)
    return cv2.max(cv2.max(blue, green), red)


def _is_missing(small: Picture) -> bool:
    """Whether a part is what a decoder puts where it got nothing: even grey or green, and not all of the picture."""
    if float(small.max()) - float(small.min()) <= _EVEN:
        return False
    middle = small.shape[1] // 2
    return _even_share(small, _EVEN) > _MISSING_SHARE or (
        max(_even_share(half, _QUITE_EVEN) for half in (small[:, :middle], small[:, middle:]))
        > _MISSING_HALF_SHARE
    )


def _even_share(small: Picture, even: int) -> float:
    """The share of rows that are flat grey or flat green from side to side."""
    lowest, highest = (
        cv2.reduce(small, 1, kind)[:, 0].astype(int) for kind in (cv2.REDUCE_MIN, cv2.REDUCE_MAX)
    )
    flat = (highest - lowest).max(axis=1) <= even
    middle = (highest + lowest) / 2
    blue, green, red = middle[:, 0], middle[:, 1], middle[:, 2]
    grey = (np.abs(middle - 128).max(axis=1) <= 6) & (np.ptp(middle, axis=1) <= _UNTINTED)
    tinted = (green - np.maximum(red, blue) > 70) | (np.minimum(red, blue) - green > 120)
    return float((flat & (grey | tinted)).mean())
