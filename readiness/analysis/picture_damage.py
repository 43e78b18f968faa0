"""Damage that stays: blocks of a picture that were lost, and what was built upon them.

A coder cuts the picture into blocks of 16 x 16 points and tells of each only what has changed. Where
data is lost the wrong blocks stay until a whole picture comes, which shows them too where they were there
from the start. They end in steps of one point's width, as
no lens makes them, upon the lines between blocks and nowhere else, and blocks lie beside each
other that were alike before. A coder that is short of bits makes steps on the same lines, but
between blocks whose mean light is right: those do not count.
"""

from __future__ import annotations

import itertools
from typing import Any

import cv2
import numpy as np

Picture = np.ndarray[Any, Any]
Plane = np.ndarray[Any, Any]

_BLOCK = 16
_EVERY = 3
"""Damage stays, so that not every frame need be looked at."""
_STEP = 14.0
"""Luma (0-255) of a step between two blocks, along the whole side of a block."""
_CALM = 0.2
"""Share of the step that may be found one point to either side."""
_CHANGED = 12.0
"""Luma by which the difference of two blocks must have changed since the picture was whole."""
_MOSTLY = 0.4
"""Share of the steps that must have changed so; in a picture short of bits few have."""
_DAMAGED_SHARE = 0.0028
"""Share of the blocks with such steps in a damaged frame, and at least so many:"""
_FEWEST = 8
_LONG_LINES = 2
"""The lines with the most steps do not count: the straight edge of a thing may lie upon them."""
_BESIDE = 4
"""Points beside the lines between blocks; what is found there as well is no damage."""


class Damage:
    """Takes the frames of one film, one at a time."""

    def __init__(self) -> None:
        self._frames = 0
        self._looked_at = 0
        self._damaged = 0
        self._whole: Plane | None = None
        self._taken_for_whole = 0

    def add(self, picture: Picture) -> None:
        """Count one frame (height x width x 3, BGR)."""
        self._frames += 1
        if self._frames % _EVERY != 1 or min(picture.shape[:2]) < 4 * _BLOCK:
            return
        # Not of one colour: those are coded coarsely, and strong noise makes steps of them upon the same lines.
        plane = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        if self._whole is None or self._whole.shape != plane.shape:
            self._whole = plane
            return
        self._looked_at += 1
        least = max(_FEWEST, _DAMAGED_SHARE * plane.size / _BLOCK**2)
        if _is_damaged(plane, self._whole, least):
            self._damaged += 1
            return
        if _is_damaged(self._whole, plane, least):
            # What was taken for whole, from the first frame on, has just been mended.
            self._damaged += self._taken_for_whole
            self._taken_for_whole = 0
        self._taken_for_whole += 1
        self._whole = plane

    def figures(self) -> dict[str, Any]:
        """`damaged_percent`: the share of the frames with damage that stays; nothing from a few."""
        if self._looked_at < 3:
            return {}
        stays = self._damaged if self._damaged > 1 else 0  # what one frame alone shows was a pattern's play
        return {"damaged_percent": round(100 * stays / self._looked_at, 1)}


def _is_damaged(plane: Plane, whole: Plane, least: float) -> bool:
    steps = _steps(plane)
    if sum(int(found.sum()) for found in steps) <= least:
        return False
    beside = np.s_[_BESIDE:, _BESIDE:]
    changed = _changed(plane, whole, steps)
    return changed > least and changed - 2 * _changed(plane[beside], whole[beside]) > least


def _changed(plane: Plane, whole: Plane, steps: tuple[Plane, Plane] | None = None) -> int:
    """How many steps stand between blocks that were alike before."""
    across, down = steps or _steps(plane)
    now, before = _means(plane), _means(whole)
    new = (
        across & (np.abs(np.diff(now, axis=1) - np.diff(before, axis=1)) > _CHANGED),
        down & (np.abs(np.diff(now, axis=0) - np.diff(before, axis=0)) > _CHANGED),
    )
    total = int(across.sum() + down.sum())
    lines = np.sort(np.concatenate([new[0].sum(axis=0), new[1].sum(axis=1)]))
    if lines.sum() <= _MOSTLY * total:
        return 0
    return int(lines[:-_LONG_LINES].sum())


def _means(plane: Plane) -> Plane:
    rows, columns = plane.shape[0] // _BLOCK, plane.shape[1] // _BLOCK
    part = plane[: rows * _BLOCK, : columns * _BLOCK]
    means: Plane = cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA)
    return means.astype(np.float32)


def _steps(plane: Plane) -> tuple[Plane, Plane]:
    """For each pair of neighbours among the blocks, across and down, whether a clean step parts them."""
    return _steps_down(cv2.transpose(plane)).T, _steps_down(plane)


def _steps_down(plane: Plane) -> Plane:
    rows, columns = plane.shape[0] // _BLOCK, plane.shape[1] // _BLOCK
    first, last = _BLOCK, rows * _BLOCK
    # The rows of points from two above each line between blocks to two below.
    around = [
        np.ascontiguousarray(plane[first + offset : last + offset : _BLOCK, : columns * _BLOCK])
        for offset in (-2, -1, 0, 1)
    ]
    above, step, below = (
        cv2.resize(
            cv2.absdiff(one, next_).astype(np.float32), (columns, rows - 1), interpolation=cv2.INTER_AREA
        )
        for one, next_ in itertools.pairwise(around)
    )
    found: Plane = (step > _STEP) & (above < _CALM * step) & (below < _CALM * step)
    return found
