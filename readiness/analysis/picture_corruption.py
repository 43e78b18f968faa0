"""Broken frames: blocks, stripes and shifted parts that come and go.

What breaks on the way from the camera is there for one frame and gone in the next. So a point of the
picture is broken where the frame differs much from both its neighbours while they agree with each
other; a hand that passes leaves the frames before and after different as well. Lamps that flicker light
the rows of each frame differently, which is levelled first. Several frames in a row are broken that are
all loud in their colours, where the picture is as it was after them; or, where that happens again and
again, the frames at which most of the picture takes other colours at once. Parts in the flat grey or green
that a decoder puts for what it never got are broken even when they stay.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from readiness.analysis.picture_size import narrow, no_wider

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
_JUMP_SHARE = 0.3
"""Of the points, from which on a frame shows something else than the one before."""
_LOUDER = 50
"""How much more colour (0-255, mean) frames have whose data lie in the wrong place; a hand that passes has not."""
_LONGEST_AWAY_SECONDS = 1.0
_RECOLOURED = 10
"""Chroma (0-255) that most of a picture changes by from one frame to the next where colours are mixed up; a camera's
white balance glides, and lamps that flicker change it by 7 at most."""
_RECOLOURED_TIMES = 3
"""Somebody may turn a coloured lamp on and off again."""
_COLOURS_WIDTH = 32
_EVEN, _QUITE_EVEN = 6, 2
"""Difference (0-255) within a row of what a decoder never got; less where half a row must do: walls are even too."""
_UNTINTED = 4
"""Difference (0-255) between the colours of a decoder's grey, which has none; walls and ceilings are tinted."""
_GREEN, _MAGENTA = 110, 120
"""Green beyond red and blue where data are all zero (135 and more), these beyond it where all are one; walls have less."""
_MISSING_SHARE, _MISSING_HALF_SHARE = 0.04, 0.2
_LARGEST_GAIN = 2.0
"""Times; how much lighter or darker a row is made when light is levelled."""
_BANDS_SIGMA = 6.0
"""Rows, standard deviation; bands of light are wider than stripes of lost data."""


@dataclass(frozen=True, kw_only=True)
class _Away:
    """The last frame before the picture became another at once, when that was, and how many frames have come since."""

    left: Picture
    since: float
    frames: int


class Corruption:
    """Takes the frames of one film, one at a time."""

    def __init__(self) -> None:
        self._frames = 0
        self._broken: set[int] = set()
        self._missing = 0
        self._last: list[tuple[Picture, bool, float]] = []
        self._away: _Away | None = None
        self._colours: Picture | None = None
        self._recoloured: set[int] = set()

    def add(self, picture: Picture, seconds: float) -> None:
        """Count one frame (height x width x 3, BGR) that came at `seconds`."""
        self._frames += 1
        small = no_wider(picture, _WIDTH)
        if self._last and self._last[-1][0].shape != small.shape:
            self._last.clear()
            self._away = self._colours = None
        colours = _colours(small)
        if self._colours is not None and _is_recoloured(self._colours, colours):
            self._recoloured.add(self._frames - 1)
        self._colours = colours
        missing = _is_missing(small)
        self._missing += missing
        if self._last:
            came = self._lost_in_between(self._last[-1][0], small, seconds)
            self._broken |= set(range(self._frames - 1 - came, self._frames - 1))
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
        if broken or missing_now:
            self._broken.add(self._frames - 2)

    def _lost_in_between(self, before: Picture, now: Picture, seconds: float) -> int:
        """How many frames, in loud colours one and all, came between the one that `now` is like again and it."""
        away, jumps = self._away, _jumps(before, now)
        if away is not None and seconds - away.since > _LONGEST_AWAY_SECONDS:
            away = None
        if away is not None and jumps and not _jumps(away.left, now):
            self._away = None
            return away.frames
        if away is None and jumps and _colourful(now) > _colourful(before) + _LOUDER:
            away = _Away(left=before, since=seconds, frames=0)
        self._away = None if away is None else replace(away, frames=away.frames + 1)
        return 0

    def figures(self) -> dict[str, Any]:
        """`corrupt_percent`: the share of the frames that came broken."""
        looked_at = self._frames - 2
        if looked_at < 3:  # what a decoder never got shows in one frame as well
            return {"corrupt_percent": round(100 * self._missing / self._frames, 1)} if self._missing else {}
        broken = self._broken | (self._recoloured if len(self._recoloured) >= _RECOLOURED_TIMES else set())
        return {"corrupt_percent": round(100 * min(1.0, len(broken) / looked_at), 1)}


def _broken_share(before: Picture, now: Picture, after: Picture) -> float:
    """The share of points that are unlike both neighbours where those agree."""
    first, second, around = cv2.absdiff(now, before), cv2.absdiff(now, after), cv2.absdiff(before, after)
    far = _greatest(cv2.min(first, second)) > _FAR
    near = _greatest(around) < _NEAR
    # What is one point wide is an edge that moved, or noise.
    broken = cv2.erode((far & near).astype(np.uint8), np.ones((3, 3), np.uint8))
    return float(broken.mean())


def _jumps(one: Picture, other: Picture) -> bool:
    """Whether they show different things."""
    return float((_greatest(cv2.absdiff(one, other)) > _FAR).mean()) > _JUMP_SHARE


def _colours(picture: Picture) -> Picture:
    """Luma and chroma, averaged over a few large points."""
    few: Picture = cv2.cvtColor(narrow(picture, _COLOURS_WIDTH, cv2.INTER_AREA), cv2.COLOR_BGR2YCrCb)
    return few


def _is_recoloured(before: Picture, now: Picture) -> bool:
    """Whether most of a picture (luma and chroma) has other colours at once, while its light is as it was."""
    light, *chroma = cv2.split(cv2.absdiff(before, now))
    changed = np.median(cv2.max(*chroma))
    return bool(changed > _RECOLOURED and changed > np.median(light))


def _colourful(picture: Picture) -> float:
    blue, green, red = cv2.split(picture)
    return float((_greatest(picture) - cv2.min(cv2.min(blue, green), red)).mean())


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
    tinted = (green - np.maximum(red, blue) > _GREEN) | (np.minimum(red, blue) - green > _MAGENTA)
    return float((flat & (grey | tinted)).mean())
