"""Figures of a film: size, frame rate, light, and whether the picture moves.

Luma is that of BT.601 (what OpenCV's grey is), 0-255. Times are seconds on the clock of whoever
filmed: arrival times of a live camera, time stamps of a recording.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

_SMALL_WIDTH = 160
"""Pixels; frames are compared and their light is measured at this width."""
_SAME_DIFFERENCE = 0.02
"""Mean absolute luma difference below which a frame repeats the one before (a sensor has noise)."""
_BLACK_LUMA = 20.0
"""Mean luma of a black frame (webrtc/testrtc)."""


class PictureMeter:
    """Takes the frames of one film, one at a time, and sums them up."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._lumas: list[float] = []
        self._bright: list[float] = []
        self._differences: list[float] = []
        self._sizes: dict[tuple[int, int], int] = {}
        self._before: np.ndarray[Any, np.dtype[np.uint8]] | None = None

    def add(self, picture: Any, seconds: float) -> None:
        """Count one frame (height x width x 3, uint8, BGR) that came at `seconds`."""
        height, width = picture.shape[:2]
        self._sizes[width, height] = self._sizes.get((width, height), 0) + 1
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        small_height = max(1, round(_SMALL_WIDTH * height / width))
        small = cv2.resize(grey, (_SMALL_WIDTH, small_height), interpolation=cv2.INTER_NEAREST)
        if self._before is not None and self._before.shape == small.shape:
            self._differences.append(float(np.mean(cv2.absdiff(small, self._before))))
        elif self._before is not None:
            self._differences.append(255.0)
        self._before = small
        self._times.append(seconds)
        self._lumas.append(float(small.mean()))
        self._bright.append(float(np.percentile(small, 95)))

    def figures(self) -> dict[str, Any]:
        """The figures so far; without frames only that there were none."""
        if not self._times:
            return {"frames": 0}
        width, height = max(self._sizes, key=lambda size: self._sizes[size])
        lumas = np.array(self._lumas)
        return {
            "frames": len(self._times),
            "width": width,
            "height": height,
            "sizes": len(self._sizes),
            "luma_mean": round(float(lumas.mean()), 1),
            "luma_p95": round(float(np.median(self._bright)), 1),
            "black_percent": round(100 * float((lumas <= _BLACK_LUMA).mean()), 1),
            **self._movement(),
        }

    def _movement(self) -> dict[str, Any]:
        """Frame rate, and how much of the time the picture stood still."""
        times = np.array(self._times)
        gaps = np.diff(times)
        length = float(times[-1] - times[0])
        if len(gaps) < 2 or length <= 0:
            return {}
        same = np.array(self._differences) < _SAME_DIFFERENCE
        longest = running = 0.0
        for gap, repeats in zip(gaps, same, strict=True):
            running = running + float(gap) if repeats else 0.0
            longest = max(longest, running)
        return {
            "seconds": round(length, 3),
            "frame_rate_hz": round(len(gaps) / length, 2),
            "fresh_frame_rate_hz": round(int((~same).sum()) / length, 2),
            "frame_gap_p95_ms": round(1000 * float(np.percentile(gaps, 95)), 1),
            "frame_gap_max_ms": round(1000 * float(gaps.max()), 1),
            "still_percent": round(100 * float(gaps[same].sum()) / length, 1),
            "longest_still_seconds": round(longest, 2),
        }
