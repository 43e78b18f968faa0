"""Whether the picture moves, and how often a new frame comes.

A sensor has noise, so a frame that repeats the one before is no new frame. In a recording the coder
stands in between: a picture that stands still comes back with small changes now and then, where a
whole frame was coded anew or made better. Those are told from movement by what they lack: no part of
the picture gets lighter or darker.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import cv2
import numpy as np

from readiness.analysis.picture_size import narrow
from readiness.core.series import worst

Grey = np.ndarray[Any, Any]

_COMPARED_WIDTH = 160
"""Pixels; frames are compared at this width, on pixels as they are (not averaged: noise must show)."""
_SAME_DIFFERENCE = 0.02
"""Mean absolute luma difference below which a frame repeats the one before."""
_CODED_DIFFERENCE = 0.15
"""The same for a recording, whose coder goes on making a still picture better."""
_PARTS = (20, 12)
"""Columns and rows of parts whose mean luma tells movement from coding."""
_PART_DIFFERENCE = 0.5
"""Change of a part's mean luma (0-255) from one frame to the next that a coder makes by itself."""
_PART_DRIFT = 1.0
"""The same since the picture stood still."""
_PART_REFRESH = 2.0
"""The same at once, where a coder sends a whole frame anew."""
_OF_A_NEW_FRAME = 0.2
"""Share of the largest differences from which a difference comes with a new frame, not with coding."""
_LONGEST_REFRESH = 3
"""Frames in a row that a coder takes to refresh a picture that stands still."""


class Movement:
    """Takes the grey frames of one film, one at a time; `coded` where it is a recording."""

    def __init__(self, *, coded: bool = False) -> None:
        self._coded = coded
        self._times: list[float] = []
        self._differences: list[float] = []
        self._parts: list[np.ndarray[Any, Any]] = []
        self._before: Grey | None = None

    def add(self, grey: Grey, seconds: float) -> None:
        """Count one frame (height x width, luma 0-255) that came at `seconds`."""
        small = narrow(grey, _COMPARED_WIDTH, cv2.INTER_NEAREST)
        if self._before is not None:
            alike = self._before.shape == small.shape
            self._differences.append(float(cv2.absdiff(small, self._before).mean()) if alike else 255.0)
        self._before = small
        self._parts.append(cv2.resize(small.astype(np.float32), _PARTS, interpolation=cv2.INTER_AREA))
        self._times.append(seconds)

    def figures(self) -> dict[str, Any]:
        """Frame rate, and how much of the time the picture stood still; nothing from a frame or two."""
        times = np.array(self._times)
        gaps = np.diff(times)
        if len(gaps) < 2 or times[-1] <= times[0]:
            return {}
        length = float(times[-1] - times[0])
        same = self._repeats()
        longest = running = 0.0
        for gap, repeats in zip(gaps, same, strict=True):
            running = running + float(gap) if repeats else 0.0
            longest = max(longest, running)
        found: dict[str, Any] = {
            "seconds": round(length, 3),
            "frame_rate_hz": round(len(gaps) / length, 2),
            "fresh_frame_rate_hz": round(int((~same).sum()) / length, 2),
            "frame_gap_p95_ms": round(1000 * float(np.percentile(gaps, 95)), 1),
            "frame_gap_max_ms": round(1000 * float(gaps.max()), 1),
            "still_percent": round(100 * float(gaps[same].sum()) / length, 1),
            "longest_still_seconds": round(longest, 2),
            "change_luma": round(float(np.median(self._differences)), 3),
        }
        at, between = worst((times[1:] - times[0]).tolist(), (1000 * gaps).tolist())
        found["frame_gap_seconds"] = [round(second, 3) for second in at]
        found["frame_gap_ms"] = [round(gap, 1) for gap in between]
        found["steady_frame_rate_hz"] = round(self._steady_rate(times, same) or found["frame_rate_hz"], 2)
        return found

    def _steady_rate(self, times: np.ndarray[Any, Any], same: np.ndarray[Any, Any]) -> float | None:
        """The rate at which new frames come if each comes several times, all through the film."""
        differences = np.array(self._differences)
        clear = max(_SAME_DIFFERENCE, _OF_A_NEW_FRAME * float(np.percentile(differences, 95)))
        new = ~same & (differences >= clear)
        fresh = times[1:][new]
        if len(fresh) < 4 or (self._coded and np.median(self._moves()[new]) < _PART_REFRESH):
            return None  # too few, or a coder's own rhythm in a picture where hardly anything moves
        between = np.diff(fresh)
        if np.percentile(between, 20) < 1.5 * float(np.median(np.diff(times))):
            return None  # new frames follow upon each other: where there are none, nothing moved
        usual = between[between <= 2 * np.median(between)]
        return float(1 / usual.mean())

    def _moves(self) -> np.ndarray[Any, Any]:
        """For every frame but the first, the largest change of a part's luma beside the change of all."""
        changes = [now - before for before, now in pairwise(self._parts)]
        return np.array([float(np.abs(change - np.median(change)).max()) for change in changes])

    def _repeats(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """For every frame but the first, whether it repeats the one before."""
        differences = np.array(self._differences)
        same: np.ndarray[Any, np.dtype[np.bool_]] = differences < _SAME_DIFFERENCE
        if not self._coded:
            return same
        steps = [float(np.abs(now - before).max()) for before, now in pairwise(self._parts)]
        start = 0
        for number, step in enumerate(steps):
            drift = float(np.abs(self._parts[number + 1] - self._parts[start]).max())
            coded = (
                differences[number] < _CODED_DIFFERENCE and step < _PART_DIFFERENCE and drift < _PART_DRIFT
            )
            same[number] |= coded
            if not same[number]:
                start = number + 1
        self._bridge(same, np.array(steps))
        return same

    def _bridge(self, same: np.ndarray[Any, np.dtype[np.bool_]], steps: np.ndarray[Any, Any]) -> None:
        """Count a whole frame sent anew in a picture that stands still as still."""
        start = 0
        while start < len(same):
            end = start
            while end < len(same) and not same[end]:
                end += 1
            inside = 0 < start < end < len(same) and end - start <= _LONGEST_REFRESH
            if inside and steps[start:end].max() < _PART_REFRESH:
                drift = np.abs(self._parts[end + 1] - self._parts[start]).max()
                if drift < _PART_REFRESH:
                    same[start:end] = True
            start = max(end, start + 1)
