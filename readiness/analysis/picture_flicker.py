"""Flicker: lamps on the mains light up and go dark 100 or 120 times a second.

A sensor that reads its rows one after another sees that as light and dark bands that wander, or, when
its exposure is short, as a picture that pulses. Bands go across the whole width; what moves in a room
does not. So only that change of light counts which the left, the middle and the right have in common.
Where the frame rate nearly fits the mains the bands hardly wander from one frame to the next, and only
over a longer time it shows; then nearly all of the width must have the change in common. Neighbouring
rows have it in common too: the noise of the amplifier that reads the rows is another in each.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

_BANDS = 48
_COLUMNS, _PARTS = 12, 3
_DARKEST, _LIGHTEST = 12.0, 245.0
"""Luma below which a band says nothing about the lamps, and above which it may be burnt out."""
_FEWEST_FRAMES = 8
_THIN_SECONDS = 0.09
_MOST_FRAMES = 300
_LAGS_SECONDS = (0.3, 0.6, 1.0)
"""Bands that wander by a whole one in one of these times do not in the others."""
_SHARED = 0.25
"""Share of the columns that may differ on either side from what is common."""
_OF_MOMENTS = 25
"""Percent of the moments that have less of bands than the moment that counts."""
_FEWEST_COLUMNS, _FEWEST_BANDS = 8, 12

Bands = np.ndarray[Any, Any]


class Flicker:
    """Takes the grey frames of one film, one at a time."""

    def __init__(self) -> None:
        self._profiles: list[Bands] = []
        self._times: list[float] = []

    def add(self, grey: np.ndarray[Any, Any], seconds: float) -> None:
        """Count one frame (height x width, luma 0-255) that came at `seconds`."""
        bands = cv2.resize(grey, (_COLUMNS, _BANDS), interpolation=cv2.INTER_AREA)
        self._profiles.append(bands.astype(np.float32))
        self._times.append(seconds)

    def figures(self) -> dict[str, Any]:
        """How much the light changes (root mean square) from frame to frame and, in bands, over a longer time."""
        if len(self._profiles) < _FEWEST_FRAMES:
            return {}
        profiles = np.stack(self._profiles)  # frame, band, column
        found = {"flicker_percent": _fast(profiles), "bands_percent": _slow(*self._thinned(profiles))}
        return {name: round(100 * size, 2) for name, size in found.items() if size is not None}

    def _thinned(self, profiles: Bands) -> tuple[Bands, list[float]]:
        kept = [0]
        for number, seconds in enumerate(self._times):
            if seconds - self._times[kept[-1]] >= _THIN_SECONDS:
                kept.append(number)
        kept = kept[:_MOST_FRAMES]
        return profiles[kept], [self._times[number] for number in kept]


def _fast(profiles: Bands) -> float | None:
    bands = profiles.reshape(len(profiles), _BANDS, _PARTS, -1).mean(axis=3)
    usable = bands.min(axis=(0, 2)) > _DARKEST
    pairs = usable[1:] & usable[:-1]
    if usable.sum() < _BANDS // 4 or not pairs.any():
        return None
    light = np.log(np.maximum(bands, 1.0))
    # A second difference in time passes over slow movement and over the camera's own adjusting.
    change = light[2:] - 2 * light[1:-1] + light[:-2]
    above, below = change[:, :-1][:, pairs], change[:, 1:][:, pairs]
    common = [
        float(np.mean(above[..., one] * below[..., other]))
        for one in range(_PARTS)
        for other in range(_PARTS)
        if one != other
    ]
    # A sinusoid of random phase: the second difference has sqrt(6) times its size.
    return float(np.sqrt(max(0.0, float(np.median(common))) / 6))


def _slow(profiles: Bands, times: list[float]) -> float | None:
    """The size of bands that wander slowly, by the change over some tenths of a second."""
    usable = (profiles.min(axis=0) > _DARKEST) & (profiles.max(axis=0) < _LIGHTEST)
    columns = usable.sum(axis=1)
    bands = columns >= _FEWEST_COLUMNS
    if bands.sum() < _FEWEST_BANDS or len(times) < _FEWEST_FRAMES:
        return None
    light = np.where(usable, np.log(np.maximum(profiles, 1.0)), np.nan)
    # What is common: as much as all but a quarter of the columns have, if those go the same way.
    low = np.floor(_SHARED * (columns - 1)).astype(int).clip(0)[None, :, None]
    high = np.ceil((1 - _SHARED) * (columns - 1)).astype(int).clip(0)[None, :, None]
    neighbours = np.diff(np.flatnonzero(bands)) == 1
    if not neighbours.any():
        return None
    usual = float(np.median(np.diff(times)))
    sizes = []
    for lag in _LAGS_SECONDS:
        step = max(1, round(lag / max(usual, 1e-3)))
        if len(light) < step + _FEWEST_FRAMES // 2:
            continue
        change = light[step:] - light[:-step]
        change -= np.median(change[:, usable], axis=1)[:, None, None]  # the camera's own adjusting
        ordered = np.sort(change, axis=2)  # what is not usable comes last
        least = np.take_along_axis(ordered, np.broadcast_to(low, (len(change), _BANDS, 1)), axis=2)[..., 0]
        most = np.take_along_axis(ordered, np.broadcast_to(high, (len(change), _BANDS, 1)), axis=2)[..., 0]
        common = np.where(least > 0, least, np.where(most < 0, most, 0.0))
        common = common[:, bands] - _slope(common[:, bands])  # a camera that tilts shows more light below
        # Bands are there all the time; somebody who passes close by is not.
        shared = np.mean((common[:, 1:] * common[:, :-1])[:, neighbours], axis=1)
        usual_shared = float(np.percentile(shared, _OF_MOMENTS))
        # The difference of two moments of a sinusoid has sqrt(2) times its size.
        sizes.append(np.sqrt(max(0.0, usual_shared) / 2))
    return float(max(sizes, default=0.0))


def _slope(changes: Bands) -> Bands:
    """The straight line that fits each row of `changes` best."""
    place = np.linspace(-1, 1, changes.shape[1])
    steepness = changes @ place / (place @ place)
    line: Bands = changes.mean(axis=1)[:, None] + steepness[:, None] * place
    return line
