"""Whether lines, points and colours stand where they should.

A driver that reads a camera's data in another way than it was written gives pictures that are broken all
through and the same in every frame: lines in the wrong order or a little later each, light read for
colour, half a picture twice, colours beside the things that have them. In a picture of anything,
neighbouring lines are the most alike. So where they are more alike in another order, that other order is
the right one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from readiness.analysis.picture_size import narrow

Picture = np.ndarray[Any, Any]
Grey = np.ndarray[Any, Any]

_GROUPS = (2, 4, 8, 16, 32)
"""Lines in a group that may come the other way round: what memory and coders take at a time."""
_LEAST = 0.25
"""Luma; added to differences, so that nothing is told from a picture that is all even."""
_EVERY = 4
"""Every so many points along a line are looked at."""
_PAIRS = 60
_THIRDS = 3
_LEAST_SHIFT = 1.15
"""Times as much alike with the shift as without."""
_WIDE = 20.0
"""Points, standard deviation; light and shade wider than this do not make two halves alike."""
_COARSER = 4
"""What is so wide is as well seen in a picture so many times smaller, in a tenth of the time."""
_FEWEST_LINES = 128
_COLOURS_WIDTH = 160
_LEAST_COLOUR = 25.0
"""CIELAB, as Sobel's weights add it up, of the steepest twentieth of colour's edges; below, there is too little to tell."""
_LEAST_FIT, _FAIR_FIT = 0.05, 0.25
"""Correlation; colours that lie nowhere right fit the light less anywhere."""


def line_order_ratio(grey: Grey) -> float | None:
    """How unlike neighbouring lines are in the best other order beside that in which they came; below 1 is wrong.

    `grey` is the whole frame as it came (height x width); None for a small one.
    """
    if min(grey.shape) < _FEWEST_LINES:
        return None
    rows = grey[:, ::_EVERY].astype(np.int16)
    columns = np.ascontiguousarray(grey[::_EVERY].T).astype(np.int16)
    return min(_other_order(rows), _other_order(columns), _slanting(grey))


def _other_order(lines: Grey) -> float:
    """The same of lines (count x points) taken apart into two halves, and of groups turned round."""
    best = _unlike(lines[2:], lines[:-2]) / _unlike(lines[1:], lines[:-1])
    for size in _GROUPS:
        last, next_first = lines[size - 1 : -size : size], lines[size:-1:size]
        first, next_last = lines[: -2 * size + 1 : size], lines[2 * size - 1 :: size]
        count = min(map(len, (last, next_first, first, next_last)))
        turned = _unlike(first[:count], next_last[:count])
        best = min(best, turned / _unlike(last[:count], next_first[:count]))
    return best


def _slanting(grey: Grey) -> float:
    """The same where each line begins by some points later than the one before."""
    step = max(1, (grey.shape[0] - 1) // _PAIRS)
    above = grey[:-1:step].astype(np.float32)
    below = grey[1::step][: len(above)].astype(np.float32)
    # Of light and shade that go over many points nothing is told.
    one, other = (np.fft.rfft(np.diff(lines, axis=1), axis=1) for lines in (above, below))
    together = np.fft.irfft(one.conj() * other, grey.shape[1] - 1, axis=1)
    shifts = []
    for part in np.array_split(together, _THIRDS):
        alike = part.sum(axis=0)
        shift = int(np.argmax(alike))
        if shift == 0 or alike[shift] < _LEAST_SHIFT * max(0.0, float(alike[0])):
            return 1.0
        shifts.append(shift)
    if len(set(shifts)) > 1:
        return 1.0
    shift = shifts[0] - grey.shape[1] + 1 if shifts[0] > grey.shape[1] // 2 else shifts[0]
    return _unlike(np.roll(above, shift, axis=1), below) / _unlike(above, below)


def _unlike(one: Grey, other: Grey) -> float:
    return float(np.abs(one - other).mean()) + _LEAST


def copy_likeness(small: Picture) -> float:
    """How much more alike (correlation, at most 1) the halves of a picture are than other parts of it.

    `small` is BGR, some 320 points wide; light and each of the two colours count for themselves, and
    halves side by side and above each other. A pattern that repeats is alike at other places as well.
    """
    planes = cv2.split(cv2.cvtColor(small, cv2.COLOR_BGR2YUV))
    return max(_halves(turned) for plane in planes for turned in (plane, plane.T))


def _halves(plane: Grey) -> float:
    fine = plane.astype(np.float32)
    size = fine.shape[1], fine.shape[0]
    coarse = cv2.resize(fine, None, fx=1 / _COARSER, fy=1 / _COARSER, interpolation=cv2.INTER_AREA)
    fine -= cv2.resize(cv2.GaussianBlur(coarse, (0, 0), _WIDE / _COARSER), size)
    spectrum = np.fft.rfft(fine, axis=1)
    alike = np.fft.irfft((spectrum * spectrum.conj()).real.sum(axis=0), fine.shape[1])
    alike /= alike[0] + fine.size  # a picture with next to nothing in it is not alike
    width = fine.shape[1]
    elsewhere = alike[width // 8 : width * 3 // 8].max(initial=0.0)
    return float(alike[width // 2] - max(0.0, float(elsewhere)))


def colour_shift_ratio(small: Picture) -> float:
    """How much better the edges of colour fit those of light (correlation) somewhere else than where they are.

    `small` is BGR, some 320 points wide. 1 where they fit best as they are, or too little anywhere to tell.
    """
    lightness, *colours = cv2.split(
        cv2.cvtColor(narrow(small, _COLOURS_WIDTH, cv2.INTER_AREA), cv2.COLOR_BGR2LAB)
    )
    light, colour = _edges([lightness]), _edges(colours)
    if float(np.percentile(colour, 95)) < _LEAST_COLOUR:
        return 1.0
    one, other = (np.sqrt(edges) - float(np.sqrt(edges).mean()) for edges in (light, colour))
    together = np.fft.irfft2(np.fft.rfft2(one).conj() * np.fft.rfft2(other), s=one.shape)
    together /= float(np.linalg.norm(one) * np.linalg.norm(other))
    here = max(float(together[row, column]) for row in (-1, 0, 1) for column in (-1, 0, 1))
    best = float(together.max())
    return best / max(here, _LEAST_FIT) if best > _FAIR_FIT else 1.0


def _edges(planes: Sequence[Grey]) -> Grey:
    """How steep planes are at each point, together."""
    soft = [cv2.GaussianBlur(plane.astype(np.float32), (0, 0), 1.0) for plane in planes]
    steep = [cv2.Sobel(plane, cv2.CV_32F, *way) for plane in soft for way in ((1, 0), (0, 1))]
    return np.asarray(np.sqrt(np.sum(np.square(steep), axis=0)))
