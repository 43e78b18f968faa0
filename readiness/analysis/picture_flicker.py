"""Flicker: lamps on the mains light up and go dark 100 or 120 times a second.

A sensor that reads its rows one after another sees that as light and dark bands that wander, or, when
its exposure is short, as a picture that pulses. Bands go across the whole width; what moves in a room
does not. So only that change of light counts which the left, the middle and the right have in common.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

_BANDS = 48
_COLUMNS = 3
_DARKEST = 12.0
"""Luma below which a band says nothing about the lamps."""
_FEWEST_FRAMES = 8


class Flicker:
    """Takes the grey frames of one film, one at a time."""

    def __init__(self) -> None:
        self._profiles: list[np.ndarray[Any, Any]] = []

    def add(self, grey: np.ndarray[Any, Any]) -> None:
        """Count one frame (height x width, luma 0-255)."""
        bands = cv2.resize(grey, (_COLUMNS, _BANDS), interpolation=cv2.INTER_AREA)
        self._profiles.append(bands.astype(np.float32))

    def figures(self) -> dict[str, Any]:
        """`flicker_percent`: the size (root mean square) of the light's change from frame to frame."""
        if len(self._profiles) < _FEWEST_FRAMES:
            return {}
        bands = np.stack(self._profiles)  # frame, band, column
        usable = bands.min(axis=(0, 2)) > _DARKEST
        if usable.sum() < _BANDS // 4:
            return {}
        light = np.log(bands[:, usable, :])
        # A second difference in time passes over slow movement and over the camera's own adjusting.
        change = light[2:] - 2 * light[1:-1] + light[:-2]
        common = [
            float(np.mean(change[..., one] * change[..., other])) for one, other in ((0, 1), (1, 2), (0, 2))
        ]
        # A sinusoid of random phase: the second difference has sqrt(6) times its size.
        size = np.sqrt(max(0.0, float(np.median(common))) / 6)
        return {"flicker_percent": round(100 * float(size), 2)}
